"""Executes the stored blocks once more and holds every result against the stored one."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import zip_longest
from typing import TypeAlias

from liandao_node.crypto import multiset
from liandao_node.errors import InputFault, PeerFault
from liandao_node.ledger.beginning import Tip, genesis_changes, genesis_tip
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.state import Changes, Delta, accumulate
from liandao_node.ledger.transactions import parse_tx
from liandao_node.runtime.ledger_modules import find_installed, modules_of
from liandao_node.types import Seq
from liandao_node.wire.blocks import Block, Header
from liandao_node.wire.genesis import Genesis

Record: TypeAlias = tuple[bytes, bytes]


class Rebuilt:
    """State in memory that grows block by block; a `ledger.state.Reader`."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = dict(records)
        self._keys = sorted(self._records)

    def get(self, key: bytes) -> bytes | None:
        return self._records.get(key)

    def scan(self, first: bytes, end: bytes, limit: int) -> list[Record]:
        start, stop = bisect_left(self._keys, first), bisect_left(self._keys, end)
        return [(key, self._records[key]) for key in self._keys[start : min(stop, start + limit)]]

    def apply(self, changes: Changes) -> None:
        for key, value in changes.items():
            if value is not None:
                if key not in self._records:
                    insort(self._keys, key)
                self._records[key] = value
            elif self._records.pop(key, None) is not None:
                del self._keys[bisect_left(self._keys, key)]

    def records(self) -> Iterable[Record]:
        return ((key, self._records[key]) for key in self._keys)


class Replay:
    """A ledger that is led through the stored blocks."""

    def __init__(self, genesis: Genesis, records: Iterable[Record], tip: Tip) -> None:
        """``records`` are the state at ``tip``."""
        self._genesis = genesis
        self._state = Rebuilt(records)
        self._ledger = Ledger(genesis, self._state, tip, modules_of(genesis), find=find_installed)

    @classmethod
    def from_genesis(cls, genesis: Genesis) -> "Replay":
        modules = modules_of(genesis)
        changes, _ = genesis_changes(genesis, modules)
        records = ((key, value) for key, value in changes.items() if value is not None)
        return cls(genesis, records, genesis_tip(genesis, modules))

    @property
    def tip(self) -> Tip:
        return self._ledger.tip

    def take(self, block: Block, entries: list[bytes]) -> None:
        """Executes the block above the tip.

        Raises InputFault ``DATA_RESULT`` with what comes out otherwise.
        """
        ledger, seq = self._ledger, block.header.seq
        try:
            keys = ledger.keys()
            txs = [parse_tx(raw, self._genesis.chain_id, keys) for raw in block.txs]
            execution = ledger.check(block, txs)
        except (PeerFault, InputFault) as fault:
            told = fault.facts.get("field", fault.facts.get("why", fault.code))
            raise InputFault("DATA_RESULT", height=seq, what=str(told)) from fault
        if execution.entries != entries:
            raise InputFault("DATA_RESULT", height=seq, what="entries")
        ledger.commit(execution.hash)
        self._state.apply(execution.changes)
        ledger.flushed(Seq(seq))

    def compare(self, stored: Iterable[Record]) -> None:
        """Holds the state that came out against the stored one.

        Raises InputFault ``DATA_STATE`` with the first key that differs.
        """
        for ours, theirs in zip_longest(self._state.records(), stored):
            if ours != theirs:
                key = min(pair[0] for pair in (ours, theirs) if pair is not None)
                raise InputFault("DATA_STATE", height=self.tip.seq, key=key.hex())

    def invariants(self) -> None:
        """Raises InputFault ``DATA_INVARIANT`` with the first rule that does not hold."""
        broken = self._ledger.machine.invariants(self._ledger.view())
        if broken:
            raise InputFault("DATA_INVARIANT", height=self.tip.seq, detail=broken[0])


def check_state_hash(records: Iterable[Record], header: Header) -> int:
    """The multiset hash over ``records``, which the header certifies.

    Raises InputFault ``DATA_STATE_ROOT``.
    """
    accumulator = accumulate(multiset.EMPTY, (Delta(key, None, value) for key, value in records))
    if multiset.digest(accumulator) != header.state_root:
        raise InputFault("DATA_STATE_ROOT", height=header.seq)
    return accumulator
