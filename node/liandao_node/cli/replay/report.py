"""What a replay found, for people and for programs."""

from collections.abc import Iterator
from typing import Final

import msgspec

from liandao_node.cli.pool_words import month_text
from liandao_node.cli.replay.street import SHOPS, Street
from liandao_node.cli.replay.tally import Tally
from liandao_node.cli.verifying.books import BooksReport, report_of
from liandao_node.ledger import clearing_queries, pool_queries
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.state import View

REFUSALS_SHOWN: Final = 12


class ShopPoints(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the points that a shop, or the pool, issued."""

    party: int
    issued: int
    returned: int
    redeemed: int
    expired: int
    taken_back: int
    with_cards: int
    payable: int


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A clearing period that was closed."""

    name: str
    payments: int
    amount: int
    settled: int
    failed: int


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A division of the pool."""

    name: str
    cash: int
    reserve: int
    shops_part: int
    customers_part: int
    shares: list[int]
    """By shop."""
    given: int
    """To customers, as points."""
    carry: int
    differences: int
    """From the same division made again; 0 when it is right to the unit."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    rows_in: int
    accepted: int
    rejected: dict[str, int]
    counts: dict[str, int]
    refused: dict[str, int]
    cards: int
    points: list[ShopPoints]
    clearing: list[Period]
    nets_sum: int
    pool: list[Month]
    audits: int
    """How often all invariants were looked at."""
    broken: list[str]
    blocks: int
    txs: int
    calls: int
    state_root: str
    seconds: float
    ledger_seconds: float
    again: str
    """State root of the stored blocks, executed once more on another ledger; empty if not."""

    @property
    def per_s(self) -> float:
        """Transactions executed and written to ledger.db; nothing waits for the disk."""
        return self.txs / self.ledger_seconds if self.ledger_seconds else 0.0

    @property
    def is_sound(self) -> bool:
        return (
            not self.broken
            and self.rows_in == self.accepted + sum(self.rejected.values())
            and self.nets_sum == 0
            and not any(month.differences for month in self.pool)
            and self.again in ("", self.state_root)
        )


def audit(street: Street) -> BooksReport:
    """All invariants, limits and sums of the present state."""
    seq = street.ledger.tip.seq
    return report_of(street.genesis.street, seq, street.view, street.ledger.machine)


def report(
    what: str,
    street: Street,
    tally: Tally,
    *,
    rows_in: int,
    cards: int,
    months: list[Month],
    audits: int,
    broken: list[str],
    seconds: float,
    again: str,
) -> Report:
    """``rows_in`` were counted where they were read, the others where they ended."""
    view, books = street.view, audit(street)
    broken = [*broken, *(one for found in books.broken.values() for one in found)]
    return Report(
        what=what,
        rows_in=rows_in,
        accepted=tally.accepted,
        rejected=tally.rejected,
        counts=dict(sorted(tally.counts.items())),
        refused=dict(sorted(tally.refused.items())),
        cards=cards,
        points=[
            ShopPoints(
                party=row.party,
                issued=row.issued,
                returned=row.returned,
                redeemed=row.redeemed,
                expired=row.expired,
                taken_back=row.clawed,
                with_cards=row.held,
                payable=row.payable,
            )
            for row in books.rows
        ],
        clearing=list(_periods(view, street)),
        nets_sum=sum(nets_of(view).values()),
        pool=months,
        audits=audits + 1,
        broken=broken,
        blocks=street.ledger.tip.seq,
        txs=street.txs,
        calls=street.ledger.tip.calls,
        state_root=street.state_root.hex(),
        seconds=round(seconds, 2),
        ledger_seconds=round(street.ledger_ns / 1e9, 3),
        again=again,
    )


def _periods(view: View, street: Street) -> Iterator[Period]:
    for period in range(street.first_period, clearing_queries.running(view)):
        payments = [told.payment for told in clearing_queries.payments(view, period)]
        yield Period(
            name=f"{month_text(period // 2)} {'II' if period % 2 else 'I'}",
            payments=len(payments),
            amount=sum(one.amount for one in payments),
            settled=sum(bool(one.received_ms) for one in payments),
            failed=sum(bool(one.failed_ms) for one in payments),
        )


def month_told(view: View, period: int) -> Month:
    """A division of which all points were given, made again."""
    found = pool_queries.explanation(view, period)
    assert found is not None, "its traffic is kept for some months"
    booked = found.booked
    return Month(
        name=month_text(period),
        cash=booked.cash,
        reserve=booked.reserve,
        shops_part=booked.shops_part,
        customers_part=booked.customers_part,
        shares=[line.share for _, line in sorted(found.lines.items())],
        given=booked.given,
        carry=booked.carry,
        differences=len(found.differences),
    )


def lines(told: Report) -> Iterator[str]:
    """The table at the end."""
    yield f"{told.what}: {told.rows_in} rows in, {told.accepted} accepted"
    yield from (f"  rejected {reason:<20}{count:>8}" for reason, count in told.rejected.items())
    yield from (f"  {name:<36}{count:>12}" for name, count in told.counts.items())
    yield f"  {'cards':<36}{told.cards:>12}"
    if told.refused:
        shown = sorted(told.refused.items(), key=lambda item: (-item[1], item[0]))
        yield "What the ledger refused:"
        yield from (f"  {name:<36}{count:>12}" for name, count in shown[:REFUSALS_SHOWN])
    yield from _points_lines(told)
    yield "Clearing          payments      amount  settled  failed"
    for one in told.clearing:
        figures = f"{one.payments:>10}{one.amount:>12}{one.settled:>9}{one.failed:>8}"
        yield f"  {one.name:<14}{figures}"
    yield f"  all that is owed and claimed sums to {told.nets_sum}"
    for month in told.pool:
        yield f"Pool {month.name}: cash {month.cash}, reserve {month.reserve}"
        yield f"  shops {month.shops_part}: {' '.join(map(str, month.shares))}"
        yield f"  customers {month.customers_part}: {month.given} given; {month.carry} carried on"
        yield f"  made again: {month.differences or 'no'} differences"
    yield from _verdict(told)


def _points_lines(told: Report) -> Iterator[str]:
    titles = ("issued", "returned", "redeemed", "expired", "taken back", "with cards", "payable")
    yield f"{'Points':<10}" + "".join(f"{title:>12}" for title in titles)
    for one in told.points:
        name = "pool" if one.party == POOL else f"shop {one.party}"
        figures = (
            *(one.issued, one.returned, one.redeemed, one.expired),
            *(one.taken_back, one.with_cards, one.payable),
        )
        yield f"  {name:<8}" + "".join(f"{figure:>12}" for figure in figures)


def _verdict(told: Report) -> Iterator[str]:
    for complaint in told.broken:
        yield f"BROKEN: {complaint}"
    rows = sum(told.rejected.values()) + told.accepted
    if rows != told.rows_in:
        yield f"BROKEN: {told.rows_in} rows came in, {rows} are accounted for"
    yield f"Invariants looked at {told.audits} times: {'BROKEN' if told.broken else 'all hold'}"
    yield f"State root {told.state_root} after {told.blocks} blocks of {SHOPS} shops"
    if told.again:
        same = "the same" if told.again == told.state_root else f"ANOTHER ONE, {told.again}"
        yield f"  the stored blocks executed on another ledger: {same}"
    yield (
        f"{told.txs} transactions with {told.calls} calls in {told.seconds} s,"
        f" {told.ledger_seconds} s of them the ledger's: {told.per_s:.0f} transactions a second"
    )
