"""Clearing with the real points: what is redeemed elsewhere is owed, cleared and told."""

import pytest
from liandao_node.ledger import clearing_queries as queries
from liandao_node.ledger.calendar import period_start_ms
from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.clearing_calls import HandOver, Leave, Received
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.refund_calls import Refund
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support.ledger_street import Street, make_genesis, sale


@pytest.fixture
def street() -> Street:
    return Street(make_genesis(3, rules=Rules(payment_min=Amount(100))))


def _turn(street: Street) -> int:
    """To the next period, by a sale without a card; the period that was closed."""
    closed = queries.running(street.ledger.view())
    begin_ms = period_start_ms(closed + 1, street.genesis.utc_offset_minutes)
    number = 1_000 + closed
    assert street.call(2, sale(number, 1), after_ms=begin_ms - street.time_ms).code == "OK"
    return closed


def _holds(street: Street) -> bool:
    return street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-16.2")
def test_points_of_one_shop_used_at_another_are_cleared_and_told(street: Street) -> None:
    card = street.enrol(1)
    assert street.call(0, sale(1, 20_000, card)).code == "OK"  # 400 points of shop 0
    assert street.call(1, street.hold(1, card, 1, 300)).code == "OK"
    assert street.call(1, sale(2, 1_000, card, hold=1, points=300)).code == "OK"
    view = street.ledger.view()
    assert Obligations().owed(view, ShopId(0), ShopId(1)) == 300
    running = queries.statement(view, queries.running(view), ShopId(0), PointsDesk())
    assert (running.redeemed_elsewhere, running.redeemed_own) == (300, 0)
    period = _turn(street)
    view = street.ledger.view()
    assert _holds(street)
    (made,) = queries.payments(view, period)
    assert (made.debtor, made.creditor, made.payment.amount) == (0, 1, 300)
    mine = queries.statement(view, period, ShopId(0), PointsDesk())
    assert mine.points is not None
    assert (mine.points.issued, mine.points.redeemed, mine.redeemed_elsewhere) == (400, 300, 300)
    assert queries.statement(view, period, ShopId(1)).redeemed_of_others == 300
    assert street.call(1, Received(period, ShopId(0))).code == "OK"
    assert Obligations().payable(street.ledger.view(), ShopId(0)) == 0
    assert _holds(street)


@pytest.mark.rule("L-16.11", "L-7.10")
def test_the_pool_pays_for_points_that_it_took_over_at_their_own_shop_too() -> None:
    """The shop paid their face value already: it must not lose it a second time."""
    tight = Street(make_genesis(3, bond=500))
    card = tight.enrol(1)
    assert tight.call(0, sale(1, 20_000, card)).code == "OK"  # 400 points of shop 0
    assert tight.call(0, Leave()).code == "OK"
    assert tight.call(0, HandOver()).code == "OK"
    owed = Obligations().owed
    assert owed(tight.ledger.view(), ShopId(0), POOL) == 400
    assert over_limits(tight.ledger.view(), tight.genesis.rules) == []
    assert tight.call(0, tight.hold(0, card, 1, 100)).code == "OK"
    assert tight.call(0, sale(2, 1_000, card, hold=1, points=100)).code == "OK"
    assert owed(tight.ledger.view(), POOL, ShopId(0)) == 100
    back = Refund(bytes(16), 1, 2, "", b"", Amount(1_000), tight.time_ms)
    assert tight.call(0, back).code == "OK"
    view = tight.ledger.view()
    assert owed(view, ShopId(0), POOL) - owed(view, POOL, ShopId(0)) == 400
    assert _holds(tight)
