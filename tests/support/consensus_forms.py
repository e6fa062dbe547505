"""Keys, blocks, votes and certificates for tests of consensus, right ones and wrong ones.

Signatures are the simulator's cheap ones: whoever knows a seat's number can make them, as a
liar can only for his own.
"""

from collections.abc import Iterable
from functools import cache

from liandao_node.consensus.committee import Committee
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import Verifier
from liandao_node.sim.mutants.forms import (
    CHAIN,
    EPOCH,
    GENESIS,
    certificate,
    commit,
    final,
    lock,
    new_view,
    prepare,
    proposal,
    signer,
    view_change,
)
from liandao_node.sim.signatures import cheap_verify
from liandao_node.types import (
    BlockHash,
    Epoch,
    Millis,
    Seq,
    ShopId,
    View,
)
from liandao_node.wire.blocks import Block, Certificate, Header
from liandao_node.wire.messages import (
    Status,
    Suspect,
    ViewChange,
    suspect_preimage,
)
from liandao_node.wire.protocol import FIRST_PROTOCOL

__all__ = [
    "CHAIN",
    "EPOCH",
    "GENESIS",
    "certificate",
    "commit",
    "committee_of",
    "fake_verify",
    "final",
    "lock",
    "make_block",
    "make_chain",
    "new_view",
    "prepare",
    "proposal",
    "resigned",
    "signer",
    "status",
    "suspect",
    "view_change",
]

fake_verify: Verifier = cheap_verify


@cache
def committee_of(size: int) -> Committee:
    return Committee.of([(ShopId(at), signer(at).public_key) for at in range(size)])


# --- blocks ---


def make_block(
    parent: BlockHash,
    seq: int,
    proposer: int,
    txs: Iterable[bytes],
    *,
    epoch: int = 0,
    next_committee: bytes = b"",
    version: int = FIRST_PROTOCOL,
) -> Block:
    listed = list(txs)
    header = Header(
        version=version,
        chain_id=CHAIN,
        epoch=Epoch(epoch),
        seq=Seq(seq),
        parent=parent,
        tx_root=merkle.root(listed),
        result_root=b"r" * 32,
        state_root=b"s" * 32,
        call_count=len(listed),
        time_ms=Millis(seq),
        proposer=ShopId(proposer),
        attendance=0,
        next_committee=next_committee,
    )
    return Block(header, listed)


def make_chain(proposer: int, *names: str, parent: Block | None = None) -> list[Block]:
    """Blocks on top of each other, each with one transaction of that name."""
    blocks: list[Block] = []
    for name in names:
        parent_hash = GENESIS if parent is None else parent.header.hash
        seq = 1 if parent is None else parent.header.seq + 1
        parent = make_block(parent_hash, seq, proposer, [name.encode()])
        blocks.append(parent)
    return blocks


# --- what seats say, beyond what the simulator's stories say ---


def suspect(shop: int, view: int, reason: int = 1) -> Suspect:
    return Suspect(
        EPOCH, View(view), reason, signer(shop).sign(suspect_preimage(CHAIN, EPOCH, View(view)))
    )


def resigned(message: ViewChange, shop: int) -> ViewChange:
    return ViewChange(
        message.epoch,
        message.view,
        message.seat,
        message.prepared,
        message.tip,
        signer(shop).sign(message.preimage(CHAIN)),
    )


def status(
    view: int,
    promised: int | None = None,
    tip: Certificate | None = None,
    epoch: int = 0,
) -> Status:
    return Status(
        epoch=Epoch(epoch),
        view=View(view),
        promised=View(view if promised is None else promised),
        tip_seq=Seq(0) if tip is None else tip.seq,
        tip=GENESIS if tip is None else tip.block,
        certificate=tip,
        clock_ms=Millis(0),
        session=1,
    )
