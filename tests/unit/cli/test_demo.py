"""The demo's arithmetic and care: its report, its directory, its watch over the nodes."""

import argparse
from pathlib import Path

import msgspec
import pytest
import trio
from liandao_node.cli import demo_command
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.report import (
    FaultSeen,
    Quantiles,
    Report,
    TipOf,
    problems_of,
    quantiles,
    table,
)
from liandao_node.cli.demo.story import Story
from liandao_node.client import Summary
from liandao_node.errors import OperatorFault
from liandao_node.types import Amount
from msgspec.structs import replace
from support.doors import summary


def books(issued: int, redeemed: int, expired: int, outstanding: int, height: int = 5) -> Summary:
    return replace(
        summary(height),
        points_issued=Amount(issued),
        points_redeemed=Amount(redeemed),
        points_expired=Amount(expired),
        points_outstanding=Amount(outstanding),
    )


def report(**changes: object) -> Report:
    given: dict[str, object] = {
        "street": "S",
        "receipts_source": "R",
        "hits_source": "H",
        "seconds": 1.0,
        "shops": 4,
        "commits": 5,
        "transactions": 9,
        "receipts_in": 10,
        "receipts_accepted": 8,
        "receipts_rejected": {"AMOUNT_BAD": 2},
        "orders": 8,
        "orders_with_card": 3,
        "log_lines_in": 7,
        "log_lines_rejected": {},
        "page_views_counted": 4,
        "page_views_dropped": {"BOT_UA": 3},
        "points_issued": 20,
        "points_redeemed": 5,
        "points_expired": 0,
        "points_outstanding": 15,
        "commit_ms": Quantiles(2.5, 9.0),
        "tips": [TipOf(0, 5, "ab" * 32, "cd" * 32)],
        "verified_receipts": 3,
        "faults": [],
        "node_faults": {},
        "counter": {},
        "screenshots": [],
        "problems": [],
    }
    return Report(**(given | changes))  # type: ignore[arg-type]


# --- the report ---


@pytest.mark.parametrize(
    ("values_us", "p50", "p99"),
    [
        ([], 0.0, 0.0),
        ([4_000], 4.0, 4.0),
        ([3_000, 1_000, 2_000], 2.0, 2.0),
        (list(range(1_000, 102_000, 1_000)), 51.0, 100.0),
        ([1_000] * 99 + [900_000] * 2, 1.0, 900.0),
    ],
)
def test_quantiles_are_values_that_were_measured(
    values_us: list[int], p50: float, p99: float
) -> None:
    assert quantiles(values_us) == Quantiles(p50, p99)


def test_balanced_books_and_equal_tips_are_no_problem() -> None:
    assert problems_of([books(20, 5, 1, 14)] * 4, 20) == []


def test_what_should_be_equal_and_is_not_is_found() -> None:
    same = books(20, 5, 1, 14)
    for other in (
        replace(same, height=6),
        replace(same, tip=b"\x09" * 32),
        replace(same, state_root=b"\x09" * 32),
    ):
        assert problems_of([same, same, other], 20) == ["the shops' tips differ"]
    (short,) = problems_of([books(20, 5, 1, 13)], 20)
    assert "points issued are not" in short
    (untold,) = problems_of([same], 25)
    assert "25" in untold
    assert "20" in untold
    assert len(problems_of([books(20, 5, 1, 13), books(20, 5, 1, 13, height=6)], 1)) == 3


def test_the_table_tells_a_person_what_the_file_tells_a_machine() -> None:
    seen = FaultSeen("leader", 2, 310, 1_200)
    lines = "\n".join(table(report(faults=[seen], problems=["the shops' tips differ"])))
    for part in (
        "20 issued = 5 redeemed + 0 expired + 15 outstanding",
        "rejected AMOUNT_BAD: 2",
        "dropped BOT_UA: 3",
        "2.5 ms (half of them), 9.0 ms (99 of 100)",
        "Shop 2 (leader) was killed: the street stood still for 310 ms",
        "PROBLEM: the shops' tips differ",
    ):
        assert part in lines
    assert "PROBLEM" not in "\n".join(table(report()))


@pytest.mark.parametrize(("problems", "code"), [([], 0), (["the shops' tips differ"], 1)])
def test_a_problem_is_the_exit_code_and_stands_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[str], code: int
) -> None:
    made = report(problems=problems)

    async def play(_: Story) -> Report:
        await trio.lowlevel.checkpoint()
        return made

    monkeypatch.setattr(Story, "play", play)
    monkeypatch.setattr(Story, "__init__", lambda *_: None)
    parser = argparse.ArgumentParser()
    demo_command.add_to(parser.add_subparsers())
    file, data = tmp_path / "out.json", tmp_path / "data"
    options = parser.parse_args(["demo", "--headless", "--report", str(file), "--data", str(data)])
    assert demo_command.run(options) == code
    assert msgspec.json.decode(file.read_bytes(), type=Report) == made


# --- its directory ---


def test_only_a_directory_of_a_demo_is_emptied(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    assert demo_command._fresh(data) == data
    (data / "shop-0").mkdir()
    assert demo_command._fresh(data) == data
    assert [path.name for path in data.iterdir()] == [demo_command.MARK]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(OperatorFault, match="DEMO_DATA_NOT_EMPTY"):
        demo_command._fresh(mine)
    assert (mine / "thesis.txt").exists()


# --- its nodes ---


async def test_nobody_waits_for_a_node_that_ended_by_itself(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, 1)
    fleet.found("S")
    (fleet.dirs[0] / "node.json").write_text("{}")
    fleet.start(0)
    try:
        with trio.fail_after(60), pytest.raises(OperatorFault, match="DEMO_NODE_ENDED") as caught:
            await fleet.watch()
        assert (fleet.dirs[0] / "node.log").read_text().count("make no sense") == 1
        assert caught.value.facts["shop"] == 0
        with pytest.raises(OperatorFault, match="DEMO_NODE_ENDED"):
            await fleet.settled(0.1)
        with pytest.raises(OperatorFault, match="DEMO_NODE_ENDED"):
            await fleet.wait_active([0])
    finally:
        fleet.stop()


async def test_nodes_that_are_not_there_settle_nothing(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, 2)
    fleet.found("S")
    with pytest.raises(OperatorFault, match="DEMO_NOT_ACTIVE"):
        await fleet.settled(0.1)
