"""What may happen to a replica."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.messages import ConsensusMessage

NOTHING_SAFE: Final = Seq(0)


@dataclass(frozen=True, slots=True)
class Started:
    """Once, first of all."""


@dataclass(frozen=True, slots=True)
class Received:
    """A decoded message; ``peer`` is whom the channel's handshake proved."""

    peer: ShopId
    message: ConsensusMessage


@dataclass(frozen=True, slots=True)
class Proposed:
    """Answer to `Replica.wanted`: the block, already executed by its maker."""

    block: Block


@dataclass(frozen=True, slots=True)
class Executed:
    """Answer to `Execute`: whether the block leads to the roots that it states."""

    block: BlockHash
    valid: bool


@dataclass(frozen=True, slots=True)
class Persisted:
    """Everything up to ``token`` is durable."""

    token: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when the oldest valid request waits undelivered; None: nothing waits."""

    since_ms: Millis | None


@dataclass(frozen=True, slots=True)
class PeerUp:
    peer: ShopId


@dataclass(frozen=True, slots=True)
class PeerDown:
    peer: ShopId


@dataclass(frozen=True, slots=True)
class Elected:
    """Answer to the delivery of an epoch's last block: the committee that its header names."""

    record: CommitteeRecord
    lacking: bool = False
    """Whether what its blocks are executed by is missing here (P-12.14)."""
    safe_seq: Seq = NOTHING_SAFE
    """Height up to which a power cut takes nothing from the ledger."""


@dataclass(frozen=True, slots=True)
class Voting:
    """Whether this computer can make votes durable just now (P-6.6)."""

    allowed: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went by."""


Event: TypeAlias = (
    Started
    | Received
    | Proposed
    | Executed
    | Persisted
    | Waiting
    | PeerUp
    | PeerDown
    | Elected
    | Voting
    | Tick
)
