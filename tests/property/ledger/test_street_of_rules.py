"""Whatever is proposed and voted, the rulebook changes when it was agreed, by what was agreed.

Blocks of proposals and votes, of committees that change, of days and periods that go by. A model
beside the ledger counts votes and keeps a diary of what was accepted; it knows no record. After
every step the rules in force are those of the model, and within the bounds of a genesis file; at
the end another node executes the same blocks, through a peer's door, and comes to the same root.
"""

from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from liandao_node.ledger import rule_queries as queries
from liandao_node.ledger.calendar import DAY_MS, period_of, period_start_ms
from liandao_node.ledger.modules.rule_calls import Proposed, Retract
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.types import ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules, rules_complaint
from msgspec.structs import replace
from support.stake_street import RULES
from support.voting import BONDS, OFFSET, Knock, VotingStreet

SHOPS: Final = st.integers(0, len(BONDS) - 1).map(ShopId)
VALUES: Final = st.fixed_dictionaries(
    {},
    optional={
        "earn_bps": st.integers(0, 10_100),
        "epoch_blocks": st.integers(3, 7),
        "attendance_blocks_min": st.integers(0, 8),
        "committee_seats": st.integers(3, 20),
        "self_bond_min": st.integers(50, 1_100),
    },
)


@dataclass
class Plan:
    """A proposal as people remember it."""

    values: dict[str, int]
    versions: dict[str, int]
    from_period: int
    lapses_ms: int
    votes: dict[int, bool] = field(default_factory=dict)
    accepted: bool = False
    done: bool = False


