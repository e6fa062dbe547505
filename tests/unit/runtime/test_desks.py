"""The desks of a lone node: cards, sales, imports and receipts, through `Service.handle`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from liandao_node.crypto import cards as card_forms
from liandao_node.crypto.cards import CardCode, CardSecret, damm
from liandao_node.errors import InputFault, Refused, Unavailable
from liandao_node.ledger.modules import cards as card_module
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.limits import ORDERS_PER_REQUEST_MAX
from liandao_node.proofs.verifier import verify_receipt
from liandao_node.types import Amount, CardId, Millis
from liandao_node.wire.api import (
    CardReply,
    EnrolCard,
    Enrolled,
    FindCard,
    GetReceipt,
    Held,
    HoldPoints,
    OrderIn,
    OrderRef,
    OrdersDone,
    ReceiptReply,
    Released,
    ReleaseHold,
    Sold,
    SubmitOrders,
)
from liandao_node.wire.messages import Requests
from msgspec.structs import replace
from support.runtime_node import OneNode, found, key_of, running_node, sale, until
from support.runtime_peers import Peer, order

HOLD = b"a hold of 16 byt"
SEED = bytes(range(32))


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    async with lone(tmp_path) as node:
        yield node


@asynccontextmanager
async def lone(root: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(root, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


# --- cards ---


async def test_a_card_is_found_by_its_scan_and_by_its_code(one: OneNode) -> None:
    enrolled = await one.card()
    scanned = await one.ask(FindCard(enrolled.payload), CardReply)
    typed = await one.ask(FindCard(enrolled.card.code), CardReply)
    assert scanned.card is not None
    assert typed.card is not None
    assert (scanned.card.present, typed.card.present) == (True, False)
    assert scanned.card.card == typed.card.card == enrolled.card.card
    stranger = CardSecret(SEED)
    assert (await one.ask(FindCard(stranger.payload), CardReply)).card is None
    assert (await one.ask(FindCard(stranger.code), CardReply)).card is None
    with pytest.raises(InputFault, match="SCAN_NOT_OURS"):
        await one.node.service.handle(FindCard("https://example.org"))


@pytest.mark.rule("R22")
async def test_a_card_that_is_known_is_shown_and_not_made_again(one: OneNode) -> None:
    secret = CardSecret(SEED)
    first = await one.ask(EnrolCard(secret.payload), Enrolled)
    again = await one.ask(EnrolCard(secret.payload), Enrolled)
    assert first.certified.height == 1
    assert again.certified.height == 0, "nothing was ordered"
    assert (first.payload, again.payload) == ("", ""), "the customer has it already"
    assert first.card.card == again.card.card == secret.id
    with pytest.raises(InputFault, match="ENROL_NEEDS_CARD"):
        await one.node.service.handle(EnrolCard(secret.code))


@pytest.mark.rule("R12")
async def test_a_hold_asked_twice_is_one_hold_and_another_amount_is_not(one: OneNode) -> None:
    enrolled = await one.card()
    card = enrolled.card.card
    await one.sell(card, 50_000)
    first = await one.ask(HoldPoints(HOLD, enrolled.payload, Amount(400)), Held)
    again = await one.ask(HoldPoints(HOLD, enrolled.payload, Amount(400)), Held)
    assert (again.amount, again.expires_ms) == (first.amount, first.expires_ms)
    shown = (await one.ask(FindCard(enrolled.payload), CardReply)).card
    assert shown is not None
    assert (shown.available, shown.held) == (600, 400)
    released = await one.ask(ReleaseHold(HOLD, card), Released)
    assert released.amount == 400
    with pytest.raises(Refused, match="HOLD_KNOWN"):
        await one.node.service.handle(HoldPoints(HOLD, enrolled.payload, Amount(400)))
    with pytest.raises(Refused, match="CARD_UNKNOWN"):
        await one.node.service.handle(HoldPoints(HOLD, CardSecret(SEED).payload, Amount(1)))


# --- sales ---


@pytest.mark.rule("R11")
async def test_a_sale_asked_twice_has_one_effect_and_another_sale_is_refused(one: OneNode) -> None:
    card = (await one.card()).card.card
    number = await one.number()
    first = await one.ask(sale(number, card, 10_000), Sold)
    again = await one.ask(sale(number, card, 10_000), Sold)
    assert (first.earned, first.balance) == (again.earned, again.balance) == (200, 200)
    assert (first.certified.height, again.certified.height) == (2, 0)
    for other in (
        sale(number, card, 10_001),
        sale(number, b"", 10_000),
        replace(sale(number, card, 10_000), tender="card"),
        replace(sale(number, card, 10_000), excluded=Amount(5)),
    ):
        with pytest.raises(Refused, match="ORDER_KNOWN"):
            await one.node.service.handle(other)
    with pytest.raises(InputFault) as caught:
        await one.node.service.handle(replace(sale(number, card, 1), tender="x" * 100))
    assert (caught.value.code, caught.value.facts) == ("TENDER_UNKNOWN", {"tender": "x" * 40})
    assert one.node.service.summary().points_issued == 200


async def test_points_pay_a_part_of_a_bill(one: OneNode) -> None:
    enrolled = await one.card()
    card = enrolled.card.card
    await one.sell(card, 50_000)
    await one.ask(HoldPoints(HOLD, enrolled.payload, Amount(1_000)), Held)
    sold = await one.ask(sale(await one.number(), card, 1_000, HOLD, 500), Sold)
    assert (sold.points_used, sold.earned, sold.balance) == (500, 10, 510)
    summary = one.node.service.summary()
    assert (summary.points_issued, summary.points_redeemed) == (1_010, 500)
    assert summary.points_outstanding == 510


# --- imports ---


def orders(count: int, customers: int = 0, source: str = "old till") -> SubmitOrders:
    """Orders of which the first ``customers`` have one each."""
    return SubmitOrders(
        [
            OrderIn(
                source, f"A-{at}", Millis(at), Amount(10_000), f"c{at}" if at < customers else ""
            )
            for at in range(count)
        ]
    )


async def test_an_import_answers_every_order_in_its_place(one: OneNode) -> None:
    mixed = orders(4, 2)
    mixed.orders[2] = replace(mixed.orders[2], gross=Amount(-5))
    mixed.orders[3] = replace(mixed.orders[3], customer="c0")
    done = await one.ask(mixed, OrdersDone)
    assert [(o.reference, o.code, o.earned) for o in done.orders] == [
        ("A-0", "OK", 200),
        ("A-1", "OK", 200),
        ("A-2", "CALL_MALFORMED", 0),
        ("A-3", "OK", 200),
    ]
    again = await one.ask(mixed, OrdersDone)
    assert [o.code for o in again.orders] == ["ORDER_KNOWN"] * 2 + ["CALL_MALFORMED", "ORDER_KNOWN"]
    summary = one.node.service.summary()
    assert summary.points_issued == 600
    assert summary.calls == 2 + 4 + 4, "a customer's card is made once"
    assert await one.ask(SubmitOrders([]), OrdersDone) == OrdersDone([], None)
    with pytest.raises(InputFault, match="TOO_MANY_ORDERS"):
        await one.node.service.handle(orders(ORDERS_PER_REQUEST_MAX + 1))


async def test_customers_whose_digits_collide_get_others(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sixty codes in the world, two dozen customers still have a card each."""

    def few(card: CardId) -> CardCode:
        digits = f"{card[0] % 60:07d}"
        return CardCode(digits + str(damm(digits)))

    monkeypatch.setattr(card_forms, "card_code", few)
    monkeypatch.setattr(card_module, "card_code", few)
    monkeypatch.setattr(one.node.service._sales, "_secret", bytes(32))
    done = await one.ask(orders(12, 12), OrdersDone)
    assert [o.code for o in done.orders] == ["OK"] * 12
    more = await one.ask(orders(12, 12, "web shop"), OrdersDone)
    assert {o.code for o in more.orders} <= {"OK"}
    again = await one.ask(
        SubmitOrders([replace(o, reference=f"B-{o.reference}") for o in orders(12, 12).orders]),
        OrdersDone,
    )
    assert [o.code for o in again.orders] == ["OK"] * 12
    assert one.node.service.summary().calls == 24 + 24 + 12, "nobody got a second card"


