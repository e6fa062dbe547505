"""The end of an epoch on the disk: a snapshot of the state, then room for what comes.

Runs in the thread that writes ledger.db, which at that moment holds exactly the state that
the epoch's last block led to. Nothing is pruned that no snapshot here speaks for.
"""

import logging
from collections.abc import Callable, Iterator

from liandao_node.crypto import multiset
from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import Record, SnapshotFolder
from liandao_node.types import ChainId

log = logging.getLogger(__name__)


class EpochKeeper:
    """Makes snapshots and prunes. All but the constructor is for the writer thread."""

    def __init__(
        self,
        store: LedgerStore,
        folder: SnapshotFolder,
        chain_id: ChainId,
        retention: Retention,
        on_fault: Callable[[str], object],
    ) -> None:
        """``on_fault`` hears, in the writer thread, of a snapshot that could not be made."""
        self._store = store
        self._folder = folder
        self._chain_id = chain_id
        self._retention = retention
        self._on_fault = on_fault
        self._pruning: Iterator[int] = iter(())

    def epoch_ended(self, last: CommitWrite) -> None:
        """``last`` is written and is the tip.

        Raises StorageFault ``STATE_DAMAGED`` when the records on this disk are not those that
        the block was certified with.
        """
        try:
            self._folder.write(
                chain_id=self._chain_id,
                seq=last.seq,
                calls=last.calls,
                block=last.block,
                handovers=self._store.handovers_written(),
                records=self._checked(last),
            )
        except (StorageFault, OperatorFault) as fault:
            if fault.code == "STATE_DAMAGED":
                raise
            # Others have one; the blocks that it would have spoken for are kept meanwhile.
            log.warning("no snapshot at height %d: %s", last.seq, fault)
            self._on_fault(fault.code)
        self._pruning = self._store.prune(self._retention_now())

    def prune_a_step(self) -> bool:
        """Drops a bounded number of old blocks; whether there may be more."""
        return next(self._pruning, 0) > 0

    def _checked(self, last: CommitWrite) -> Iterator[Record]:
        """The records, held against the accumulator that the street agreed on."""
        accumulator = multiset.EMPTY
        for key, value in self._store.records():
            accumulator += multiset.element(key, value)
            yield key, value
        if accumulator & multiset.MASK != last.accumulator:
            raise StorageFault("STATE_DAMAGED", seq=last.seq)

    def _retention_now(self) -> Retention:
        heights = self._folder.heights()
        kept_from = heights[0] + 1 if heights else 0
        given = self._retention
        return Retention(given.epochs, given.bytes_max, kept_from, given.receipts)
