"""trio as Qt's guest: it ends when asked, and a crash of a task is never lost."""

import pytest
import trio
from liandao_app.guest import TrioGuest
from pytestqt.qtbot import QtBot


def test_trio_runs_between_qts_events(qtbot: QtBot) -> None:
    guest, seen = TrioGuest(), []

    async def main(nursery: trio.Nursery) -> None:
        nursery.start_soon(trio.sleep, 0.01)
        seen.append(await trio.to_thread.run_sync(lambda: 7))

    with qtbot.waitSignal(guest.finished, timeout=30_000):
        guest.start(main)
    assert guest.result is not None
    guest.result.unwrap()
    assert seen == [7]


def test_cancelling_ends_everything_and_cleans_up(qtbot: QtBot) -> None:
    guest, cleaned = TrioGuest(), []

    async def forever() -> None:
        try:
            await trio.sleep_forever()
        finally:
            cleaned.append(True)

    async def main(nursery: trio.Nursery) -> None:
        nursery.start_soon(forever)
        await trio.sleep_forever()

    guest.start(main)
    qtbot.wait(20)
    with qtbot.waitSignal(guest.finished, timeout=30_000):
        guest.cancel()
    assert cleaned == [True]


def test_a_crash_comes_out_of_the_result(qtbot: QtBot) -> None:
    guest = TrioGuest()

    async def crash() -> None:
        raise RuntimeError("a bug")

    async def main(nursery: trio.Nursery) -> None:
        nursery.start_soon(crash)
        await trio.sleep_forever()

    with qtbot.waitSignal(guest.finished, timeout=30_000):
        guest.start(main)
    assert guest.result is not None
    with pytest.raises(BaseExceptionGroup) as caught:
        guest.result.unwrap()
    assert caught.group_contains(RuntimeError, match="a bug")
