"""What the counter says about refunds, as sentences. No widgets here.

Before the certificate nothing is said to be given back: the cashier is told to wait (D-16).
"""

from typing import Final

from liandao_node.client import CARD, CASH, OrderRefunded, OrderView, RefundPreview
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTimeZone

from liandao_app.i18n.phrases import MINUTE_S, SEPARATOR, Line, Mood, day_words
from liandao_app.i18n.wording import error_sentence
from liandao_app.services.money import Money
from liandao_app.services.refunds import Refund
from liandao_app.services.sales import Stage
from liandao_app.widgets.code_field import grouped
from liandao_app.widgets.order_list import OrderRow
from liandao_app.widgets.refund_card import Paper, Sums

translate = QCoreApplication.translate

RECEIPT_PREFIX: Final = "LD1:R:"


def order_row(order: OrderView, money: Money, locale: QLocale, utc_offset_minutes: int) -> OrderRow:
    """A sale in the list."""
    notes = []
    if order.left == 0:
        notes.append(translate("Counter", "given back"))
    elif order.refunded:
        left = translate("Counter", "{amount} left")
        notes.append(left.format(amount=money.text(order.left)))
    if order.points:
        points = translate("Counter", "points {amount}")
        notes.append(points.format(amount=money.text(order.points)))
    if order.code:
        notes.append(grouped(order.code))
    return OrderRow(
        number=order.order.written,
        time=moment_words(order, locale, utc_offset_minutes),
        amount=money.text(order.gross),
        note=SEPARATOR.join(notes),
        over=order.left == 0,
    )


def moment_words(order: OrderView, locale: QLocale, utc_offset_minutes: int) -> str:
    """When the sale was: the time today, with its day when that is another one."""
    zone = QTimeZone(utc_offset_minutes * MINUTE_S)
    moment = QDateTime.fromMSecsSinceEpoch(order.time_ms, zone)
    time = locale.toString(moment.time(), "HH:mm")
    if moment.date() == QDateTime.currentDateTimeUtc().toTimeZone(zone).date():
        return time
    return f"{day_words(moment.date(), locale)} {time}"


def receipt_words(order: OrderView) -> str:
    return translate("Counter", "Receipt {order}").format(order=order.order.written)


def sale_words(order: OrderView, money: Money, locale: QLocale, utc_offset_minutes: int) -> str:
    """The sale in two lines: when and how much, then whose and what became of it."""
    paid = [moment_words(order, locale, utc_offset_minutes), money.priced(order.gross)]
    if order.points:
        points = translate("Counter", "of it points {amount}")
        paid.append(points.format(amount=money.text(order.points)))
    if order.code:
        whose = [translate("Counter", "Card {code}").format(code=grouped(order.code))]
    else:
        whose = [translate("Counter", "without a card")]
    if order.earned:
        earned = translate("Counter", "earned {amount}")
        whose.append(earned.format(amount=money.text(order.earned)))
    if order.refunded:
        before = translate("Counter", "given back before: {amount}")
        whose.append(before.format(amount=money.text(order.refunded)))
    return f"{SEPARATOR.join(paid)}\n{SEPARATOR.join(whose)}"


def sums_of(told: RefundPreview | OrderRefunded, money: Money) -> Sums:
    """Money and points, never added up."""
    notes = []
    if told.taken_back:
        taken = translate("Counter", "Points taken back: {amount} (earned on this sale)")
        notes.append(taken.format(amount=money.text(told.taken_back)))
    if told.debt:
        later = translate("Counter", "Set off against later points: {amount} (already spent)")
        notes.append(later.format(amount=money.text(told.debt)))
    points_how = ""
    if told.points_back:
        to_card = translate("Counter", "to card {code}")
        points_how = to_card.format(code=grouped(told.order.code))
    return Sums(
        money=money.priced(told.cash),
        points=money.text(told.points_back),
        money_how=_how(told.order.tender) if told.cash else "",
        points_how=points_how,
        notes=tuple(notes),
    )


def _how(tender: str) -> str:
    if tender == CASH:
        return translate("Counter", "in cash")
    if tender == CARD:
        return translate("Counter", "to the bank card that paid")
    return translate("Counter", "the way it was paid")


def confirm_words(told: RefundPreview | None, money: Money) -> str:
    """On the one key that does it."""
    if told is None:
        return translate("Counter", "Refund")
    return translate("Counter", "Refund {amount}").format(amount=money.priced(told.gross))


def paper_of(refund: Refund, money: Money, shop: str, day: str) -> Paper:
    """The customer's slip of a certified refund."""
    done = refund.done
    assert done is not None
    lines = [
        (translate("Counter", "Refunded"), money.text(done.gross)),
        (translate("Counter", "in money"), money.text(done.cash)),
        (translate("Counter", "in points"), money.text(done.points_back)),
    ]
    if done.taken_back:
        lines.append((translate("Counter", "points taken back"), money.text(done.taken_back)))
    if done.debt:
        lines.append((translate("Counter", "to be set off"), money.text(done.debt)))
    lines.append((translate("Counter", "left of the sale"), money.text(done.order.left)))
    title = translate("Counter", "{shop}: refund of receipt {order}, {day}")
    payload = "" if done.order.order.source else f"{RECEIPT_PREFIX}{done.order.order.written}"
    return Paper(
        title.format(shop=shop, order=done.order.order.written, day=day), tuple(lines), payload
    )


def refund_line(refund: Refund, money: Money, *, connected: bool) -> Line:
    """The strip for a refund: on its way, certified, refused."""
    slip = refund.slip
    if refund.stage is Stage.REFUSED:
        assert refund.error is not None
        refused = translate("Counter", "Refused: refund of receipt {order}, {amount}")
        return Line(
            error_sentence(refund.error, money),
            Mood.REFUSED,
            refused.format(order=slip.order, amount=money.text(slip.gross)),
            close=translate("Counter", "Understood"),
        )
    if refund.stage is Stage.CERTIFIED:
        return _certified_line(refund, money)
    asked = translate("Counter", "Refund of receipt {order}, {amount}: give nothing back yet.")
    words = asked.format(order=slip.order, amount=money.text(slip.gross))
    state = (
        translate("Counter", "Being confirmed by the street…")
        if connected
        else translate(
            "Counter", "Saved on this computer. It is sent as soon as the connection is back."
        )
    )
    return Line(words, Mood.ASKED, state)


def _certified_line(refund: Refund, money: Money) -> Line:
    done = refund.done
    assert done is not None
    parts = [translate("Counter", "Give back {amount}").format(amount=money.text(done.cash))]
    if done.points_back:
        back = translate("Counter", "points back {amount}")
        parts.append(back.format(amount=money.text(done.points_back)))
    if done.taken_back:
        taken = translate("Counter", "points taken back {amount}")
        parts.append(taken.format(amount=money.text(done.taken_back)))
    if done.debt:
        debt = translate("Counter", "set off later {amount}")
        parts.append(debt.format(amount=money.text(done.debt)))
    state = translate("Counter", "Refund of receipt {order} confirmed by the street")
    return Line(
        SEPARATOR.join(parts),
        Mood.CERTIFIED,
        state.format(order=refund.slip.order),
        close=translate("Counter", "Understood"),
    )
