"""``liandao import receipts`` at a running node: orders, refunds, and the table at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
import trio
from liandao_node.cli.main import main
from liandao_node.ledger import queries
from liandao_node.runtime.references import reference_hash
from liandao_node.types import ShopId
from support.plugin_data import MAPPINGS, shared_data
from support.replaying import RETAIL, put, row
from support.runtime_node import OneNode, found, running_node

DAY = "2010-12-01"
Run = Callable[..., Awaitable[str]]


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on a folder or file; what it printed."""
    mapping = ["--mapping", str(MAPPINGS / "online_retail.toml")]

    async def imported(path: Path, *options: str) -> str:
        words = ["import", "receipts", str(path), *mapping, "--data", str(tmp_path / "shop-0")]
        assert await trio.to_thread.run_sync(partial(main, [*words, *options])) == 0
        return capsys.readouterr().out

    return imported


def table(out: str) -> dict[str, int]:
    """The figures at the end, by their words."""
    rows = [line.rsplit(maxsplit=1) for line in out.splitlines() if "rejects" not in line]
    return {words[0].strip(): int(words[1]) for words in rows if words[-1].isdecimal()}


def refunded(one: OneNode, reference: str) -> int:
    view = one.node.ledger.view()
    name = reference_hash(reference)
    order = queries.imported_order(view, ShopId(0), "online_retail", name)
    assert order is not None
    return order.refunded


def _folder(root: Path) -> Path:
    root.mkdir()
    bought = [
        row("1", "CUP", 6, f"{DAY} 09:00", "1.0", "7.0"),
        row("1", "POT", 1, f"{DAY} 09:00", "10.0", "7.0"),
        row("2", "CUP", 4, f"{DAY} 10:00", "1.0", "7.0"),
    ]
    came_back = [
        row("C3", "CUP", -6, "2010-12-02 09:00", "1.0", "7.0"),
        row("C3", "CUP", -9, "2010-12-02 09:00", "1.0", "7.0"),
        row("C4", "POT", -1, "2010-12-02 09:30", "10.0"),
        row("C5", "POST", -1, "2010-12-02 09:40", "10.0", "7.0"),
        row("C6", "JUG", -1, "2010-12-02 09:50", "10.0", "7.0"),
    ]
    put(root / "1.csv.gz", RETAIL, bought)
    put(root / "2.csv.gz", RETAIL, came_back)
    return root


@pytest.mark.rule("R12")
async def test_cancellations_refund_their_orders_once(
    tmp_path: Path, one: OneNode, run: Run
) -> None:
    folder = _folder(tmp_path / "export")
    told = table(await run(folder, "--rejects", str(tmp_path / "rejects")))
    assert told == {
        "orders taken in": 2,
        "points given": 2 * (6 + 10) + 2 * 4,
        "refunds made": 1,
        "points taken back": 2 * 6,
        "rows in": 8,
        "rows accepted": 4,
        "as orders": 3,
        "as refunds": 1,
        "rows rejected": 4,
        "rejected CANCEL_ANONYMOUS": 1,
        "rejected CANCEL_NO_GOODS": 1,
        "rejected CANCEL_NO_ORDER": 1,
        "rejected CANCEL_OVER_ORDER": 1,
    }
    listed = (tmp_path / "rejects").read_text().splitlines()
    assert [line.split()[:2] for line in sorted(listed)] == [
        ["2.csv.gz:3", "CANCEL_OVER_ORDER"],
        ["2.csv.gz:4", "CANCEL_ANONYMOUS"],
        ["2.csv.gz:5", "CANCEL_NO_GOODS"],
        ["2.csv.gz:6", "CANCEL_NO_ORDER"],
    ]
    assert (refunded(one, "1"), refunded(one, "2")) == (600, 0)

    again = table(await run(folder))
    assert (again["rows accepted"], again["refunds made"], again["points taken back"]) == (0, 0, 0)
    assert (again["rejected ORDER_KNOWN"], again["rejected REFUND_KNOWN"]) == (3, 1)
    assert (refunded(one, "1"), refunded(one, "2")) == (600, 0)


async def test_a_cancellation_finds_its_order_when_the_older_file_comes_with_it(
    tmp_path: Path, one: OneNode, run: Run
) -> None:
    folder = _folder(tmp_path / "export")
    await run(folder / "1.csv.gz")
    alone = table(await run(folder / "2.csv.gz"))
    assert (alone["rows accepted"], alone["rejected CANCEL_NO_ORDER"]) == (0, 3)
    both = table(await run(folder))
    assert (both["as refunds"], both["rejected ORDER_KNOWN"]) == (1, 3)
    assert refunded(one, "1") == 600


async def test_a_real_day_with_cancellations_of_its_own_orders(
    tmp_path: Path, one: OneNode, run: Run
) -> None:
    """Online Retail: the rows add up, and sums of the ledger are those of the table."""
    day = shared_data("retail", "online_retail_by_day", "2011-01-11.csv.gz")
    told = table(await run(day))
    rejected = sum(count for words, count in told.items() if words.startswith("rejected "))
    assert told["rows in"] == told["rows accepted"] + told["rows rejected"]
    assert told["rows rejected"] == rejected
    assert (told["rows in"], told["as refunds"], told["refunds made"]) == (1_454, 7, 7)
    assert told["rows accepted"] == told["as orders"] + told["as refunds"]
    totals = queries.shop_totals(one.node.ledger.view())[ShopId(0)]
    assert (totals.issued, totals.clawed) == (told["points given"], told["points taken back"])
