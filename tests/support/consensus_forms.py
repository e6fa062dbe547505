"""Keys, blocks, votes and certificates for tests of consensus, right ones and wrong ones.

Signatures are the simulator's cheap ones: whoever knows a seat's number can make them, as a
liar can only for his own.
"""

from collections.abc import Iterable
from functools import cache

from liandao_node.consensus.committee import Committee
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import Verifier
from liandao_node.sim.signatures import CheapSigner, cheap_verify
from liandao_node.types import (
    BlockHash,
    ChainId,
    Epoch,
    Millis,
    Seq,
    ShopId,
    Signature,
    View,
)
from liandao_node.wire.blocks import COMMIT, HEADER_VERSION, PREPARE, Block, Certificate, Header
from liandao_node.wire.messages import (
    Commit,
    NewView,
    Prepare,
    PrePrepare,
    Status,
    Suspect,
    ViewChange,
    suspect_preimage,
    vote_preimage,
)

CHAIN = ChainId(b"c" * 32)
GENESIS = BlockHash(b"g" * 32)
EPOCH = Epoch(0)
fake_verify: Verifier = cheap_verify


@cache
def signer(shop: int) -> CheapSigner:
    return CheapSigner(b"shop %d" % shop)


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
) -> Block:
    listed = list(txs)
    header = Header(
        version=HEADER_VERSION,
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


# --- what seats say ---


def _sign(kind: int, shop: int, view: int, block: Block) -> Signature:
    header = block.header
    return signer(shop).sign(
        vote_preimage(kind, CHAIN, header.epoch, View(view), header.seq, header.hash)
    )


def prepare(shop: int, view: int, block: Block) -> Prepare:
    header = block.header
    signature = _sign(PREPARE, shop, view, block)
    return Prepare(header.epoch, View(view), header.seq, header.hash, signature)


def commit(shop: int, view: int, block: Block) -> Commit:
    header = block.header
    signature = _sign(COMMIT, shop, view, block)
    return Commit(header.epoch, View(view), header.seq, header.hash, signature)


def proposal(leader: int, view: int, block: Block) -> PrePrepare:
    signature = _sign(PREPARE, leader, view, block)
    return PrePrepare(block.header.epoch, View(view), block, signature)


def suspect(shop: int, view: int, reason: int = 1) -> Suspect:
    return Suspect(
        EPOCH, View(view), reason, signer(shop).sign(suspect_preimage(CHAIN, EPOCH, View(view)))
    )


def certificate(kind: int, view: int, block: Block, seats: Iterable[int]) -> Certificate:
    """A certificate by these seats, as many as they are, of a committee of shops 0, 1, 2 ..."""
    seq, name = block.header.seq, block.header.hash
    signers = sorted(seats)
    return Certificate(
        kind=kind,
        epoch=block.header.epoch,
        view=View(view),
        seq=seq,
        block=name,
        signers=sum(1 << seat for seat in signers),
        signatures=[_sign(kind, seat, view, block) for seat in signers],
    )


def lock(view: int, block: Block, seats: Iterable[int] = (0, 1, 2)) -> Certificate:
    return certificate(PREPARE, view, block, seats)


def final(view: int, block: Block, seats: Iterable[int] = (0, 1, 2)) -> Certificate:
    return certificate(COMMIT, view, block, seats)


def view_change(
    shop: int, view: int, prepared: Certificate | None = None, tip: Certificate | None = None
) -> ViewChange:
    unsigned = ViewChange(EPOCH, View(view), ShopId(shop), prepared, tip, Signature(b""))
    return resigned(unsigned, shop)


def resigned(message: ViewChange, shop: int) -> ViewChange:
    return ViewChange(
        message.epoch,
        message.view,
        message.seat,
        message.prepared,
        message.tip,
        signer(shop).sign(message.preimage(CHAIN)),
    )


def new_view(leader: int, view: int, changes: Iterable[ViewChange]) -> NewView:
    unsigned = NewView(EPOCH, View(view), list(changes), Signature(b""))
    signature = signer(leader).sign(unsigned.preimage(CHAIN))
    return NewView(EPOCH, View(view), unsigned.view_changes, signature)


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