# --- receipts ---


async def test_a_receipt_proves_its_own_order_among_others(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    key = key_of(genesis, dirs[0])
    async with running_node(dirs[0], genesis, alone=True) as one:
        voice = Peer(one, 0, key)
        bodies = [
            Sale(2, at, b"", Amount(1_000 * at), Amount(0), b"", Amount(0), Tender.CASH, Millis(0))
            for at in range(1, 5)
        ]
        voice.say(Requests([voice.tx(order("x"), *bodies[:2], order("y"), *bodies[2:]).raw]))
        await until(lambda: one.stores.ledger.order(2, 4) is not None)
        text = (dirs[0] / "genesis.json").read_text()
        for at in range(1, 5):
            reply = await one.ask(GetReceipt(OrderRef(2, at)), ReceiptReply)
            fields = verify_receipt(reply.document, text).fields
            assert (fields["number"], fields["gross"]) == (at, 1_000 * at)
        with pytest.raises(Refused, match="ORDER_UNKNOWN"):
            await one.node.service.handle(GetReceipt(OrderRef(2, 5)))


async def test_a_receipt_that_is_not_written_yet_is_not_unknown(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ledger.db follows behind; whoever asks at once is told to ask again."""
    sold = await one.sell(b"", 1_000)
    with monkeypatch.context() as patch:
        patch.setattr(one.stores.ledger, "order", lambda *_: None)
        with pytest.raises(Unavailable, match="RECEIPT_NOT_WRITTEN"):
            await one.node.service.handle(GetReceipt(sold.order))
    await until(lambda: one.stores.ledger.order(1, 1) is not None)
    await one.ask(GetReceipt(sold.order), ReceiptReply)
