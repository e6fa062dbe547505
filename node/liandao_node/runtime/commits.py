"""From final block to disk: the ledger moves on, ledger.db follows, waiting callers wake.

ledger.db is written behind, many blocks in one transaction: what a crash takes there comes
back out of voter.db and from the peers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from liandao_node.errors import BugFound, InputFault, LiandaoError, PeerFault
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.modules.points_calls import Sale
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.limits import STORE_QUEUE_ITEMS_MAX
from liandao_node.runtime.patient import PatientWriter
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.writer import CallSoon
from liandao_node.types import PublicKey, Seq, ShopId, TxId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.committee import Handover
from liandao_node.wire.transactions import Entry, decode_entry

decode_sale: Decoder[Sale] = Decoder(Sale)

GATHER_S = 0.1
"""Blocks of so long are written together. Nobody but a printed receipt waits for ledger.db, and one
write takes as much of the processor as half the votes of a block: with seven seats on two cores,
run in turns, 0.15 s took 6.1 and 6.3 ms of processor a transaction and node where 0.02 s took 6.8
and 7.7 ms, and the median commit fell from 21.6 and 25.4 to 19.7 and 19.1 ms."""
CHECKPOINT_BLOCKS = 64
"""Blocks between syncs of ledger.db on a street that never rests: bounds voter.db."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A block that is final here, with the entries of this shop's calls."""

    execution: Execution
    own: dict[TxId, list[Entry]]
    """By transaction: this shop's entries in call order."""


def vouched_txs(block: Block, keys: Mapping[ShopId, PublicKey]) -> list[SignedTx]:
    """Transactions of a final block, read without checking their signatures (P-7.11).

    A quorum has checked them: each honest seat in it would have refused the block. What the
    block leads to is computed here all the same. Raises BugFound ``STATE_DIVERGED`` for bytes
    that no honest seat takes.
    """
    try:
        return [
            parse_tx(raw, block.header.chain_id, keys, verify=lambda *_: True) for raw in block.txs
        ]
    except InputFault as fault:
        raise BugFound("STATE_DIVERGED", seq=block.header.seq, why=str(fault)) from fault


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
        on_full: Callable[[], None] = lambda: None,
        keeper: EpochKeeper | None = None,
    ) -> None:
        """``on_full`` hears of a full disk, after which `retry` is awaited; ``keeper`` looks
        after what an epoch's end asks of the disk."""
        self._ledger = ledger
        self._store = store
        self._me = me
        self._keeper = keeper
        self._since_checkpoint = 0
        self._group: list[CommitWrite] = []
        self._thread: PatientWriter[tuple[CommitWrite, ...]] = PatientWriter(
            "ledger.db",
            self._write,
            call_soon=call_soon,
            on_done=self._written,
            on_failure=on_failure,
            on_full=on_full,
            idle=self._rest,
            gather_s=GATHER_S,
        )

    @property
    def safe_seq(self) -> int:
        """Height that a power cut cannot take from ledger.db."""
        return self._store.safe_seq

    @property
    def behind(self) -> bool:
        """Whether the disk's queue should be left to drain before more blocks are taken."""
        return self._thread.waiting > STORE_QUEUE_ITEMS_MAX // 2

    @property
    def full(self) -> bool:
        """Whether the disk is full, and no more can be held in memory for it."""
        return self._thread.stalled and self.behind

    def retry(self) -> bool:
        """Writes again what a full disk refused; whether nothing has to wait any more."""
        return self._thread.retry()

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
        own, orders = self._own(execution, txs)
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
                handover=self._handover(execution, certificate),
            )
        )
        if certificate is not None:
            # What one certificate speaks for is written whole: a stored tip has one.
            self._thread.submit(tuple(self._group))
            self._group = []
        return Committed(execution, own)

    def _handover(self, execution: Execution, certificate: Certificate | None) -> bytes:
        """The proof for those that come later, where an epoch ends with the block (P-12.2)."""
        if not execution.ends_epoch:
            return b""
        assert certificate is not None, "nothing is final above the last block of an epoch"
        return encode(Handover(execution.header, certificate, self._ledger.committee()))

    def _own(
        self, execution: Execution, txs: Sequence[SignedTx]
    ) -> tuple[dict[TxId, list[Entry]], list[tuple[int, int, int]]]:
        """This shop's entries, and where its orders stand for the receipts."""
        own: dict[TxId, list[Entry]] = {}
        orders: list[tuple[int, int, int]] = []
        end = 0
        for signed in txs:
            first, end = end, end + len(signed.tx.calls)
            if signed.tx.shop != self._me:
                continue
            entries = [decode_entry(raw) for raw in execution.entries[first:end]]
            own.setdefault(signed.id, []).extend(entries)
            for position, entry in enumerate(entries, first):
                if entry.kind == Sale.kind and entry.code == 0:
                    sale = decode_sale(entry.body)
                    orders.append((sale.register, sale.number, position))
        return own, orders

    def _write(self, groups: Sequence[tuple[CommitWrite, ...]]) -> None:
        writes: list[CommitWrite] = []
        for group in groups:
            writes += group
            if group[-1].handover:
                # The snapshot is of exactly this state, so nothing above it is written yet.
                if self._put(writes) and self._keeper is not None:
                    self._keeper.epoch_ended(group[-1])
                writes = []
        self._put(writes)
        if self._keeper is not None:
            self._keeper.prune_a_step()

    def _put(self, writes: Sequence[CommitWrite]) -> bool:
        """Writes what is not written yet: a full disk may have stopped us half way."""
        tip = self._store.tip()
        assert tip is not None
        new = [write for write in writes if write.seq > tip.seq]
        if not new:
            return False
        self._store.write(new)
        self._since_checkpoint += len(new)
        if self._since_checkpoint >= CHECKPOINT_BLOCKS:
            self._checkpoint()
        return True

    def _rest(self) -> None:
        while self._keeper is not None and self._keeper.prune_a_step():
            pass
        self._checkpoint()

    def _checkpoint(self) -> None:
        self._since_checkpoint = 0
        self._store.checkpoint()

    def _written(self, groups: Sequence[tuple[CommitWrite, ...]]) -> None:
        self._ledger.flushed(Seq(groups[-1][-1].seq))

    def stop(self) -> None:
        """Writes what is queued and ends the thread."""
        self._thread.stop()
