"""Addresses have one form, and ranges hold what they say."""

import random
from ipaddress import ip_address, ip_network

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.traffic.networks import Address, Networks, parse_address


def _address(text: str) -> Address:
    found = parse_address(text)
    assert found is not None
    return found


def test_an_ipv4_address_in_ipv6_clothes_is_the_same() -> None:
    assert _address("::ffff:192.0.2.1") == _address("192.0.2.1")


@pytest.mark.parametrize("text", ["", "host.example", "192.0.2.256", "192.0.2", "1::2::3", "茶"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_a_household_is_an_ipv4_address_or_half_an_ipv6_one() -> None:
    assert _address("192.0.2.1").subscriber != _address("192.0.2.2").subscriber
    assert _address("2001:db8::1").subscriber == _address("2001:db8::ffff:2").subscriber
    assert _address("2001:db8::1").subscriber != _address("2001:db8:0:1::1").subscriber


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("198.51.99.255", False),
        ("198.51.100.0", True),
        ("198.51.100.255", True),
        ("198.51.101.0", False),
        ("2001:db8::", True),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", True),
        ("2001:db9::", False),
        ("0.0.0.1", False),
        ("::ffff:198.51.100.7", True),
    ],
)
def test_the_ends_of_a_range_belong_to_it(text: str, inside: bool) -> None:
    networks = Networks(["2001:db8::/32", "198.51.100.0/24"])
    assert (_address(text) in networks) is inside


def test_many_ranges_agree_with_asking_each_of_them() -> None:
    chance = random.Random(7)
    nets = [
        ip_network((chance.getrandbits(32), chance.randrange(4, 33)), strict=False)
        for _ in range(60)
    ]
    networks = Networks([str(net) for net in nets])
    edges = [int(net.network_address) + step for net in nets for step in (-1, 0, 1)]
    edges += [int(net.broadcast_address) + step for net in nets for step in (-1, 0, 1)]
    for number in (edge for edge in edges if 0 <= edge < 2**32):
        address = ip_address(number)
        expected = any(address in net for net in nets)
        assert (_address(str(address)) in networks) is expected


def test_ranges_are_merged_so_that_equal_lists_are_equal() -> None:
    one = Networks(["10.0.0.0/9", "10.128.0.0/9", "10.3.0.0/16"])
    assert one.ranges == Networks(["10.0.0.0/8"]).ranges == ("10.0.0.0/8",)


@pytest.mark.parametrize("text", ["", "10.0.0.0/33", "internet", "2001:db8::/200"])
def test_a_bad_range_is_named(text: str) -> None:
    with pytest.raises(OperatorFault, match="NETWORK_BAD"):
        Networks([text])
