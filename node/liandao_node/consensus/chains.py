"""Chains of blocks that are known and not final yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from liandao_node.types import BlockHash, Seq, View
from liandao_node.wire.blocks import Block, Certificate

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def is_whole(block: Block) -> bool:
    """P-3.3: the transactions are those that the header, and so the hash, stands for.

    A block that fails this is never kept: its hash may be certified and its content a lie.
    """
    return block.tx_root == block.header.tx_root


class Foot(Enum):
    """What the lowest known block of a chain stands on."""

    TIP = auto()
    MISSING = auto()
    """A block that is not known here."""
    ELSEWHERE = auto()
    """Another block of the tip's height: chain and tip contradict each other."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Known blocks above the tip up to some block, upwards."""

    blocks: list[Block]
    rests_on: BlockHash
    foot: Foot


def above_tip(r: Replica, block_hash: BlockHash) -> Chain:
    blocks: list[Block] = []
    while (block := r.bodies.get(block_hash)) is not None:
        blocks.append(block)
        block_hash = block.header.parent
    blocks.reverse()
    if block_hash == r.tip.hash:
        return Chain(blocks, block_hash, Foot.TIP)
    if blocks and blocks[0].header.seq <= r.tip.seq + 1:
        return Chain(blocks, block_hash, Foot.ELSEWHERE)
    return Chain(blocks, block_hash, Foot.MISSING)


def closes_epoch(r: Replica, block_hash: BlockHash) -> bool:
    """Whether a block above the tip is the last of its epoch: nothing goes above it (P-12.3)."""
    block = r.bodies.get(block_hash)
    return block is not None and block.header.next_committee != b""


def contradicts_lock(r: Replica, view: View, seq: Seq, block_hash: BlockHash) -> bool:
    """P-6.4: whether a block is not on the chain of the lock that an earlier life left.

    It takes more than f liars to prepare both, and this seat is not one of them.
    """
    lock = r.durable.locked
    if lock is None or lock.view != view or lock.seq < seq:
        return False
    at: BlockHash = lock.block
    while (block := r.bodies.get(at)) is not None and block.header.seq > seq:
        at = block.header.parent
    return at != block_hash


def unstored(r: Replica, block_hash: BlockHash) -> list[Block]:
    """Blocks above the tip up to ``block_hash`` that are not durable yet, upwards.

    All the way down: after a power cut a block that was fetched may lie below a stored one.
    """
    chain = above_tip(r, block_hash)
    assert chain.foot is Foot.TIP
    return [block for block in chain.blocks if block.header.hash not in r.stored]


def drop_loose(r: Replica) -> None:
    """Keeps the bodies that a lock, the base, a waiting certificate or a hand-over rests on.

    P-7.1: and what is durable below a place where such a chain breaks off. After a power cut the
    ledger may lack a block that had been fetched, above one that was stored with a lock; perhaps
    nobody else has that one.
    """
    kept: set[BlockHash] = set()
    breaks_at = 0
    anchors: list[Certificate | None] = [
        r.durable.locked,
        r.views.base,
        r.final,
        *r.durable.handovers,
    ]
    for anchor in anchors:
        if anchor is None:
            continue
        at, seq = anchor.block, anchor.seq
        while (block := r.bodies.get(at)) is not None and at not in kept:
            kept.add(at)
            at, seq = block.header.parent, Seq(block.header.seq - 1)
        if block is None:
            breaks_at = max(breaks_at, seq)
    for name, block in list(r.bodies.items()):
        below = name in r.stored and block.header.seq < breaks_at
        if name not in kept and not below:
            del r.bodies[name]
            r.stored.discard(name)
