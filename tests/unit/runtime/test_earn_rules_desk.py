"""The desk for earn rules: what is in force, what comes, and that nothing changes under anybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from liandao_node.errors import Refused
from liandao_node.ledger.calendar import period_of, period_start_ms
from liandao_node.types import Amount
from liandao_node.wire.earn_rules import (
    EarnHours,
    EarnRulePublished,
    EarnRuleTerms,
    EarnRuleTold,
    GetEarnRule,
    PublishEarnRule,
)
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node

NOTHING = Amount(0)
TERMS = EarnRuleTerms(
    300, Amount(50), NOTHING, Amount(1_000), Amount(2_000), [EarnHours(31, 900, 1_080, 600)]
)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


async def test_a_rule_is_published_a_period_ahead_and_once(one: OneNode) -> None:
    told = await one.ask(GetEarnRule(), EarnRuleTold)
    assert (told.now.version, told.now.terms.bps, told.coming) == (0, 200, None)
    period = period_of(one.node.clock.street_ms(), 480)
    assert told.next_period_ms == period_start_ms(period + 1, 480)
    done = await one.ask(PublishEarnRule(TERMS), EarnRulePublished)
    assert (done.version, done.from_ms) == (1, told.next_period_ms)
    again = await one.ask(PublishEarnRule(TERMS), EarnRulePublished)
    assert again == done
    told = await one.ask(GetEarnRule(), EarnRuleTold)
    assert told.now.version == 0, "what customers were told for this period holds"
    assert told.coming is not None
    assert (told.coming.terms, told.coming.version) == (TERMS, 1)
    card = (await one.card()).card.card
    assert (await one.sell(card, 10_000)).earned == 200
    other = replace(TERMS, bps=100)
    assert (await one.ask(PublishEarnRule(other), EarnRulePublished)).version == 2
    told = await one.ask(GetEarnRule(), EarnRuleTold)
    assert told.coming is not None
    assert told.coming.terms == other


async def test_a_rule_takes_effect_with_its_period(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await one.ask(PublishEarnRule(TERMS), EarnRulePublished)
    monkeypatch.setattr(one.node.clock, "street_ms", lambda: done.from_ms)
    told = await one.ask(GetEarnRule(), EarnRuleTold)
    assert (told.now.version, told.now.terms, told.now.from_ms) == (1, TERMS, done.from_ms)
    assert told.coming is None


async def test_hours_that_end_before_they_begin_are_refused(one: OneNode) -> None:
    terms = replace(TERMS, hours=[EarnHours(1, 900, 900, 600)])
    with pytest.raises(Refused, match="HOURS_BACKWARDS"):
        await one.ask(PublishEarnRule(terms), EarnRulePublished)
