"""Refunds of another till at a lone node: each is made once, in all its parts or in none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from liandao_node.errors import InputFault
from liandao_node.ledger import queries
from liandao_node.limits import REFUND_PARTS_MAX, REFUND_PARTS_PER_REQUEST_MAX
from liandao_node.runtime.references import reference_hash
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api import OrderIn, OrdersDone, SubmitOrders
from liandao_node.wire.refunds import RefundIn, RefundPart, RefundsDone, SubmitRefunds
from support.runtime_node import OneNode, found, running_node


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    """Ada bought for 40.00 and 60.00, and nobody for 5.00. Two per cent are given."""
    genesis, dirs = found(tmp_path, 1)
    bought = [("1", 4_000, "ada"), ("2", 6_000, "ada"), ("3", 500, "")]
    orders = [OrderIn("woo", name, Millis(0), Amount(sum_), who) for name, sum_, who in bought]
    async with running_node(dirs[0], genesis, alone=True) as node:
        await node.ask(SubmitOrders(orders), OrdersDone)
        yield node


def refund(name: str, *parts: tuple[str, int], source: str = "woo") -> RefundIn:
    taken = [RefundPart(reference, Amount(gross)) for reference, gross in parts]
    return RefundIn(name.encode().ljust(16), source, Millis(0), taken)


async def submit(one: OneNode, *refunds: RefundIn) -> list[tuple[list[str], int, int]]:
    done = await one.ask(SubmitRefunds(list(refunds)), RefundsDone)
    assert [told.refund for told in done.refunds] == [asked.refund for asked in refunds]
    return [(told.codes, told.taken_back, told.debt) for told in done.refunds]


def refunded(one: OneNode) -> list[int]:
    view = one.node.ledger.view()
    orders = [queries.imported_order(view, ShopId(0), "woo", reference_hash(n)) for n in "123"]
    return [order.refunded for order in orders if order is not None]


async def test_each_part_has_its_answer_and_the_points_are_summed(one: OneNode) -> None:
    told = await submit(
        one,
        refund("a", ("1", 1_000), ("2", 6_000)),
        refund("b", ("9", 100)),
        refund("c", ("3", 501)),
        refund("d", ("3", 500)),
        refund("e", ("1", 1), source="another"),
    )
    assert told == [
        (["OK", "OK"], 20 + 120, 0),
        (["ORDER_UNKNOWN"], 0, 0),
        (["REFUND_OVER_ORDER"], 0, 0),
        (["OK"], 0, 0),
        (["ORDER_UNKNOWN"], 0, 0),
    ]
    assert refunded(one) == [1_000, 6_000, 500]


@pytest.mark.rule("R12")
async def test_what_was_made_is_not_made_again_in_other_parts_either(one: OneNode) -> None:
    first = refund("a", ("1", 1_000))
    assert await submit(one, first) == [(["OK"], 20, 0)]
    height = one.node.ledger.tip.seq
    assert await submit(one, first) == [(["REFUND_KNOWN"], 0, 0)]
    assert await submit(one, refund("a", ("2", 10), ("1", 10))) == [(["REFUND_KNOWN"] * 2, 0, 0)]
    assert one.node.ledger.tip.seq == height, "nothing was ordered"
    told = await submit(one, first, refund("b", ("1", 500)), refund("b", ("2", 1), ("1", 1)))
    assert [codes for codes, _, _ in told] == [["REFUND_KNOWN"], ["OK"], ["REFUND_KNOWN"] * 2]
    assert refunded(one) == [1_500, 0, 0]


@pytest.mark.rule("R12")
async def test_asking_twice_at_once_refunds_once(one: OneNode) -> None:
    """As after a lost answer: the first asking is still on its way."""
    told: list[tuple[list[str], int, int]] = []

    async def ask() -> None:
        told.extend(await submit(one, refund("a", ("1", 1_000), ("2", 1_000))))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        nursery.start_soon(ask)
    assert sorted(codes for codes, _, _ in told) == [["OK"] * 2, ["REFUND_KNOWN"] * 2]
    assert refunded(one) == [1_000, 1_000, 0]


async def test_a_request_has_a_bounded_number_of_parts(one: OneNode) -> None:
    assert REFUND_PARTS_PER_REQUEST_MAX >= REFUND_PARTS_MAX, "one refund always fits"
    most = [refund(str(at), ("9", 1)) for at in range(REFUND_PARTS_PER_REQUEST_MAX)]
    told = await submit(one, *most)
    assert {code for codes, _, _ in told for code in codes} == {"ORDER_UNKNOWN"}
    with pytest.raises(InputFault, match="TOO_MANY_REFUNDS"):
        await one.node.service.handle(SubmitRefunds([*most, refund("x", ("9", 1))]))
    assert await one.ask(SubmitRefunds([]), RefundsDone) == RefundsDone([], None)
