"""Where simulated nodes keep snapshots: memory in the place of folders.

What a snapshot is, how it is cut into pieces and when one is made stays with `store.snapshots`
and `runtime.retention`; a test holds that these folders answer as the real ones do.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from liandao_node.limits import SNAPSHOTS_KEPT
from liandao_node.sim.virtual_trio import swapped
from liandao_node.store import snapshots
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.snapshots import Piece, Record, SnapshotFolder, cut
from liandao_node.types import ChainId, Seq
from liandao_node.wire.codec import encode

PIECE_BYTES: Final = 2_048
"""Small, so that a state of some hundred records makes several pieces."""


class HeldSnapshots(SnapshotFolder):
    """The snapshots that a node offers. They are cut into pieces when somebody asks."""

    def __init__(self, known: dict[Seq, list[Record]] | None = None) -> None:
        """``known``: records by height that nodes of this street have read and checked."""
        self.folder = Path()
        self._known = known
        self._held: dict[Seq, Callable[[], list[bytes]]] = {}

    def heights(self) -> list[Seq]:
        return sorted(self._held)

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
        handovers = list(handovers)
        known = {} if self._known is None else self._known
        if seq not in known:
            known[seq] = list(records)
        rows = known[seq]

        @cache
        def pieces() -> list[bytes]:
            made: list[bytes] = []
            with swapped(snapshots, SNAPSHOT_PIECE_BYTES=PIECE_BYTES):
                index = cut(
                    made.append,
                    chain_id=chain_id,
                    seq=seq,
                    calls=calls,
                    block=block,
                    handovers=handovers,
                    records=rows,
                )
            return [encode(index), *made]

        self._held[seq] = pieces
        for old in self.heights()[:-SNAPSHOTS_KEPT]:
            del self._held[old]
        return self.path(seq)

    def pieces(self, seq: Seq) -> list[bytes]:
        """As peers number them: the index, then what it names. Empty if there is none such."""
        held = self._held.get(seq)
        return [] if held is None else held()

    def piece(self, seq: Seq, number: int) -> tuple[Seq, bytes]:
        heights = self.heights()
        wanted = heights[-1] if not seq and heights else seq
        pieces = self.pieces(wanted)
        return wanted, pieces[number] if 0 <= number < len(pieces) else b""


class HeldPieces(IncomingPieces):
    """Pieces of the snapshot that is on its way; they outlive the process."""

    def __init__(self) -> None:
        self._held: dict[bytes, bytes] = {}

    def begin(self, pieces: Sequence[Piece]) -> set[int]:
        wanted = {piece.digest for piece in pieces}
        self._held = {digest: data for digest, data in self._held.items() if digest in wanted}
        return {at for at, piece in enumerate(pieces) if piece.digest not in self._held}

    def put(self, piece: Piece, data: bytes) -> bool:
        if len(data) != piece.size or sha256(data).digest() != piece.digest:
            return False
        self._held[piece.digest] = data
        return True

    def get(self, piece: Piece) -> bytes | None:
        return self._held.get(piece.digest)
