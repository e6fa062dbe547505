"""The customer panel: nobody, a code being typed, a card, or why there is none.

One page for each kind of visitor; what the sale's `Visitor` is decides which is shown.
"""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from liandao_app.theme.icons import Icon
from liandao_app.theme.style import dress
from liandao_app.theme.tokens import SPACE, Palette
from liandao_app.widgets.code_field import CodeField, grouped
from liandao_app.widgets.key_button import KeyButton
from liandao_app.widgets.parts import Card, label, picture, row, show_icon
from liandao_app.widgets.qr import QrCode

translate = QCoreApplication.translate

ICON_PX = 56


class Page(QWidget):
    """One state of the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.small)


class MessagePage(Page):
    """An icon, a title, a sentence, and up to two buttons."""

    def __init__(self, palette: Palette, *buttons: KeyButton) -> None:
        super().__init__()
        self._palette = palette
        self._icon = picture(Icon.SCAN, palette.accent, ICON_PX)
        self._title, self._text = label("title", wrap=True), label("soft", wrap=True)
        for words in (self._title, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addStretch(1)
        self.column.addLayout(row(1, self._icon, 1))
        self.column.addWidget(self._title)
        self.column.addWidget(self._text)
        self.column.addStretch(1)
        if buttons:
            self.column.addLayout(row(*buttons))

    def show_message(self, icon: Icon, title: str, text: str, *, bad: bool = False) -> None:
        show_icon(self._icon, icon, self._palette.bad_ink if bad else self._palette.accent)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))


class CardPage(Page):
    """A card of this street: balance, next expiry, last visit."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._code = label("title")
        self.remove = KeyButton(palette)
        self._balance_name, self._balance = label(), label("figure")
        self._expiry, self._visit = label(), label("soft")
        self._details = label("small", wrap=True)
        self.give = KeyButton(palette, key="F12")
        purse = QFrame()
        dress(purse, role="tint")
        inside = QVBoxLayout(purse)
        inside.setContentsMargins(SPACE.wide, SPACE.gap, SPACE.wide, SPACE.gap)
        inside.setSpacing(0)
        for part in (self._balance_name, self._balance, self._expiry):
            inside.addWidget(part)
        self.column.addLayout(
            row(picture(Icon.CARD, palette.accent, 26), self._code, 1, self.remove)
        )
        self.column.addSpacing(SPACE.hair)
        self.column.addWidget(purse)
        self.column.addWidget(self._details)
        self.column.addStretch(1)
        visit = row(picture(Icon.CLOCK, palette.soft, 18), self._visit, 1, self.give)
        self.column.addLayout(visit)

    def retranslate(self) -> None:
        self._balance_name.setText(translate("Counter", "Points on the card"))
        self.remove.set_words(translate("Counter", "Remove card"))
        self.give.set_words(translate("Counter", "Give points"))

    def show_card(
        self, code: str, balance: str, expiry: str, visit: str, details: str, *, dates: str
    ) -> None:
        """``dates`` lists every expiry, for who wants to know more than there is room for."""
        self._code.setText(translate("Counter", "Card {code}").format(code=grouped(code)))
        self._balance.setText(balance)
        self._expiry.setText(expiry)
        self._visit.setText(visit)
        self._expiry.setVisible(bool(expiry))
        self._details.setText(details)
        for part in (self._details, self._expiry):
            part.setToolTip(dates)
        self._details.setVisible(bool(details))

    def details(self) -> str:
        """What else there is to say about the card's points."""
        return self._details.text()


class NewCardPage(Page):
    """A card that was just made: to be photographed or printed for the customer."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title, self._hint = label("heading"), label("small", wrap=True)
        self._code = label("title")
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._qr = QrCode()
        self.done = KeyButton(palette, key="Enter")
        self.column.addLayout(
            row(picture(Icon.NEW_CARD, palette.accent, 24), self._title, 1, self.done)
        )
        self.column.addWidget(self._qr, 1)
        self.column.addWidget(self._code)
        self.column.addWidget(self._hint)

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "New card"))
        self.done.set_words(translate("Counter", "Done"))
        self._hint.setText(
            translate("Counter", "The customer photographs this code: it is her card.")
        )

    def show_payload(self, payload: str, code: str) -> None:
        self._qr.show_payload(payload)
        self._code.setText(grouped(code))


class TypingPage(Page):
    """The card field (F2), and the way to a new card."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title, self._hint = label("heading"), label("small", wrap=True)
        self.field = CodeField()
        self.new_card = KeyButton(palette, key="F2", icon=Icon.NEW_CARD)
        self.cancel = KeyButton(palette, key="Esc")
        self.column.addWidget(self._title)
        self.column.addWidget(self.field)
        self.column.addWidget(self._hint)
        self.column.addStretch(1)
        self.column.addLayout(row(self.new_card, self.cancel))

    def retranslate(self) -> None:
        self._title.setText(translate("Counter", "Type the card's eight digits"))
        self.field.setAccessibleName(self._title.text())
        self._hint.setText(translate("Counter", "They stand below the code on the card."))
        self.new_card.set_words(translate("Counter", "New card"))
        self.cancel.set_words(translate("Counter", "Close"))


class CustomerCard(Card):
    """The pages, and what their buttons ask for."""

    type_pressed = Signal()
    new_pressed = Signal()
    enrol_pressed = Signal()
    dismissed = Signal()
    """The card, the message or the field is to go."""
    give_pressed = Signal()
    kept = Signal()
    """The new card was handed over; it stays on the sale."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.type_button = KeyButton(palette, key="F2")
        self.enrol_button = KeyButton(palette, key="Enter", icon=Icon.NEW_CARD)
        self.close_button = KeyButton(palette, key="Esc")
        self.empty = MessagePage(palette, self.type_button)
        self.message = MessagePage(palette, self.enrol_button, self.close_button)
        self.card = CardPage(palette)
        self.new_card = NewCardPage(palette)
        self.typing = TypingPage(palette)
        self._pages = QStackedWidget()
        for page in (self.empty, self.message, self.card, self.new_card, self.typing):
            self._pages.addWidget(page)
        self.column.addWidget(self._pages)
        self.type_button.clicked.connect(self.type_pressed)
        self.enrol_button.clicked.connect(self.enrol_pressed)
        self.typing.new_card.clicked.connect(self.new_pressed)
        self.new_card.done.clicked.connect(self.kept)
        self.card.give.clicked.connect(self.give_pressed)
        for button in (self.close_button, self.card.remove, self.typing.cancel):
            button.clicked.connect(self.dismissed)

    def retranslate(self) -> None:
        self.type_button.set_words(translate("Counter", "Type the number"))
        self.enrol_button.set_words(translate("Counter", "Enrol with it"))
        self.close_button.set_words(translate("Counter", "Close"))
        for page in (self.card, self.new_card, self.typing):
            page.retranslate()
        self.empty.show_message(
            Icon.SCAN,
            translate("Counter", "Scan card"),
            translate("Counter", "A sale without a card needs nothing here."),
        )

    def show_page(self, page: Page) -> None:
        self._pages.setCurrentWidget(page)

    def shows(self, page: Page) -> bool:
        return self._pages.currentWidget() is page

    def offer_enrolment(self, offered: bool) -> None:
        self.enrol_button.setVisible(offered)
