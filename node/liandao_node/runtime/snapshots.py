"""Catching up by a snapshot: when, from whom, and what if they lie (P-7.7 to P-7.10).

One source after the other is asked, each once in a round; pieces that came stay, so the next
one goes on where the last stopped. After a round that failed the blocks have their turn, and
they go on all the while a source is silent: no loop here stands in their way.
"""

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import trio

from liandao_node.errors import LiandaoError, PeerFault, StorageFault, Unavailable
from liandao_node.limits import (
    SNAPSHOT_AHEAD_PIECES,
    SNAPSHOT_BEHIND_BLOCKS,
    SNAPSHOT_GAIN_BLOCKS,
    SNAPSHOT_PAUSE_MS,
    SNAPSHOT_PIECE_MS_MAX,
    SNAPSHOT_TURN_MS,
)
from liandao_node.runtime.snapshot_proof import (
    Head,
    Proven,
    head_pieces,
    prove_head,
    prove_records,
    read_index,
)
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.snapshots import SnapshotIndex
from liandao_node.types import Seq, ShopId
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.messages import FetchSnapshot, Snapshot

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the fetcher sees of its node."""

    tip: Callable[[], Seq]
    heights: Callable[[], Mapping[ShopId, Seq]]
    """What each shop that is connected says of its height."""
    liars: Callable[[], int]
    """How many of them may lie (f of P-1.1)."""
    may: Callable[[], bool]
    """Whether this is the time for it: not with a full disk."""


class SnapshotFetcher:
    """Brings in one snapshot when blocks would take too long, or are no longer to be had."""

    def __init__(
        self,
        genesis: Genesis,
        pieces: IncomingPieces,
        around: Surroundings,
        *,
        send: Callable[[ShopId, FetchSnapshot], None],
        on_fault: Callable[[ShopId, str], None],
        on_ready: Callable[[Proven], None],
    ) -> None:
        self._genesis = genesis
        self._pieces = pieces
        self._around = around
        self._send = send
        self._on_fault = on_fault
        self._on_ready = on_ready
        self._source: ShopId | None = None
        self._answers, self._heard = trio.open_memory_channel[Snapshot](SNAPSHOT_AHEAD_PIECES)
        self._without: dict[ShopId, Seq] = {}
        """Shops that had no block above this node's tip, and where that stood then."""
        self._stuck_at: Seq | None = None
        """The tip above which somebody has no blocks, as of the last look."""
        self._stuck_since = 0.0
        self._turn_s = SNAPSHOT_TURN_MS / 1_000
        """For all pieces of one source (P-7.10): an index may name so many that each comes in time,
        and the last of them next year."""
        self.pieces_left = 0
        """Of the snapshot that is being fetched."""
        self.held_back = False
        """Begins with the pause that follows a round that failed."""

    @property
    def busy(self) -> bool:
        """Whether a source is being asked: bounded by its patience with each piece."""
        return self._source is not None

    # --- what is told to it ---

    def heard(self, peer: ShopId, message: Snapshot) -> None:
        """An answer came. What was not asked for is dropped."""
        if peer == self._source:
            try:
                self._answers.send_nowait(message)
            except trio.WouldBlock:
                log.info("a snapshot's piece from shop %d was not asked for", peer)

    def has_no_blocks(self, peer: ShopId) -> None:
        """``peer`` gave an empty RANGE."""
        self._without[peer] = self._around.tip()

    def has_blocks(self, peer: ShopId) -> None:
        """``peer`` gave blocks."""
        self._without.pop(peer, None)

    # --- when ---

    def street_height(self) -> Seq:
        """A height that at least one honest shop claims: up to f may claim anything."""
        heights = sorted(self._around.heights().values(), reverse=True)
        at = min(self._around.liars(), len(heights) - 1)
        return max(heights[at] if heights else Seq(0), self._around.tip())

    def wanted(self) -> bool:
        """P-7.7: far behind, or the blocks are nowhere to be had."""
        ahead, without = self._ahead(), self._ahead_without_blocks()
        # Up to f of them may be silent for ever, or give what does not hold.
        nowhere = bool(without) and len(ahead) - len(without) <= self._around.liars()
        far = self.street_height() - self._around.tip() > SNAPSHOT_BEHIND_BLOCKS
        return (far or nowhere) and self._around.may()

    def _is_stuck(self) -> bool:
        """P-7.7: whether blocks had their turn, and nobody gave any.

        f says how many seats may lie. Who has lost a seat, or never had one, may be silent, too.
        """
        stuck_at = self._around.tip() if self._ahead_without_blocks() else None
        if stuck_at != self._stuck_at:
            self._stuck_at, self._stuck_since = stuck_at, trio.current_time()
        stands_s = trio.current_time() - self._stuck_since
        long = stuck_at is not None and stands_s >= SNAPSHOT_PAUSE_MS / 1_000
        return long and self._around.may()

    def _ahead(self) -> set[ShopId]:
        tip = self._around.tip()
        return {shop for shop, height in self._around.heights().items() if height > tip}

    def _ahead_without_blocks(self) -> set[ShopId]:
        """Shops that no longer have the blocks that are missing here now."""
        tip = self._around.tip()
        return {shop for shop in self._ahead() if self._without.get(shop) == tip}

    async def run(self) -> None:
        """Ends when a snapshot is there."""
        if self.held_back:
            await trio.sleep(SNAPSHOT_PAUSE_MS / 1_000)
        while True:
            await trio.sleep(LOOK_S)
            stuck = self._is_stuck()
            if not (stuck or self.wanted()):
                continue
            proven = await self._round()
            if proven is not None:
                self._on_ready(proven)
                return
            self._without.clear()
            self._turn_s *= 2  # no source may be as fast as was hoped
            if not self._around.may():
                # What came may be what fills the disk, and nobody may ever complete it.
                await trio.to_thread.run_sync(self._pieces.clear)
            await trio.sleep(SNAPSHOT_PAUSE_MS / 1_000)

    # --- from whom ---

    async def _round(self) -> Proven | None:
        """Asks each shop that is ahead once."""
        heights = self._around.heights()
        for peer in sorted(heights, key=lambda shop: (-heights[shop], shop)):
            if heights[peer] <= self._around.tip():
                continue
            self._source = peer
            try:
                return await self._from(peer)
            except (PeerFault, Unavailable, StorageFault) as fault:
                self._failed(peer, fault)
            finally:
                self._source = None
                self.pieces_left = 0
                self._drain()
        return None

    def _failed(self, peer: ShopId, fault: LiandaoError) -> None:
        log.info("no snapshot from shop %d: %s", peer, fault)
        self._on_fault(peer, fault.code)

    def _drain(self) -> None:
        while True:
            try:
                self._heard.receive_nowait()
            except trio.WouldBlock:
                return

    async def _from(self, peer: ShopId) -> Proven:
        index = await self._index(peer)
        missing = await trio.to_thread.run_sync(self._pieces.begin, index.pieces)
        first = range(len(head_pieces(index)))
        ends = trio.current_time() + self._turn_s
        await self._fetch(peer, index, [at for at in first if at in missing], ends)
        head = self._head(index)
        log.info("snapshot of height %d from shop %d: %d pieces", index.seq, peer, len(missing))
        await self._fetch(peer, index, sorted(missing.difference(first)), ends)
        try:
            proven = await trio.to_thread.run_sync(prove_records, index, head, self._pieces)
        except PeerFault:
            # Each piece is what the index names, so the index is the lie.
            await trio.to_thread.run_sync(self._pieces.clear)
            raise
        self._still_helps(peer, index)
        return proven

    def _still_helps(self, peer: ShopId, index: SnapshotIndex) -> None:
        """P-7.10: votes of the street go on beside a slow source, and may overtake it."""
        if index.seq <= self._around.tip():
            raise Unavailable("SNAPSHOT_OLD", shop=peer, seq=index.seq)

    async def _index(self, peer: ShopId) -> SnapshotIndex:
        self._send(peer, FetchSnapshot(Seq(0), 0))
        answer = await self._next(peer)
        if not answer.data:
            raise Unavailable("SNAPSHOT_NONE", shop=peer)
        index = read_index(answer.data, self._genesis.chain_id, answer.seq)
        # Closer than that, the blocks are there sooner; unless nobody has them.
        gain = 1 if self._ahead_without_blocks() else SNAPSHOT_GAIN_BLOCKS
        if answer.piece != 0 or index.seq < self._around.tip() + gain:
            raise Unavailable("SNAPSHOT_OLD", shop=peer, seq=index.seq)
        return index

    def _head(self, index: SnapshotIndex) -> Head:
        found = [self._pieces.get(piece) for piece in head_pieces(index)]
        pieces = [piece for piece in found if piece is not None]
        if len(pieces) != len(found):
            raise StorageFault("DISK_FAILED", file="snapshot", detail="a piece is not there")
        return prove_head(self._genesis, index, pieces)

    async def _fetch(
        self, peer: ShopId, index: SnapshotIndex, wanted: Iterable[int], ends: float
    ) -> None:
        """Brings pieces in, several on the way at a time, before the source's turn ends."""
        waiting = list(wanted)
        asked: set[int] = set()
        self.pieces_left = len(waiting)
        while waiting or asked:
            while waiting and len(asked) < SNAPSHOT_AHEAD_PIECES:
                at = waiting.pop(0)
                asked.add(at)
                self._send(peer, FetchSnapshot(index.seq, at + 1))
            answer = await self._next(peer, ends - trio.current_time())
            self._still_helps(peer, index)
            at = answer.piece - 1
            if answer.seq != index.seq or at not in asked:
                raise PeerFault("SNAPSHOT_BAD", why="answer", seq=index.seq)
            if not answer.data:
                raise Unavailable("SNAPSHOT_NONE", shop=peer)
            asked.remove(at)
            if not self._pieces.put(index.pieces[at], answer.data):
                raise PeerFault("SNAPSHOT_BAD", why="piece", seq=index.seq)
            self.pieces_left -= 1

    async def _next(self, peer: ShopId, left_s: float = math.inf) -> Snapshot:
        if left_s > 0:
            with trio.move_on_after(min(left_s, SNAPSHOT_PIECE_MS_MAX / 1_000)):
                return await self._heard.receive()
        raise Unavailable("SNAPSHOT_SILENT", shop=peer)
