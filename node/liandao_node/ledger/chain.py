"""The chain of blocks as the ledger sees it: a tip, and executions above it (D-3, L-8).

A block is executed before it is voted on; its changes wait in an overlay until it is
committed, and are dropped when another branch is. Consensus decides which; this class never
does. After `commit` the overlay still answers reads until the runtime tells with `flushed`
that the disk holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from liandao_node.crypto import merkle, multiset
from liandao_node.crypto.keys import Verifier, verify
from liandao_node.errors import BugFound, OperatorFault, PeerFault
from liandao_node.ledger.beginning import Tip, genesis_changes, genesis_header, genesis_tip
from liandao_node.ledger.machine import Machine
from liandao_node.ledger.module_api import Module, Moment
from liandao_node.ledger.module_set import Finder
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.offices import Office, office_in
from liandao_node.ledger.state import Changes, Reader, View, accumulate
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import (
    BLOCK_BYTES_MAX,
    BLOCK_CALLS_MAX,
    BLOCK_TXS_MAX,
    EXECUTIONS_MAX,
)
from liandao_node.types import BlockHash, Epoch, Millis, PublicKey, Seq, ShopId, TxId
from liandao_node.wire.blocks import Block, Header
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Genesis, Rules

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Execution:
    """A block and what it does. Nothing in it changes any more."""

    header: Header
    hash: BlockHash
    tx_ids: tuple[TxId, ...]
    entries: list[bytes]
    """Encoded entries, one per call, leaves under the result root."""
    changes: Changes
    """What it changes in its parent's state."""
    tip: Tip
    """The ledger's tip once this is committed."""
    office: Office
    """Who is in office above it; another one than below it if it ends an epoch."""

    @property
    def ends_epoch(self) -> bool:
        return self.office.committee.epoch != self.header.epoch

    @property
    def accumulator(self) -> int:
        return self.tip.accumulator


