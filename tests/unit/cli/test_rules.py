"""``liandao rules``: what people read and type."""

import argparse
import json
from functools import partial
from pathlib import Path

import pytest
import trio
from liandao_node.cli import rules_command
from liandao_node.cli.main import build_parser, main
from liandao_node.cli.rules_words import describe, done_words
from liandao_node.client import NamedValue, ProposeModule, ProposeValues, RetractProposal, RulesDone
from liandao_node.ledger.calendar import period_start_ms
from liandao_node.types import Millis, ShopId
from liandao_node.wire.rules import (
    ModuleView,
    ProposalState,
    ProposalView,
    RulesTold,
    RuleView,
    VoteView,
)
from msgspec.structs import replace
from support.runtime_node import found, running_node

PERIOD = (2026 * 12 + 2) * 2
"""The first half of March 2026."""
ME, OTHER = ShopId(0), ShopId(1)
OFFSET = 480
STARTS_MS = period_start_ms(PERIOD, OFFSET)

OPEN = ProposalView(
    number=3,
    shop=OTHER,
    state=ProposalState.OPEN,
    values=[NamedValue("earn_bps", 150)],
    modules=[],
    from_period=PERIOD,
    from_ms=STARTS_MS,
    lapses_ms=Millis(STARTS_MS + 86_400_000),
    votes=[VoteView(OTHER, yes=True)],
    yes=1,
    no=0,
    needed=3,
    seats=4,
)
MODULE = ModuleView("cafe_stamps", 1, here=False)
ACCEPTED = replace(OPEN, number=4, state=ProposalState.ACCEPTED, values=[], modules=[MODULE])
TOLD = RulesTold(
    me=ME,
    seated=True,
    edition=2,
    since_height=70,
    since_ms=Millis(0),
    height=120,
    rules=[RuleView("earn_bps", 100, 200, False), RuleView("unbonding_epochs", 28, 28, True)],
    modules=[ModuleView("points", 1, here=True), MODULE],
    waiting=[OPEN, ACCEPTED],
    past=[replace(OPEN, number=2, state=ProposalState.VOID)],
    utc_offset_minutes=OFFSET,
)


def test_the_rulebook_in_lines() -> None:
    assert list(describe(TOLD)) == [
        "Rulebook of the street: edition 2, since block 70; block 120 now.",
        "  earn_bps          100  (as founded: 200)",
        "  unbonding_epochs  28  (no vote changes it)",
        "Modules: points 1, cafe_stamps 1 (NOT INSTALLED HERE)",
        "Proposed:",
        "  3, by shop 1: earn_bps=150: 1 yes, 0 no, 3 of 4 needed",
        "     not before 2026-03-01 (2026-03-1); lapses 2026-03-02",
        "     shop 1 yes",
        "     This shop's vote is missing: liandao rules vote 3 yes|no",
        "Accepted, and yet to come:",
        "  4: module cafe_stamps 1 (NOT INSTALLED HERE), from 2026-03-01 (2026-03-1)",
        "Decided lately:",
        "  2: earn_bps=150: void: accepted, but it no longer fitted when its time came",
    ]
    quiet = list(describe(replace(TOLD, waiting=[], past=[], seated=False)))
    assert quiet[-2:] == ["Nothing is proposed.", "Nothing accepted is yet to come."]
    without = replace(OPEN, values=[], modules=[ModuleView("x", 0, here=True)])
    assert "without module x" in list(describe(replace(TOLD, waiting=[without])))[5]


def test_what_became_final() -> None:
    done = RulesDone(9, 5, 0, 0, 0, 0, Millis(0), Millis(STARTS_MS))
    said = " ".join(done_words(ProposeModule("x", 1, -1), done, TOLD))
    assert "proposal 5" in said
    assert "2026-03-01" in said
    assert "taken back" in next(done_words(RetractProposal(5), done, TOLD))


def test_a_value_is_typed_as_it_is_told() -> None:
    assert rules_command.new_value("earn_bps=150") == NamedValue("earn_bps", 150)
    for text in ("earn_bps", "=1", "earn_bps=", "earn_bps=-1", "earn_bps=1.5", "earn_bps=٣"):
        with pytest.raises(argparse.ArgumentTypeError, match="no change of a rule"):
            rules_command.new_value(text)


@pytest.mark.parametrize(
    "words",
    [["--data", "here", "vote", "3", "yes"], ["vote", "3", "yes", "--data", "here"]],
)
def test_the_directory_is_named_before_or_behind(words: list[str]) -> None:
    assert build_parser("rules").parse_args(["rules", *words]).data == Path("here")


async def test_a_shop_proposes_votes_and_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genesis, dirs = found(tmp_path, 1)
    data = str(dirs[0])

    async def typed(*words: str) -> str:
        run = partial(main, ["rules", "--data", data, *words])
        assert await trio.to_thread.run_sync(run) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    async with running_node(dirs[0], genesis):
        assert "edition 1, as founded" in await typed()
        assert "proposal 1;" in await typed("propose", "earn_bps=150", "payment_days=14")
        assert "It is accepted, from" in await typed("vote", "1", "yes")
        assert "1: earn_bps=150, payment_days=14, from" in await typed()
        document = json.loads(await typed("--json"))
        assert document["waiting"][0]["state"] == "accepted"
        await typed("module", "cafe_stamps", "1")
        await typed("retract", "2")
        refused = partial(main, ["rules", "vote", "2", "yes", "--data", data])
        assert await trio.to_thread.run_sync(refused) == 1
        assert "decided, taken back or lapsed" in capsys.readouterr().err


def test_values_and_modules_are_asked_for_apart() -> None:
    options = build_parser("rules").parse_args(["rules", "propose", "earn_bps=1"])
    assert options.values == [NamedValue("earn_bps", 1)]
    assert ProposeValues(options.values, options.from_period).from_period == -1
