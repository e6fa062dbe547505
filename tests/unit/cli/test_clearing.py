"""``liandao clearing``: what people read and type."""

import argparse
import json
from functools import partial
from pathlib import Path

import pytest
import trio
from liandao_node.cli import clearing_command
from liandao_node.cli.clearing_words import describe, describe_all, done_words, period_text
from liandao_node.cli.main import main
from liandao_node.client import ClearingDone, ClearingTold, ClearingWord, SayClearing
from liandao_node.ledger.calendar import period_start_ms
from liandao_node.ledger.modules.parties import POOL
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.clearing import (
    DeedView,
    PaymentView,
    PointsView,
    Reminder,
    StatementView,
)
from msgspec.structs import replace
from support.runtime_node import found, running_node

PERIOD = (2026 * 12 + 2) * 2
"""The first half of March 2026."""
ME, OTHER = ShopId(0), ShopId(1)
OFFSET = 480


def _payment(**changes: object) -> PaymentView:
    due_ms = Millis(period_start_ms(PERIOD + 1, OFFSET) + 10 * 86_400_000)
    never, nothing = Millis(0), Amount(0)
    made = PaymentView(
        ME, OTHER, Amount(500), due_ms, never, never, never, nothing, nothing, nothing, Reminder.PAY
    )
    return replace(made, **changes)


def _statement(party: ShopId, name: str, **changes: object) -> StatementView:
    made = StatementView(
        party=party,
        name=name,
        points=None,
        redeemed_elsewhere=0,
        redeemed_of_others=0,
        owes=[],
        claims=[],
        net=0,
        carry=0,
        payments=[],
        payable=Amount(0),
        arrears=Amount(0),
        defaults=0,
        leaving=False,
        handed_over=False,
    )
    return replace(made, **changes)


def _told(mine: StatementView, other: StatementView, running: int = PERIOD + 1) -> ClearingTold:
    return ClearingTold(
        me=ME,
        period=PERIOD,
        running=running,
        begins_ms=period_start_ms(PERIOD, OFFSET),
        ends_ms=period_start_ms(PERIOD + 1, OFFSET),
        height=120,
        utc_offset_minutes=OFFSET,
        statements=[mine, other, _statement(POOL, "")],
    )


@pytest.fixture
def told() -> ClearingTold:
    mine = _statement(
        ME,
        "茶馆 Tea",
        points=PointsView(Amount(900), Amount(10), 40, Amount(5), Amount(3)),
        redeemed_elsewhere=600,
        redeemed_of_others=100,
        owes=[DeedView(OTHER, Amount(620), Amount(600))],
        claims=[DeedView(OTHER, Amount(100), Amount(100))],
        net=-520,
        carry=-20,
        payments=[_payment()],
        payable=Amount(520),
    )
    return _told(mine, _statement(OTHER, "Noodles", payments=[_payment(reminder=Reminder.WAIT)]))


def test_a_statement_says_what_is_owed_and_what_to_do(told: ClearingTold) -> None:
    assert list(describe(told)) == [
        "Clearing 2026-03-1 (2026-03-01 to 2026-03-15), closed, at height 120",
        "  shop 0 茶馆 Tea",
        "  points: issued 900, given back 10, used here 40, used elsewhere 600, expired 5,"
        " taken back 3",
        "  points of others used here: 100",
        "  owes 620 to shop 1 Noodles, 600 of it for points",
        "  is owed 100 by shop 1 Noodles, 100 of it for points",
        "  net -520, carried -20",
        "  payment to shop 1 Noodles: 500, PAY, by 2026-03-26",
        "  may have to pay by now: 520",
    ]


def test_a_statement_says_default_and_leaving(told: ClearingTold) -> None:
    bad = _statement(ME, "Tea", arrears=Amount(70), leaving=True)
    lines = list(describe(replace(told, statements=[bad, *told.statements[1:]])))
    assert "  IN DEFAULT: 70 in arrears. No new points until they are paid." in lines
    assert "  leaving: no new points, the old ones run off" in lines
    gone = replace(bad, handed_over=True)
    lines = list(describe(replace(told, statements=[gone, *told.statements[1:]])))
    assert lines[-1] == "  the pool answers for this shop's points"


def test_all_shops_in_a_line_each_and_each_payment_once(told: ClearingTold) -> None:
    failed = _payment(
        reminder=Reminder.FAILED,
        failed_ms=Millis(1),
        from_bond=Amount(300),
        from_reserve=Amount(50),
        cut=Amount(150),
    )
    mine = replace(told.statements[0], payments=[failed], arrears=Amount(200))
    other = replace(told.statements[1], payments=[failed])
    assert list(describe_all(_told(mine, other, running=PERIOD))) == [
        "Clearing 2026-03-1 (2026-03-01 to 2026-03-15), running, at height 120",
        "  shop 0 茶馆 Tea: owes 620, is owed 100, net -520, carried -20, IN DEFAULT",
        "  shop 1 Noodles: owes 0, is owed 0, net +0, carried +0",
        "  the pool: owes 0, is owed 0, net +0, carried +0",
        "  payments:",
        "    shop 0 茶馆 Tea to shop 1 Noodles: 500, FAILED: bond covered 300, reserve 50,"
        " creditors bore 150",
    ]


