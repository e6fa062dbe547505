"""The rulebook at a node's door; and a node without a module that the street voted for (L-3.8)."""

import logging
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
import trio
from liandao_node.cli.missing_command import describe as describe_roll
from liandao_node.cli.rules_words import describe, done_words
from liandao_node.errors import OperatorFault, Refused
from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.modules.rule_bounds import changed
from liandao_node.runtime import ledger_modules, rules_desk
from liandao_node.runtime.ledger_modules import ENTRY_POINT_GROUP, find_installed
from liandao_node.wire.api import GetRoll
from liandao_node.wire.genesis import Rules
from liandao_node.wire.messages import Requests
from liandao_node.wire.module_calls import OrderCall
from liandao_node.wire.roll import Roll, SeatState
from liandao_node.wire.rules import (
    SOONEST,
    GetRules,
    NamedValue,
    ProposalState,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    RulesDone,
    RulesTold,
    VoteOnProposal,
)
from liandao_node.wording import sentence
from support.runtime_node import OneNode, found, heard, running_node
from support.tree import ROOT

NAME = "cafe_stamps"
STAMP_KIND = 21_001


class Shelf:
    """What is installed on this computer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(str(ROOT / "examples" / "module-hello"))
        self.filled = False
        monkeypatch.setattr(ledger_modules, "entry_points", lambda **_: self._entries())

    def _entries(self) -> EntryPoints:
        one = EntryPoint(NAME, "liandao_module_hello.ledger:module", ENTRY_POINT_GROUP)
        return EntryPoints([one] if self.filled else [])


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(monkeypatch)


def _days_pass(one: OneNode, days: int) -> None:
    one.node.clock._start_ms += days * DAY_MS


async def _propose(one: OneNode, **values: int) -> RulesDone:
    named = [NamedValue(name, value) for name, value in values.items()]
    return await one.ask(ProposeValues(named, SOONEST), RulesDone)


@pytest.mark.rule("L-19.1", "L-19.7")
async def test_everything_at_the_door_goes_by_the_rules_in_force(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1, Rules(epoch_blocks=5, attendance_blocks_min=2))
    async with running_node(dirs[0], genesis, alone=True) as one:
        proposed = await _propose(one, earn_bps=150, share_bps_max=4_000, epoch_blocks=9)
        assert (proposed.proposal, proposed.lapses_ms > 0) == (1, True)
        told = await one.ask(GetRules(), RulesTold)
        assert [p.state for p in told.waiting] == [ProposalState.OPEN]
        voted = await one.ask(VoteOnProposal(1, yes=True), RulesDone)
        assert (voted.yes, voted.needed) == (1, 1)
        assert voted.from_ms - one.node.clock.street_ms() >= 7 * DAY_MS
        lines = list(done_words(VoteOnProposal(1, yes=True), voted, told))
        assert "accepted" in lines[-1]
        assert one.node.service.summary().earn_bps == 200
        _days_pass(one, 60)
        await one.card()
        summary = one.node.service.summary()
        assert (summary.earn_bps, summary.share_bps_max) == (150, 4_000)
        assert (await one.ask(GetRules(), RulesTold)).edition == 2
        with pytest.raises(Refused, match="RULE_FIXED"):
            await _propose(one, unbonding_epochs=1)
        with pytest.raises(Refused, match="PROPOSAL_CLOSED"):
            await one.ask(RetractProposal(1), RulesDone)


@pytest.mark.rule("L-19.4")
async def test_what_cannot_be_proposed_is_named_before_anything_is_ordered(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1, Rules(epoch_blocks=5, attendance_blocks_min=2))
    async with running_node(dirs[0], genesis, alone=True) as one:
        for values, code, words in (
            ({"earn_bps": 10_001}, "RULE_OUT_OF_BOUNDS", "earn_bps and share_bps_max lie between"),
            ({"epoch_blocks": 4}, "RULE_OUT_OF_BOUNDS", "epoch_blocks is not below 5"),
            ({"earn_bps": 100, "currency": 1}, "RULE_UNKNOWN", "no rule currency."),
            ({"unbonding_epochs": 1}, "RULE_FIXED", "rule unbonding_epochs cannot"),
        ):
            with pytest.raises(Refused, match=code) as refused:
                await _propose(one, **values)
            assert words in sentence(refused.value.code, refused.value.facts)
        with pytest.raises(Refused, match="MODULE_CHANGE_BAD") as refused:
            await one.ask(ProposeModule("cards", 1, SOONEST), RulesDone)
        assert "cards, version 1 is in force" in sentence(refused.value.code, refused.value.facts)
        assert one.node.ledger.tip.seq == 0


async def test_what_another_vote_made_impossible_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The street refuses by number alone; the desk looks what it meant."""
    genesis, dirs = found(tmp_path, 1, Rules(epoch_blocks=5, attendance_blocks_min=2))
    async with running_node(dirs[0], genesis, alone=True) as one:
        looked: list[int] = []

        def changed_late(*asked: object) -> None:
            looked.append(one.node.ledger.tip.seq)
            if len(looked) > 1:
                changed(*asked)  # type: ignore[arg-type]

        monkeypatch.setattr(rules_desk, "changed", changed_late)
        with pytest.raises(Refused, match="earn_bps and share_bps_max lie between"):
            await _propose(one, earn_bps=10_001)
        assert looked == [0, 1]


