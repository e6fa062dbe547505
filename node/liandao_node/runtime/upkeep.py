"""What keeps a node going for years: catching up, snapshots, old blocks, room on the disk.

Made before the writers, because they report to it, and joined to the driver afterwards.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import trio

from liandao_node.consensus import events
from liandao_node.errors import LiandaoError
from liandao_node.runtime.clock import monotonic_ms
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.disk import DiskWatch
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.progress import Progress
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.runtime.snapshot_proof import Proven, records
from liandao_node.runtime.snapshots import SnapshotFetcher, Surroundings
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import SnapshotFolder
from liandao_node.store.writer import CallSoon
from liandao_node.types import Seq, ShopId
from liandao_node.wire.genesis import Genesis

log = logging.getLogger(__name__)

SNAPSHOTS: Final = "snapshots"
INCOMING: Final = "incoming"
NOTE_S: Final = 1.0


class Upkeep:
    """The caretaker of one node."""

    def __init__(
        self,
        data_dir: Path,
        genesis: Genesis,
        settings: NodeSettings,
        store: LedgerStore,
        *,
        faults: Counter[str],
        call_soon: CallSoon,
    ) -> None:
        self.proven: Proven | None = None
        """A snapshot to go on from: the node ends for it."""
        self._genesis = genesis
        self._data_dir = data_dir
        self._store = store
        self._faults = faults
        self._folder = SnapshotFolder(data_dir / SNAPSHOTS)
        self._pieces = IncomingPieces(data_dir / SNAPSHOTS / INCOMING)
        self._progress = Progress()
        self.progress = self._progress.view
        self._disk: DiskWatch | None = None
        self.keeper = EpochKeeper(
            store,
            self._folder,
            genesis.chain_id,
            Retention(settings.retention_epochs, settings.ledger_bytes_max),
            on_fault=lambda code: call_soon(lambda: self._count(code)),
        )

    def _count(self, code: str) -> None:
        self._faults[code] += 1

    @property
    def disk_low(self) -> bool:
        return self._disk is not None and self._disk.low

    def disk_full(self) -> None:
        """A store found no room."""
        if self._disk is not None:
            self._disk.full()

    def attach(
        self,
        driver: Driver,
        *,
        retries: Collection[Callable[[], bool]],
        connected: Callable[[], Collection[ShopId]],
        on_change: Callable[[], None],
        on_ready: Callable[[], None],
    ) -> None:
        """``retries`` write again what a full disk refused. ``on_change`` hears when something
        of this is to be shown, ``on_ready`` when the node should end for `proven`."""

        def disk_changed(low: bool) -> None:
            driver.feed(events.Voting(allowed=not low))
            on_change()

        def ready(proven: Proven) -> None:
            self.proven = proven
            on_ready()

        self._driver = driver
        self._connected = connected
        self._on_change = on_change
        self._disk = DiskWatch(
            self._data_dir,
            on_change=disk_changed,
            retry=lambda: sum(retry() for retry in retries) == len(retries),
            refusals=lambda: self._faults["DISK_FULL"],
        )
        self._fetcher = SnapshotFetcher(
            self._genesis,
            self._pieces,
            Surroundings(
                tip=lambda: driver.replica.tip.seq,
                heights=self._heights,
                liars=lambda: driver.replica.committee.faults,
                may=lambda: not self.disk_low and not driver.replica.outdated,
            ),
            send=driver.catch_up.ask_for_piece,
            on_fault=driver.catch_up.snapshot_failed,
            on_ready=ready,
        )
        driver.catch_up.folder = self._folder
        driver.catch_up.fetcher = self._fetcher

    def _heights(self) -> dict[ShopId, Seq]:
        heights = self._driver.watch.statuses
        return {s: heights[s].height for s in self._connected() if s in heights}

    async def run(self) -> None:
        """Until cancelled."""
        assert self._disk is not None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._driver.catch_up.intake.run)
            nursery.start_soon(self._disk.run)
            nursery.start_soon(self._fetcher.run)
            nursery.start_soon(self._note)

    async def _note(self) -> None:
        while True:
            replica = self._driver.replica
            tip = replica.tip.seq
            street = tip if replica.outdated else self._fetcher.street_height()
            was = self._progress.view()
            self._progress.note(monotonic_ms(), tip, street, self._fetcher.pieces_left)
            if was is not None or self._progress.view() is not None:
                self._on_change()
            await trio.sleep(NOTE_S)

    def hold_back(self) -> None:
        """A snapshot could not be taken a moment ago: the blocks have their turn first."""
        self._fetcher.held_back = True

    async def install(self) -> bool:
        """Puts the proven state in the place of this node's; whether there was one and it went.

        For after the writers' end. What fails here is tried again later, from the blocks.
        """
        proven, tip = self.proven, self._store.tip()
        if proven is None:
            return False
        if tip is not None and tip.seq >= proven.index.seq:
            self._pieces.clear()  # blocks came as far while the last writes ended
            return True

        def restore() -> None:
            rows = records(proven.index, self._pieces)
            self._store.restore(proven.write(), rows, proven.handovers())
            self._pieces.clear()

        try:
            await trio.to_thread.run_sync(restore)
        except LiandaoError as fault:
            self._faults[fault.code] += 1
            log.warning("the snapshot of height %d was not taken: %s", proven.index.seq, fault)
            return False
        log.info("went on from the snapshot of height %d", proven.index.seq)
        return True
