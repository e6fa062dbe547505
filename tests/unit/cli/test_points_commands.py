"""``liandao refund``, ``grant``, ``staff`` and ``earn-rule``: what people read and type."""

import argparse
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import nacl.pwhash
import pytest
import trio
from liandao_node.cli import refund_command
from liandao_node.cli.earn_rule_command import describe, hours, rate
from liandao_node.cli.main import main
from liandao_node.cli.refund_command import preview_words, refund_name
from liandao_node.client import (
    EarnHours,
    EarnRuleTerms,
    EarnRuleTold,
    EarnRuleView,
    OrderName,
    OrderView,
    RefundOrder,
    RefundPreview,
)
from liandao_node.errors import Unavailable
from liandao_node.runtime import staff
from liandao_node.types import Amount, Millis
from liandao_node.wire.api import OrderIn, OrdersDone, SubmitOrders
from support.runtime_node import found, running_node


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "HASH_OPS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(staff, "HASH_BYTES", nacl.pwhash.argon2id.MEMLIMIT_MIN)


async def _command(words: list[str]) -> int:
    return await trio.to_thread.run_sync(partial(main, words))


async def test_a_real_node_refunds_gives_and_publishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, dirs = found(tmp_path, 1)
    at = ["--data", str(dirs[0])]

    async def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        code = await _command([*words, *at])
        told = capsys.readouterr()
        return code, told.out, told.err

    async with running_node(dirs[0], genesis, alone=True) as one:
        card = (await one.card()).card
        await one.sell(card.card, 2_000)
        code, out, _ = await run("refund", "1", "1", typed="no")
        assert (code, out.splitlines()[-1]) == (1, "Give it back? (yes/no) Nothing was refunded.")
        code, out, _ = await run("refund", "1", "1", "500", "--yes")
        assert code == 0
        assert "Refunded 500 of receipt 1-1, final." in out
        assert "  left of the sale: 1500" in out
        again = ["refund", "1", "1", "300", "--name", "ab" * 16]
        for _ in range(2):
            code, out, _ = await run(*again)
            assert (code, "  left of the sale: 1200" in out) == (0, True)
        code, _, err = await run("refund", "1", "1", "1201", "--yes")
        assert (code, "Only 1200 of receipt 1-1 are left" in err) == (1, True)
        assert (await run("refund", "1", "1", "--name", "ab" * 16))[0] == 2

        order = OrderIn("woo", "10025", Millis(0), Amount(900), "")
        await one.ask(SubmitOrders([order]), OrdersDone)
        code, out, _ = await run("refund-import", "woo", "10025", "--yes")
        assert (code, "Refunded 900 of receipt woo 10025" in out) == (0, True)

        gift = ["grant", card.code, "30", "--asked-by", "Sato", "--reason", "goodwill"]
        gift += ["--approved-by", "Wang Li"]
        code, _, err = await run(*gift, typed="4711")
        assert (code, "Nobody in this shop may approve" in err) == (2, True)
        assert (await run("staff", "add", "Wang Li", "--approves", typed=""))[0] == 1
        assert (await run("staff", "add", "Sato"))[0] == 0
        assert (await run("staff", "add", "Wang Li", "--approves", typed="4711"))[0] == 0
        _, out, _ = await run("staff", "list")
        assert out == "Sato: may ask\nWang Li: may ask and approve\n"
        code, out, _ = await run(*gift, typed="4711")
        assert (code, "4970 more may be given" in out) == (0, True)
        code, _, err = await run(*gift, typed="4712")
        assert (code, "That is not the PIN of Wang Li." in err) == (1, True)
        assert (await run("staff", "remove", "Sato"))[0] == 0

        code, out, _ = await run("earn-rule", "set", "300", "--hours", "sat-sun@09:00-12:00=600")
        assert (code, out.startswith("Rule 1 is published, in force from ")) == (0, True)
        _, out, _ = await run("earn-rule", "show")
        assert "in force: rule 0 (the street's rate)" in out
        assert "  6.00 % on sat sun 09:00-12:00" in out


def test_a_preview_tells_money_and_points_apart() -> None:
    order = OrderView(
        order=OrderName(1, 17),
        time_ms=Millis(0),
        code="40170001",
        gross=Amount(2_350),
        points=Amount(400),
        earned=Amount(58),
        refunded=Amount(100),
        tender="cash",
    )
    preview = RefundPreview(order, Amount(1_000), Amount(830), Amount(170), Amount(20), Amount(4))
    assert list(preview_words(preview)) == [
        "Receipt 1-17: 2350, of it points 400, refunded before 100",
        "  would give back 1000: money 830, points 170",
        "  points of this sale taken back 20, set off against later ones 4",
    ]


def test_a_lost_answer_says_how_to_ask_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        async def refund(self, request: RefundOrder) -> None:
            assert request.refund == bytes.fromhex("cd" * 16)
            raise Unavailable("NODE_GONE")

    @asynccontextmanager
    async def connect(*_: object, **__: object) -> AsyncIterator[Gone]:
        yield Gone()

    monkeypatch.setattr(refund_command, "connect", connect)
    words = ["refund", "1", "17", "500", "--name", "cd" * 16, "--data", str(tmp_path)]
    assert main(words) == 1
    told = capsys.readouterr().err
    assert f"--name {'cd' * 16}" in told
    assert "Give nothing back" in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon-fri@15:00-18:00=600", EarnHours(31, 900, 1_080, 600)),
        ("Sat-Mon@00:00-24:00=0", EarnHours(97, 0, 1_440, 0)),
        ("wed@09:30-09:31=10000", EarnHours(4, 570, 571, 10_000)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: EarnHours) -> None:
    assert hours(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "mon@9:00-10:00=1",
        "xxx@09:00-10:00=1",
        "mon@09:60-10:00=1",
        "mon@24:00-24:00=1",
        "mon@09:00-24:01=1",
        "mon@09:00-10:00=10001",
        "mon@09:00-10:00=-1",
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        hours(text)


def test_rates_and_names_have_bounds() -> None:
    assert rate("10000") == 10_000
    for text in ("10001", "-1", "3%", "३"):
        with pytest.raises(argparse.ArgumentTypeError):
            rate(text)
    with pytest.raises(argparse.ArgumentTypeError):
        refund_name("abcd")


def test_a_rule_is_told_in_lines() -> None:
    nothing = Amount(0)
    street = EarnRuleTerms(200, nothing, nothing, nothing, nothing, [])
    own = EarnRuleTerms(325, Amount(50), Amount(70), Amount(1_000), Amount(2_000), [])
    told = EarnRuleTold(
        EarnRuleView(0, Millis(0), street),
        EarnRuleView(4, Millis(1_795_968_000_000), own),
        Millis(1_795_968_000_000),
        480,
    )
    assert list(describe(told)) == [
        "in force: rule 0 (the street's rate)",
        "  2.00 % of what was paid",
        "coming: rule 4, from 2026-11-30 on",
        "  3.25 % of what was paid",
        "  besides, once per card and day: 50",
        "  besides, for an order online: 70",
        "  nothing for less than: 1000",
        "  at most, per card and day: 2000",
    ]