@pytest.mark.rule("L-19.10")
async def test_a_node_votes_for_no_module_that_it_has_not_got(tmp_path: Path, shelf: Shelf) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        await one.ask(ProposeModule(NAME, 1, SOONEST), RulesDone)
        with pytest.raises(OperatorFault, match="MODULE_NOT_HERE"):
            await one.ask(VoteOnProposal(1, yes=True), RulesDone)
        told = await one.ask(GetRules(), RulesTold)
        assert told.waiting[0].votes == []
        assert any("NOT INSTALLED HERE" in line for line in describe(told))
        assert (await one.ask(VoteOnProposal(1, yes=False), RulesDone)).no == 1
        shelf.filled = True
        assert (await one.ask(VoteOnProposal(1, yes=True), RulesDone)).from_period > 0
        told = await one.ask(GetRules(), RulesTold)
        assert [p.state for p in told.waiting] == [ProposalState.ACCEPTED]


@pytest.mark.rule("L-3.8", "P-12.14")
async def test_a_node_without_it_stands_still_says_so_and_goes_on_when_it_is_installed(
    tmp_path: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    genesis, dirs = found(tmp_path, 1)
    caplog.set_level(logging.WARNING)
    shelf.filled = True
    async with running_node(dirs[0], genesis, alone=True) as one:
        await one.ask(ProposeModule(NAME, 1, SOONEST), RulesDone)
        await one.ask(VoteOnProposal(1, yes=True), RulesDone)
    shelf.filled = False
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert "agreed to work with module cafe_stamps version 1 (proposal 1)" in caplog.text
        await one.card()
        _days_pass(one, 60)
        await one.card()  # of another day: the last one of its epoch
        replica = one.node.driver.replica
        assert (replica.outdated, replica.voting) == (True, False)
        assert one.node.faults["MODULE_LACKING"] == 1
        assert "cafe_stamps version 1 now, which is not installed here" in caplog.text
        before = one.node.ledger.tip.seq
        heard(one).sent.clear()
        with trio.move_on_after(0.1) as patience:
            await one.node.submissions.submit([])
        assert patience.cancelled_caught, "nothing is agreed on"
        assert heard(one).of(Requests) == []
        assert one.stores.ledger.block(one.node.ledger.tip.seq) is not None
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert one.node.driver.replica.outdated
        assert one.node.ledger.tip.seq == before
        roll = await one.ask(GetRoll(), Roll)
        assert [seat.state for seat in roll.seats] == [SeatState.OUTDATED]
        assert any("cafe_stamps version 1" in line for line in describe_roll(roll))
    shelf.filled = True
    async with running_node(dirs[0], genesis, alone=True) as one:
        _days_pass(one, 60)
        await one.card()
        assert one.node.ledger.tip.seq > before
        module = find_installed(NAME, 1)
        assert module is not None
        with pytest.raises(Refused, match="CARD_UNKNOWN"):
            await one.ask(OrderCall(STAMP_KIND, b"\x91\xc4\x10" + bytes(16)), RulesDone)
