"""Calls of refunds, earn rules and grants, and what a street knows after them."""

from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.calendar import day_of, day_start_ms, period_of, period_start_ms
from liandao_node.ledger.modules.earn_rule_calls import EarnTerms, Hours, SetEarnRule
from liandao_node.ledger.modules.points_calls import Import, SaleDone
from liandao_node.ledger.modules.points_giving import Grant, Reason
from liandao_node.ledger.modules.purse import Purse
from liandao_node.ledger.modules.refund_calls import Refund, RefundDone
from liandao_node.ledger.points_queries import purse_at
from liandao_node.types import Amount, Millis, ShopId

from support.ledger_street import Street, hold_id, sale


def refund(number: int, name: int, gross: int, register: int = 1) -> Refund:
    """Of an order of the counter."""
    return Refund(hold_id(name), register, number, "", b"", Amount(gross), Millis(0))


def refund_of_import(reference: int, name: int, gross: int, source: str = "till") -> Refund:
    return Refund(hold_id(name), 0, 0, source, hold_id(reference), Amount(gross), Millis(0))


def moved(cash: int = 0, back: int = 0, clawed: int = 0, debt: int = 0) -> RefundDone:
    return RefundDone(Amount(cash), Amount(back), Amount(clawed), Amount(debt))


def brought(reference: int, gross: int, card: CardSecret | None, *, online: bool = False) -> Import:
    """An order of another till."""
    name = card.id if card is not None else b""
    return Import("till", hold_id(reference), name, Amount(gross), Millis(0), online)


def rule(
    bps: int,
    *,
    per_visit: int = 0,
    per_online: int = 0,
    minimum: int = 0,
    card_day_max: int = 0,
    hours: list[Hours] | None = None,
) -> SetEarnRule:
    return SetEarnRule(
        EarnTerms(
            bps,
            Amount(per_visit),
            Amount(per_online),
            Amount(minimum),
            Amount(card_day_max),
            hours or [],
        )
    )


def grant(card: CardSecret, name: int, amount: int, asked: int = 1, approved: int = 2) -> Grant:
    return Grant(
        hold_id(name),
        card.id,
        Amount(amount),
        hold_id(asked),
        hold_id(approved),
        Reason.GOODWILL,
        Millis(0),
    )


def pay_with_points(
    street: Street, shop: int, card: CardSecret, number: int, gross: int, points: int
) -> SaleDone:
    """A sale on points, the hold before it included."""
    name = 1_000 * (shop + 1) + number
    assert street.call(shop, street.hold(shop, card, name, points)).code == "OK"
    done = street.call(shop, sale(number, gross, card, hold=name, points=points))
    assert done.code == "OK"
    assert isinstance(done.answer, SaleDone)
    return done.answer


def earned(street: Street, shop: int, number: int, gross: int, card: CardSecret) -> int:
    """What a sale at that moment earns."""
    done = street.call(shop, sale(number, gross, card)).answer
    assert isinstance(done, SaleDone)
    return done.earned


def purse(street: Street, card: CardSecret) -> Purse:
    return purse_at(street.ledger.view(), card.id, street.time_ms)


def debts(street: Street, card: CardSecret) -> dict[int, int]:
    account = queries.account_at(street.ledger.view(), card.id, street.time_ms)
    return {int(shop): int(amount) for shop, amount in account.debts.items()}


def owed(street: Street) -> dict[tuple[int, int], int]:
    """In the running period."""
    return {
        (int(debt.issuer), int(debt.redeemer)): int(debt.amount)
        for debt in queries.obligations(street.ledger.view())
    }


def book(street: Street, shop: int) -> tuple[int, int, int, int, int, int]:
    """Issued, returned, redeemed, expired, clawed, live."""
    total = queries.shop_totals(street.ledger.view())[ShopId(shop)]
    return (
        total.issued,
        total.returned,
        total.redeemed,
        total.expired,
        total.clawed,
        total.live,
    )


def next_period(street: Street) -> None:
    """To the beginning of the next clearing period, and a block that turns it."""
    offset = street.genesis.utc_offset_minutes
    start_ms = period_start_ms(period_of(street.time_ms, offset) + 1, offset)
    tick(street, start_ms)


def next_day(street: Street) -> None:
    offset = street.genesis.utc_offset_minutes
    tick(street, day_start_ms(day_of(street.time_ms, offset) + 1, offset))


def tick(street: Street, until_ms: int) -> None:
    """A block at that moment that touches no card."""
    number = 10_000_000 + street.ledger.tip.seq
    assert street.call(0, sale(number, 0), after_ms=until_ms - street.time_ms).code == "OK"
