"""What the network tells the runtime: events as they come, states when asked."""

from dataclasses import dataclass
from typing import Protocol

from liandao_node.net.addresses import Address
from liandao_node.types import ShopId


class PeerHandler(Protocol):
    """What the runtime makes of the network. All called in the trio thread, none may wait."""

    def on_message(self, peer: ShopId, frame: bytes) -> None:
        """One frame. A PeerFault closes the channel, is counted and keeps the peer out."""
        ...

    def on_up(self, peer: ShopId) -> None:
        """A new channel: whatever was sent before may be lost."""
        ...

    def on_down(self, peer: ShopId) -> None:
        """After every `on_up`, but for channels that end because the network is stopped."""
        ...

    def on_fault(self, peer: ShopId | None, code: str) -> None:
        """Something to count. ``peer`` is None while nobody has proved who it was."""
        ...


@dataclass(frozen=True, slots=True)
class PeerState:
    """One row of a status screen."""

    shop: ShopId
    connected: bool
    remote: str
    """The other end of the channel, empty when there is none."""
    addresses: tuple[Address, ...]
    problem: str
    """Code of what went wrong last, empty while connected."""
    session: int
    """Boot counter of the newest session met, -1 when none was."""
    protocol: str
    """What it speaks, ``major.minor``; empty when it was never met."""
