"""Messages between seats (docs/protocol.md section 4) and what their signatures cover.

Each message is a tagged array; the tag is its type number. Votes are signed over a fixed
layout, so that a certificate can be checked in any language with a few lines.
"""

from struct import Struct as Layout
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from liandao_node.crypto.digest import tagged
from liandao_node.limits import BLOCK_TXS_MAX, COMMITTEE_SEATS_MAX, RANGE_BLOCKS_MAX, RUN_BLOCKS_MAX
from liandao_node.types import BlockHash, ChainId, Epoch, Seq, ShopId, View
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock, Header
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.numbers import (
    WireCount,
    WireEpoch,
    WireHash,
    WireMillis,
    WireSeq,
    WireSignature,
    WireView,
)

DOMAIN: Final = b"DSPBFT/1\0"

# Type numbers inside signed preimages (P-2.3). PREPARE and COMMIT stand in wire.blocks.
SUSPECT: Final = 3
VIEW_CHANGE: Final = 4
NEW_VIEW: Final = 5

_head = Layout(">9sB32sQ").pack
_vote = Layout(">9sB32sQQQ32s").pack
_view = Layout(">9sB32sQQ").pack


def vote_preimage(
    kind: int, chain: ChainId, epoch: Epoch, view: View, seq: Seq, block: BlockHash
) -> bytes:
    """What a PREPARE or COMMIT signature covers (P-2.3)."""
    return _vote(DOMAIN, kind, chain, epoch, view, seq, block)


def suspect_preimage(chain: ChainId, epoch: Epoch, view: View) -> bytes:
    return _view(DOMAIN, SUSPECT, chain, epoch, view)


def new_view_preimage(chain: ChainId, epoch: Epoch, view: View, digest: bytes) -> bytes:
    """What a NEW-VIEW's signature covers, by the message's digest. It names the view outside
    the digest, so that two digests for one view prove a lie by themselves (P-12.9)."""
    return _view(DOMAIN, NEW_VIEW, chain, epoch, view) + digest


def body_digest(body: bytes) -> bytes:
    """Digest of a VIEW-CHANGE or NEW-VIEW without its signature, 32 bytes."""
    return tagged(b"liandao/message/1", body)


class PrePrepare(Canonical, frozen=True, tag=1):
    """The leader's proposal. Its signature is also its PREPARE vote (P-4.1)."""

    epoch: WireEpoch
    view: WireView
    block: Block
    signature: WireSignature


class Prepare(Canonical, frozen=True, tag=2):
    epoch: WireEpoch
    view: WireView
    seq: WireSeq
    block: WireHash
    signature: WireSignature


class Commit(Canonical, frozen=True, tag=3):
    epoch: WireEpoch
    view: WireView
    seq: WireSeq
    block: WireHash
    signature: WireSignature


class Suspect(Canonical, frozen=True, tag=4):
    """Wish to leave ``view``. Binds nobody until a quorum shares it (P-5.2)."""

    epoch: WireEpoch
    view: WireView
    reason: WireCount
    signature: WireSignature


class ViewChange(Canonical, frozen=True, tag=5):
    """Promise to vote in no view below ``view``, with the highest lock held (P-5.4)."""

    epoch: WireEpoch
    view: WireView
    seat: ShopId
    prepared: Certificate | None
    tip: Certificate | None
    signature: WireSignature

    def preimage(self, chain: ChainId) -> bytes:
        body = encode((self.view, self.seat, self.prepared, self.tip))
        return _head(DOMAIN, VIEW_CHANGE, chain, self.epoch) + body_digest(body)


class NewView(Canonical, frozen=True, tag=6):
    """The new leader's proof that a quorum promised ``view``; it fixes the base (P-5.6)."""

    epoch: WireEpoch
    view: WireView
    view_changes: Annotated[list[ViewChange], Meta(max_length=COMMITTEE_SEATS_MAX)]
    signature: WireSignature

    @property
    def digest(self) -> bytes:
        """Names this beginning of its view among all others, 32 bytes."""
        return body_digest(encode((self.view, self.view_changes)))

    def preimage(self, chain: ChainId) -> bytes:
        return new_view_preimage(chain, self.epoch, self.view, self.digest)


class Status(Canonical, frozen=True, tag=7):
    """Sent once a second and on connecting: where the sender stands, and its clock."""

    epoch: WireEpoch
    view: WireView
    """View the sender is active in."""
    promised: WireView
    tip_seq: WireSeq
    tip: WireHash
    certificate: Certificate | None
    """Commit certificate of the tip, none at genesis."""
    clock_ms: WireMillis
    """The sender's own clock (D-15)."""
    session: WireCount
    """The sender's boot counter: two at one time are two computers with one key."""


class FetchBody(Canonical, frozen=True, tag=8):
    """Asks for an uncommitted block by hash."""

    block: WireHash


class Body(Canonical, frozen=True, tag=9):
    block: Block


class FetchRange(Canonical, frozen=True, tag=10):
    """Asks for committed blocks from ``first`` upwards."""

    first: WireSeq


class RangeProof(Canonical, frozen=True):
    """What makes the last blocks of a RANGE final when no certificate in it does (P-7.6)."""

    headers: Annotated[list[Header], Meta(max_length=RUN_BLOCKS_MAX)]
    """Of the blocks that follow the range, upwards, up to the one that has a certificate."""
    certificate: Certificate


class Range(Canonical, frozen=True, tag=11):
    """Committed blocks in order, cut anywhere. Empty: none to give.

    ``proof`` is None when the last block carries a certificate itself.
    """

    blocks: Annotated[list[CommittedBlock], Meta(max_length=RANGE_BLOCKS_MAX)]
    proof: RangeProof | None = None


class Requests(Canonical, frozen=True, tag=12):
    """Signed transactions that the sender wants ordered; sent to every seat."""

    txs: Annotated[list[bytes], Meta(max_length=BLOCK_TXS_MAX)]


class FetchNewView(Canonical, frozen=True, tag=13):
    """Asks for the NEW-VIEW that made ``view`` active."""

    view: WireView


class FetchSnapshot(Canonical, frozen=True, tag=14):
    """Asks for one piece of the snapshot at height ``seq`` (P-7.8)."""

    seq: WireSeq
    """0: of the newest one."""
    piece: WireCount
    """0: the index, which lists the others."""


class Snapshot(Canonical, frozen=True, tag=15):
    """One piece of a snapshot. Empty ``data``: none to give."""

    seq: WireSeq
    piece: WireCount
    data: bytes


ConsensusMessage: TypeAlias = (
    PrePrepare
    | Prepare
    | Commit
    | Suspect
    | ViewChange
    | NewView
    | Status
    | FetchBody
    | Body
    | FetchNewView
    | Range
)
"""What the replica takes."""
Message: TypeAlias = ConsensusMessage | FetchRange | Requests | FetchSnapshot | Snapshot

decode_message: Decoder[Message] = Decoder(Message)
decode_new_view: Decoder[NewView] = Decoder(NewView)
decode_view_change: Decoder[ViewChange] = Decoder(ViewChange)
