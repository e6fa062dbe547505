"""The desk for refunds of a lone node, through `Service.handle`: found, previewed, made once."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from liandao_node.errors import InputFault, Refused
from liandao_node.proofs.compact import to_text
from liandao_node.types import Amount, Millis
from liandao_node.wire.api import (
    CardReply,
    Enrolled,
    FindCard,
    GetReceipt,
    Held,
    HoldPoints,
    OrderIn,
    OrderRef,
    OrdersDone,
    ReceiptReply,
    Sold,
    SubmitOrders,
)
from liandao_node.wire.genesis import Rules
from liandao_node.wire.refunds import (
    WHOLE,
    FindOrder,
    GetOrders,
    OrderName,
    OrderRefunded,
    OrdersTold,
    OrderTold,
    PreviewRefund,
    RefundOrder,
    RefundPreview,
)
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node, sale, until

NAME = b"a refund, 16 byt"


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


async def with_points(one: OneNode) -> tuple[Enrolled, OrderRef, Sold]:
    """A card that earned 1000 with its first order, and used 500 of them for a second of 2000."""
    card = await one.card()
    await one.sell(card.card.card, 50_000)
    hold = secrets.token_bytes(16)
    await one.ask(HoldPoints(hold, card.payload, Amount(500)), Held)
    order = await one.number()
    sold = await one.ask(sale(order, card.card.card, 2_000, hold, 500), Sold)
    assert (sold.points_used, sold.earned, sold.balance) == (500, 30, 530)
    return card, order, sold


def name_of(order: OrderRef) -> OrderName:
    return OrderName(order.register, order.number)


def refund(order: OrderName, gross: int, name: bytes = NAME) -> RefundOrder:
    return RefundOrder(name, order, Amount(gross), Millis(0))


def moved(told: RefundPreview | OrderRefunded) -> tuple[int, int, int, int, int]:
    return told.gross, told.cash, told.points_back, told.taken_back, told.debt


@pytest.mark.rule("R5")
async def test_what_is_previewed_is_what_happens(one: OneNode) -> None:
    card, order, _ = await with_points(one)
    name = name_of(order)
    for gross in (301, 700, WHOLE):
        preview = await one.ask(PreviewRefund(name, Amount(gross)), RefundPreview)
        made = await one.ask(refund(name, preview.gross, secrets.token_bytes(16)), OrderRefunded)
        assert moved(made) == moved(preview)
        assert made.cash + made.points_back == made.gross
        assert made.order.refunded == preview.order.refunded + preview.gross
    assert made.order.left == 0
    with pytest.raises(Refused) as refused:
        await one.ask(PreviewRefund(name, WHOLE), RefundPreview)
    assert refused.value.code == "REFUND_NOTHING_LEFT"
    assert refused.value.facts == {"order": name.written, "gross": 2_000}
    again = (await one.ask(FindCard(card.payload), CardReply)).card
    assert again is not None
    assert again.available == 1_000, "all points are back, those of the order are gone"


async def test_points_that_are_gone_become_a_debt_and_the_preview_says_so(one: OneNode) -> None:
    """L-7.12: the first order's points were spent on the second."""
    card, _, _ = await with_points(one)
    first = OrderName(1, 1)
    preview = await one.ask(PreviewRefund(first, WHOLE), RefundPreview)
    assert moved(preview) == (50_000, 50_000, 0, 530, 470)
    made = await one.ask(refund(first, 50_000), OrderRefunded)
    assert moved(made) == moved(preview)
    assert made.certified.height > 0
    again = (await one.ask(FindCard(card.payload), CardReply)).card
    assert again is not None
    assert [(debt.shop, debt.amount) for debt in again.debts] == [(0, 470)]
    assert (again.lots, again.available) == ([], 0)


async def test_points_that_come_back_meet_the_cards_debts_first(one: OneNode) -> None:
    """So fewer are there to be taken back, and the preview knows."""
    card, second, _ = await with_points(one)
    hold = secrets.token_bytes(16)
    await one.ask(HoldPoints(hold, card.payload, Amount(400)), Held)
    await one.ask(sale(await one.number(), card.card.card, 2_000, hold, 400), Sold)
    made = await one.ask(refund(OrderName(1, 1), 50_000), OrderRefunded)
    assert (made.taken_back, made.debt) == (162, 838)
    preview = await one.ask(PreviewRefund(name_of(second), WHOLE), RefundPreview)
    other = refund(name_of(second), 2_000, secrets.token_bytes(16))
    made = await one.ask(other, OrderRefunded)
    assert moved(made) == moved(preview) == (2_000, 1_500, 500, 0, 30)


async def test_held_points_are_not_taken_back(one: OneNode) -> None:
    card = await one.card()
    await one.sell(card.card.card, 50_000)
    await one.ask(HoldPoints(secrets.token_bytes(16), card.payload, Amount(400)), Held)
    preview = await one.ask(PreviewRefund(OrderName(1, 1), WHOLE), RefundPreview)
    made = await one.ask(refund(OrderName(1, 1), 50_000), OrderRefunded)
    assert moved(made) == moved(preview) == (50_000, 50_000, 0, 600, 400)


