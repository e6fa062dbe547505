"""The connection comes up, goes down, comes back, and says why it is not there."""

from pathlib import Path

import msgspec
import pytest
from liandao_app.services.light import CLOCK_SKEW_MS_SHOWN, Light, ledger_view
from liandao_app.services.settings import Settings, load_settings, save_settings
from liandao_node.client import Summary
from liandao_node.errors import StorageFault
from support.fake_node import FakeStreet
from support.till_rig import open_till, until
from trio.testing import MockClock


async def test_a_node_that_starts_later_is_found(tmp_path: Path, mock_clock: MockClock) -> None:
    mock_clock.rate = 50.0
    street = FakeStreet(up=False)
    async with open_till(street, tmp_path, connected=False) as till:
        await until(lambda: till.link.trouble is not None)
        assert not till.link.connected
        street.come_back()
        await until(lambda: till.link.connected)
        assert till.link.trouble is None
        assert till.link.welcome == street.welcome


async def test_a_lost_node_leaves_the_shops_name_and_returns(
    tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 50.0
    street = FakeStreet()
    async with open_till(street, tmp_path) as till:
        street.leave()
        await until(lambda: not till.link.connected)
        assert till.link.summary is None
        assert till.link.welcome == street.welcome
        street.come_back()
        await until(lambda: till.link.connected)


async def test_summaries_are_followed(tmp_path: Path) -> None:
    street = FakeStreet()
    async with open_till(street, tmp_path) as till:
        street.tell(msgspec.structs.replace(street.summary, height=500))
        await until(lambda: till.link.summary is not None and till.link.summary.height == 500)


def summary(reached: int, **changes: object) -> Summary:
    base = FakeStreet().summary
    seats = [
        msgspec.structs.replace(seat, connected=number < reached)
        for number, seat in enumerate(base.seats)
    ]
    return msgspec.structs.replace(base, seats=seats, **changes)


@pytest.mark.parametrize(
    ("seen", "light"),
    [
        (None, Light.CONNECTING),
        (summary(4), Light.IN_STEP),
        (summary(3), Light.IN_STEP),
        (summary(2), Light.ALONE),
        (summary(1, active=False), Light.ALONE),
        (summary(4, active=False), Light.SYNCING),
        (summary(4, height=100), Light.SYNCING),
        (summary(4, height=125), Light.IN_STEP),
    ],
)
def test_the_light_tells_how_the_ledger_does(seen: Summary | None, light: Light) -> None:
    assert ledger_view(seen).light is light


def test_only_a_clock_that_is_far_off_is_shown() -> None:
    assert ledger_view(summary(4, clock_skew_ms=CLOCK_SKEW_MS_SHOWN - 1)).clock_skew_ms == 0
    assert ledger_view(summary(4, clock_skew_ms=-40_000)).clock_skew_ms == -40_000


def test_settings_are_remembered_and_damage_in_them_is_passed_over(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    save_settings(tmp_path, Settings(language="ja"))
    assert load_settings(tmp_path).language == "ja"
    (tmp_path / "counter" / "settings.json").write_text("{")
    assert load_settings(tmp_path) == Settings()


def test_settings_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "counter").write_text("a file where the folder should be")
    with pytest.raises(StorageFault, match="SETTINGS_UNWRITABLE"):
        save_settings(tmp_path, Settings(language="ja"))
