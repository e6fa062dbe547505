"""Blocks, headers and certificates (docs/protocol.md section 3).

A header names no view: the same block proposed again after a view change keeps its hash.
"""

from functools import cached_property
from typing import Annotated, Final

from msgspec import Meta

from liandao_node.crypto import merkle
from liandao_node.crypto.digest import tagged
from liandao_node.limits import BLOCK_TXS_MAX, COMMITTEE_SEATS_MAX
from liandao_node.types import BlockHash, ShopId
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.numbers import (
    WireChain,
    WireCount,
    WireDigest,
    WireEpoch,
    WireHash,
    WireMillis,
    WireProtocol,
    WireSeq,
    WireSignature,
    WireView,
)

BLOCK_TAG: Final = b"liandao/block/1"

PREPARE: Final = 1
COMMIT: Final = 2


class Header(Canonical, frozen=True, dict=True):
    version: WireProtocol
    """The protocol that it and its block follow (P-12.12)."""
    chain_id: WireChain
    epoch: WireEpoch
    seq: WireSeq
    parent: WireHash
    tx_root: WireDigest
    """RFC 6962 root over the raw transactions, 32 bytes."""
    result_root: WireDigest
    """RFC 6962 root over the encoded entries (a call and what it led to), 32 bytes."""
    state_root: WireDigest
    """Digest of the state after this block, 32 bytes. Holds neither height nor time."""
    call_count: WireCount
    time_ms: WireMillis
    proposer: ShopId
    attendance: WireCount
    """Bit i: the proposer has lately counted votes of the seat at position i (P-12.6)."""
    next_committee: WireDigest
    """Hash of the next epoch's committee in the last block of an epoch, else empty."""

    @cached_property
    def hash(self) -> BlockHash:
        """Asked for some ten times on a block's way, and computed once (P-3.1)."""
        return header_hash(encode(self))


class Block(Canonical, frozen=True, dict=True):
    header: Header
    txs: Annotated[list[bytes], Meta(max_length=BLOCK_TXS_MAX)]

    @cached_property
    def tx_root(self) -> bytes:
        """Root of the transactions that are here, whatever the header says (P-3.3)."""
        return merkle.root(self.txs)


def header_hash(header: bytes) -> BlockHash:
    """Hash of an encoded header, 32 bytes (P-2.2, P-3.1)."""
    return BlockHash(tagged(BLOCK_TAG, header))


class Certificate(Canonical, frozen=True):
    """A quorum's signatures on one (epoch, view, seq, block): the proof of a phase.

    ``kind`` is PREPARE or COMMIT. ``signers`` is a bit for each member of the committee, by
    position; ``signatures`` stand in the same order.
    """

    kind: WireCount
    epoch: WireEpoch
    view: WireView
    seq: WireSeq
    block: WireHash
    signers: int
    signatures: Annotated[list[WireSignature], Meta(max_length=COMMITTEE_SEATS_MAX)]


class CommittedBlock(Canonical, frozen=True):
    """A block as it is stored and served to those that were away.

    ``certificate`` may be missing: then a later block's certificate speaks for this one
    through the chain of parents.
    """

    block: Block
    certificate: Certificate | None


decode_block: Decoder[Block] = Decoder(Block)
decode_header: Decoder[Header] = Decoder(Header)
decode_certificate: Decoder[Certificate] = Decoder(Certificate)
