"""Pieces of a snapshot on their way in, each under the digest that names it.

So a piece fits wherever it is wanted: after a restart, from another peer, and in the snapshot
of the next epoch if nothing in it has changed. A file that does not have its digest counts as
missing.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from liandao_node.store.snapshots import Piece, disk_faults


class IncomingPieces:
    """A folder of pieces."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, pieces: Sequence[Piece]) -> set[int]:
        """Drops what belongs to none of ``pieces``; the positions that are missing."""
        wanted = {piece.digest.hex() for piece in pieces}
        with disk_faults(self._folder):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            there = {path.name: path for path in self._folder.iterdir()}
            for name, path in there.items():
                if name not in wanted:
                    path.unlink()
        return {at for at, piece in enumerate(pieces) if self.get(piece) is None}

    def put(self, piece: Piece, data: bytes) -> bool:
        """Keeps a piece; False when it is not what the index names."""
        if len(data) != piece.size or sha256(data).digest() != piece.digest:
            return False
        path = self._path(piece)
        with disk_faults(path):
            path.write_bytes(data)
        return True

    def get(self, piece: Piece) -> bytes | None:
        """The bytes of a piece; None when they are not all here."""
        path = self._path(piece)
        with disk_faults(path):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                return None
        return data if sha256(data).digest() == piece.digest else None

    def clear(self) -> None:
        """Drops everything."""
        self.begin(())

    def _path(self, piece: Piece) -> Path:
        return self._folder / piece.digest.hex()
