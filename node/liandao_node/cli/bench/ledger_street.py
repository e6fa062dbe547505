"""A ledger on a disk, fed as fast as it takes blocks: no network, no signatures, no votes.

Transactions are made, and signed by the shops, before the clock runs: what is measured is what a
node does with a block whose signatures were checked as they came. Cards sign nothing here; the
ledger believes them.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.beginning import genesis_tip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.machine import OK
from liandao_node.ledger.module_api import CallBody, as_call
from liandao_node.ledger.modules import BUILTIN, BUILTIN_VERSIONS
from liandao_node.ledger.modules.cards import Enrol
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.types import Amount, CardId, Millis, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import Handover
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules
from liandao_node.wire.transactions import decode_entry

SHOPS: Final = 8
BLOCK_TXS: Final = 500
BEGIN_MS: Final = Millis(1_767_225_600_000)
BLOCK_MS: Final = 100
"""Ledger time from one block to the next: 4,000 transactions a second would leave 125."""
BOND: Final = Amount(10**11)
ENROL_CALLS: Final = 100
"""Of one transaction; a shop signs them once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What blocks took."""

    txs: int
    wall_ns: int
    cpu_ns: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.txs + other.txs, self.wall_ns + other.wall_ns, self.cpu_ns + other.cpu_ns)

    @property
    def cpu_us(self) -> float:
        """Per transaction."""
        return round(self.cpu_ns / self.txs / 1_000, 1)

    @property
    def per_s(self) -> float:
        return round(self.txs * 1e9 / self.wall_ns, 1)


NO_COST: Final = Cost(0, 0, 0)


class LedgerStreet:
    """Eight shops, one ledger.db."""

    def __init__(self, root: Path) -> None:
        self._keys = [SigningKey(b"node" + bytes([shop]) * 28) for shop in range(SHOPS)]
        self.genesis = _genesis(self._keys)
        self._store = LedgerStore.open(root / "ledger.db", self.genesis.chain_id)
        self._file = root / "ledger.db"
        changes, accumulator = Ledger.genesis_changes(self.genesis, BUILTIN)
        header = Ledger.genesis_header(self.genesis, BUILTIN)
        at = (header.seq, header.hash)
        self._store.initialise(
            CommitWrite(*at, b"", encode([]), changes, accumulator, header.time_ms, 0)
        )
        self.ledger = Ledger(
            self.genesis,
            self._store.reader(),
            genesis_tip(self.genesis, BUILTIN),
            BUILTIN,
            verify=lambda *_: True,
        )
        self._nonces = [0] * SHOPS
        self.cards: list[CardId] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    @property
    def disk_bytes(self) -> int:
        """Of the synced file; the log holds nothing more."""
        self._store.checkpoint()
        return self._file.stat().st_size

    def tx(self, shop: int, *calls: CallBody) -> SignedTx:
        self._nonces[shop] += 1
        bodies = [as_call(call) for call in calls]
        return sign_tx(
            self.genesis.chain_id, ShopId(shop), self._nonces[shop], bodies, self._keys[shop]
        )

    def block(self, txs: Sequence[SignedTx]) -> tuple[Execution, Cost]:
        """Executes, commits, writes and syncs one block."""
        ledger = self.ledger
        committee = ledger.committee()
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        execution = ledger.execute(
            parent=ledger.tip.hash,
            epoch=committee.epoch,
            seq=Seq(ledger.tip.seq + 1),
            time_ms=Millis(BEGIN_MS + (ledger.tip.seq + 1) * BLOCK_MS),
            proposer=committee.seats[0].shop,
            attendance=(1 << len(committee.seats)) - 1,
            txs=txs,
        )
        ledger.commit(execution.hash)
        self._store.write([_write(execution, txs, ledger)])
        self._store.checkpoint()
        ledger.flushed(execution.header.seq)
        spent = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
        return execution, Cost(len(txs), *spent)

    def enrol(self, count: int, told: Callable[[int], None]) -> None:
        """Makes so many cards known. Of a million, one in two hundred has the digits of
        another and is refused; it is left out."""
        made = 0
        while len(self.cards) < count:
            txs = []
            names: list[CardId] = []
            for shop in range(SHOPS):
                secrets = [
                    CardSecret(b"card" + number.to_bytes(28, "big"))
                    for number in range(made, made + ENROL_CALLS)
                ]
                made += ENROL_CALLS
                names += [secret.id for secret in secrets]
                calls = [Enrol(one.key.public_key, one.code, bytes(64)) for one in secrets]
                txs.append(self.tx(shop, *calls))
            execution, _ = self.block(txs)
            for name, raw in zip(names, execution.entries, strict=True):
                if decode_entry(raw).code == OK:
                    self.cards.append(name)
            told(len(self.cards))


def _genesis(keys: Sequence[SigningKey]) -> Genesis:
    return Genesis(
        street="Bench",
        currency="CNY",
        exponent=2,
        utc_offset_minutes=480,
        created_ms=BEGIN_MS,
        modules=BUILTIN_VERSIONS,
        rules=Rules(),
        shops=[
            GenesisShop(
                shop=ShopId(shop),
                name=f"Shop {shop}",
                node_key=key.public_key.hex(),
                owner_key=SigningKey(b"owns" + bytes([shop]) * 28).public_key.hex(),
                bond=BOND,
            )
            for shop, key in enumerate(keys)
        ],
    )


def _write(execution: Execution, txs: Sequence[SignedTx], ledger: Ledger) -> CommitWrite:
    """A block with a certificate as large as a real one; nobody looks at it here."""
    header = execution.header
    seats = len(ledger.committee().seats)
    quorum = (seats + (seats - 1) // 3) // 2 + 1
    certificate = Certificate(
        COMMIT,
        header.epoch,
        View(0),
        header.seq,
        execution.hash,
        (1 << quorum) - 1,
        [Signature(bytes(64))] * quorum,
    )
    handover = b""
    if execution.ends_epoch:
        handover = encode(Handover(header, certificate, ledger.committee()))
    return CommitWrite(
        seq=header.seq,
        hash=execution.hash,
        block=encode(CommittedBlock(Block(header, [tx.raw for tx in txs]), certificate)),
        entries=encode(execution.entries),
        changes=execution.changes,
        accumulator=execution.accumulator,
        time_ms=header.time_ms,
        calls=execution.tip.calls,
        handover=handover,
    )
