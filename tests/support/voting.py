"""A street that votes on its rulebook."""

from collections.abc import Sequence
from typing import ClassVar, Final

from liandao_node.ledger import rule_queries as queries
from liandao_node.ledger.calendar import DAY_MS, period_of, period_start_ms
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.module_api import CallBody, Context, Done, Module
from liandao_node.ledger.module_set import Finder
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.rule_calls import NewValue, NewVersion, Propose, Proposed, Vote
from liandao_node.ledger.rule_queries import ProposalTold
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, Millis
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules

from support.ledger_street import SECOND_MS, Outcome
from support.stake_street import RULES, StakeStreet

BONDS: Final = (1_000, 900, 800, 700, 600)
"""Four sit; shop 4 follows."""
OFFSET: Final = 480


class Count(Canonical, frozen=True):
    count: int


class Knock(CallBody, frozen=True):
    """Counts."""

    kind: ClassVar[int] = 22_001
    answer: ClassVar[type[Canonical]] = Count


class Hush(CallBody, frozen=True):
    """Sets the count back; only in version 2."""

    kind: ClassVar[int] = 22_002
    answer: ClassVar[type[Canonical]] = Done


counts: Final = Table(220, 1, (), Count)


class Knocks(Module):
    """A module that a street takes in by a vote, and raises by another."""

    name: ClassVar[str] = "knocks"
    number: ClassVar[int] = 220
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Knock,)
    tables: ClassVar[tuple[KeySpace, ...]] = (counts,)
    step: ClassVar[int] = 1

    def begin(self, ctx: Context, street: Genesis, before: int) -> None:
        """Version 1 begins with nothing, version 2 counts tenfold what version 1 counted."""
        assert not street.shops
        now = counts.get(ctx.view) or Count(0)
        counts.put(ctx.view, value=Count(now.count * (10 if before < self.version else 1)))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        if isinstance(call, Hush):
            counts.put(ctx.view, value=Count(0))
            return Done()
        now = counts.get(ctx.view)
        assert now is not None, "it began"
        counts.put(ctx.view, value=Count(now.count + self.step))
        return Count(now.count + self.step)

    def invariants(self, view: View) -> list[str]:
        return [] if counts.get(view) else ["it never began"]


class LouderKnocks(Knocks):
    version: ClassVar[int] = 2
    calls: ClassVar[tuple[type[CallBody], ...]] = (Knock, Hush)
    step: ClassVar[int] = 5


KNOCKS: Final = (Knocks(), LouderKnocks())


class VotingStreet(StakeStreet):
    """Its rulebook changes by votes; `installed` are modules that a vote may bring."""

    def __init__(
        self,
        rules: Rules = RULES,
        bonds: Sequence[int] = BONDS,
        installed: Sequence[Module] = KNOCKS,
    ) -> None:
        super().__init__(bonds, rules)
        self.installed = list(installed)
        self.ledger = self.reopened()

    def find(self, name: str, version: int) -> Module | None:
        return next((m for m in self.installed if (m.name, m.version) == (name, version)), None)

    def reopened(self, find: Finder | None = None) -> Ledger:
        """Another life of this node's ledger."""
        return Ledger(self.genesis, self.disk, self.ledger.tip, BUILTIN, find=find or self.find)

    @property
    def present(self) -> Rules:
        return self.ledger.rules()

    @property
    def period(self) -> int:
        return period_of(self.time_ms, OFFSET)

    def modules(self) -> dict[str, int]:
        return {o.name: o.version for o in queries.edition(self.ledger.view()).modules}

    def told(self, number: int) -> ProposalTold:
        found = queries.newest_proposals(self.ledger.view(), 1_000)
        return next(one for one in found if one.number == number)

    def to_period(self, period: int) -> None:
        """To a moment before the first block of a clearing period."""
        self.time_ms = Millis(max(self.time_ms, period_start_ms(period, OFFSET) - SECOND_MS))

    def days(self, days: int) -> None:
        self.wait(days * DAY_MS)

    def propose(self, shop: int, from_period: int = 0, **values: int) -> Outcome:
        news = [NewValue(name, value) for name, value in values.items()]
        return self.call(shop, Propose(news, [], from_period or self.period + 1))

    def propose_modules(self, shop: int, from_period: int = 0, **versions: int) -> Outcome:
        news = [NewVersion(name, version) for name, version in versions.items()]
        return self.call(shop, Propose([], news, from_period or self.period + 1))

    def vote(self, number: int, *shops: int, yes: bool = True) -> Outcome:
        """The outcome of the last one."""
        outcomes = [self.call(shop, Vote(number, yes)) for shop in shops]
        return outcomes[-1]

    def accepted(self, outcome: Outcome) -> int:
        """Votes of as many seats as are needed; the proposal's number."""
        assert isinstance(outcome.answer, Proposed), outcome.code
        number = outcome.answer.proposal
        needed = self.told(number).needed
        done = self.vote(number, *self.seats()[:needed])
        assert getattr(done.answer, "from_period", 0), done.code
        return number

    def sound(self) -> bool:
        return self.ledger.machine.invariants(self.ledger.view()) == []


__all__ = ["BONDS", "KNOCKS", "Amount", "Hush", "Knock", "Knocks", "LouderKnocks", "VotingStreet"]
