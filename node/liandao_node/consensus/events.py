"""What may happen to a replica."""

from typing import Final, TypeAlias

from msgspec import Struct

from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.messages import ConsensusMessage

NOTHING_SAFE: Final = Seq(0)


class Started(Struct, frozen=True):
    """Once, first of all."""


class Received(Struct, frozen=True):
    """A decoded message; ``peer`` is whom the channel's handshake proved."""

    peer: ShopId
    message: ConsensusMessage


class Proposed(Struct, frozen=True):
    """Answer to `Replica.wanted`: the block, already executed by its maker."""

    block: Block


class Executed(Struct, frozen=True):
    """Answer to `Execute`: whether the block leads to the roots that it states."""

    block: BlockHash
    valid: bool


class Persisted(Struct, frozen=True):
    """Everything up to ``token`` is durable."""

    token: int


class Waiting(Struct, frozen=True):
    """Since when the oldest valid request waits undelivered; None: nothing waits."""

    since_ms: Millis | None


class PeerUp(Struct, frozen=True):
    peer: ShopId


class PeerDown(Struct, frozen=True):
    peer: ShopId


class Elected(Struct, frozen=True):
    """Answer to the delivery of an epoch's last block: the committee that its header names."""

    record: CommitteeRecord
    lacking: bool = False
    """Whether what its blocks are executed by is missing here (P-12.14)."""
    safe_seq: Seq = NOTHING_SAFE
    """Height up to which a power cut takes nothing from the ledger."""


class Voting(Struct, frozen=True):
    """Whether this computer can make votes durable just now (P-6.6)."""

    allowed: bool


class Tick(Struct, frozen=True):
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