class Ledger:
    """Executes, checks and commits blocks above a committed state."""

    genesis_changes = staticmethod(genesis_changes)
    genesis_header = staticmethod(genesis_header)
    genesis_tip = staticmethod(genesis_tip)

    def __init__(
        self,
        genesis: Genesis,
        base: Reader,
        tip: Tip,
        modules: Sequence[Module] = BUILTIN,
        verify: Verifier = verify,
        find: Finder | None = None,
        machine: Machine | None = None,
    ) -> None:
        """``base`` holds the state at ``tip``; ``verify`` judges the cards' signatures; ``find``
        is asked for modules that a vote brought and that are not among ``modules``. Ledgers of
        one street that think alike may share a ``machine``, in the place of these three: it
        keeps no state, and putting modules together takes longer than executing a block.

        Raises OperatorFault ``MODULE_UNKNOWN`` or ``MODULE_BAD`` for those of the genesis file,
        or without which nobody knows who is in office; of others, `lacking` tells.
        """
        self.machine: Final = machine or Machine(genesis, modules, verify, find)
        self._base = base
        self._tip = tip
        self._executions: dict[BlockHash, Execution] = {}
        """Executed and not committed, oldest first."""
        self._unflushed: list[tuple[Seq, Changes]] = []
        """Committed and not known to be on disk, oldest first."""
        self._office = self._office_in(self.view())
        self.machine.recall(self.view())

    def committee(self, above: BlockHash | None = None) -> CommitteeRecord:
        """The committee in force above the tip, or above an executed block (L-8.7)."""
        return self._office_at(above if above is not None else self._tip.hash).committee

    def past_committee(self, epoch: Epoch) -> CommitteeRecord | None:
        """The committee of an epoch up to the present one, as long as it is kept (L-13.6)."""
        view = self.view()
        return self.machine.seating(view).past_committee(view, epoch)

    @property
    def lacking(self) -> OperatorFault | None:
        """What keeps this node from executing the block above the tip (L-3.8)."""
        return self._office.lacking

    def rules(self) -> Rules:
        """The rules in force at the tip (L-19.1)."""
        return self.machine.rules(self.view())

    def offered(self, kind: type[S]) -> S | None:
        """A service of the street's present modules, for questions to a state."""
        return None if self.lacking else self.machine.set_in(self.view()).offered(kind)

    def keys(self) -> Mapping[ShopId, PublicKey]:
        """Node key of every member in the epoch of the block above the tip (L-8.7)."""
        return self._office.keys

    @property
    def tip(self) -> Tip:
        return self._tip

    def view(self) -> View:
        """The state at the tip. For use at once: a later flush changes what lies below it."""
        return View(self._base, [changes for _, changes in self._unflushed])

    def execute(
        self,
        *,
        parent: BlockHash,
        epoch: Epoch,
        seq: Seq,
        time_ms: Millis,
        proposer: ShopId,
        attendance: int,
        txs: Sequence[SignedTx],
        tx_root: bytes | None = None,
    ) -> Execution:
        """The block of these transactions above ``parent``, executed and kept (L-8.1, L-9.2).

        ``tx_root``: theirs, if it was computed before.

        The same arguments give the same header on every node. Raises BugFound
        ``BLOCK_IMPOSSIBLE`` for arguments that no block may have; `check` tells a peer so.
        """
        at = Moment(seq, parent, time_ms, epoch, proposer, attendance)
        kept = self._kept(at, txs)
        if kept is not None:
            return kept
        why = self._objection(at, txs)
        if why:
            raise BugFound("BLOCK_IMPOSSIBLE", why=why, seq=seq)
        view = View(self._base, self._layers(parent))
        entries = self.machine.run_block(view, at, txs)
        office = self._office_after(view, at)
        deltas = list(view.deltas())
        before = self._tip_at(parent)
        accumulator = accumulate(before.accumulator, deltas)
        header = Header(
            version=self._office_at(parent).committee.protocol,
            chain_id=self.machine.chain_id,
            epoch=epoch,
            seq=seq,
            parent=parent,
            tx_root=tx_root or merkle.root([tx.raw for tx in txs]),
            result_root=merkle.root(entries),
            state_root=multiset.digest(accumulator),
            call_count=len(entries),
            time_ms=time_ms,
            proposer=proposer,
            attendance=attendance,
            next_committee=office.committee.hash if office.committee.epoch != epoch else b"",
        )
        block_hash = header.hash
        execution = Execution(
            header=header,
            hash=block_hash,
            tx_ids=tuple(tx.id for tx in txs),
            entries=entries,
            changes={delta.key: delta.new for delta in deltas},
            tip=Tip(seq, block_hash, time_ms, accumulator, before.calls + len(entries)),
            office=office,
        )
        self._keep(execution)
        return execution

    def check(self, block: Block, txs: Sequence[SignedTx]) -> Execution:
        """Executes a peer's block and holds its header against ours (L-8.2).

        ``txs`` are ``block.txs``, parsed. Raises PeerFault ``BLOCK_PARENT_UNKNOWN``,
        ``BLOCK_BAD`` (``why``), ``BLOCK_ROOT_MISMATCH`` or ``BLOCK_HEADER_MISMATCH``
        (``field``).
        """
        header = block.header
        assert [tx.raw for tx in txs] == block.txs
        if header.parent != self._tip.hash and header.parent not in self._executions:
            raise PeerFault("BLOCK_PARENT_UNKNOWN", seq=header.seq)
        at = Moment(
            header.seq,
            header.parent,
            header.time_ms,
            header.epoch,
            header.proposer,
            header.attendance,
        )
        why = self._objection(at, txs)
        if why:
            raise PeerFault("BLOCK_BAD", why=why, seq=header.seq)
        known = set(self._executions)
        execution = self.execute(
            parent=header.parent,
            epoch=header.epoch,
            seq=header.seq,
            time_ms=header.time_ms,
            proposer=header.proposer,
            attendance=header.attendance,
            txs=txs,
            tx_root=block.tx_root,
        )
        if execution.header != header:
            if execution.hash not in known:
                self.forget(execution.hash)
            raise _mismatch(execution.header, header)
        return execution

    def commit(self, block: BlockHash) -> Execution:
        """Moves the tip onto a child of it and drops all other branches (L-8.3)."""
        execution = self._executions.get(block)
        if execution is None or execution.header.parent != self._tip.hash:
            raise BugFound("COMMIT_OUT_OF_ORDER", tip=self._tip.seq)
        self._tip = execution.tip
        self._office = execution.office
        self._unflushed.append((execution.header.seq, execution.changes))
        del self._executions[block]
        self._drop_orphans()
        return execution

    def flushed(self, seq: Seq) -> None:
        """The reader below now holds the state up to ``seq`` (L-8.4)."""
        self._unflushed = [layer for layer in self._unflushed if layer[0] > seq]

    def forget(self, block: BlockHash) -> None:
        """Drops an uncommitted execution and what was executed on top of it (L-8.6)."""
        if self._executions.pop(block, None) is not None:
            self._drop_orphans()

    def _drop_orphans(self) -> None:
        """Keeps what descends from the tip. Parents stand before children in the dict."""
        kept: dict[BlockHash, Execution] = {}
        for block, execution in self._executions.items():
            if execution.header.parent == self._tip.hash or execution.header.parent in kept:
                kept[block] = execution
        self._executions = kept

    def _keep(self, execution: Execution) -> None:
        if len(self._executions) >= EXECUTIONS_MAX:
            line = set(self._line(execution.header.parent))
            oldest = next((block for block in self._executions if block not in line), None)
            if oldest is not None:
                self.forget(oldest)
        self._executions[execution.hash] = execution

    def _kept(self, at: Moment, txs: Sequence[SignedTx]) -> Execution | None:
        tx_ids = tuple(tx.id for tx in txs)
        for kept in self._executions.values():
            h = kept.header
            moment = Moment(h.seq, h.parent, h.time_ms, h.epoch, h.proposer, h.attendance)
            if (moment, kept.tx_ids) == (at, tx_ids):
                return kept
        return None

    def _line(self, block: BlockHash) -> list[BlockHash]:
        """Executed blocks from the tip's child up to ``block``."""
        line: list[BlockHash] = []
        while block != self._tip.hash:
            line.append(block)
            block = self._executions[block].header.parent
        return line[::-1]

    def _layers(self, parent: BlockHash) -> list[Changes]:
        committed = [changes for _, changes in self._unflushed]
        return committed + [self._executions[block].changes for block in self._line(parent)]

    def _tip_at(self, block: BlockHash) -> Tip:
        return self._tip if block == self._tip.hash else self._executions[block].tip

    def _office_at(self, block: BlockHash) -> Office:
        return self._office if block == self._tip.hash else self._executions[block].office

    def _office_after(self, view: View, at: Moment) -> Office:
        """Its parent's, unless the block ends the epoch."""
        if self.machine.seating(view).epoch(view) == at.epoch:
            return self._office_at(at.parent)
        return self._office_in(view)

    def _office_in(self, view: View) -> Office:
        """By the records of a state, with what is missing here to go on from it."""
        lacking = None
        try:
            self.machine.set_in(view)
        except OperatorFault as fault:
            lacking = fault
        return office_in(view, self.machine.seating(view), lacking)

    def _objection(self, at: Moment, txs: Sequence[SignedTx]) -> str:
        """Why no block may look like this, or nothing (L-1.4, L-8.2)."""
        if at.parent != self._tip.hash and at.parent not in self._executions:
            return "parent"
        before, office = self._tip_at(at.parent), self._office_at(at.parent)
        if office.lacking is not None:
            return "modules"
        if at.height != before.seq + 1:
            return "seq"
        if at.epoch != office.committee.epoch:
            return "epoch"
        if not office.has_seat(at.proposer):
            return "proposer"
        if at.attendance >> len(office.committee.seats):
            return "attendance"
        if at.time_ms <= before.time_ms:
            return "time"
        if not 0 < len(txs) <= BLOCK_TXS_MAX:
            return "txs"
        if sum(len(tx.tx.calls) for tx in txs) > BLOCK_CALLS_MAX:
            return "calls"
        if sum(len(tx.raw) for tx in txs) > BLOCK_BYTES_MAX:
            return "bytes"  # with its certificate it has to fit a RANGE (P-7.3)
        if any(tx.key != office.keys.get(tx.tx.shop) for tx in txs):
            # Checked in another epoch: the shop has a new key since (L-2.2).
            return "key"
        return ""


def _mismatch(ours: Header, theirs: Header) -> PeerFault:
    field = next(
        name for name in Header.__struct_fields__ if getattr(ours, name) != getattr(theirs, name)
    )
    code = "BLOCK_ROOT_MISMATCH" if field.endswith("_root") else "BLOCK_HEADER_MISMATCH"
    return PeerFault(code, field=field, seq=theirs.seq)
