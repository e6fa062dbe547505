"""The scripted cashier works the real window and tells what it saw."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import trio
from liandao_app.i18n.language import Language
from liandao_app.main import DEMO_SCRIPT
from liandao_app.scripted import ScriptedCashier, Seen, Step, read_script
from liandao_node.errors import InputFault
from PySide6.QtGui import QImage
from support.desk import Desk
from support.fake_node import FakeStreet, scan_of


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> Callable[[list[Step]], Seen]:
    """Runs a script beside the till, in a trio task, as the app does."""

    def run(steps: list[Step]) -> Seen:
        seen: list[Seen] = []

        async def script() -> None:
            cashier = ScriptedCashier(desk.window, desk.till, tmp_path / "shots")
            seen.append(await cashier.work(steps))

        trio.lowlevel.spawn_system_task(script)
        desk.until(lambda: bool(seen), timeout_ms=30_000)
        return seen[0]

    return run


def test_a_whole_sale(
    work: Callable[[list[Step]], Seen], street: FakeStreet, tmp_path: Path
) -> None:
    street.add_card(1, 1560)
    seen = work(
        [
            Step(wait="connected"),
            Step(type="2350"),
            Step(scan=scan_of(1)),
            Step(wait="hold"),
            Step(key="F4"),
            Step(key="F5"),
            Step(wait="certified"),
            Step(shot="certified"),
        ]
    )
    assert (seen.failed, seen.steps_done) == ("", 8)
    sale = seen.sales[0]
    assert (sale.state, sale.gross, sale.points_used, sale.paid) == ("certified", 2350, 1175, 1175)
    assert (sale.earned, sale.balance, sale.code, sale.order) == (35, 420, "40170001", 1)
    assert sale.certified_ms > 0
    picture = QImage(str(tmp_path / "shots" / "certified.png"))
    assert (picture.width(), picture.height()) == (1024, 768)


def test_the_shipped_demo_works_to_its_end(work: Callable[[list[Step]], Seen]) -> None:
    """It makes a card, earns with it, and pays with what it earned."""
    seen = work(read_script(DEMO_SCRIPT))
    assert seen.failed == ""
    assert [sale.state for sale in seen.sales] == ["certified"] * 3
    assert seen.sales[-1].points_used == 900


def test_a_wait_that_is_not_met_is_told(work: Callable[[list[Step]], Seen]) -> None:
    seen = work([Step(wait="customer", seconds=0.05), Step(type="1")])
    assert seen.steps_done == 0
    assert seen.failed.startswith("step 0")


def test_a_refusal_is_reported(work: Callable[[list[Step]], Seen], street: FakeStreet) -> None:
    street.refuse("sell", InputFault("TENDER_UNKNOWN"))
    seen = work([Step(type="990"), Step(key="F5"), Step(wait="answered")])
    assert (seen.sales[0].state, seen.sales[0].refusal) == ("refused", "TENDER_UNKNOWN")


def test_the_language_can_change(work: Callable[[list[Step]], Seen], desk: Desk) -> None:
    work([Step(language="ja")])
    assert "お会計" in desk.words()
    desk.window.use_language(Language.ENGLISH)


@pytest.mark.parametrize("text", ["", "{}", '[{"dance": true}]', '[{"type": 7}]'])
def test_a_script_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "script.json"
    path.write_text(text)
    with pytest.raises(InputFault, match="SCRIPT_BAD"):
        read_script(path)


def test_steps_read_as_they_are_documented(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"type": "2350"}, {"wait": "hold", "seconds": 3}, {"pause": 1.5}]')
    assert read_script(path) == [Step(type="2350"), Step(wait="hold", seconds=3), Step(pause=1.5)]
    assert msgspec.json.encode(Step(key="F5")) == b'{"key":"F5"}'
