"""The order of a peer's addresses, and what a liar on the network cannot do to it."""

from liandao_node.limits import ADDRESSES_PER_PEER_MAX
from liandao_node.net.addresses import Address, Addresses, Forgetful
from liandao_node.types import ShopId

TYPED, KEPT = Address("192.0.2.1", 1), Address("192.0.2.2", 2)
HEARD, LATER = Address("192.0.2.3", 3), Address("192.0.2.4", 4)


def test_reached_before_heard_before_typed_before_kept() -> None:
    addresses = Addresses([TYPED], [KEPT, TYPED])
    assert addresses.all() == (TYPED, KEPT)
    addresses.hear([HEARD])
    addresses.hear([LATER])
    assert addresses.all() == (LATER, HEARD, TYPED, KEPT)
    addresses.on_reached(KEPT)
    assert addresses.all() == (KEPT, LATER, HEARD, TYPED)


def test_a_plain_pair_from_a_settings_file_is_an_address() -> None:
    assert Addresses([("192.0.2.1", 1)]).all() == (TYPED,)


def test_only_a_new_hint_is_news() -> None:
    addresses = Addresses()
    assert addresses.hear([HEARD])
    assert not addresses.hear([HEARD])
    assert addresses.hear([HEARD, LATER])


def test_a_flood_of_hints_pushes_out_hints_alone() -> None:
    addresses = Addresses([TYPED], [KEPT])
    addresses.on_reached(HEARD)
    for port in range(1, 1_000):
        addresses.hear([Address("203.0.113.1", port)])
    assert addresses.all()[0] == HEARD
    assert addresses.all()[-2:] == (TYPED, KEPT)
    assert len(addresses.all()) == ADDRESSES_PER_PEER_MAX + 3


def test_an_impossible_port_is_no_hint() -> None:
    addresses = Addresses()
    assert not addresses.hear([Address("192.0.2.1", 0), Address("192.0.2.1", 65_536)])
    assert addresses.all() == ()


def test_an_address_reads_as_people_write_it() -> None:
    assert str(Address("192.0.2.1", 80)) == "192.0.2.1:80"
    assert str(Address("2001:db8::1", 80)) == "[2001:db8::1]:80"


def test_the_forgetful_book_forgets() -> None:
    book = Forgetful()
    book.remember(ShopId(1), TYPED)
    assert book.known() == {}


def test_a_caller_is_found_among_what_was_heard_by_its_host() -> None:
    addresses = Addresses(typed=(TYPED,))
    assert addresses.heard_at("192.0.2.7:50123") is None
    addresses.hear([Address("192.0.2.9", 4_000), Address("192.0.2.7", 4_001)])
    assert addresses.heard_at("192.0.2.7:50123") == Address("192.0.2.7", 4_001)
    assert addresses.heard_at("[2001:db8::1]:50123") is None
    addresses.hear([Address("2001:db8::1", 4_002)])
    assert addresses.heard_at("[2001:db8::1]:50123") == Address("2001:db8::1", 4_002)
