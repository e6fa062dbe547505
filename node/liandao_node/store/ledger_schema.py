"""Tables of ledger.db, and the records that go in and come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from liandao_node.store.database import Schema
from liandao_node.types import BlockHash, Millis, Seq

SCHEMA: Final = Schema(
    "ledger.db",
    0x4C444C31,
    (
        """
        CREATE TABLE street (id INTEGER PRIMARY KEY CHECK (id = 1), chain_id BLOB NOT NULL);
        CREATE TABLE tip (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
            calls INTEGER NOT NULL, accumulator BLOB NOT NULL
        );
        CREATE TABLE block (
            seq INTEGER PRIMARY KEY, certified INTEGER NOT NULL,
            block BLOB NOT NULL, entries BLOB NOT NULL
        );
        CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE own_order (
            register INTEGER NOT NULL, number INTEGER NOT NULL,
            seq INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (register, number)
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE handover (
            epoch INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL UNIQUE, handover BLOB NOT NULL
        );
        CREATE INDEX own_order_by_seq ON own_order (seq);
        CREATE TABLE kept_order (
            seq INTEGER NOT NULL, position INTEGER NOT NULL,
            register INTEGER NOT NULL, number INTEGER NOT NULL,
            entry BLOB NOT NULL, path BLOB NOT NULL,
            PRIMARY KEY (seq, position), UNIQUE (register, number)
        ) WITHOUT ROWID;
        CREATE TABLE kept_head (
            seq INTEGER PRIMARY KEY, headers BLOB NOT NULL, certificate BLOB NOT NULL
        );
        """,
    ),
)
ACCUMULATOR_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class CommitWrite:
    """One committed block with what it did."""

    seq: Seq
    hash: BlockHash
    block: bytes
    """Encoded CommittedBlock; empty for the genesis block, which nobody sends."""
    entries: bytes
    """Encoded list of the encoded entries, in the order of the result tree."""
    changes: Mapping[bytes, bytes | None]
    """Records after the block by key; None for one that is gone."""
    accumulator: int
    """Multiset hash over the state after the block."""
    time_ms: Millis
    calls: int
    """Calls in all blocks up to this one."""
    orders: Sequence[tuple[int, int, int]] = ()
    """Own shop's orders in the block: register, number, position among the entries."""
    handover: bytes = b""
    """Encoded Handover if the block is the last of its epoch."""


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the stored ledger ends."""

    seq: Seq
    hash: BlockHash
    time_ms: Millis
    calls: int
    accumulator: int


@dataclass(frozen=True, slots=True)
class StoredRange:
    """Blocks that follow each other, and what makes the last of them final."""

    blocks: list[bytes]
    """Encoded CommittedBlocks."""
    headers: list[bytes]
    """Encoded headers above the last block, up to the one that ``certificate`` names."""
    certificate: bytes
    """Encoded; empty when the last block carries its own."""


@dataclass(frozen=True, slots=True)
class OrderProof:
    """What a receipt of one of this shop's orders is made of."""

    seq: Seq
    position: int
    """Of the entry among those of its block."""
    entry: bytes
    path: list[bytes]
    """Inclusion path under the header's result root."""
    headers: list[bytes]
    """Encoded, from the order's block up to the certified one."""
    certificate: bytes
    """Encoded."""
