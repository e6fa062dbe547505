"""I8: a refund does not depend on the way: on paper, and on the ledger with settled points too."""

from itertools import pairwise, product
from typing import Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.modules.points_books import Terms
from liandao_node.ledger.modules.points_calls import SaleDone
from liandao_node.ledger.modules.refund_calls import Deal, RefundDone, Step, step
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support.ledger_street import DAY_MS, Street, make_genesis, sale
from support.refunding import next_period, owed, pay_with_points, purse, refund, rule

AMOUNTS: Final = st.one_of(st.integers(0, 40), st.integers(0, 10**12))


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    """Orders as the ledger records them: earned at most what their terms say."""
    gross = draw(st.one_of(st.integers(1, 40), st.integers(1, 10**12)))
    points = draw(st.integers(0, gross))
    excluded = draw(st.integers(0, gross))
    terms = Terms(1, draw(st.integers(0, 10_000)), Amount(draw(AMOUNTS)))
    minimum = Amount(draw(AMOUNTS))
    paid = max(0, gross - points - excluded)
    due = paid * terms.bps // 10_000 + terms.flat if paid >= max(1, minimum) else 0
    earned = due if draw(st.booleans()) else draw(st.integers(0, due))
    return Deal(Amount(gross), Amount(points), Amount(excluded), Amount(earned), terms, minimum)


@st.composite
def ways(draw: st.DrawFn, gross: int) -> list[int]:
    """From nothing to the whole, in some steps."""
    between = draw(st.sets(st.integers(1, gross), max_size=6))
    return [0, *sorted(between - {gross}), gross]


@pytest.mark.rule("L-7.11")
@settings(max_examples=600, deadline=None)
@given(data=st.data(), deal=deals())
def test_any_way_to_the_whole_is_one_refund(data: st.DataObject, deal: Deal) -> None:
    """I8 on paper: steps that are never negative and add up to the whole."""
    way = data.draw(ways(deal.gross))
    steps = [step(deal, before, after) for before, after in pairwise(way)]
    for (before, after), one in zip(pairwise(way), steps, strict=True):
        assert min(one) >= 0
        assert one.points_back + one.cash == after - before, "dr + dc = money"
    whole = Step(*(Amount(sum(part)) for part in zip(*steps, strict=True)))
    assert whole == step(deal, 0, deal.gross)
    assert whole == (deal.points, deal.gross - deal.points, deal.earned)


@pytest.mark.rule("L-7.11")
def test_no_single_unit_gives_anything_back() -> None:
    """Every small bill, unit by unit: a step in which points would come back is a gain."""
    none = Amount(0)
    for gross, points, excluded in product(range(1, 10), range(10), range(10)):
        if points > gross or excluded > gross:
            continue
        earned = max(0, gross - points - excluded)
        terms = Terms(0, 10_000, none)
        amounts = (Amount(gross), Amount(points), Amount(excluded), Amount(earned))
        deal = Deal(*amounts, terms, none)
        for before in range(gross):
            assert min(step(deal, before, before + 1)) >= 0, deal


@pytest.mark.rule("L-7.11")
@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    gross=st.integers(1, 10**6),
    bps=st.integers(0, 10_000),
    share=st.integers(0, 10_000),
)
def test_without_exclusions_it_is_the_formula_of_the_street(
    data: st.DataObject, gross: int, bps: int, share: int
) -> None:
    """ret = U*Q//G, cash = Q - ret, earn = ((G-U) - cash)*b//10000, each a difference."""
    used = gross * share // 10_000
    earned = (gross - used) * bps // 10_000
    nothing = Amount(0)
    deal = Deal(
        Amount(gross), Amount(used), nothing, Amount(earned), Terms(0, bps, nothing), nothing
    )
    at = data.draw(st.integers(1, gross))
    ret = used * at // gross
    left = ((gross - used) - (at - ret)) * bps // 10_000
    assert step(deal, 0, at) == (ret, at - ret, earned - left)


# --- on the ledger ---

RULES: Final = Rules(earn_bps=1_000, share_bps_max=10_000, expiry_months=1, returned_days=30)


def _history(
    lots: list[tuple[int, int]], paid: tuple[int, int, int], flat: int, after: int, spent: int
) -> tuple[Street, CardSecret]:
    """A card with lots of several shops and months, its order at shop 1, and what came after.

    ``paid``: gross, excluded, points. ``after``: a later sale at shop 1; ``spent``: at shop 2.
    """
    street = Street(make_genesis(rules=RULES, bond=10**9))
    card = street.enrol(1)
    street.call(1, rule(1_000, per_visit=flat))
    next_period(street)
    for number, (shop, gross) in enumerate(lots):
        street.call(shop, sale(number, gross, card), after_ms=9 * DAY_MS)
    gross, excluded, points = paid
    points = min(points, purse(street, card).available)
    if points:
        street.call(1, street.hold(1, card, 7, points))
        body = sale(900, gross, card, excluded=excluded, hold=7, points=points)
    else:
        body = sale(900, gross, card, excluded=excluded)
    assert isinstance(street.call(1, body).answer, SaleDone)
    street.call(1, sale(901, after, card))
    there = min(spent, purse(street, card).available)
    if there:
        pay_with_points(street, 2, card, 902, 2 * there, there)
    return street, card


def _end(street: Street, card: CardSecret) -> object:
    """All that a refund may change."""
    view = street.ledger.view()
    account = queries.account_at(view, card.id, street.time_ms)
    lots = purse(street, card).lots
    return (
        account.available,
        account.debts,
        [(lot.expires_ms, lot.issuer, lot.amount, lot.origin) for lot in lots],
        queries.shop_totals(view),
        owed(street),
    )


@pytest.mark.rule("L-7.10")
@pytest.mark.rule("L-7.11")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    data=st.data(),
    lots=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4_000)), max_size=4),
    gross=st.integers(2, 3_000),
    excluded=st.integers(0, 500),
    points=st.integers(0, 800),
    flat=st.integers(0, 30),
    after=st.integers(0, 2_000),
    spent=st.integers(0, 900),
    settled=st.booleans(),
)
def test_refunds_in_parts_end_where_one_refund_ends(
    data: st.DataObject,
    lots: list[tuple[int, int]],
    gross: int,
    excluded: int,
    points: int,
    flat: int,
    after: int,
    spent: int,
    settled: bool,
) -> None:
    """I8 on the ledger: purse, debts, books and obligations, of settled points too."""
    assume(excluded <= gross)
    paid = (gross, excluded, min(points, gross))
    ends, sums = [], []
    for way in (data.draw(ways(gross)), [0, gross]):
        street, card = _history(lots, paid, flat, after, spent)
        if settled:
            next_period(street)
        calls = [
            street.tx(1, refund(900, n, end - begin))
            for n, (begin, end) in enumerate(pairwise(way))
        ]
        outcomes = street.block(*calls)
        answers = [one.answer for one in outcomes if isinstance(one.answer, RefundDone)]
        assert len(answers) == len(calls)
        assert street.ledger.machine.invariants(street.ledger.view()) == []
        order = queries.order(street.ledger.view(), ShopId(1), 1, 900)
        assert order is not None
        assert sum(done.clawed + done.debt for done in answers) == order.earned
        ends.append(_end(street, card))
        sums.append((sum(done.cash for done in answers), sum(done.points_back for done in answers)))
    assert ends[0] == ends[1]
    assert sums[0] == sums[1]
