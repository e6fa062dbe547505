"""The desk that cares for cards, through `Service.handle` of a lone node (L-5.8 to L-5.15)."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from threading import get_ident

import nacl.pwhash
import pytest
from liandao_node.crypto import card_papers
from liandao_node.crypto.card_papers import ClaimSecret, RecoverySecret, pin_key
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import InputFault, Refused
from liandao_node.runtime import pin_keys
from liandao_node.types import Amount
from liandao_node.wire.api import (
    BlockFor,
    CardReply,
    CardView,
    Enrolled,
    FindCard,
    Held,
    HoldPoints,
)
from liandao_node.wire.card_care import (
    BlockCard,
    CancelCardMove,
    CardCared,
    CardMoved,
    FinishCardMove,
    MakePaper,
    MergeCards,
    MoveCard,
    PaperMade,
    SetCardPaper,
    SetCardPin,
    UnblockCard,
)
from support.runtime_node import OneNode, found, running_node

PIN, OTHER_PIN = "4711", "0815"


@pytest.fixture(autouse=True)
def fast_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_papers, "_PIN_OPS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(card_papers, "_PIN_MEMORY_BYTES", nacl.pwhash.argon2id.MEMLIMIT_MIN)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


async def rich(one: OneNode) -> Enrolled:
    """A card with 1000 points."""
    card = await one.card()
    await one.sell(card.card.card, 50_000)
    return card


async def seen(one: OneNode, presented: str) -> CardView:
    found = (await one.ask(FindCard(presented), CardReply)).card
    assert found is not None
    return found


async def hold(one: OneNode, presented: str, pin: str = "") -> Held:
    name = secrets.token_bytes(16)
    return await one.ask(HoldPoints(name, presented, Amount(10), pin), Held)


async def refused(one: OneNode, request: object, *, as_: type[Exception] = Refused) -> str:
    with pytest.raises(as_) as caught:
        await one.ask(request, CardCared)  # type: ignore[arg-type]
    return caught.value.code  # type: ignore[attr-defined, no-any-return]


@pytest.mark.rule("L-5.9")
async def test_points_of_a_card_with_a_pin_need_card_and_pin(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await rich(one)
    assert card.card.guard is None, "a plain card"
    made_in: set[int] = set()

    def slow(secret: CardSecret, pin: str) -> SigningKey:
        made_in.add(get_ident())
        return pin_key(secret, pin)

    monkeypatch.setattr(pin_keys, "pin_key", slow)
    done = await one.ask(SetCardPin(card.payload, "", PIN), CardCared)
    assert done.card.guard is not None
    assert (done.card.guard.has_pin, done.card.guard.has_paper) == (True, False)
    for presented, pin, code in (
        (card.payload, "", "PIN_NEEDED"),
        (card.payload, OTHER_PIN, "PIN_WRONG"),
        (card.card.code, PIN, "PIN_NEEDED"),
    ):
        with pytest.raises(Refused, match=code):
            await hold(one, presented, pin)
    assert (await hold(one, card.payload, PIN)).amount == 10
    assert get_ident() not in made_in
    assert made_in, "the slow function runs, and elsewhere"


@pytest.mark.rule("R12")
async def test_a_pin_is_changed_once_however_often_it_is_asked_for(one: OneNode) -> None:
    card = await rich(one)
    await one.ask(SetCardPin(card.payload, "", PIN), CardCared)
    assert await refused(one, SetCardPin(card.payload, "", OTHER_PIN)) == "PIN_NEEDED"
    change = SetCardPin(card.payload, PIN, OTHER_PIN)
    first = await one.ask(change, CardCared)
    height = one.node.ledger.tip.seq
    again = await one.ask(change, CardCared)
    assert (first.certified.height, again.certified.height) == (height, 0)
    assert one.node.ledger.tip.seq == height, "nothing was ordered"
    off = await one.ask(SetCardPin(card.payload, OTHER_PIN, ""), CardCared)
    assert off.card.guard is not None
    assert not off.card.guard.has_pin
    assert (await hold(one, card.payload)).amount == 10
    assert await refused(one, SetCardPin(card.card.code, "", PIN), as_=InputFault) == (
        "CARD_NOT_SCANNED"
    )
    assert await refused(one, SetCardPin(card.payload, "", "12"), as_=InputFault) == "PIN_FORM"
    stranger = CardSecret(bytes(32)).payload
    assert await refused(one, SetCardPin(stranger, "", PIN)) == "CARD_UNKNOWN"


@pytest.mark.rule("L-5.11")
async def test_a_lost_card_is_blocked_by_its_code_and_unblocked_by_itself(one: OneNode) -> None:
    card = await rich(one)
    done = await one.ask(BlockCard(card.card.code, BlockFor.STOLEN), CardCared)
    guard = done.card.guard
    assert guard is not None
    assert (guard.blocked, guard.blocked_by) == (BlockFor.STOLEN, one.node.me)
    assert guard.blocked_ms == done.certified.time_ms
    with pytest.raises(Refused, match="CARD_BLOCKED"):
        await hold(one, card.payload)
    assert await refused(one, UnblockCard(card.card.code, ""), as_=InputFault) == "CARD_NOT_SCANNED"
    again = (await one.ask(UnblockCard(card.payload, ""), CardCared)).card.guard
    assert again is not None
    assert again.blocked is None
    assert (await hold(one, card.payload)).amount == 10


@pytest.mark.rule("L-5.13")
async def test_the_paper_at_home_brings_a_lost_cards_points_to_a_new_one(one: OneNode) -> None:
    card, new = await rich(one), CardSecret(b"a new card, nobody knows it yet.")
    paper = (await one.ask(MakePaper(), PaperMade)).payload
    assert paper != (await one.ask(MakePaper(), PaperMade)).payload
    set_paper = SetCardPaper(card.payload, "", "", paper)
    for certified in (True, False):
        cared = await one.ask(set_paper, CardCared)
        assert cared.card.guard is not None
        assert (cared.card.guard.has_paper, cared.certified.height > 0) == (True, certified)
    wrong = RecoverySecret(bytes(32)).payload
    claim = ClaimSecret(bytes(15)).payload
    assert await refused(one, MoveCard(card.card.code, new.payload, "")) == "RECOVERY_NEEDED"
    assert await refused(one, MoveCard(card.card.code, new.payload, wrong)) == "RECOVERY_WRONG"
    assert await refused(one, MoveCard(card.card.code, new.payload, claim), as_=InputFault) == (
        "PAPER_OTHER_KIND"
    )
    move = MoveCard(card.card.code, new.payload, paper)
    for _ in range(2):  # asked again it is the same move
        moved = await one.ask(move, CardMoved)
        assert (moved.card.code, moved.card.available, moved.ready_ms) == (new.code, 1_000, 0)
    old = await seen(one, card.payload)
    assert old.guard is not None
    assert (old.guard.moved, old.available) == (True, 0)
    with pytest.raises(Refused, match="CARD_MOVED"):
        await hold(one, card.payload)


@pytest.mark.rule("L-5.13")
async def test_without_a_paper_a_move_waits_and_the_lost_card_calls_it_off(one: OneNode) -> None:
    card, new = await rich(one), await one.card()
    move = MoveCard(card.card.code, new.payload, "")
    waits = await one.ask(move, CardMoved)
    assert waits.ready_ms > waits.certified.time_ms
    height = one.node.ledger.tip.seq
    again = await one.ask(move, CardMoved)
    assert (again.ready_ms, one.node.ledger.tip.seq) == (waits.ready_ms, height)
    guard = (await seen(one, card.card.code)).guard
    assert guard is not None
    assert (guard.waiting_ready_ms, guard.waiting_by) == (waits.ready_ms, one.node.me)
    assert await refused(one, FinishCardMove(card.card.code)) == "MOVE_WAITS"
    called_off = (await one.ask(CancelCardMove(card.payload), CardCared)).card.guard
    assert called_off is not None
    assert called_off.waiting_ready_ms == 0
    assert await refused(one, FinishCardMove(card.card.code)) == "NO_MOVE_WAITS"


@pytest.mark.rule("L-5.14")
async def test_two_cards_become_one(one: OneNode) -> None:
    card, other = await rich(one), await rich(one)
    await one.ask(SetCardPin(card.payload, "", PIN), CardCared)
    assert await refused(one, MergeCards(card.payload, "", other.payload)) == "PIN_NEEDED"
    for _ in range(2):
        merged = await one.ask(MergeCards(card.payload, PIN, other.payload), CardMoved)
        assert (merged.card.code, merged.card.available) == (other.card.code, 2_000)