class StreetOfRules(RuleBasedStateMachine):
    @initialize(attendance=st.integers(1, 4))
    def found(self, attendance: int) -> None:
        rules = replace(RULES, epoch_blocks=4, attendance_blocks_min=attendance)
        self.founding = rules
        self.street = VotingStreet(rules)
        self.plans: dict[int, Plan] = {}
        self.order: list[int] = []
        """Accepted plans, in that order."""
        self.agreed: Rules = rules
        self.knocks = 0
        """Version of the module in force, 0 without it."""
        self.blocks = 0
        self.epoch = 0

    # --- what people do ---

    @rule(shop=SHOPS, values=VALUES, ahead=st.integers(0, 7))
    def propose(self, shop: ShopId, values: dict[str, int], ahead: int) -> None:
        period = self.street.period + ahead
        done = self.street.propose(shop, period, **values)
        self._note(done.answer, Plan(values, {}, period, 0))

    @rule(shop=SHOPS, version=st.integers(0, 2), ahead=st.integers(1, 2))
    def propose_module(self, shop: ShopId, version: int, ahead: int) -> None:
        period = self.street.period + ahead
        done = self.street.propose_modules(shop, period, knocks=version)
        self._note(done.answer, Plan({}, {"knocks": version}, period, 0))

    def _note(self, answer: object, plan: Plan) -> None:
        if isinstance(answer, Proposed):
            plan.lapses_ms = self.street.time_ms + 30 * DAY_MS
            assert answer.lapses_ms == plan.lapses_ms
            assert self.street.period < plan.from_period <= self.street.period + 6
            self.plans[answer.proposal] = plan

    @rule(shop=SHOPS, back=st.integers(0, 2), yes=st.booleans())
    def vote(self, shop: ShopId, back: int, yes: bool) -> None:
        number = len(self.plans) - back
        seats = self.street.seats()
        outcome = self.street.vote(number, shop, yes=yes)
        if outcome.code != "OK":
            return
        plan = self.plans[number]
        assert shop in seats
        assert not plan.accepted
        assert self.street.time_ms < plan.lapses_ms
        plan.votes[shop] = yes
        self._count(number, seats)

    @rule(back=st.integers(0, 2))
    def vote_all(self, back: int) -> None:
        for shop in self.street.seats():
            self.vote(ShopId(shop), back, yes=True)

    def _count(self, number: int, seats: list[int]) -> None:
        plan = self.plans[number]
        yes = sum(plan.votes.get(shop, False) for shop in seats)
        if yes * 3 <= len(seats) * 2:
            return
        plan.accepted = True
        soonest = self.street.time_ms + 7 * DAY_MS
        while period_start_ms(plan.from_period, OFFSET) < soonest:
            plan.from_period += 1
        self.order.append(number)

    @rule(shop=SHOPS, back=st.integers(0, 1))
    def retract(self, shop: ShopId, back: int) -> None:
        number = len(self.plans) - back
        if self.street.call(shop, Retract(number)).code == "OK":
            assert not self.plans[number].accepted
            self.plans[number].lapses_ms = 0

    @rule(shop=SHOPS)
    def lie(self, shop: ShopId) -> None:
        """A seat is banned: the next committee is another one."""
        if self.street.seats() == [0, 1, 2, 3]:
            self.street.accuse(shop, by=(shop + 1) % len(BONDS))

    @rule(days=st.integers(0, 9))
    def days_pass(self, days: int) -> None:
        self.street.days(days)
        self.street.tick()

    @rule(shop=SHOPS)
    def knock(self, shop: ShopId) -> None:
        """A module's calls are taken while it is in force, and not a block before or after."""
        before = self.knocks
        outcome = self.street.call(shop, Knock())
        assert outcome.code == ("OK" if before else "CALL_UNKNOWN")

    # --- what always holds ---

    @invariant()
    def the_rulebook_is_what_was_agreed(self) -> None:
        for execution in self.street.history[self.blocks :]:
            header = execution.header
            self._live(period_of(header.time_ms, OFFSET), ends_epoch=execution.ends_epoch)
        self.blocks = len(self.street.history)
        assert self.street.present == self.agreed
        assert rules_complaint(self.agreed) == ""
        assert self.agreed.epoch_blocks >= self.founding.epoch_blocks
        assert self.street.modules().get("knocks", 0) == self.knocks
        assert self.street.sound()

    def _live(self, period: int, *, ends_epoch: bool) -> None:
        """One block of the model: values before all else, modules behind an epoch's last one."""
        for number in self._due(period, values=True):
            plan = self.plans[number]
            fate = self.street.told(number).proposal.fate
            if fate is queries.Fate.IN_FORCE:
                self.agreed = replace(self.agreed, **plan.values)
            else:
                # Only what is dangerous on top of the others may be left out.
                assert fate is queries.Fate.VOID
                after = replace(self.agreed, **plan.values)
                assert after == self.agreed or self._dangerous(after)
            plan.done = True
        for number in self._due(period, values=False) if ends_epoch else ():
            plan = self.plans[number]
            if self.street.told(number).proposal.fate is queries.Fate.IN_FORCE:
                self.knocks = plan.versions["knocks"]
            plan.done = True

    def _due(self, period: int, *, values: bool) -> list[int]:
        waiting = [
            number
            for number in self.order
            if not self.plans[number].done
            and bool(self.plans[number].values) is values
            and self.plans[number].from_period <= period
        ]
        return sorted(waiting, key=lambda number: self.plans[number].from_period)

    def _dangerous(self, after: Rules) -> bool:
        poor = after.self_bond_min > self.agreed.self_bond_min
        return poor or after.attendance_blocks_min > after.epoch_blocks

    def teardown(self) -> None:
        """The same blocks on a fresh node, through a peer's door."""
        if not hasattr(self, "street"):
            return
        fresh = VotingStreet(self.founding)
        for execution, txs in zip(self.street.history, self.street.sealed, strict=True):
            parsed: list[SignedTx] = [
                parse_tx(tx.raw, fresh.chain_id, fresh.ledger.keys()) for tx in txs
            ]
            block = Block(execution.header, [tx.raw for tx in txs])
            fresh.commit(fresh.ledger.check(block, parsed))
        assert fresh.ledger.tip == self.street.ledger.tip
        assert fresh.ledger.rules() == self.agreed


TestStreetOfRules = pytest.mark.rule("L-19.7")(StreetOfRules.TestCase)
StreetOfRules.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_a_story_in_which_all_of_it_happens() -> None:
    """The machine's own steps, so that it is known to reach what it looks for."""
    story = StreetOfRules()
    story.found(attendance=2)
    story.propose(ShopId(4), {"earn_bps": 5, "epoch_blocks": 5}, ahead=1)
    story.vote_all(0)
    story.propose_module(ShopId(0), version=1, ahead=1)
    story.vote_all(0)
    story.propose(ShopId(1), {"attendance_blocks_min": 5, "epoch_blocks": 5}, ahead=2)
    story.vote_all(0)
    story.propose(ShopId(1), {"attendance_blocks_min": 4}, ahead=1)
    for _ in range(9):
        story.days_pass(days=4)
        story.the_rulebook_is_what_was_agreed()
        story.knock(ShopId(2))
        story.the_rulebook_is_what_was_agreed()
    assert story.agreed.earn_bps == 5
    assert story.agreed.attendance_blocks_min == 5
    assert story.knocks == 1
    assert story.street.told(4).proposal.fate is queries.Fate.LAPSED
    story.teardown()
