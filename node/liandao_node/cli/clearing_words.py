"""Clearing in lines for a terminal: statements, payments and what is to be done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from liandao_node.client import (
    ClearingDone,
    ClearingTold,
    ClearingWord,
    PaymentView,
    Reminder,
    StatementView,
)
from liandao_node.ledger.modules.parties import POOL
from liandao_node.types import Millis, ShopId

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ASKS: Final = {
    Reminder.PAY: "PAY",
    Reminder.PAY_SOON: "PAY NOW, or it fails",
    Reminder.WAIT: "waits for the other side",
    Reminder.CONFIRM: "said to be paid: LOOK AND CONFIRM",
    Reminder.SETTLED: "settled",
    Reminder.FAILED: "FAILED",
}


def period_text(period: int) -> str:
    """A period as it is typed."""
    months, second = divmod(period, 2)
    return f"{months // 12:04}-{months % 12 + 1:02}-{second + 1}"


def describe(told: ClearingTold) -> Iterator[str]:
    """This shop's statement."""
    names = _names(told)
    mine = next(one for one in told.statements if one.party == told.me)
    yield _head(told)
    yield from _statement(mine, names, told)


def describe_all(told: ClearingTold) -> Iterator[str]:
    """Everybody's: nets, then payments."""
    names = _names(told)
    yield _head(told)
    for one in told.statements:
        marks = [
            word
            for word, holds in (
                ("IN DEFAULT", one.arrears),
                ("leaving", one.leaving and not one.handed_over),
                ("handed its points to the pool", one.handed_over),
            )
            if holds
        ]
        owes = sum(deed.amount for deed in one.owes)
        claims = sum(deed.amount for deed in one.claims)
        sums = f"owes {owes}, is owed {claims}, net {one.net:+}, carried {one.carry:+}"
        yield f"  {names[one.party]}: {', '.join([sums, *marks])}"
    made = [(one.party, payment) for one in told.statements for payment in one.payments]
    payments = [payment for party, payment in made if party == payment.debtor]
    if payments:
        yield "  payments:"
    for payment in payments:
        yield f"    {names[payment.debtor]} to {names[payment.creditor]}: {_payment(payment)}"


def _head(told: ClearingTold) -> str:
    days = f"{_day(told, told.begins_ms)} to {_day(told, Millis(told.ends_ms - 1))}"
    state = "closed" if told.period < told.running else "running"
    if told.period > told.running:
        state = "yet to come"
    return f"Clearing {period_text(told.period)} ({days}), {state}, at height {told.height}"


def _statement(one: StatementView, names: dict[ShopId, str], told: ClearingTold) -> Iterator[str]:
    yield f"  {names[one.party]}"
    if one.points is not None:
        points = one.points
        yield (
            f"  points: issued {points.issued}, given back {points.returned}, used here"
            f" {points.redeemed_here}, used elsewhere {one.redeemed_elsewhere}, expired"
            f" {points.expired}, taken back {points.clawed}"
        )
    yield f"  points of others used here: {one.redeemed_of_others}"
    for deed in one.owes:
        yield f"  owes {deed.amount} to {names[deed.party]}, {deed.points} of it for points"
    for deed in one.claims:
        yield f"  is owed {deed.amount} by {names[deed.party]}, {deed.points} of it for points"
    yield f"  net {one.net:+}, carried {one.carry:+}"
    for payment in one.payments:
        pays = payment.debtor == one.party
        other = f"to {names[payment.creditor]}" if pays else f"from {names[payment.debtor]}"
        by = "" if payment.received_ms or payment.failed_ms else _until(told, payment)
        yield f"  payment {other}: {_payment(payment)}{by}"
    yield f"  may have to pay by now: {one.payable}"
    if one.arrears:
        yield f"  IN DEFAULT: {one.arrears} in arrears. No new points until they are paid."
    if one.handed_over:
        yield "  the pool answers for this shop's points"
    elif one.leaving:
        yield "  leaving: no new points, the old ones run off"


def _payment(payment: PaymentView) -> str:
    words = f"{payment.amount}, {_ASKS[payment.reminder]}"
    if not payment.failed_ms:
        return words
    return (
        f"{words}: bond covered {payment.from_bond}, reserve {payment.from_reserve},"
        f" creditors bore {payment.cut}"
    )


def _until(told: ClearingTold, payment: PaymentView) -> str:
    return "" if payment.debtor == POOL else f", by {_day(told, payment.due_ms)}"


def _day(told: ClearingTold, time_ms: Millis) -> str:
    """The street's day of a moment."""
    local = _EPOCH + timedelta(milliseconds=time_ms, minutes=told.utc_offset_minutes)
    return local.date().isoformat()


def _names(told: ClearingTold) -> dict[ShopId, str]:
    return {
        one.party: "the pool" if one.party == POOL else f"shop {one.party} {one.name}"
        for one in told.statements
    }


def done_words(word: ClearingWord, done: ClearingDone) -> str:
    """What became final, in a sentence."""
    final = f"Final at height {done.height}."
    match word:
        case ClearingWord.PAID if done.settled:
            return f"{final} The payment of {done.amount} is settled."
        case ClearingWord.PAID:
            return f"{final} The payment of {done.amount} waits for the receiver to confirm it."
        case ClearingWord.RECEIVED:
            return f"{final} The payment of {done.amount} is settled."
        case ClearingWord.ARREARS:
            return f"{final} The shop has {done.amount} in arrears left."
        case ClearingWord.LEAVE:
            return (
                f"{final} This shop issues no more points. It may still have to pay {done.amount},"
                " and its bond stays for that and for its points."
            )
        case ClearingWord.STAY:
            return f"{final} The notice is taken back."
        case ClearingWord.HAND_OVER:
            return f"{final} The pool answers for the points; this shop owes it {done.amount}."
