"""Claims at the till and at the desk, through `Service.handle` of a lone node (L-7.16 on)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from liandao_node.crypto.card_papers import RecoverySecret
from liandao_node.errors import InputFault, Refused
from liandao_node.runtime import claims_desk
from liandao_node.types import Amount, Millis
from liandao_node.wire.api import OrderIn, OrdersDone, Sell, Sold, SubmitOrders
from liandao_node.wire.claims import ClaimOffered, ClaimPoints, OfferOrderClaim, PointsClaimed
from liandao_node.wire.refunds import OrderName
from liandao_node.wording import sentence
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node, sale


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


async def nobodys(one: OneNode, gross: int = 50_000) -> Sell:
    return replace(sale(await one.number(), b"", gross), claim=True)


@pytest.mark.rule("L-7.17")
async def test_a_sale_without_a_card_gives_a_code_that_brings_its_points(one: OneNode) -> None:
    selling = await nobodys(one)
    sold = await one.ask(selling, Sold)
    assert sold.claim.startswith("LD1:B:")
    assert sold.claim_until_ms > sold.certified.time_ms
    again = await one.ask(selling, Sold)
    assert (again.claim, again.claim_until_ms) == (sold.claim, sold.claim_until_ms), "R12"
    card, other = (await one.card()).card, (await one.card()).card
    claiming = ClaimPoints(sold.claim.lower(), card.code)
    first = await one.ask(claiming, PointsClaimed)
    assert (first.shop, first.earned, first.balance) == (one.node.me, 1_000, 1_000)
    repeated = await one.ask(claiming, PointsClaimed)
    assert (repeated.earned, repeated.balance) == (1_000, 1_000)
    with pytest.raises(Refused, match="CLAIM_MADE"):
        await one.ask(replace(claiming, presented=other.code), PointsClaimed)
    assert (await one.ask(selling, Sold)).claim == "", "nothing is left to claim"


async def test_sales_that_bring_nothing_give_no_code_and_stand(one: OneNode) -> None:
    small = await one.ask(await nobodys(one, 10), Sold)
    assert (small.claim, small.claim_until_ms) == ("", 0)
    card = (await one.card()).card
    selling = replace(await nobodys(one), card=card.card)
    assert (await one.ask(selling, Sold)).claim == "", "its card has the points"
    assert (await one.ask(replace(await nobodys(one), claim=False), Sold)).claim == ""


async def test_a_code_is_told_again_for_minutes_only(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody looks for codes that their buyers forgot."""
    selling = replace(await nobodys(one), claim=False)
    await one.ask(selling, Sold)
    offer = OfferOrderClaim(OrderName(selling.order.register, selling.order.number))
    first = await one.ask(offer, ClaimOffered)
    assert await one.ask(offer, ClaimOffered) == first
    monkeypatch.setattr(claims_desk, "CLAIM_AGAIN_MS", 0)
    with pytest.raises(Refused, match="CLAIM_KNOWN"):
        await one.ask(offer, ClaimOffered)
    assert (await one.ask(replace(selling, claim=True), Sold)).claim == ""
    card = (await one.card()).card
    assert (await one.ask(ClaimPoints(first.payload, card.code), PointsClaimed)).earned == 1_000


async def test_orders_of_other_tills_have_codes_too(one: OneNode) -> None:
    till = OrderIn("till", "7", Millis(0), Amount(50_000), "")
    await one.ask(SubmitOrders([till]), OrdersDone)
    offered = await one.ask(OfferOrderClaim(OrderName(0, 0, "till", "7")), ClaimOffered)
    card = (await one.card()).card
    for _ in range(2):
        done = await one.ask(ClaimPoints(offered.payload, card.code), PointsClaimed)
        assert done.earned == 1_000
    paper = RecoverySecret(bytes(32)).payload
    with pytest.raises(InputFault, match="PAPER_OTHER_KIND"):
        await one.ask(ClaimPoints(paper, card.code), PointsClaimed)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        (OrderName(1, 99), "ORDER_UNKNOWN", "receipt number 1-99"),
        (OrderName(0, 0, "till", "A7"), "IMPORT_UNKNOWN", "No order A7 of till"),
    ],
)
async def test_an_order_that_is_not_there_is_named(
    one: OneNode, name: OrderName, code: str, words: str
) -> None:
    """The street refuses by number alone."""
    with pytest.raises(Refused, match=code) as refused:
        await one.ask(OfferOrderClaim(name), ClaimOffered)
    assert words in sentence(refused.value.code, refused.value.facts)
