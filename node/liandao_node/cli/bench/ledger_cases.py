"""The cases of ``liandao bench ledger``: earning, capturing, many cards, much history."""

from collections.abc import Callable, Sequence
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

    def earn(self, blocks: int) -> Cost:
        """Blocks of sales that earn points."""
        spent = NO_COST
        for _ in range(blocks):
            sales = [self._tx(self._sale(self._card(self._orders))) for _ in range(BLOCK_TXS)]
            spent += _applied(self._street, sales)
        return spent

    def earn_up_to(self, mark: int, told: Told) -> None:
        while (done := self._street.ledger.tip.calls) < mark:
            self.earn(1)
            told(f"{done:,} of {mark:,} transactions")

    def capture(self, blocks: int) -> Cost:
        """Blocks of sales that take points which were put aside before."""
        spent = NO_COST
        for _ in range(blocks):
            holds, sales = self._capturing(blocks * BLOCK_TXS)
            _applied(self._street, holds)
            spent += _applied(self._street, sales)
        return spent

    def _capturing(self, after: int) -> tuple[list[SignedTx], list[SignedTx]]:
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
    """Raises BugFound ``BENCH_MISCOUNTED`` when a transaction was refused.

    What is compared is measured in turns, block by block: half an hour apart, the machine under
    it would be another one.
    """
    few = min(FEW_CARDS, work.cards)
    with (
        _street(root / "young", few, told) as young,
        _street(root / "old", few, told) as old,
        _street(root / "many", work.cards, told) as many,
    ):
        tills = [_Till(street) for street in (young, old, many)]
        earned, captured = tills[0].earn(work.blocks), tills[0].capture(work.blocks)
        tills[0].earn_up_to(work.early, told)
        tills[1].earn_up_to(work.early, told)
        before, size = old.ledger.tip.calls, old.disk_bytes
        tills[1].earn_up_to(work.late, told)
        grown, size = old.ledger.tip.calls - before, old.disk_bytes - size
        ages = [young.ledger.tip.calls, old.ledger.tip.calls]
        costs = _in_turns(tills, work.blocks)
        return Measured(
            rates=[_rate("earning", earned), _rate("capturing", captured)],
            growth=[
                _growth("cards", [len(young.cards), len(many.cards)], costs[0], costs[2]),
                _growth("transactions", ages, costs[0], costs[1]),
            ],
            disk=Disk(txs=grown, bytes_per_tx=round(size / grown, 1)),
        )


def _street(root: Path, cards: int, told: Told) -> LedgerStreet:
    root.mkdir()
    street = LedgerStreet(root)
    street.enrol(cards, lambda done: told(f"{done:,} of {cards:,} cards"))
    return street


def _in_turns(tills: Sequence[_Till], blocks: int) -> list[Cost]:
    """Of as many blocks on each street; who is first changes."""
    costs = [NO_COST] * len(tills)
    for block in range(blocks):
        for turn in range(len(tills)):
            at = (block + turn) % len(tills)
            costs[at] += tills[at].earn(1)
    return costs


def _growth(name: str, sizes: Sequence[int], small: Cost, large: Cost) -> Growth:
    return Growth(
        name=name, small=sizes[0], large=sizes[1], small_us=small.cpu_us, large_us=large.cpu_us
    )


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
