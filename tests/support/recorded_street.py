"""A data directory with a street's blocks over several epochs, made without running a node."""

from dataclasses import dataclass
from pathlib import Path

from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.beginning import genesis_changes, genesis_header, genesis_tip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.ledger.state import MemoryReader
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.snapshots import SnapshotFolder
from liandao_node.types import Amount, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import Handover
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import vote_preimage

from support.runtime_node import found, key_of

REGISTER = 1


@dataclass(frozen=True)
class Recorded:
    """Shop 0's directory: sale k of register 1 stands in block k."""

    genesis: Genesis
    data: Path
    blocks: int

    @property
    def ledger(self) -> Path:
        return self.data / "ledger.db"


def record(
    root: Path,
    blocks: int,
    *,
    epoch_blocks: int = 3,
    skip_certificates: int = 0,
    snapshot: int = 0,
) -> Recorded:
    """``skip_certificates`` blocks before each certified one have none of their own;
    ``snapshot`` is the last block of an epoch, at which one is made."""
    genesis, dirs = found(root, 4, Rules(epoch_blocks=epoch_blocks))
    keys = [key_of(genesis, data) for data in dirs]
    changes, accumulator = genesis_changes(genesis)
    state = MemoryReader({key: value for key, value in changes.items() if value is not None})
    ledger = Ledger(genesis, state, genesis_tip(genesis))
    store = LedgerStore.open(dirs[0] / "ledger.db", genesis.chain_id)
    header = genesis_header(genesis)
    at = (header.seq, header.hash)
    store.initialise(CommitWrite(*at, b"", encode([]), changes, accumulator, header.time_ms, 0))
    waiting: list[CommitWrite] = []
    for number in range(1, blocks + 1):
        tx = _sale(genesis, keys[0], number)
        execution = _execute(ledger, genesis, tx, number)
        spoken_for = execution.ends_epoch or number == blocks
        certified = spoken_for or number % (skip_certificates + 1) == 0
        certificate = _certificate(execution, genesis, keys) if certified else None
        ledger.commit(execution.hash)
        state.apply(execution.changes)
        ledger.flushed(execution.header.seq)
        waiting.append(_write(execution, tx, certificate, ledger))
        if certified:
            store.write(waiting)
            waiting = []
        if number == snapshot:
            _snapshot(store, dirs[0], genesis, execution)
    store.close()
    return Recorded(genesis, dirs[0], blocks)


def _sale(genesis: Genesis, key: SigningKey, number: int) -> SignedTx:
    at_ms = Millis(genesis.created_ms + 1_000 * number)
    sale = Sale(
        REGISTER, number, b"", Amount(100 + number), Amount(0), b"", Amount(0), Tender.CASH, at_ms
    )
    return sign_tx(genesis.chain_id, ShopId(0), 2**32 + number, [as_call(sale)], key)


def _execute(ledger: Ledger, genesis: Genesis, tx: SignedTx, number: int) -> Execution:
    committee = ledger.committee()
    return ledger.execute(
        parent=ledger.tip.hash,
        epoch=committee.epoch,
        seq=Seq(number),
        time_ms=Millis(genesis.created_ms + 1_000 * number),
        proposer=committee.seats[0].shop,
        attendance=0,
        txs=[tx],
    )


def _snapshot(store: LedgerStore, data: Path, genesis: Genesis, execution: Execution) -> None:
    block = store.block(execution.header.seq)
    assert block is not None
    SnapshotFolder(data / "snapshots").write(
        chain_id=genesis.chain_id,
        seq=execution.header.seq,
        calls=execution.tip.calls,
        block=block,
        handovers=store.handovers_written(),
        records=store.records(),
    )


def _certificate(execution: Execution, genesis: Genesis, keys: list[SigningKey]) -> Certificate:
    header, view = execution.header, View(0)
    signed = vote_preimage(COMMIT, genesis.chain_id, header.epoch, view, header.seq, execution.hash)
    signatures = [key.sign(signed) for key in keys[:3]]
    return Certificate(COMMIT, header.epoch, view, header.seq, execution.hash, 0b111, signatures)


def _write(
    execution: Execution, tx: SignedTx, certificate: Certificate | None, ledger: Ledger
) -> CommitWrite:
    header = execution.header
    handover = b""
    if execution.ends_epoch:
        assert certificate is not None
        handover = encode(Handover(header, certificate, ledger.committee()))
    return CommitWrite(
        seq=header.seq,
        hash=execution.hash,
        block=encode(CommittedBlock(Block(header, [tx.raw]), certificate)),
        entries=encode(execution.entries),
        changes=execution.changes,
        accumulator=execution.accumulator,
        time_ms=header.time_ms,
        calls=execution.tip.calls,
        orders=[(REGISTER, header.seq, 0)],
        handover=handover,
    )
