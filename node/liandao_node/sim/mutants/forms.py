"""What seats say, right or wrong, for stories that speak to one seat.

Signatures are the simulator's cheap ones, so that whoever knows a shop's number can make its
words, as a liar can only his own.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from liandao_node.consensus.committee import Committee
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import Signer
from liandao_node.sim.signatures import CHEAP
from liandao_node.types import BlockHash, ChainId, Epoch, Millis, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block, Certificate, Header
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.messages import (
    Commit,
    NewView,
    Prepare,
    PrePrepare,
    Suspect,
    ViewChange,
    suspect_preimage,
    vote_preimage,
)
from liandao_node.wire.protocol import FIRST_PROTOCOL

CHAIN: Final = ChainId(b"c" * 32)
GENESIS: Final = BlockHash(b"g" * 32)
EPOCH: Final = Epoch(0)
NO_SIGNATURE: Final = Signature(b"x" * 64)


def signer(shop: int) -> Signer:
    return CHEAP.make(b"shop %d" % shop)


def record(epoch: int, first_seq: int, shops: Iterable[int]) -> CommitteeRecord:
    seats = [Seat(ShopId(shop), signer(shop).public_key) for shop in shops]
    return CommitteeRecord(Epoch(epoch), Seq(first_seq), FIRST_PROTOCOL, seats)


def committee_of(size: int) -> Committee:
    return Committee.from_record(record(0, 1, range(size)))


# --- blocks ---


def make_block(
    parent: Block | None,
    proposer: int,
    name: bytes,
    *,
    epoch: int = 0,
    next_committee: bytes = b"",
) -> Block:
    """A block with one transaction; ``parent`` None stands for genesis."""
    seq = 1 if parent is None else parent.header.seq + 1
    header = Header(
        version=FIRST_PROTOCOL,
        chain_id=CHAIN,
        epoch=Epoch(epoch),
        seq=Seq(seq),
        parent=GENESIS if parent is None else parent.header.hash,
        tx_root=merkle.root([name]),
        result_root=b"r" * 32,
        state_root=b"s" * 32,
        call_count=1,
        time_ms=Millis(seq),
        proposer=ShopId(proposer),
        attendance=0,
        next_committee=next_committee,
    )
    return Block(header, [name])


def make_chain(proposer: int, *names: bytes, above: Block | None = None) -> list[Block]:
    """Blocks on top of each other."""
    blocks: list[Block] = []
    for name in names:
        above = make_block(above, proposer, name)
        blocks.append(above)
    return blocks


# --- votes ---


def _sign(kind: int, shop: int, view: int, block: Block) -> Signature:
    header = block.header
    preimage = vote_preimage(kind, CHAIN, header.epoch, View(view), header.seq, header.hash)
    return signer(shop).sign(preimage)


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


def suspect(shop: int, view: int) -> Suspect:
    preimage = suspect_preimage(CHAIN, EPOCH, View(view))
    return Suspect(EPOCH, View(view), 1, signer(shop).sign(preimage))


# --- certificates and view changes ---


def certificate(kind: int, view: int, block: Block, shops: Sequence[int]) -> Certificate:
    """By these seats of a committee in which position and shop number are one."""
    header = block.header
    return Certificate(
        kind=kind,
        epoch=header.epoch,
        view=View(view),
        seq=header.seq,
        block=header.hash,
        signers=sum(1 << shop for shop in shops),
        signatures=[_sign(kind, shop, view, block) for shop in sorted(shops)],
    )


def lock(view: int, block: Block, shops: Sequence[int] = (0, 1, 2)) -> Certificate:
    return certificate(PREPARE, view, block, shops)


def final(view: int, block: Block, shops: Sequence[int] = (0, 1, 2)) -> Certificate:
    return certificate(COMMIT, view, block, shops)


def view_change(
    shop: int, view: int, prepared: Certificate | None = None, tip: Certificate | None = None
) -> ViewChange:
    unsigned = ViewChange(EPOCH, View(view), ShopId(shop), prepared, tip, NO_SIGNATURE)
    return replace(unsigned, signature=signer(shop).sign(unsigned.preimage(CHAIN)))


def new_view(leader: int, view: int, changes: Iterable[ViewChange]) -> NewView:
    unsigned = NewView(EPOCH, View(view), list(changes), NO_SIGNATURE)
    return replace(unsigned, signature=signer(leader).sign(unsigned.preimage(CHAIN)))
