"""Snapshot files: the state at the end of an epoch, for nodes that were away for long.

A file is a row of pieces and an index that lists their sizes and digests, so that a reader
takes any piece by itself and checks it by itself. Piece 0, as peers count, is the index; then
the epoch's last block with its certificate, the hand-overs from the first epoch on, and the
records in the order of their keys. Equal states make equal pieces of records at every node,
so a download goes on where it was, whoever gives the rest.

Nothing here is believed for standing in a file: `runtime.snapshots` proves a whole one.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, BinaryIO, Final, TypeAlias, TypeVar

from msgspec import Meta

from liandao_node.errors import InputFault, OperatorFault, StorageFault
from liandao_node.limits import SNAPSHOT_PIECE_BYTES, SNAPSHOT_PIECES_MAX, SNAPSHOTS_KEPT
from liandao_node.store.files import sync_directory
from liandao_node.types import ChainId, Seq
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.numbers import WireChain, WireCount, WireDigest, WireSeq

VERSION: Final = 1
MAGIC: Final = b"LDSNAP\0\1"
_TAIL_BYTES: Final = 16
NAME: Final = "height-{seq:016}.snapshot"
PART: Final = ".part"
Record: TypeAlias = tuple[bytes, bytes]
"""Key and value."""
T = TypeVar("T")


class Piece(Canonical, frozen=True):
    size: WireCount
    digest: WireDigest
    """SHA-256 of its bytes."""


class SnapshotIndex(Canonical, frozen=True):
    """What a snapshot consists of, in the order of its pieces."""

    version: WireCount
    chain_id: WireChain
    seq: WireSeq
    calls: WireCount
    """Calls in all blocks up to here: shown to people and certified by nobody."""
    handover_pieces: WireCount
    pieces: Annotated[list[Piece], Meta(max_length=SNAPSHOT_PIECES_MAX)]
    """The block, ``handover_pieces`` of hand-overs, the records."""


decode_index: Decoder[SnapshotIndex] = Decoder(SnapshotIndex)
decode_handovers: Decoder[list[bytes]] = Decoder(list[bytes])
decode_records: Decoder[list[Record]] = Decoder(list[Record])


class SnapshotFile:
    """A finished snapshot. Holds no file open: it may be gone with the next epoch."""

    def __init__(self, path: Path) -> None:
        """Raises StorageFault ``SNAPSHOT_DAMAGED`` or OperatorFault ``DATA_UNREACHABLE``."""
        self.path = path
        with disk_faults(path), path.open("rb") as file:
            try:
                self.index_bytes = _read_index(file)
                self.index = decode_index(self.index_bytes)
            except (InputFault, ValueError) as error:
                raise StorageFault("SNAPSHOT_DAMAGED", file=path.name) from error
        self._offsets = [len(MAGIC)]
        for piece in self.index.pieces:
            self._offsets.append(self._offsets[-1] + piece.size)

    @property
    def seq(self) -> Seq:
        return self.index.seq

    def piece(self, number: int) -> bytes:
        """Bytes of a piece as peers count: 0 is the index. Empty when there is none such."""
        if number == 0:
            return self.index_bytes
        if not 0 < number <= len(self.index.pieces):
            return b""
        with disk_faults(self.path), self.path.open("rb") as file:
            file.seek(self._offsets[number - 1])
            return file.read(self.index.pieces[number - 1].size)


def _read_index(file: BinaryIO) -> bytes:
    """Raises ValueError when it is not where the tail says."""
    end = file.seek(0, os.SEEK_END) - _TAIL_BYTES
    if end < len(MAGIC):
        raise ValueError("too short")
    file.seek(end)
    tail = file.read(_TAIL_BYTES)
    start = int.from_bytes(tail[:8], "big")
    if tail[8:] != MAGIC or not len(MAGIC) <= start <= end:
        raise ValueError("no tail")
    file.seek(start)
    return file.read(end - start)


class SnapshotFolder:
    """The snapshots that this node keeps and gives to others."""

    def __init__(self, folder: Path) -> None:
        """Raises OperatorFault ``DATA_UNREACHABLE``."""
        self.folder = folder
        with disk_faults(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            for left in folder.glob("*" + PART):
                left.unlink()
        self._last: SnapshotFile | None = None

    def heights(self) -> list[Seq]:
        """Of the finished snapshots, rising."""
        found = self.folder.glob("height-*.snapshot")
        return sorted(Seq(int(path.stem.removeprefix("height-"))) for path in found)

    def path(self, seq: Seq) -> Path:
        return self.folder / NAME.format(seq=seq)

    def write(
        self,
        *,
        chain_id: ChainId,
        seq: Seq,
        calls: int,
        block: bytes,
        handovers: Iterable[bytes],
        records: Iterable[Record],
    ) -> Path:
        """Makes a snapshot under its final name, and removes all but the last two.

        Raises StorageFault ``DISK_FULL``, ``DISK_FAILED`` and leaves nothing behind then.
        """
        path = self.path(seq)
        part = path.with_suffix(path.suffix + PART)
        with disk_faults(path):
            try:
                with part.open("wb") as file:
                    file.write(MAGIC)
                    index = cut(
                        file.write,
                        chain_id=chain_id,
                        seq=seq,
                        calls=calls,
                        block=block,
                        handovers=handovers,
                        records=records,
                    )
                    _finish(file, encode(index))
                part.replace(path)
                sync_directory(self.folder)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        for old in self.heights()[:-SNAPSHOTS_KEPT]:
            self.path(old).unlink(missing_ok=True)
        return path

    def piece(self, seq: Seq, number: int) -> tuple[Seq, bytes]:
        """A piece for a peer, and of which snapshot: ``seq`` 0 is the newest. Empty if none."""
        heights = self.heights()
        wanted = heights[-1] if not seq and heights else seq
        if wanted not in heights:
            return seq, b""
        try:
            if self._last is None or self._last.seq != wanted:
                self._last = SnapshotFile(self.path(wanted))
            return wanted, self._last.piece(number)
        except StorageFault:
            self.path(wanted).unlink(missing_ok=True)  # damaged: another one will come
            return seq, b""
        except OperatorFault:
            return seq, b""


def _finish(file: BinaryIO, index: bytes) -> None:
    start = file.tell()
    file.write(index + start.to_bytes(8, "big") + MAGIC)
    file.flush()
    os.fsync(file.fileno())


def cut(
    put: Callable[[bytes], object],
    *,
    chain_id: ChainId,
    seq: Seq,
    calls: int,
    block: bytes,
    handovers: Iterable[bytes],
    records: Iterable[Record],
) -> SnapshotIndex:
    """Gives the pieces of a snapshot to ``put``, in order; the index that names them."""
    pieces: list[Piece] = []

    def add(data: bytes) -> None:
        put(data)
        pieces.append(Piece(len(data), sha256(data).digest()))

    add(block)
    for batch in _batches(handovers, len):
        add(batch)
    many = len(pieces) - 1
    for batch in _batches(records, _record_size):
        add(batch)
    return SnapshotIndex(VERSION, chain_id, seq, calls, many, pieces)


def _batches(items: Iterable[T], size_of: Callable[[T], int]) -> Iterator[bytes]:
    """Encoded lists of items, closed where they reach the size of a piece."""
    batch: list[T] = []
    size = 0
    for item in items:
        batch.append(item)
        size += size_of(item)
        if size >= SNAPSHOT_PIECE_BYTES:
            yield encode(batch)
            batch, size = [], 0
    if batch:
        yield encode(batch)


def _record_size(record: Record) -> int:
    return len(record[0]) + len(record[1])


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turns the system's errors about ``path`` into StorageFault or OperatorFault."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFault("DISK_FULL", file=path.name) from error
        detail = error.strerror or str(error)
        if error.errno == errno.EIO:
            raise StorageFault("DISK_FAILED", file=path.name, detail=detail) from error
        raise OperatorFault("DATA_UNREACHABLE", file=str(path), detail=detail) from error
