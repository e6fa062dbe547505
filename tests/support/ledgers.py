"""A ledger.db for tests: blocks whose content follows from their height."""

from pathlib import Path
from typing import Final

from liandao_node.store.ledger import CommitWrite, LedgerStore
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
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock, Header
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import CommitteeRecord, Handover
from msgspec.structs import replace

CHAIN: Final = ChainId(b"\x11" * 32)
TIME_MS: Final = 1_700_000_000_000
KEYS: Final = 7


def header_of(seq: int) -> Header:
    name = seq.to_bytes(32, "big")
    return Header(
        1,
        CHAIN,
        Epoch(0),
        Seq(seq),
        BlockHash(name),
        *(name, name, name),
        1,
        Millis(TIME_MS + seq),
        ShopId(0),
        0,
        b"",
    )


def certificate_of(seq: int) -> Certificate:
    name = BlockHash(seq.to_bytes(32, "big"))
    return Certificate(COMMIT, Epoch(0), View(0), Seq(seq), name, 1, [Signature(b"\xc0" * 64)])


def committed(seq: int, *, certified: bool, size: int = 100) -> bytes:
    """An encoded CommittedBlock of about ``size`` bytes. Its last byte is that of nil."""
    block = Block(header_of(seq), [bytes(size)])
    return encode(CommittedBlock(block, certificate_of(seq) if certified else None))


def handover_of(seq: int) -> bytes:
    """An encoded Handover; each is of an epoch of its own, numbered by its height."""
    following = CommitteeRecord(Epoch(seq + 1), Seq(seq + 1), 1, [])
    header = replace(header_of(seq), epoch=Epoch(seq), next_committee=following.hash)
    return encode(Handover(header, certificate_of(seq), following))


def write_of(
    seq: int, *, certified: bool = True, size: int = 100, ends_epoch: bool = False
) -> CommitWrite:
    """Block ``seq``: it sets one of a few keys to its height, and removes the one after it."""
    return CommitWrite(
        seq=Seq(seq),
        hash=BlockHash(seq.to_bytes(32, "big")),
        block=committed(seq, certified=certified, size=size) if seq else b"",
        entries=encode([b"entry %d of %d" % (at, seq) for at in range(seq % 3 + 1)]),
        changes={key_of(seq): b"%d" % seq, key_of(seq + 1): None},
        accumulator=2**4000 + seq,
        time_ms=Millis(TIME_MS + seq),
        calls=seq * 2,
        orders=[(1, seq, seq % 3)] if seq else [],
        handover=handover_of(seq) if ends_epoch else b"",
    )


def key_of(seq: int) -> bytes:
    return b"key-%d" % (seq % KEYS)


def state_at(seq: int) -> dict[bytes, bytes]:
    """All records after block ``seq``."""
    state: dict[bytes, bytes] = {}
    for height in range(seq + 1):
        state[key_of(height)] = b"%d" % height
        state.pop(key_of(height + 1), None)
    return state


def open_ledger(path: Path, vfs: str | None = None) -> LedgerStore:
    """An open ledger with its genesis written."""
    store = LedgerStore.open(path, CHAIN, vfs=vfs)
    if store.tip() is None:
        store.initialise(write_of(0))
    return store
