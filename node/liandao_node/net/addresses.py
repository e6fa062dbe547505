"""Where a peer may be reached: hints in an order of trust, never proof (D-13). No I/O."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from liandao_node.limits import ADDRESSES_PER_PEER_MAX
from liandao_node.types import ShopId


class Address(NamedTuple):
    host: str
    """An IP address or, typed by a person, a host name."""
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class AddressBook(Protocol):
    """What outlives the process: the runtime keeps it on disk."""

    def known(self) -> Mapping[ShopId, Sequence[tuple[str, int]]]:
        """(host, port) that have worked in earlier runs."""
        ...

    def remember(self, shop: ShopId, address: Address) -> None:
        """A dial to ``address`` has proved to reach ``shop``."""
        ...


class Forgetful:
    """An address book for tests and for streets that start anew."""

    def known(self) -> Mapping[ShopId, Sequence[Address]]:
        return {}

    def remember(self, shop: ShopId, address: Address) -> None:
        pass


class Addresses:
    """The addresses of one peer.

    Where it was reached last comes first, then what was heard, the latest first, then what
    a person typed or the book kept. What is heard on the network can push out only what was
    heard, so a neighbour who shouts wrong addresses delays a dial and does not prevent it.
    """

    def __init__(
        self, typed: Sequence[tuple[str, int]] = (), kept: Sequence[tuple[str, int]] = ()
    ) -> None:
        self._reached: Address | None = None
        self._heard: list[Address] = []
        given = (Address(host, port) for host, port in (*typed, *kept))
        self._given = tuple(dict.fromkeys(given))[:ADDRESSES_PER_PEER_MAX]

    def hear(self, heard: Sequence[Address]) -> bool:
        """Takes hints; True when one of them is new."""
        before = set(self._heard)
        fresh = [address for address in dict.fromkeys(heard) if 0 < address.port < 2**16]
        self._heard = [*fresh, *(a for a in self._heard if a not in fresh)]
        del self._heard[ADDRESSES_PER_PEER_MAX:]
        return not before.issuperset(self._heard)

    def heard_at(self, remote: str) -> Address | None:
        """The latest hint on the host of ``remote`` (an address as text), if there is one."""
        host = remote.rpartition(":")[0].strip("[]")
        return next((address for address in self._heard if address.host == host), None)

    def on_reached(self, address: Address) -> None:
        self._reached = address

    def all(self) -> tuple[Address, ...]:
        """Each address once, in the order to try them."""
        reached = (self._reached,) if self._reached else ()
        return tuple(dict.fromkeys((*reached, *self._heard, *self._given)))
