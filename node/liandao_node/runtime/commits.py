"""From final block to disk: the ledger moves on, ledger.db follows, waiting callers wake.

ledger.db is written behind, many blocks in one transaction: what a crash takes there comes
back out of voter.db and from the peers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liandao_node.errors import BugFound, LiandaoError, PeerFault
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.modules.points_calls import Sale
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import RANGE_BLOCKS_MAX, STORE_QUEUE_ITEMS_MAX
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.writer import CallSoon, WriterThread
from liandao_node.types import Seq, ShopId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.transactions import Entry, decode_entry

decode_sale: Decoder[Sale] = Decoder(Sale)

CHECKPOINT_BLOCKS = 64
"""Blocks between syncs of ledger.db on a street that never rests: bounds voter.db."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A block that is final here, with the entries of this shop's calls."""

    execution: Execution
    own: dict[int, list[Entry]]
    """By nonce: this shop's entries in call order."""


class Committer:
    """Applies final blocks in order."""

    def __init__(
        self,
        ledger: Ledger,
        store: LedgerStore,
        me: ShopId,
        *,
        call_soon: CallSoon,
        on_failure: Callable[[LiandaoError], None],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._me = me
        self._on_failure = on_failure
        self._since_checkpoint = 0
        self._group: list[CommitWrite] = []
        self._thread: WriterThread[tuple[CommitWrite, ...]] = WriterThread(
            "ledger.db",
            self._write,
            call_soon=call_soon,
            on_done=self._written,
            on_error=lambda _, error: on_failure(error),
            idle=self._checkpoint,
        )

    @property
    def safe_seq(self) -> int:
        """Height that a power cut cannot take from ledger.db."""
        return self._store.safe_seq

    @property
    def behind(self) -> bool:
        """Whether another range of blocks could overrun the disk's queue."""
        return self._thread.waiting > STORE_QUEUE_ITEMS_MAX - 2 * RANGE_BLOCKS_MAX

    def commit(
        self, block: Block, certificate: Certificate | None, txs: Sequence[SignedTx]
    ) -> Committed:
        """Moves the ledger onto ``block``.

        Raises BugFound ``STATE_DIVERGED`` when this node computes another state than the
        quorum that signed the block: it must not go on.
        """
        try:
            execution = self._ledger.check(block, txs)
        except PeerFault as fault:
            raise BugFound("STATE_DIVERGED", seq=block.header.seq, why=str(fault)) from fault
        self._ledger.commit(execution.hash)
        own, orders = self._own(execution)
        self._group.append(
            CommitWrite(
                seq=block.header.seq,
                hash=execution.hash,
                block=encode(CommittedBlock(block, certificate)),
                entries=encode(execution.entries),
                changes=execution.changes,
                accumulator=execution.accumulator,
                time_ms=block.header.time_ms,
                calls=execution.tip.calls,
                orders=orders,
            )
        )
        if certificate is not None:
            # What one certificate speaks for is written whole: a stored tip has one.
            self._thread.submit(tuple(self._group))
            self._group = []
        return Committed(execution, own)

    def _own(
        self, execution: Execution
    ) -> tuple[dict[int, list[Entry]], list[tuple[int, int, int]]]:
        """This shop's entries, and where its orders stand for the receipts."""
        own: dict[int, list[Entry]] = {}
        orders: list[tuple[int, int, int]] = []
        for position, raw in enumerate(execution.entries):
            entry = decode_entry(raw)
            if entry.shop != self._me:
                continue
            own.setdefault(entry.nonce, []).append(entry)
            if entry.kind == Sale.kind and entry.code == 0:
                sale = decode_sale(entry.body)
                orders.append((sale.register, sale.number, position))
        return own, orders

    def _write(self, groups: Sequence[tuple[CommitWrite, ...]]) -> None:
        writes = [write for group in groups for write in group]
        self._store.write(writes)
        self._since_checkpoint += len(writes)
        if self._since_checkpoint >= CHECKPOINT_BLOCKS:
            self._checkpoint()

    def _checkpoint(self) -> None:
        self._since_checkpoint = 0
        self._store.checkpoint()

    def _written(self, groups: Sequence[tuple[CommitWrite, ...]]) -> None:
        self._ledger.flushed(Seq(groups[-1][-1].seq))

    def stop(self) -> None:
        """Writes what is queued and ends the thread."""
        self._thread.stop()
