"""What shops see, and what became of it: classes and verdicts of traffic (docs/traffic.md).

The numbers stand in leaves and in the ledger's batches: one is never given to another meaning.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from liandao_node.types import Millis
from liandao_node.wire.codec import Canonical, Decoder, encode

LEAF_VERSION: Final = 1


class EventClass(IntEnum):
    ORDER = 1
    """Somebody bought."""
    VISIT = 2
    """Somebody was there and showed a card or a code."""
    PAGE_VIEW = 3
    """Somebody looked at a page of the shop's site."""
    DOOR_COUNT = 4
    """A people counter ticked. Statistics only."""


class Verdict(IntEnum):
    """Whether an event counts, or why it does not. Each is counted and published."""

    COUNTED = 0
    BOT_UA = 1
    """The user agent is on the list of crawlers."""
    DATACENTER_IP = 2
    PREFETCH = 3
    """The browser loaded the page in advance; nobody has looked at it yet."""
    RATE = 4
    """The visitor's views in this minute are used up."""
    SELF = 5
    """From the shop's own network."""
    DUP = 6
    """The same visitor asked for the same page in the same second."""
    LATE = 7
    """Its own time lies too far from the moment it was recorded."""
    NO_STANDING = 8
    RING_CAP = 9
    AUDIT_FAIL = 10
    NO_AGENT = 11
    """No user agent: every browser sends one."""
    NOT_GET = 20
    """Not a request for a page at all, as the next two."""
    NOT_SERVED = 21
    """The server did not answer 200 or 304."""
    NOT_A_PAGE = 22
    """A picture, a script, a feed, a download."""


class Hit(Protocol):
    """One web request; `liandao_node.wire.api.HitIn` is one."""

    @property
    def at_ms(self) -> int: ...
    @property
    def ip(self) -> str: ...
    @property
    def user_agent(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str:
        """With its query."""
        ...

    @property
    def status(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """An event as it is recorded: no address, no name, no page in it."""

    cls: EventClass
    verdict: Verdict
    visitor: bytes
    """16 bytes, see visitors.py: the same visitor for one day and one site."""
    at_ms: Millis
    subject: bytes
    """16 bytes that stand for the page or the order."""


class Leaf(Canonical, frozen=True):
    """An event in the Merkle tree of its batch."""

    version: int
    event_class: int
    verdict: int
    at_ms: Millis
    visitor: bytes
    subject: bytes


decode_leaf: Decoder[Leaf] = Decoder(Leaf)


def leaf_bytes(event: Judgement) -> bytes:
    """The canonical encoding of ``event``, a leaf under its batch's root."""
    return encode(
        Leaf(
            LEAF_VERSION,
            event.cls.value,
            event.verdict.value,
            event.at_ms,
            event.visitor,
            event.subject,
        )
    )
