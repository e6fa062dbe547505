"""Draws the customer panel for what the sale's `Visitor` is."""

from typing import TypeGuard

from liandao_node.client import Welcome
from PySide6.QtCore import QCoreApplication, QLocale

from liandao_app.devices.payload import CARD_PREFIX
from liandao_app.i18n.phrases import all_dates, expiry_words, points_details, visit_words
from liandao_app.i18n.wording import error_sentence
from liandao_app.screens.showing import Showing
from liandao_app.services.draft import (
    Customer,
    Draft,
    EnrolFailed,
    Enrolling,
    Looking,
    LookupFailed,
    Nobody,
    Stranger,
    Visitor,
)
from liandao_app.services.money import Money
from liandao_app.theme.icons import Icon
from liandao_app.widgets.code_field import grouped
from liandao_app.widgets.customer_card import CustomerCard

translate = QCoreApplication.translate
PAYLOAD_CHARS_SHOWN = 16


def enrollable(visitor: Visitor) -> TypeGuard[Stranger | EnrolFailed]:
    """Whether it is a card that could become one of the street's: digits alone cannot."""
    return isinstance(visitor, Stranger | EnrolFailed) and visitor.presented.startswith(CARD_PREFIX)


def is_message(visitor: Visitor) -> bool:
    """Whether the panel shows something to be put away."""
    return isinstance(visitor, Stranger | LookupFailed | EnrolFailed | Looking)


def new_card_shown(visitor: Visitor, showing: Showing) -> bool:
    """Whether the picture of a card that was just made is on the screen."""
    return (
        isinstance(visitor, Customer)
        and visitor.payload != ""
        and visitor.payload != showing.handed_over
    )


def draw_visitor(
    panel: CustomerCard,
    draft: Draft,
    showing: Showing,
    money: Money,
    locale: QLocale,
    welcome: Welcome | None,
) -> None:
    """Shows the page that belongs to the visitor."""
    visitor = draft.visitor
    if showing.typing:
        panel.show_page(panel.typing)
    elif isinstance(visitor, Nobody):
        panel.show_page(panel.empty)
    elif isinstance(visitor, Customer):
        if new_card_shown(visitor, showing):
            panel.new_card.show_payload(visitor.payload, visitor.card.code)
            panel.show_page(panel.new_card)
            return
        shop = welcome.shop if welcome is not None else None
        card, offset = visitor.card, welcome.utc_offset_minutes if welcome is not None else 0
        panel.card.show_card(
            card.code,
            money.priced(card.available),
            expiry_words(card, money, locale, offset),
            visit_words(card, locale, offset),
            "\n".join(points_details(card, money, locale, offset, shop)),
            dates="\n".join(all_dates(card, money, locale, offset)),
        )
        panel.show_page(panel.card)
    else:
        _draw_message(panel, visitor, money, connected=welcome is not None)


def _draw_message(
    panel: CustomerCard,
    visitor: Looking | Stranger | LookupFailed | Enrolling | EnrolFailed,
    money: Money,
    *,
    connected: bool,
) -> None:
    show = panel.message.show_message
    if isinstance(visitor, Looking):
        waiting = "" if connected else translate("Counter", "Waiting for the connection…")
        show(Icon.SCAN, translate("Counter", "Looking up the card…"), waiting)
    elif isinstance(visitor, Enrolling):
        show(
            Icon.NEW_CARD,
            translate("Counter", "Enrolling the card…"),
            translate("Counter", "The sale need not wait for it."),
        )
    elif isinstance(visitor, Stranger):
        shown = _shown(visitor.presented)
        show(Icon.UNKNOWN, translate("Counter", "Not a card of this street"), shown)
    else:
        failed = (
            translate("Counter", "The card could not be looked up")
            if isinstance(visitor, LookupFailed)
            else translate("Counter", "The card was not enrolled")
        )
        show(Icon.CROSS, failed, error_sentence(visitor.error, money), bad=True)
    panel.offer_enrolment(enrollable(visitor))
    panel.close_button.setVisible(is_message(visitor))
    panel.show_page(panel.message)


def _shown(presented: str) -> str:
    """A card's secret is not written out on a screen that customers see."""
    if presented.startswith(CARD_PREFIX):
        return f"{presented[:PAYLOAD_CHARS_SHOWN]}…"
    return grouped(presented)