@pytest.mark.rule("R12")
async def test_a_refund_asked_for_again_is_the_same_refund(one: OneNode) -> None:
    _, order, _ = await with_points(one)
    name = name_of(order)
    first = await one.ask(refund(name, 800), OrderRefunded)
    again = await one.ask(refund(name, 800), OrderRefunded)
    assert moved(again) == moved(first)
    assert (again.order.refunded, again.certified.height) == (800, 0), "nothing was ordered"
    with pytest.raises(Refused, match="REFUND_KNOWN"):
        await one.ask(refund(name, 700), OrderRefunded)
    # Both on their way at once: the ledger refuses one, and both get the one's answer.
    answers: list[OrderRefunded] = []
    other = secrets.token_bytes(16)

    async def ask() -> None:
        answers.append(await one.ask(refund(name, 100, other), OrderRefunded))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        nursery.start_soon(ask)
    assert [moved(answer) for answer in answers] == [moved(answers[0])] * 2
    assert answers[1].order.refunded == 900


async def test_more_than_is_left_is_refused_with_the_order_and_what_is_left(one: OneNode) -> None:
    card = await one.card()
    await one.sell(card.card.card, 1_000)
    name = OrderName(1, 1)
    await one.ask(refund(name, 400), OrderRefunded)
    for request in (PreviewRefund(name, Amount(601)), refund(name, 601, secrets.token_bytes(16))):
        with pytest.raises(Refused) as refused:
            await one.node.service.handle(request)
        assert refused.value.code == "REFUND_OVER_ORDER"
        assert refused.value.facts == {"order": "1-1", "left": 600}
    with pytest.raises(Refused) as refused:
        await one.node.service.handle(refund(OrderName(1, 7), 1))
    assert refused.value.facts == {"register": 1, "number": 7}


async def test_an_order_of_another_till_is_refunded_by_its_reference(one: OneNode) -> None:
    order = OrderIn("woo", "10025", Millis(0), Amount(4_000), "ada", online=True)
    await one.ask(SubmitOrders([order]), OrdersDone)
    name = OrderName(0, 0, "woo", "10025")
    preview = await one.ask(PreviewRefund(name, WHOLE), RefundPreview)
    assert moved(preview) == (4_000, 4_000, 0, 80, 0)
    assert len(preview.order.code) == 8
    made = await one.ask(refund(name, 4_000), OrderRefunded)
    assert (made.order.left, made.order.order.written) == (0, "woo 10025")
    stranger = replace(name, reference="10026")
    with pytest.raises(Refused) as refused:
        await one.node.service.handle(PreviewRefund(stranger, WHOLE))
    assert refused.value.code == "IMPORT_UNKNOWN"
    assert refused.value.facts == {"source": "woo", "reference": "10026"}


async def test_orders_are_found_by_number_by_qr_text_and_as_the_newest(one: OneNode) -> None:
    card = await one.card()
    for gross in (100, 200, 300):
        await one.sell(card.card.card, gross)
    await one.number()  # a sale that was refused leaves a gap
    await one.sell(b"", 500)
    newest = await one.ask(GetOrders(1, 3), OrdersTold)
    assert [(o.order.number, o.gross) for o in newest.orders] == [(5, 500), (3, 300), (2, 200)]
    assert [o.code for o in newest.orders] == ["", card.card.code, card.card.code]
    assert (await one.ask(GetOrders(9, 3), OrdersTold)).orders == []
    for written in ("1-3", " 1 - 3 ", "LD1:R:1-3"):
        assert (await one.ask(FindOrder(written), OrderTold)).order.gross == 300
    await until(lambda: one.stores.ledger.order_proof(1, 3) is not None)
    receipt = await one.ask(GetReceipt(OrderRef(1, 3)), ReceiptReply)
    scanned = to_text(receipt.document)
    assert (await one.ask(FindOrder(scanned), OrderTold)).order.order == OrderName(1, 3)


async def test_what_names_no_order_is_told_by_name(one: OneNode) -> None:
    for written, code in (
        ("hello", "ORDER_UNREADABLE"),
        ("", "ORDER_UNREADABLE"),
        ("1-99", "ORDER_UNKNOWN"),
        ("9999999999-1", "ORDER_UNKNOWN"),
        ("1-9999999999999999999", "ORDER_UNKNOWN"),
        ("LD1:R:NOT A RECEIPT", "ORDER_UNREADABLE"),
        ("١-٢", "ORDER_UNREADABLE"),
    ):
        with pytest.raises((InputFault, Refused), match=code):
            await one.node.service.handle(FindOrder(written))


@pytest.mark.rule("R7")
async def test_a_card_tells_every_lot_and_what_waits(tmp_path: Path) -> None:
    """Points of a dear order wait for the end of the return window."""
    rules = Rules(vest_ms=14 * 86_400_000, vest_over=Amount(10_000))
    genesis, dirs = found(tmp_path, 1, rules)
    async with running_node(dirs[0], genesis, alone=True) as one:
        card = await one.card()
        await one.sell(card.card.card, 5_000)
        await one.sell(card.card.card, 20_000)
        told = (await one.ask(FindCard(card.payload), CardReply)).card
        assert told is not None
        assert (told.available, told.pending) == (100, 400)
        free, waiting = told.lots
        assert (free.issuer, free.amount, free.vests_ms) == (0, 100, 0)
        assert free.expires_ms == told.next_expiry_ms
        assert waiting.amount == 400
        assert told.last_seen_ms < waiting.vests_ms < waiting.expires_ms
