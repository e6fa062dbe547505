"""Dropping old blocks from ledger.db, so that its size has a bound (docs/storage.md).

Blocks go epoch by epoch, the oldest first, in small transactions. Before a block goes, the
proofs of this shop's own orders in it are taken out of it. The room goes back to the disk:
the file gets shorter, not only emptier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import apsw
import msgspec

from liandao_node.crypto.merkle import inclusion_path
from liandao_node.limits import (
    KEPT_RECEIPTS_MAX,
    LEDGER_BYTES_MAX,
    PRUNE_STEP_BLOCKS,
    RETENTION_EPOCHS,
    RETENTION_EPOCHS_MIN,
)
from liandao_node.store.database import storage_faults, transaction
from liandao_node.store.ledger_reads import parts
from liandao_node.store.ledger_schema import SCHEMA
from liandao_node.wire.codec import encode

_decode_entries: Final = msgspec.msgpack.Decoder(list[bytes]).decode


@dataclass(frozen=True, slots=True)
class Retention:
    """How long blocks are kept."""

    epochs: int = RETENTION_EPOCHS
    """Epochs that are over, at least RETENTION_EPOCHS_MIN."""
    bytes_max: int = LEDGER_BYTES_MAX
    """Size of ledger.db above which epochs go before their time, down to the minimum."""
    kept_from: int = 0
    """Lowest height that a snapshot which is offered still needs; 0 without one."""
    receipts: int = KEPT_RECEIPTS_MAX


def prune(connection: apsw.Connection, retention: Retention) -> Iterator[int]:
    """Drops what is past keeping, a step with each turn; yields how many blocks went.

    Nothing goes without a snapshot that tells of it.
    """
    keep = max(retention.epochs, RETENTION_EPOCHS_MIN)
    dropped = 0
    while retention.kept_from:
        for blocks in drop_below(connection, _floor(connection, keep, retention)):
            dropped += blocks
            yield blocks
        if keep == RETENTION_EPOCHS_MIN or _size(connection) <= retention.bytes_max:
            break
        keep -= 1
    if dropped:
        _forget_receipts(connection, retention.receipts)
        _shrink(connection)


def _size(connection: apsw.Connection) -> int:
    """Bytes that the file would have without its free pages."""
    with storage_faults(SCHEMA.name):
        pages = connection.pragma("page_count") - connection.pragma("freelist_count")
        size: int = pages * connection.pragma("page_size")
    return size


def _floor(connection: apsw.Connection, keep: int, retention: Retention) -> int:
    """The lowest height to keep: that of the first block of ``keep`` epochs ago."""
    sql = "SELECT last_seq FROM handover ORDER BY epoch DESC LIMIT 1 OFFSET ?"
    with storage_faults(SCHEMA.name):
        last: int | None = connection.execute(sql, (keep,)).get
    return 0 if last is None else min(last + 1, retention.kept_from)


def drop_below(connection: apsw.Connection, floor: int) -> Iterator[int]:
    """Drops all blocks below a height; yields how many went with each step."""
    sql = "SELECT seq FROM block WHERE seq > 0 AND seq < ? ORDER BY seq LIMIT ?"
    while True:
        with storage_faults(SCHEMA.name):
            seqs = [seq for (seq,) in connection.execute(sql, (floor, PRUNE_STEP_BLOCKS))]
        if not seqs:
            return
        with transaction(connection, SCHEMA.name):
            _keep_proofs(connection, seqs[0], seqs[-1])
            connection.execute("DELETE FROM block WHERE seq BETWEEN ? AND ?", (seqs[0], seqs[-1]))
            # In the same step: so the log holds what one step moves, and no more.
            _return_pages(connection)
        yield len(seqs)


def _keep_proofs(connection: apsw.Connection, first: int, last: int) -> None:
    """Takes out of blocks what receipts of this shop's orders need."""
    orders = list(
        connection.execute(
            "SELECT seq, position, register, number FROM own_order WHERE seq BETWEEN ? AND ?",
            (first, last),
        )
    )
    for seq in sorted({order[0] for order in orders}):
        mine = [order for order in orders if order[0] == seq]
        head = _head(connection, seq)
        entries = connection.execute("SELECT entries FROM block WHERE seq = ?", (seq,)).get
        if head is None or entries is None:
            continue
        connection.execute("INSERT OR REPLACE INTO kept_head VALUES (?, ?, ?)", (seq, *head))
        _keep_orders(connection, mine, _decode_entries(entries))


def _keep_orders(
    connection: apsw.Connection,
    orders: Sequence[tuple[int, int, int, int]],
    entries: Sequence[bytes],
) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO kept_order VALUES (?, ?, ?, ?, ?, ?)",
        [
            (seq, at, register, number, entries[at], encode(inclusion_path(entries, at)))
            for seq, at, register, number in orders
        ],
    )


def _head(connection: apsw.Connection, seq: int) -> tuple[bytes, bytes] | None:
    """Encoded list of the headers up to the certified one, and the certificate."""
    headers: list[bytes] = []
    for certified, block in connection.execute(
        "SELECT certified, block FROM block WHERE seq >= ? ORDER BY seq", (seq,)
    ):
        header, certificate = parts(block)
        headers.append(header)
        if certified:
            return encode(headers), certificate
    return None


def _forget_receipts(connection: apsw.Connection, keep: int) -> None:
    """Kept proofs have a bound, too: the oldest go, and then their orders are not found."""
    with transaction(connection, SCHEMA.name):
        oldest = connection.execute(
            "SELECT seq FROM kept_order ORDER BY seq DESC, position DESC LIMIT 1 OFFSET ?", (keep,)
        ).get
        if oldest is None:
            return
        for table in ("kept_order", "kept_head", "own_order"):
            connection.execute(f"DELETE FROM {table} WHERE seq <= ?", (oldest,))  # noqa: S608


def _return_pages(connection: apsw.Connection) -> None:
    # The pragma does a page with each step of its statement.
    for _ in connection.execute("PRAGMA incremental_vacuum"):
        pass


def _shrink(connection: apsw.Connection) -> None:
    """Cuts the file; that happens when the log is moved into it."""
    with storage_faults(SCHEMA.name):
        _return_pages(connection)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