@pytest.mark.parametrize("text", ["2026-03-1", "2026-12-2", "0001-01-1"])
def test_a_period_is_typed_as_it_is_told(text: str) -> None:
    assert period_text(clearing_command.period(text)) == text


@pytest.mark.parametrize("text", ["2026-13-1", "2026-00-1", "2026-3-1", "2026-03-3", "x", ""])
def test_what_is_no_period_is_explained(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no clearing period"):
        clearing_command.period(text)


def test_the_pool_has_a_name_on_the_command_line() -> None:
    assert (clearing_command.party("pool"), clearing_command.party("3")) == (POOL, 3)


@pytest.mark.parametrize("word", list(ClearingWord))
def test_every_word_ends_in_a_sentence(word: ClearingWord) -> None:
    sentence = done_words(word, ClearingDone(7, Amount(30), settled=False))
    assert sentence.startswith("Final at height 7. ")
    assert sentence.endswith(".")


def test_a_settled_payment_is_called_settled() -> None:
    done = ClearingDone(7, Amount(30), settled=True)
    assert "settled" in done_words(ClearingWord.PAID, done)
    assert "waits" in done_words(ClearingWord.PAID, replace(done, settled=False))


class _Node:
    """What the command asks; the rest of a node is not there."""

    def __init__(self, told: ClearingTold) -> None:
        self.told = told
        self.asked: list[object] = []

    async def __aenter__(self) -> "_Node":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def clearing(self, period: int) -> ClearingTold:
        self.asked.append(period)
        return self.told

    async def say_clearing(self, request: object) -> ClearingDone:
        self.asked.append(request)
        return ClearingDone(9, Amount(500), settled=False)


@pytest.fixture
def node(told: ClearingTold, monkeypatch: pytest.MonkeyPatch) -> _Node:
    made = _Node(told)
    monkeypatch.setattr(clearing_command, "connect", lambda *_, **__: made)
    return made


def test_json_has_fields_by_name_and_only_what_was_asked(
    node: _Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["clearing", "show", "--data", str(tmp_path), "--json", "--period", "2026-03-1"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["period"], node.asked) == (PERIOD, [PERIOD])
    assert [one["party"] for one in document["statements"]] == [0]
    assert document["statements"][0]["payments"][0]["amount"] == 500
    assert main([*words, "--all"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["party"] for one in document["statements"]] == [0, 1, POOL]


def test_text_is_for_this_shop_or_for_all(
    node: _Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clearing", "show", "--data", str(tmp_path)]) == 0
    assert "owes 620 to" in capsys.readouterr().out
    assert main(["clearing", "show", "--data", str(tmp_path), "--all"]) == 0
    assert "the pool: owes 0" in capsys.readouterr().out
    assert node.asked == [-1, -1]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["paid", "--period", "2026-03-1", "--to", "pool"], (ClearingWord.PAID, PERIOD, POOL, 0)),
        (
            ["received", "--period", "2026-03-1", "--from", "1"],
            (ClearingWord.RECEIVED, PERIOD, 1, 0),
        ),
        (["arrears", "--from", "1", "--amount", "70"], (ClearingWord.ARREARS, 0, 1, 70)),
        (["leave"], (ClearingWord.LEAVE, 0, 0, 0)),
        (["stay"], (ClearingWord.STAY, 0, 0, 0)),
        (["hand-over"], (ClearingWord.HAND_OVER, 0, 0, 0)),
    ],
)
def test_words_are_sent_as_typed(
    node: _Node, tmp_path: Path, words: list[str], asked: tuple[object, ...]
) -> None:
    assert main(["clearing", *words, "--data", str(tmp_path)]) == 0
    (request,) = node.asked
    assert isinstance(request, SayClearing)
    assert (request.word, request.period, request.party, request.amount) == asked


# --- at a node ---


async def test_a_real_node_shows_takes_words_and_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genesis, dirs = found(tmp_path, 1)
    at = ["--data", str(dirs[0])]
    async with running_node(dirs[0], genesis, alone=True):
        assert await _command(["clearing", "leave", *at]) == 0
        assert await _command(["clearing", "show", *at]) == 0
        assert "leaving: no new points" in capsys.readouterr().out
        paid = ["clearing", "paid", *at, "--period", "2026-03-1", "--to", "pool"]
        assert await _command(paid) == 1
        assert "no such payment in that half month" in capsys.readouterr().err


async def _command(words: list[str]) -> int:
    with trio.fail_after(60):
        return await trio.to_thread.run_sync(partial(main, words))
