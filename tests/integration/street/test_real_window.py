"""The real window on a real street of four nodes: a sale with points, by real keys.

A Qt test, so it is a sync function; trio runs as Qt's guest, and the street before and after.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import trio
from liandao_app.guest import TrioGuest
from liandao_app.i18n.language import Language, Translations
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_app.theme.tokens import LIGHT
from liandao_app.window import CounterWindow
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.window import first_points
from liandao_node.client import Node, Sold, Summary, connect
from liandao_node.proofs.verifier import verify_receipt
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.fake_node import FakeStreet
from support.street import books, founded, one_line

WINDOW_SHOP = 0
POINTS = 6_000
"""What the first sale of `first_points` gives: 2 % of 3000.00."""


@contextmanager
def _opened(fleet: Fleet, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """The window on the shop's node; closed at the end, before trio runs outside of it again."""
    data = fleet.dirs[WINDOW_SHOP]

    @asynccontextmanager
    async def connector() -> AsyncIterator[Node]:
        async with connect(data, client="counter") as node:
            yield node

    translations = Translations()
    translations.use(Language.ENGLISH)
    till = Till(connector, tmp_path, register=1)
    window = CounterWindow(till, LIGHT, translations)
    guest = TrioGuest()
    window.closing.connect(till.close)
    guest.finished.connect(window.let_close)
    window.resize(1024, 768)
    window.show()

    async def work(nursery: trio.Nursery) -> None:
        del nursery
        await till.run()

    guest.start(work)
    desk = Desk(qtbot, FakeStreet(), till, window, guest)
    try:
        desk.until(lambda: till.checkout is not None and till.link.connected, timeout_ms=20_000)
        desk.settle()
        yield desk
    finally:
        desk.close()
        desk.window.deleteLater()
    assert guest.result is not None
    guest.result.unwrap()


async def _prepare(fleet: Fleet) -> str:
    for shop in range(len(fleet.dirs)):
        fleet.start(shop)
    await fleet.wait_active(range(len(fleet.dirs)))
    async with one_line(fleet.dirs[1]) as line:
        enrolled, earned = await first_points(line)
    assert earned == POINTS
    return enrolled.payload


async def _receipt_holds(fleet: Fleet, sold: Sold) -> list[Summary]:
    async with one_line(fleet.dirs[WINDOW_SHOP]) as line:
        document = await line.ask(lambda node: node.receipt(sold.order))
    verified = verify_receipt(document, (fleet.dirs[3] / "genesis.json").read_text())
    assert verified.height == sold.certified.height
    return await fleet.settled(30)


def test_a_sale_with_points_through_the_window_and_the_street(qtbot: QtBot, tmp_path: Path) -> None:
    with founded(4) as fleet:
        payload = trio.run(_prepare, fleet)
        with _opened(fleet, qtbot, tmp_path) as desk:
            desk.type("2350")
            desk.scan(payload)
            desk.until(
                lambda: desk.draft.hold is not None and not desk.draft.hold.pending,
                timeout_ms=20_000,
            )
            desk.keys("F4", "F5")
            desk.until(lambda: desk.till.sales.waiting == 0, timeout_ms=20_000)
            desk.settle()
            # Half of 23.50 may be points; 2 % of the rest is earned; the card had 60.00.
            paid = "Paid 11.75 cash · points used 11.75 · earned 0.23 · new balance 48.48"
            assert desk.strip == paid
            assert desk.last.stage is Stage.CERTIFIED
            sold = desk.last.sold
        assert sold is not None
        summaries = trio.run(_receipt_holds, fleet, sold)
        assert books(summaries) == (POINTS + 23, 1_175, 0, 4_848)


def test_the_window_survives_its_node_and_sells_on(qtbot: QtBot, tmp_path: Path) -> None:
    """D-1, D-12: kill -9 under the open window; the sale waits in it and is certified once."""
    with founded(4) as fleet:
        payload = trio.run(_prepare, fleet)
        with _opened(fleet, qtbot, tmp_path) as desk:
            fleet.kill(WINDOW_SHOP)
            desk.until(lambda: not desk.till.link.connected, timeout_ms=20_000)
            desk.type("1000")
            desk.keys("F5")
            desk.settle()
            assert desk.till.sales.waiting == 1
            fleet.start(WINDOW_SHOP)
            desk.until(lambda: desk.till.sales.waiting == 0, timeout_ms=60_000)
            assert desk.last.stage is Stage.CERTIFIED
            desk.scan(payload)
            desk.until(lambda: desk.draft.customer is not None, timeout_ms=20_000)
        summaries = trio.run(fleet.settled, 30)
        assert books(summaries) == (POINTS, 0, 0, POINTS)


@pytest.fixture(autouse=True)
def _offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
