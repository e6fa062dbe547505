"""Internet addresses: one form for each, and whether one lies in a list of ranges."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
)
from typing import Final

from liandao_node.errors import OperatorFault

_SUBSCRIBER_BITS: Final = 64
"""Of an IPv6 address: what a provider gives to one household."""


@dataclass(frozen=True, slots=True)
class Address:
    version: int
    number: int

    @property
    def subscriber(self) -> bytes:
        """What tells households apart: an IPv4 address, the upper half of an IPv6 one.

        A single machine has 2**64 IPv6 addresses to choose from and changes them daily.
        """
        if self.version == 4:
            return self.number.to_bytes(4, "big")
        return (self.number >> _SUBSCRIBER_BITS).to_bytes(8, "big")


def parse_address(text: str) -> Address | None:
    """The address in ``text``; IPv4 written as IPv6 (::ffff:192.0.2.1) is IPv4. None for none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return Address(address.version, int(address))


class Networks:
    """Ranges of addresses, searched in O(log n)."""

    __slots__ = ("_firsts", "_lasts", "ranges")

    def __init__(self, ranges: Iterable[str]) -> None:
        """``ranges`` like ``203.0.113.0/24`` or ``2001:db8::/32``.

        Raises OperatorFault ``NETWORK_BAD``.
        """
        v4, v6 = [], []
        for text in ranges:
            network = _parse(text)
            if isinstance(network, IPv4Network):
                v4.append(network)
            else:
                v6.append(network)
        merged: list[IPv4Network | IPv6Network] = []
        merged += collapse_addresses(v4)
        merged += collapse_addresses(v6)
        self.ranges = tuple(str(network) for network in merged)
        """Merged and sorted: two lists of the same addresses are equal."""
        self._firsts: dict[int, list[int]] = {4: [], 6: []}
        self._lasts: dict[int, list[int]] = {4: [], 6: []}
        for network in merged:
            self._firsts[network.version].append(int(network.network_address))
            self._lasts[network.version].append(int(network.broadcast_address))

    def __contains__(self, address: Address) -> bool:
        place = bisect_right(self._firsts[address.version], address.number) - 1
        return place >= 0 and address.number <= self._lasts[address.version][place]


def _parse(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise OperatorFault("NETWORK_BAD", network=text[:80]) from error
