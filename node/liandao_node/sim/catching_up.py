"""A simulated node that may need a snapshot: the production fetcher under virtual time.

`runtime.snapshots` decides when one is wanted, whom to ask and what to believe; here are its
surroundings, with bounds that fit a street of some dozen blocks. It waits with trio, which
`virtual_trio` stands for, and checks signatures with the street's keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from liandao_node.limits import SNAPSHOT_PIECE_MS_MAX
from liandao_node.runtime import snapshot_proof, snapshots
from liandao_node.runtime.snapshot_proof import Proven
from liandao_node.runtime.snapshots import SnapshotFetcher, Surroundings
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.virtual_trio import Task, VirtualTrio, swapped
from liandao_node.types import Seq, ShopId
from liandao_node.wire.messages import FetchSnapshot, Range, Snapshot, Status

if TYPE_CHECKING:
    from liandao_node.sim.node import Node

LOOK_S: Final = 1.0
BEHIND_BLOCKS: Final = 32
GAIN_BLOCKS: Final = 8
PAUSE_MS: Final = 2 * SNAPSHOT_PIECE_MS_MAX
TURN_MS: Final = 2 * SNAPSHOT_PIECE_MS_MAX


class CatchingUp:
    """What one node does about snapshots, over all its lives."""

    def __init__(self, node: Node, books: LedgerBooks) -> None:
        self._node = node
        self._books = books
        self._heights: dict[ShopId, Seq] = {}
        self._fetcher: SnapshotFetcher | None = None
        self._task: Task | None = None
        self._hold_back = False

    @contextmanager
    def _production(self) -> Iterator[None]:
        with (
            swapped(
                snapshots,
                trio=VirtualTrio,
                LOOK_S=LOOK_S,
                SNAPSHOT_BEHIND_BLOCKS=BEHIND_BLOCKS,
                SNAPSHOT_GAIN_BLOCKS=GAIN_BLOCKS,
                SNAPSHOT_PAUSE_MS=PAUSE_MS,
                SNAPSHOT_TURN_MS=TURN_MS,
            ),
            swapped(snapshot_proof, verify=self._node.street.verify, PROTOCOL=self._node.speaks),
        ):
            yield

    # --- a life ---

    def begin(self) -> None:
        node, replica = self._node, self._node.replica
        assert replica is not None
        self._heights = {}
        with self._production():
            fetcher = SnapshotFetcher(
                self._books.charter.genesis,
                self._books.pieces,
                Surroundings(
                    tip=lambda: replica.tip.seq,
                    heights=self._connected,
                    liars=lambda: replica.committee.faults,
                    may=lambda: not node.voter.full,
                ),
                send=node.send,
                on_fault=self._failed,
                on_ready=self._ready,
            )
        fetcher.held_back, self._hold_back = self._hold_back, False
        self._fetcher = fetcher
        self._task = Task(
            node.street.timeline, fetcher.run(), around=self._production, enter=self._enter
        )
        self._task.start()

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._fetcher = None

    def _enter(self, step: Callable[[], None]) -> None:
        self._node.enter(step)

    def _connected(self) -> dict[ShopId, Seq]:
        away = self._node.away
        return {shop: seq for shop, seq in self._heights.items() if shop not in away}

    # --- what is heard ---

    @property
    def busy(self) -> bool:
        """Blocks that a snapshot on its way makes superfluous can wait, as in `CatchUp`."""
        return self._fetcher is not None and self._fetcher.busy

    def heard(self, peer: ShopId, message: Status | Range | Snapshot) -> None:
        fetcher = self._fetcher
        if fetcher is None:
            return
        match message:
            case Status():
                self._heights[peer] = message.tip_seq
            case Range(blocks):
                if blocks:
                    fetcher.has_blocks(peer)
                else:
                    fetcher.has_no_blocks(peer)
            case Snapshot():
                with self._production():
                    fetcher.heard(peer, message)

    def asked(self, peer: ShopId, question: FetchSnapshot) -> None:
        seq, data = self._books.snapshots.piece(question.seq, question.piece)
        self._node.send(peer, Snapshot(seq, question.piece, data))

    # --- what comes of it ---

    def _failed(self, peer: ShopId, code: str) -> None:
        street = self._node.street
        street.counts[f"snapshots: {code}"] += 1
        street.tells(self._node, "no snapshot", f"from {peer}: {code}")
        street.checks.on_bad_source(self._node, peer, code)

    def _ready(self, proven: Proven) -> None:
        node = self._node
        node.street.timeline.after(0, node.enter, self._adopt, proven, node.life)

    def _adopt(self, proven: Proven, life: int) -> None:
        """A proven snapshot ends a life, in which all is written; the next begins on it."""
        node = self._node
        if node.life != life or not node.up:
            return
        self._books.write(sync=True)
        node.crash(writes=len(node.voter.queue))
        if not self._books.restore(proven):
            node.boot()
            return
        street, seq = node.street, proven.index.seq
        street.counts["snapshots taken"] += 1
        street.tells(node, "takes over", f"snapshot h{seq}, epoch {proven.head.header.epoch}")
        node.boot()
        street.checks.on_snapshot(node, proven.head.header)
