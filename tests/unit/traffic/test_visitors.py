"""The same visitor has the same key for one salt and one site, and nobody else has it."""

from itertools import combinations

from liandao_node.traffic.visitors import KEY_BYTES, customer_key, subject_key, visitor_key
from support.web_hits import SALT

OTHER_SALT = bytes(32)


def test_a_key_is_a_function_of_its_four_parts() -> None:
    keys = [
        visitor_key(SALT, "192.0.2.1", "Mozilla", "a.example"),
        visitor_key(OTHER_SALT, "192.0.2.1", "Mozilla", "a.example"),
        visitor_key(SALT, "192.0.2.2", "Mozilla", "a.example"),
        visitor_key(SALT, "192.0.2.1", "Mozilla2", "a.example"),
        visitor_key(SALT, "192.0.2.1", "Mozilla", "b.example"),
    ]
    assert all(len(key) == KEY_BYTES for key in keys)
    assert all(a != b for a, b in combinations(keys, 2))
    assert keys[0] == visitor_key(SALT, "::ffff:192.0.2.1", "Mozilla", "a.example")


def test_parts_do_not_run_into_each_other() -> None:
    assert visitor_key(SALT, "x", "ab", "c") != visitor_key(SALT, "x", "a", "bc")
    assert visitor_key(SALT, "xa", "b", "c") != visitor_key(SALT, "x", "ab", "c")


def test_a_household_on_ipv6_is_one_visitor() -> None:
    home = visitor_key(SALT, "2001:db8::1", "Mozilla", "a")
    assert home == visitor_key(SALT, "2001:db8::aaaa:bbbb:cccc:dddd", "Mozilla", "a")
    assert home != visitor_key(SALT, "2001:db8:0:1::1", "Mozilla", "a")


def test_known_customers_are_recognised_and_anonymous_ones_are_not() -> None:
    assert customer_key(SALT, "till", "c1", "r1") == customer_key(SALT, "till", "c1", "r2")
    assert customer_key(SALT, "till", "c1", "r1") != customer_key(SALT, "web", "c1", "r1")
    assert customer_key(SALT, "till", "", "r1") != customer_key(SALT, "till", "", "r2")


def test_purposes_do_not_share_keys() -> None:
    assert subject_key(SALT, "x", "y", "z") != customer_key(SALT, "x", "y", "z")


def test_key_vector() -> None:
    """Held so that a change of the form is seen: keys of one day would not match."""
    assert visitor_key(SALT, "192.0.2.1", "Mozilla", "tea.example").hex() == (
        "8c02779da3a8549464ef554022f0916e"
    )
