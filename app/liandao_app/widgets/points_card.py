"""The points box: how many points go off this bill, and how their hold is doing."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from liandao_app.i18n.wording import error_sentence
from liandao_app.services.draft import Choice, Draft
from liandao_app.services.hold import Hold, HoldState
from liandao_app.services.money import Money
from liandao_app.theme.icons import Icon
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import Palette
from liandao_app.widgets.key_button import CAP_HEIGHT, KeyButton
from liandao_app.widgets.money_field import MoneyField
from liandao_app.widgets.parts import Card, label, picture, row, show_icon

translate = QCoreApplication.translate

PERCENT_BPS = 100


class PointsCard(Card):
    """One number field; the most, and none, at one key each."""

    max_pressed = Signal()
    none_pressed = Signal()
    wait_pressed = Signal()
    number_edited = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._title, self._most = label("heading"), label("soft", right=True)
        self.field = MoneyField()
        self.field.edited.connect(self.number_edited)
        self._title.setBuddy(self.field)
        self.max_button = KeyButton(palette, key="F4")
        self.none_button = KeyButton(palette, key="Esc")
        self.max_button.clicked.connect(self.max_pressed)
        self.none_button.clicked.connect(self.none_pressed)
        self._state_icon = picture(Icon.ASKED, palette.soft, 18)
        self._state = label("small", wrap=True)
        self.wait_button = KeyButton(palette)
        self.without_button = KeyButton(palette, key="Enter")
        self.wait_button.clicked.connect(self.wait_pressed)
        self.without_button.clicked.connect(self.none_pressed)
        self._offer = QWidget()
        offer = row(self.wait_button, self.without_button)
        self._offer.setLayout(offer)
        cap = label("keycap")
        cap.setText("F3")
        cap.setFixedHeight(CAP_HEIGHT)
        heading = row(picture(Icon.POINTS, palette.accent, 22), self._title, cap, 1, self._most)
        self.column.addLayout(heading)
        self.column.addLayout(row(self.field, self.max_button, self.none_button))
        state = row(self._state_icon)
        state.addWidget(self._state, 1)
        self.column.addLayout(state)
        self.column.addWidget(self._offer)

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "Points to use"))
        self.field.setAccessibleName(translate("Counter", "Points to use"))
        self.max_button.set_words(translate("Counter", "Max"))
        self.none_button.set_words(translate("Counter", "None"))
        self.wait_button.set_words(translate("Counter", "Wait"))
        self.without_button.set_words(translate("Counter", "Without points"))

    def show_draft(self, draft: Draft, money: Money) -> None:
        self.field.set_money(money)
        able = draft.customer is not None and draft.points_max > 0
        for part in (self.field, self.max_button, self.none_button):
            part.setEnabled(able)
        self._most.setText(
            translate("Counter", "at most {amount}").format(amount=money.text(draft.points_max))
            if able
            else ""
        )
        # While somebody types here, what is typed stands; the bill shows what it counts for.
        if not self.field.hasFocus() or draft.choice is not Choice.NUMBER:
            self.field.show_amount(draft.points)
        hold = draft.hold
        offer = hold is not None and hold.state is HoldState.SLOW
        self._offer.setVisible(offer)
        self._show_state(*self._words(draft, hold, money))

    def _show_state(self, icon: Icon | None, words: str, tone: str) -> None:
        self._state_icon.setVisible(icon is not None)
        if icon is not None:
            colour = {"bad": self._palette.bad_ink, "good": self._palette.good_ink}
            show_icon(self._state_icon, icon, colour.get(tone, self._palette.soft))
        self._state.setText(words)
        dress(self._state, tone=tone)

    def _words(self, draft: Draft, hold: Hold | None, money: Money) -> tuple[Icon | None, str, str]:
        if draft.customer is None:
            return None, translate("Counter", "Scan a card to use points."), "small"
        if draft.customer.card.available == 0:
            return None, translate("Counter", "No points on this card yet."), "small"
        if hold is not None and hold.state is HoldState.REFUSED and hold.error is not None:
            return Icon.CROSS, error_sentence(hold.error, money), "bad"
        if hold is not None and hold.state is HoldState.SLOW:
            words = translate(
                "Counter",
                "Points not confirmed yet. Nothing was taken. Wait, or go on without points.",
            )
            return Icon.ASKED, words, "bad"
        if draft.gross == 0:
            share = draft.share_bps_max // PERCENT_BPS
            words = translate("Counter", "Up to {share} % of a bill can be paid with points.")
            return None, words.format(share=share), "small"
        if hold is not None and hold.pending and hold.late:
            return Icon.ASKED, translate("Counter", "Setting points aside…"), "small"
        if hold is not None and hold.state is HoldState.GRANTED:
            words = translate("Counter", "{amount} set aside for this sale")
            return Icon.CHECK, words.format(amount=money.text(hold.amount)), "good"
        return None, "", "small"

    def state_words(self) -> str:
        """What the box says about its hold."""
        return self._state.text()
