"""The cases of ``liandao bench ledger``: earning, capturing, many cards, much history."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.cli.bench.ledger_street import BLOCK_TXS, NO_COST, SHOPS, Cost, LedgerStreet
from liandao_node.errors import BugFound
from liandao_node.ledger.machine import OK
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.points_calls import Hold, Sale, Tender
from liandao_node.ledger.transactions import SignedTx
from liandao_node.types import Amount, CardId, Millis
from liandao_node.wire.transactions import decode_entry

FEW_CARDS: Final = 10_000
GROSS: Final = Amount(2_350)
POINTS: Final = Amount(20)
"""Fewer than a sale earns."""
NOTHING: Final = Amount(0)
STRIDE: Final = 7_919
"""A prime: which card comes next has nothing to do with where its record lies."""
Told = Callable[[str], None]


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Blocks of one kind of transaction, executed, rooted, written and synced."""

    name: str
    txs: int
    per_s: float
    cpu_us: float
    """Of this process, per transaction."""


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """The same work on a small and a large ledger."""

    name: str
    small: int
    large: int
    small_us: float
    large_us: float

    @property
    def ratio(self) -> float:
        return round(self.large_us / self.small_us, 3)


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    txs: int
    bytes_per_tx: float
    """Of ledger.db: transaction, entry, block and state."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a run does."""

    blocks: int
    """Of each measurement."""
    cards: int
    """Many of them."""
    early: int
    """Transactions of a young ledger,"""
    late: int
    """and of an old one."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    rates: list[Rate]
    growth: list[Growth]
    disk: Disk


class _Till:
    """Makes blocks of orders over the cards of a street, one shop after the other."""

    def __init__(self, street: LedgerStreet) -> None:
        self._street = street
        self._orders = 0

    def earning(self) -> list[SignedTx]:
        return [self._tx(self._sale(self._card(self._orders))) for _ in range(BLOCK_TXS)]

    def capturing(self, after: int) -> tuple[list[SignedTx], list[SignedTx]]:
        """A block of holds, and one of sales that take them, on the cards that earned ``after``
        orders ago."""
        holds, sales = [], []
        for _ in range(BLOCK_TXS):
            card, name = self._card(self._orders - after), self._orders.to_bytes(16, "big")
            shop = self._orders % SHOPS
            hold = Hold(name, card, POINTS, present=True, card_signature=bytes(64))
            holds.append(self._street.tx(shop, hold))
            sales.append(self._tx(self._sale(card, name, POINTS)))
        return holds, sales

    def _card(self, order: int) -> CardId:
        cards = self._street.cards
        return cards[order * STRIDE % len(cards)]

    def _sale(self, card: CardId, hold: bytes = b"", points: Amount = NOTHING) -> Sale:
        return Sale(1, self._orders, card, GROSS, NOTHING, hold, points, Tender.CASH, Millis(0))

    def _tx(self, call: CallBody) -> SignedTx:
        shop = self._orders % SHOPS
        self._orders += 1
        return self._street.tx(shop, call)


def measure(root: Path, work: Work, told: Told) -> Measured:
    """Raises BugFound ``BENCH_MISCOUNTED`` when a transaction was refused."""
    with _street(root / "few", min(FEW_CARDS, work.cards), told) as street:
        till = _Till(street)
        small = _earn(street, till, work.blocks)
        rates = [_rate("earning", small), _rate("capturing", _capture(street, till, work.blocks))]
        height, disk = _grow(street, till, work, told)
        few = len(street.cards)
    with _street(root / "many", work.cards, told) as street:
        large = _earn(street, _Till(street), work.blocks)
        many = len(street.cards)
    cards = Growth(
        name="cards", small=few, large=many, small_us=small.cpu_us, large_us=large.cpu_us
    )
    return Measured(rates=rates, growth=[cards, height], disk=disk)


def _street(root: Path, cards: int, told: Told) -> LedgerStreet:
    root.mkdir()
    street = LedgerStreet(root)
    street.enrol(cards, lambda done: told(f"{done:,} of {cards:,} cards"))
    return street


def _earn(street: LedgerStreet, till: _Till, blocks: int) -> Cost:
    return sum((_applied(street, till.earning()) for _ in range(blocks)), NO_COST)


def _capture(street: LedgerStreet, till: _Till, blocks: int) -> Cost:
    spent = NO_COST
    for _ in range(blocks):
        holds, sales = till.capturing(blocks * BLOCK_TXS)
        _applied(street, holds)
        spent += _applied(street, sales)
    return spent


def _grow(street: LedgerStreet, till: _Till, work: Work, told: Told) -> tuple[Growth, Disk]:
    """Cost of a block on a young and an old ledger, and what a transaction takes of the disk."""
    costs: list[Cost] = []
    sizes: list[tuple[int, int]] = []
    for mark in (work.early, work.late):
        while (done := street.ledger.tip.calls) < mark:
            _applied(street, till.earning())
            told(f"{done:,} of {work.late:,} transactions")
        sizes.append((street.ledger.tip.calls, street.disk_bytes))
        costs.append(_earn(street, till, work.blocks))
    (young, before), (old, after) = sizes
    growth = Growth(
        name="transactions",
        small=young,
        large=old,
        small_us=costs[0].cpu_us,
        large_us=costs[1].cpu_us,
    )
    return growth, Disk(txs=old - young, bytes_per_tx=round((after - before) / (old - young), 1))


def _applied(street: LedgerStreet, txs: list[SignedTx]) -> Cost:
    execution, cost = street.block(txs)
    for raw in execution.entries:
        code = decode_entry(raw).code
        if code != OK:
            name = street.ledger.machine.code_name(code)
            raise BugFound("BENCH_MISCOUNTED", counted=len(txs), found=name)
    return cost


def _rate(name: str, cost: Cost) -> Rate:
    return Rate(name=name, txs=cost.txs, per_s=cost.per_s, cpu_us=cost.cpu_us)
