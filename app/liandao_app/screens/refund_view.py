"""Draws the refund page for the step that the refund in work is at."""

from typing import Final

from liandao_node.client import OrderView, Welcome
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTimeZone

from liandao_app.i18n.phrases import MINUTE_S, day_words
from liandao_app.i18n.refund_phrases import (
    confirm_words,
    order_row,
    paper_of,
    receipt_words,
    sale_words,
    sums_of,
)
from liandao_app.i18n.wording import error_sentence
from liandao_app.screens.refund_page import RefundPage
from liandao_app.services.money import Money
from liandao_app.services.refunding import Chosen, Confirmed, Finding, LookingUp, Refunding
from liandao_app.services.refunds import Refund
from liandao_app.services.sales import Stage
from liandao_app.theme.icons import Icon

translate = QCoreApplication.translate

SCAN_CHARS_SHOWN: Final = 16


def draw_refund(
    page: RefundPage, refunding: Refunding, money: Money, locale: QLocale, welcome: Welcome | None
) -> None:
    """Shows the step, the sale and the sums."""
    offset = welcome.utc_offset_minutes if welcome is not None else 0
    shop = welcome.shop_name if welcome is not None else ""
    step = refunding.step
    if isinstance(step, Finding | LookingUp):
        _draw_finding(page, refunding, step, money, locale, offset)
    elif isinstance(step, Chosen):
        _draw_sale(page, step.order, money, locale, offset)
        page.amount.open(usable=True)
        _draw_preview(page, step, money, connected=refunding.connected)
    else:
        _draw_confirmed(page, step, money, locale, offset, shop, connected=refunding.connected)


def _draw_finding(
    page: RefundPage,
    refunding: Refunding,
    step: Finding | LookingUp,
    money: Money,
    locale: QLocale,
    offset: int,
) -> None:
    page.show_step(page.orders)
    rows = [order_row(order, money, locale, offset) for order in refunding.orders or ()]
    if refunding.orders is not None:
        instead = translate("Counter", "This register has sold nothing yet.")
    else:
        instead = translate("Counter", "Waiting for the connection…")
    page.orders.show_rows(rows, instead)
    show = page.card.message.show_message
    if isinstance(step, LookingUp):
        written = step.written[:SCAN_CHARS_SHOWN]
        looking = translate("Counter", "Looking up receipt {order}…").format(order=written)
        show(Icon.RECEIPT, looking, "" if refunding.connected else _away_words())
    elif step.error is not None:
        title = translate("Counter", "No sale to give back")
        show(Icon.CROSS, title, error_sentence(step.error, money), bad=True)
    elif not refunding.connected:
        show(Icon.CONNECTING, translate("Counter", "No refunds just now"), _away_words())
    else:
        show(
            Icon.RECEIPT,
            translate("Counter", "Which sale?"),
            translate("Counter", "What is given back, in money and in points, is shown first."),
        )
    page.card.show_page(page.card.message)


def _away_words() -> str:
    return translate(
        "Counter",
        "This shop's node does not answer. Nothing was refunded. It goes on by itself as soon as"
        " the connection is back.",
    )


def _draw_sale(
    page: RefundPage, order: OrderView, money: Money, locale: QLocale, offset: int
) -> None:
    page.show_step(page.amount)
    sale = sale_words(order, money, locale, offset)
    page.amount.show_sale(receipt_words(order), sale, order.left, money)


def _draw_preview(page: RefundPage, step: Chosen, money: Money, *, connected: bool) -> None:
    preview = step.preview
    trouble = ""
    if step.error is not None:
        trouble = error_sentence(step.error, money)
    elif preview is None and not connected:
        trouble = _away_words()
    page.card.preview.show_preview(
        translate("Counter", "This will be given back"),
        sums_of(preview, money) if preview is not None else None,
        confirm_words(preview, money),
        trouble,
    )
    page.card.show_page(page.card.preview)


def _draw_confirmed(
    page: RefundPage,
    step: Confirmed,
    money: Money,
    locale: QLocale,
    offset: int,
    shop: str,
    *,
    connected: bool,
) -> None:
    refund, card = step.refund, page.card
    page.amount.open(usable=False)
    if refund.stage is Stage.CERTIFIED:
        assert refund.done is not None
        _draw_sale(page, refund.done.order, money, locale, offset)
        day = _day_of(refund, locale, offset)
        card.done.show_done(sums_of(refund.done, money), paper_of(refund, money, shop, day))
        card.show_page(card.done)
    elif refund.stage is Stage.REFUSED:
        assert refund.error is not None
        title = translate("Counter", "Refused. Give nothing back.")
        sentence = error_sentence(refund.error, money)
        card.refused.show_message(Icon.CROSS, title, sentence, bad=True)
        card.show_page(card.refused)
    else:
        waiting = (
            translate("Counter", "The refund of receipt {order} is being confirmed by the street.")
            if connected
            else translate(
                "Counter",
                "The refund of receipt {order} is saved on this computer. It is sent, once, as"
                " soon as the connection is back.",
            )
        )
        card.message.show_message(
            Icon.ASKED,
            translate("Counter", "Give nothing back yet"),
            waiting.format(order=refund.slip.order),
        )
        card.show_page(card.message)


def _day_of(refund: Refund, locale: QLocale, offset: int) -> str:
    assert refund.done is not None
    zone = QTimeZone(offset * MINUTE_S)
    moment = QDateTime.fromMSecsSinceEpoch(refund.done.certified.time_ms, zone)
    return day_words(moment.date(), locale)
