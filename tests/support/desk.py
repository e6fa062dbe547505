"""A cashier's desk: the real window, and hands for its keyboard and its scanner."""

from collections.abc import Callable
from dataclasses import dataclass

from liandao_app.guest import TrioGuest
from liandao_app.keyboard import strike
from liandao_app.services.checkout import Checkout
from liandao_app.services.draft import Draft
from liandao_app.services.refunding import Refunding
from liandao_app.services.sales import Sale
from liandao_app.services.till import Till
from liandao_app.widgets.money_field import MoneyField
from liandao_app.widgets.refund_card import RefundCard
from liandao_app.window import CounterWindow
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from support.fake_node import FakeStreet

PERSON_GAP_MS = 120
SCANNER_GAP_MS = 5


@dataclass
class Desk:
    """A cashier's desk: the window, and hands for its keyboard and scanner."""

    qtbot: QtBot
    street: FakeStreet
    till: Till
    window: CounterWindow
    guest: TrioGuest
    at_ms: int = 1_000

    @property
    def checkout(self) -> Checkout:
        assert self.till.checkout is not None
        return self.till.checkout

    @property
    def draft(self) -> Draft:
        return self.checkout.draft

    @property
    def amount(self) -> MoneyField:
        return self.window.counter.places.amount.field

    @property
    def last(self) -> Sale:
        assert self.till.sales.last is not None
        return self.till.sales.last

    @property
    def refunding(self) -> Refunding:
        assert self.till.refunding is not None
        return self.till.refunding

    @property
    def refund_card(self) -> RefundCard:
        return self.window.counter.places.refund.card

    @property
    def strip(self) -> str:
        return self.window.counter.places.strip.words()

    def words(self) -> set[str]:
        """Every text that can be seen now."""
        labels = self.window.findChildren(QLabel)
        buttons = self.window.findChildren(QPushButton)
        shown = {label.text() for label in labels if label.isVisible()}
        named = {
            button.accessibleName().partition(" (")[0] for button in buttons if button.isVisible()
        }
        return (shown | named) - {""}

    def keys(self, *keys: str, gap_ms: int = PERSON_GAP_MS) -> None:
        """Strikes keys one after the other; names such as ``F5``, or text."""
        for key in keys:
            self.at_ms += gap_ms
            strike(self._target(), key, self.at_ms)
        self.settle()

    def type(self, text: str) -> None:
        """Text at a person's pace."""
        self.keys(*text)

    def scan(self, payload: str, gap_ms: int = SCANNER_GAP_MS) -> None:
        self.at_ms += PERSON_GAP_MS
        self.keys(*payload, "Enter", gap_ms=gap_ms)

    def settle(self) -> None:
        """All that is posted is delivered, and what that posts: keys, drawing, layout."""
        for _ in range(4):
            self.qtbot.wait(1)
            QCoreApplication.sendPostedEvents()

    def until(self, holds: Callable[[], bool], timeout_ms: int = 5_000) -> None:
        self.qtbot.waitUntil(holds, timeout=timeout_ms)

    def until_held(self) -> None:
        self.until(lambda: self.draft.hold is not None and not self.draft.hold.pending)

    def until_answered(self) -> None:
        self.until(lambda: self.till.sales.waiting == 0)
        self.settle()

    def close(self) -> None:
        """Closes the window as its user does, and waits for the end of the run."""
        self.window.close()
        self.until(lambda: self.guest.result is not None)

    def _target(self) -> QWindow:
        target = self.window.windowHandle()
        assert target is not None
        return target
