"""Points by hand: where everything stands, and what is shown for the gift in work."""

from liandao_node.client import GivingReason
from liandao_node.errors import OperatorFault
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liandao_app.i18n.wording import error_sentence
from liandao_app.services.giving import Gift, Giving, Wish
from liandao_app.services.money import Money
from liandao_app.services.sales import Stage
from liandao_app.theme.icons import Icon
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.code_field import grouped
from liandao_app.widgets.giving_amount import GivingAmount
from liandao_app.widgets.giving_card import GivingCard

translate = QCoreApplication.translate

LEFT_PARTS = 58
RIGHT_PARTS = 42


class GivingPage(QWidget):
    """The widgets of a gift, laid out."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        # While an answer is awaited no field can be used: the keys are the page's.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.amount = GivingAmount(palette)
        self.card = GivingCard(palette)
        side_by_side = QHBoxLayout(self)
        side_by_side.setContentsMargins(SPACE.gap, SPACE.gap, SPACE.gap, SPACE.gap)
        side_by_side.setSpacing(SPACE.gap)
        for part, parts in ((self.amount, LEFT_PARTS), (self.card, RIGHT_PARTS)):
            part.setMinimumWidth(1)
            side_by_side.addWidget(part, parts)

    def retranslate(self) -> None:
        self.amount.retranslate()
        self.card.retranslate()

    def wish(self) -> Wish:
        """What is filled in now."""
        form = self.card.form
        reason = form.reason.value()
        return Wish(
            self.amount.field.amount,
            GivingReason(reason) if reason else None,
            form.asked_by.value(),
            form.approved_by.value(),
            form.pin.text(),
        )


def draw_giving(page: GivingPage, giving: Giving, money: Money) -> None:
    """Shows the card, the form, and what became of the gift."""
    told, gift, card = giving.told, giving.gift, giving.card
    words = ""
    if card is not None:
        on_card = translate("Counter", "Card {code} · points on it {amount}")
        words = on_card.format(code=grouped(card.code), amount=money.text(card.available))
    left = ""
    if told is not None:
        today = translate("Counter", "left for today: {amount}")
        left = today.format(amount=money.text(told.left_today))
    page.amount.show_state(words, left, money)
    form = page.card.form
    form.reason.show_choices(_reasons())
    staff = told.staff if told is not None else []
    approvers = told.approvers if told is not None else []
    form.asked_by.show_choices([(name, name) for name in staff])
    form.approved_by.show_choices([(name, name) for name in approvers])
    form.show_state(_trouble(giving, money), _confirm(page, money), ready=page.wish().whole)
    open_ = gift is None or gift.stage is Stage.REFUSED
    for part in (page.amount.field, page.amount.keypad):
        part.setEnabled(open_)
    if gift is None or gift.stage is Stage.REFUSED:
        page.card.show_page(form)
    else:
        _draw_gift(page, gift, money, connected=giving.connected)


def _trouble(giving: Giving, money: Money) -> str:
    gift = giving.gift
    if gift is not None and gift.error is not None:
        return error_sentence(gift.error, money)
    if giving.trouble is not None:
        return error_sentence(giving.trouble, money)
    if not giving.connected:
        return translate(
            "Counter", "This shop's node does not answer. Points by hand wait until it is back."
        )
    if giving.told is not None and not giving.told.approvers:
        return error_sentence(OperatorFault("APPROVERS_NONE"), money)
    return ""


def _confirm(page: GivingPage, money: Money) -> str:
    words = translate("Counter", "Give {amount}")
    return words.format(amount=money.text(page.amount.field.amount))


def _draw_gift(page: GivingPage, gift: Gift, money: Money, *, connected: bool) -> None:
    code = grouped(gift.code)
    if gift.stage is Stage.CERTIFIED:
        assert gift.done is not None
        words = translate("Counter", "They are on card {code} now. Left for today: {left}.")
        page.card.done.show_message(
            Icon.CHECK,
            translate("Counter", "{amount} given").format(amount=money.text(gift.done.amount)),
            words.format(
                code=code,
                left=money.text(gift.done.left_today),
            ),
        )
        page.card.show_page(page.card.done)
        return
    waiting = translate(
        "Counter", "Points for card {code}. Promise nothing before they are confirmed."
    )
    state = (
        translate("Counter", "Being confirmed by the street…")
        if connected
        else translate("Counter", "Waiting for the connection…")
    )
    page.card.asked.show_message(Icon.ASKED, state, waiting.format(code=code))
    page.card.show_page(page.card.asked)


def _reasons() -> list[tuple[str, str]]:
    words = {
        GivingReason.GOODWILL: translate("Counter", "Goodwill"),
        GivingReason.COMPLAINT: translate("Counter", "Complaint"),
        GivingReason.CORRECTION: translate("Counter", "Correction of a mistake"),
        GivingReason.PROMOTION: translate("Counter", "Promotion"),
        GivingReason.OTHER: translate("Counter", "Other reason"),
    }
    return [(reason.value, text) for reason, text in words.items()]
