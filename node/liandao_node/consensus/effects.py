"""What a replica wants done, in this order."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from msgspec import Struct

from liandao_node.consensus.committee import FIRST_EPOCH
from liandao_node.types import BlockHash, Epoch, Seq, ShopId, View
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.evidence import Evidence
from liandao_node.wire.messages import FetchRange, Message, NewView, ViewChange

NEVER_VOTED = View(-1)


@dataclass(frozen=True, slots=True)
class Durable:
    """What must survive a power cut for the replica never to contradict itself (P-6.1)."""

    promised: View = NEVER_VOTED
    view: View = NEVER_VOTED
    locked: Certificate | None = None
    view_change: ViewChange | None = None
    new_view: NewView | None = None
    epoch: Epoch = FIRST_EPOCH
    """All of the above is of this epoch."""
    handovers: tuple[Certificate, ...] = ()
    """Of the last blocks of the epochs before, up to this one, as far back as the ledger may
    fall (P-12.5)."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last delivered block. ``certificate`` is None at genesis only."""

    seq: Seq
    hash: BlockHash
    certificate: Certificate | None


class Persist(Struct, frozen=True):
    """Make ``state`` and ``bodies`` durable in one step, then give `Persisted(token)`."""

    token: int
    state: Durable
    bodies: tuple[Block, ...]


class Send(Struct, frozen=True):
    to: ShopId
    message: Message | FetchRange


class Broadcast(Struct, frozen=True):
    """To every other seat."""

    message: Message


class Execute(Struct, frozen=True):
    """Run ``block`` on its parent's state, then give `Executed`.

    ``fresh`` blocks must also keep the rules of time (P-4.3); a base block was vouched for
    by a quorum and may be old.
    """

    block: Block
    fresh: bool


class Deliver(Struct, frozen=True):
    """``block`` is final. ``certificate`` is None when a later block's speaks for it.

    A block that names a next committee is the last of its epoch: give `Elected` next.
    """

    block: Block
    certificate: Certificate | None


class Note(IntEnum):
    """What a replica tells for logs, counters and screens."""

    SUSPECTED = 1
    VIEW_CHANGE_STARTED = 2
    VIEW_ENTERED = 3
    EQUIVOCATION = 4
    FORGED_VOTE = 5
    BAD_PROPOSAL = 6
    BAD_CERTIFICATE = 7
    CONFLICTING_NEW_VIEW = 8
    FETCHING = 9
    BAD_RANGE = 10
    EPOCH_BEGAN = 11
    OUTDATED = 12
    """The protocol in force is beyond this program (P-12.13)."""


class Reason(IntEnum):
    """Why a seat wants to leave a view. Travels in SUSPECT."""

    NO_PROGRESS = 1
    LEADER_DOWN = 2
    LEADER_RESIGNED = 3
    BAD_PROPOSAL = 4
    EQUIVOCATION = 5
    CENSORSHIP = 6
    FENCED = 7
    JOINED = 8
    """f+1 others suspect."""
    PAUSED = 9
    """The leader's disk cannot take its votes."""


class Report(Struct, frozen=True):
    """For people. ``about`` is the seat at fault or concerned, None for nobody."""

    note: Note
    view: View
    about: ShopId | None = None
    reason: Reason | None = None


class Accuse(Struct, frozen=True):
    """A seat signed what no honest seat signs: the proof for the ledger (P-12.8)."""

    evidence: Evidence


class Halt(Struct, frozen=True):
    """Stop voting and call the operator: the street's promise is broken (P-6.5)."""

    code: str


Effect: TypeAlias = Persist | Send | Broadcast | Execute | Deliver | Report | Accuse | Halt
