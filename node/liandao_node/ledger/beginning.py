"""Block 0: the state that a genesis file stands for, and its header (L-8.5).

Every node computes it; nobody sends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liandao_node.crypto import merkle, multiset
from liandao_node.crypto.keys import verify
from liandao_node.ledger.machine import Machine
from liandao_node.ledger.module_api import Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.state import MemoryReader, View, accumulate
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId
from liandao_node.wire.blocks import Header
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.protocol import FIRST_PROTOCOL

NO_PARENT: Final = BlockHash(bytes(32))


@dataclass(frozen=True, slots=True)
class Tip:
    """Where a ledger stands: enough to execute the next block on a state."""

    seq: Seq
    hash: BlockHash
    time_ms: Millis
    accumulator: int
    """Multiset hash of the state, in [0, 2**4096)."""
    calls: int
    """Calls in all blocks so far, refused ones included."""


def genesis_changes(
    genesis: Genesis, modules: Sequence[Module] = BUILTIN
) -> tuple[dict[bytes, bytes | None], int]:
    """The records that a street begins with, and their multiset hash."""
    view = View(MemoryReader())
    Machine(genesis, modules, verify).run_genesis(view)
    deltas = list(view.deltas())
    return {d.key: d.new for d in deltas}, accumulate(multiset.EMPTY, deltas)


def genesis_header(genesis: Genesis, modules: Sequence[Module] = BUILTIN) -> Header:
    """Block 0: no transactions, the state of the genesis file."""
    return _genesis_header(genesis, genesis_changes(genesis, modules)[1])


def genesis_tip(genesis: Genesis, modules: Sequence[Module] = BUILTIN) -> Tip:
    """The tip of a street in which nothing has happened yet."""
    accumulator = genesis_changes(genesis, modules)[1]
    header = _genesis_header(genesis, accumulator)
    return Tip(header.seq, header.hash, header.time_ms, accumulator, calls=0)


def _genesis_header(genesis: Genesis, accumulator: int) -> Header:
    return Header(
        version=FIRST_PROTOCOL,
        chain_id=genesis.chain_id,
        epoch=Epoch(0),
        seq=Seq(0),
        parent=NO_PARENT,
        tx_root=merkle.EMPTY_ROOT,
        result_root=merkle.EMPTY_ROOT,
        state_root=multiset.digest(accumulator),
        call_count=0,
        time_ms=genesis.created_ms,
        proposer=ShopId(0),
        attendance=0,
        next_committee=b"",
    )
