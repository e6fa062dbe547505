"""The desk for clearing of a lone node, through `Service.handle`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from liandao_node.errors import Refused, Unavailable
from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.modules.clearing_calls import ArrearsVouched, Vouch
from liandao_node.ledger.modules.parties import POOL
from liandao_node.types import Amount, ShopId
from liandao_node.wire.clearing import (
    RUNNING,
    ClearingDone,
    ClearingTold,
    ClearingWord,
    GetClearing,
    SayClearing,
)
from liandao_node.wire.codec import encode
from liandao_node.wire.stake import BringStatement, StakeDone
from support.runtime_node import OneNode, found, running_node

ME = ShopId(0)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def say(word: ClearingWord, party: int = 0, amount: int = 0) -> SayClearing:
    return SayClearing(word, 7, ShopId(party), Amount(amount))


async def test_a_street_that_owes_nothing_has_statements_all_the_same(one: OneNode) -> None:
    told = await one.ask(GetClearing(RUNNING), ClearingTold)
    offset = one.node.genesis.utc_offset_minutes
    assert told.period == told.running == period_of(one.node.genesis.created_ms, offset)
    assert told.begins_ms <= one.node.genesis.created_ms < told.ends_ms
    assert [(s.party, s.net, s.payments) for s in told.statements] == [(ME, 0, []), (POOL, 0, [])]
    assert told.statements[0].points is not None
    later = await one.ask(GetClearing(told.running + 1), ClearingTold)
    assert (later.period, later.begins_ms) == (told.running + 1, told.ends_ms)


async def test_notice_is_given_told_and_taken_back(one: OneNode) -> None:
    done = await one.ask(say(ClearingWord.LEAVE), ClearingDone)
    assert done.height >= 1
    told = await one.ask(GetClearing(RUNNING), ClearingTold)
    assert (told.statements[0].leaving, told.statements[0].handed_over) == (True, False)
    assert (await one.ask(say(ClearingWord.HAND_OVER), ClearingDone)).amount == 0
    told = await one.ask(GetClearing(RUNNING), ClearingTold)
    assert told.statements[0].handed_over
    with pytest.raises(Refused, match="HANDED_OVER_ALREADY"):
        await one.ask(say(ClearingWord.STAY), ClearingDone)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (say(ClearingWord.PAID, 1), "PAYMENT_UNKNOWN"),
        (say(ClearingWord.RECEIVED, 1), "PAYMENT_UNKNOWN"),
        (say(ClearingWord.ARREARS, 1, 5), "ARREARS_SHORT"),
        (say(ClearingWord.STAY), "NOT_LEAVING"),
        (say(ClearingWord.HAND_OVER), "NOT_LEAVING"),
    ],
)
async def test_what_the_ledger_refuses_is_refused_here(
    one: OneNode, request_: SayClearing, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        await one.ask(request_, ClearingDone)


async def test_the_treasurers_word_is_brought_like_any_statement(one: OneNode) -> None:
    vouch = BringStatement(Vouch.kind, encode(Vouch(7, ME, POOL, [])))
    with pytest.raises(Refused, match="PAYMENT_UNKNOWN"):
        await one.ask(vouch, StakeDone)
    arrears = ArrearsVouched(ME, 1, Amount(5), [])
    with pytest.raises(Refused, match="ARREARS_SHORT"):
        await one.ask(BringStatement(ArrearsVouched.kind, encode(arrears)), StakeDone)


async def test_a_street_without_clearing_says_so(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.ledger.clearing_queries.has_clearing", lambda _: False)
    with pytest.raises(Unavailable, match="CLEARING_NONE"):
        await one.ask(GetClearing(RUNNING), ClearingTold)
