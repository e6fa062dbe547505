"""``liandao card``, ``claim``, ``visit``, ``coupon``, ``stamp``, ``referral``: what people type."""

import re
from pathlib import Path

import nacl.pwhash
import pytest
from liandao_node.cli.card_command import describe
from liandao_node.cli.main import main
from liandao_node.client import BlockFor, CardView, GuardView
from liandao_node.crypto import card_papers
from liandao_node.types import Amount, Millis, ShopId
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node
from support.typing_people import Typing


@pytest.mark.rule("L-5.10")
@pytest.mark.rule("L-20.5")
async def test_a_real_node_cares_claims_and_takes_coupons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_papers, "_PIN_OPS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(card_papers, "_PIN_MEMORY_BYTES", nacl.pwhash.argon2id.MEMLIMIT_MIN)
    genesis, dirs = found(tmp_path, 1)
    run = Typing(dirs[0], capsys, monkeypatch)
    async with running_node(dirs[0], genesis, alone=True) as one:
        await _cards(run, one)
        await _claims(run, one)
        await _coupons(run, one, tmp_path / "papers.txt")


async def _cards(run: Typing, one: OneNode) -> None:
    card, new = await one.card(), await one.card()
    await one.sell(card.card.card, 50_000)
    code, out, _ = await run.all("card pin", card.payload, "", "4711", "4712")
    assert (code, "two different PINs" in out) == (1, True)
    assert "has a PIN now" in await run("card pin", card.payload, "", "4711", "4711")
    code, out, _ = await run.all("card recovery", "no")
    assert (code, "Tear the paper up." in out) == (1, True)
    assert "no recovery paper" in await run(f"card show {card.card.code}")
    out = await run("card recovery", "yes", card.payload, "4711", "")
    paper = re.search(r"LD1:H:\S+", out)
    assert paper is not None
    assert "has this paper now" in out
    assert "is blocked" in await run(f"card block {card.card.code}")
    assert "BLOCKED" in await run(f"card show {card.card.code}")
    code, _, err = await run.all("card unblock", card.payload, "")
    assert (code, "This card has a PIN." in err) == (1, True)
    out = await run(f"card move {card.card.code}", new.payload, paper[0])
    assert f"All points are on card {new.card.code} now: 1000" in out
    assert "has another card" in await run(f"card show {card.card.code}")
    code, _, err = await run.all("card pin", new.card.code, "", "", "")
    assert (code, "needs the card itself" in err) == (1, True)
    assert "visit 1 of this card" in await run("visit", new.payload)


async def _claims(run: Typing, one: OneNode) -> None:
    order = await one.number()
    await one.sell(b"", 50_000, order)
    out = await run(f"claim offer {order.register} {order.number}")
    paper = re.search(r"LD1:B:\S+", out)
    assert paper is not None
    card = (await one.card()).card
    assert "1000 in points of shop 0" in await run(f"claim take {card.code}", paper[0])
    code, _, err = await run.all(f"claim take {card.code}", "LD1:B:0")
    assert (code, "read completely" in err) == (1, True)


async def _coupons(run: Typing, one: OneNode, papers: Path) -> None:
    days = "--from 2020-01-01 --to 2090-01-01"
    offer = f"coupon offer --amount 200 --budget 10000 --uses 50 {days}"
    assert "Campaign 1 of this shop is published" in await run(offer)
    out = await run(f"coupon print 1 --count 2 --out {papers}")
    assert "Coupons 0 to 1 are good" in out
    first, _ = papers.read_text().split()
    assert first.startswith("LD1:P:")
    out = await run("coupon hold --bill 1000", first)
    assert "200 off, 800 left to pay" in out
    name = out.split()[-1]
    assert "paid by shop 0, spent 0 and held 200 of 10000, made 2, used 0" in await run(
        "coupon list"
    )
    assert "Given back: 200" in await run(f"coupon release {name}")
    assert "Campaign 2" in await run(f"{offer} --for given")
    assert "Stamp card 3" in await run(f"stamp offer {days} --minimum 5 --stamps 9 --reward 2")
    card = (await one.card()).card
    assert "has 1 of them" in await run(f"coupon give 2 {card.code}")
    await one.sell(card.card, 500)
    out = await run(f"coupon wallet {card.code} --bill 900")
    assert out.splitlines() == ["  coupon 0 2: 200 off, 1 left", "  stamp card 0 3: 1 of 9"]
    caps = " ".join(f"--{cap}-max 100" for cap in ("order", "card", "day", "period", "total"))
    assert "Terms 1 are published" in await run(f"referral terms --bps 500 {caps}")
    assert "spent; 0 are held" in await run("coupon close 0 1")
    code, _, err = await run.all(f"coupon print 1 --count 1 --out {papers}")
    assert (code, "campaign is over" in err) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        "coupon offer --amount 2 --budget 0 --uses 5 --from 2020-01-01 --to 2020-01-02",
        "coupon offer --bps 10001 --budget 1 --uses 5 --from 2020-01-01 --to 2020-01-02",
        "coupon offer --amount 2 --budget 1 --uses 5 --from 2020-02-30 --to 2020-03-01",
        "coupon offer --amount 2 --budget 1 --uses 5 --from 1969-12-31 --to 2020-03-01",
        "coupon print 1 --count 1025 --out x",
        "coupon release 00",
        "coupon close 65536 1",
    ],
)
def test_numbers_out_of_bounds_never_reach_the_node(words: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words.split(), "--data", str(tmp_path)])
    assert ended.value.code == 2


def test_how_a_card_stands_is_said_whole() -> None:
    card = CardView(
        card=bytes(16),
        code="40170001",
        available=Amount(5),
        held=Amount(0),
        next_expiry=Amount(0),
        next_expiry_ms=Millis(0),
        last_seen_ms=Millis(0),
        present=False,
    )
    day_ms = Millis(86_400_000)
    guard = GuardView(
        has_pin=True,
        has_paper=False,
        blocked=BlockFor.LOST,
        blocked_by=ShopId(2),
        blocked_ms=day_ms,
        moved=False,
        waiting_ready_ms=day_ms,
        waiting_by=ShopId(3),
    )
    assert list(describe(card, 480))[1:] == ["  no PIN, no recovery paper"]
    assert list(describe(replace(card, guard=guard), 480)) == [
        "Card 40170001: 5 in points, 0 held, 0 later",
        "  a PIN, no recovery paper",
        "  BLOCKED since 1970-01-02 by shop 2: lost",
        "  shop 3 asked to move its points; that can be finished on 1970-01-02",
    ]
