"""The parts of a replica's state. Plain records: the rules live beside them."""

from dataclasses import dataclass, field
from typing import Final

from liandao_node.consensus.committee import FIRST_EPOCH
from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import NewView, PrePrepare, ViewChange

ZERO_MS: Final = Millis(0)
LONG_AGO_MS: Final = Millis(-(2**62))
FIRST_COMMIT_MS: Final = Millis(125)
GENESIS_SEQ: Final = Seq(0)


@dataclass(slots=True)
class Slot:
    """One height of the active view."""

    block: BlockHash
    proposal: PrePrepare | None
    """As the leader sent it, for seats that missed it; None for the base."""
    opened_ms: Millis = ZERO_MS
    executed: bool = False
    prepared: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The block that this leader should propose now."""

    view: View
    seq: Seq
    parent: BlockHash
    attendance: int
    """Seats whose votes were lately counted here, a bit for each position (P-12.6)."""


@dataclass(slots=True)
class Clocks:
    """When things last happened, in the caller's monotonic milliseconds."""

    now: Millis = ZERO_MS
    progress: Millis = ZERO_MS
    """Last delivery or entry into a view."""
    view_since: Millis = ZERO_MS
    waiting_since: Millis | None = None
    status_sent: Millis = ZERO_MS
    hole_told: Millis = ZERO_MS
    busy_since: Millis | None = None
    commit_ms: Millis = FIRST_COMMIT_MS
    """A slow commit: the decaying maximum of what blocks took."""
    fetch_sent: Millis = ZERO_MS
    fetch_from: ShopId | None = None
    """Who was asked for blocks and has not answered."""
    fetches: int = 0
    source: ShopId | None = None
    """Who was asked last for blocks, or None where its turn is over."""
    turn_since: Millis = ZERO_MS
    """When it was first asked."""
    body_sent: Millis = ZERO_MS
    behind_since: Millis | None = None
    failed_views: int = 0
    """Views left since the last delivery: doubles the patience, up to a cap."""


@dataclass(slots=True)
class Peer:
    """What a seat last told of itself."""

    up: bool = False
    promised: View = NEVER_VOTED
    tip: Seq = GENESIS_SEQ
    epoch: Epoch = FIRST_EPOCH
    """Its word, which nothing proves while that epoch is to come."""
    voted: Seq = GENESIS_SEQ
    """Greatest height that it sent a COMMIT for."""
    changed_ms: Millis = ZERO_MS
    """When its channel last came up or went down."""
    resent_ms: Millis = LONG_AGO_MS
    """When the blocks under way were last repeated to it."""
    asked_from: Seq = GENESIS_SEQ
    """Lowest height of the blocks that it was last asked for."""
    caught_up_in: View = NEVER_VOTED
    """The last view whose NEW-VIEW it asked this seat for, with the blocks under way."""


@dataclass(slots=True)
class ViewState:
    """Where the replica stands among the views (P-5.1)."""

    current: View = NEVER_VOTED
    """The view last entered."""
    promised: View = NEVER_VOTED
    """No vote below this one. Above ``current`` while a view change runs."""
    fence: View = NEVER_VOTED
    """No PREPARE up to this one: an earlier life may have voted there (P-6.3)."""
    entering: bool = False
    """The entry into ``promised`` is being made durable."""
    spoken: ViewChange | None = None
    """The promise of ``promised``, once it is durable and may be said (P-6.2)."""
    proof: NewView | None = None
    """The NEW-VIEW that ``current`` began with, once that is durable."""
    poisoned: bool = False
    """The leader proved unfit: nothing more of its proposals is voted on."""
    base: Certificate | None = None
    """Lock that the view began with; None: it began at the tip."""
    base_ready: bool = True
    """The base's chain is known and was given to be executed."""
    base_chain: set[BlockHash] = field(default_factory=set)


@dataclass(slots=True)
class Pending:
    """What was asked of the caller and what follows its answer."""

    token: int = 0
    locks: dict[int, tuple[View, Seq, BlockHash]] = field(default_factory=dict)
    promises: dict[int, View] = field(default_factory=dict)
    entries: dict[int, View] = field(default_factory=dict)
    executions: dict[BlockHash, list[bool]] = field(default_factory=dict)
    """Blocks given to be executed and not answered: ``fresh`` of each time, oldest first."""
