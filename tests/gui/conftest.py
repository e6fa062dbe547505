"""The real window on trio as a guest, with a street in memory behind it.

Qt tests are sync functions with ``qtbot``; trio runs inside Qt's loop, never around it.
"""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import trio
from liandao_app.guest import TrioGuest
from liandao_app.i18n.language import Language, Translations
from liandao_app.services.till import Till
from liandao_app.theme.tokens import LIGHT
from liandao_app.window import CounterWindow
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.fake_node import FakeStreet

HARMLESS_LOG = ("This plugin does not support propagateSizeHints",)


class Record(Protocol):
    """One line that Qt logged."""

    type_name: str
    message: str


class QtLog(Protocol):
    """pytest-qt's capture of them."""

    records: list[Record]


@pytest.fixture
def street() -> FakeStreet:
    return FakeStreet()


@pytest.fixture
def make_desk(qtbot: QtBot, street: FakeStreet, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens desks; at the end each is closed, and a crash of its tasks fails the test."""
    desks: list[Desk] = []
    translations = Translations()

    def make(language: Language = Language.ENGLISH) -> Desk:
        translations.use(language)
        till = Till(street.connect, tmp_path, register=1)
        window = CounterWindow(till, LIGHT, translations)
        guest = TrioGuest()
        desk = Desk(qtbot, street, till, window, guest)
        desks.append(desk)
        window.closing.connect(till.close)
        guest.finished.connect(window.let_close)
        window.resize(1024, 768)
        window.show()

        async def work(nursery: trio.Nursery) -> None:
            del nursery
            await till.run()

        guest.start(work)
        desk.until(lambda: till.checkout is not None)
        return desk

    yield make
    for desk in desks:
        if desk.guest.result is None:
            desk.close()
        assert desk.guest.result is not None
        desk.guest.result.unwrap()
        desk.window.deleteLater()
    translations.use(Language.ENGLISH)


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk with its node connected."""
    made = make_desk()
    made.until(lambda: made.till.link.connected)
    made.settle()
    return made


@pytest.fixture(autouse=True)
def no_qt_warnings(qtlog: QtLog) -> Iterator[None]:
    """A warning of Qt's fails the test."""
    yield
    records = [record for record in qtlog.records if record.type_name != "QtDebugMsg"]
    told = [record.message for record in records]
    assert [text for text in told if not text.startswith(HARMLESS_LOG)] == []
