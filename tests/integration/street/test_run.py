"""``liandao run``: closing leaves no damage, opening again shows the same balances."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio
from liandao_node.cli.run_command import end, screen_environment
from support.street import WAIT_S_MAX, one_line, sell


@pytest.fixture
def data() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="ld-"))
    yield root / "shop"
    shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _open_counter(data: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "liandao_node.cli.main", "run", "--data", str(data)]
    environment = screen_environment() | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        end(process)


async def test_the_counter_closed_and_opened_again_has_the_same_points(data: Path) -> None:
    with _open_counter(data), trio.fail_after(WAIT_S_MAX):
        async with one_line(data) as line:
            enrolled = await line.ask(lambda node: node.enrol(""))
            order = await line.ask(lambda node: node.next_order(2))
            sold = await sell(line, order, enrolled.card.card, 50_000)
            assert sold.balance == 1_000
            before = await line.ask(lambda node: node.status())
    with _open_counter(data), trio.fail_after(WAIT_S_MAX):
        async with one_line(data) as line:
            found = await line.ask(lambda node: node.find_card(enrolled.payload))
            assert found.card is not None
            assert found.card.available == 1_000
            after = await line.ask(lambda node: node.status())
            assert (after.height, after.tip) == (before.height, before.tip)
            again = await line.ask(lambda node: node.next_order(2))
            assert again.number == order.number + 1


async def test_ending_it_ends_its_node_and_not_another_ones(data: Path) -> None:
    with _open_counter(data) as first, trio.fail_after(WAIT_S_MAX):
        async with one_line(data) as line:
            await line.ask(lambda node: node.status())
            # A second counter finds the node running, cannot have the same register, and goes.
            with _open_counter(data) as second:
                code = await trio.to_thread.run_sync(second.wait)
            assert code != 0
            await line.ask(lambda node: node.status())
        assert first.poll() is None
    assert not _nodes_of(data)


def _nodes_of(data: Path) -> list[int]:
    """Processes that name ``data``, by /proc; none where there is no /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(data).encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue  # it ended meanwhile
    return found
