"""The demo's street gives back what it sold, at the counter or by import, and says why not."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from liandao_node.cli.demo.customers import Street
from liandao_node.cli.demo.line import Line
from liandao_node.client import (
    WHOLE,
    NodeClient,
    OrderIn,
    OrderName,
    RefundIn,
    RefundPart,
    connect,
)
from liandao_node.errors import Refused
from liandao_node.types import Amount, Millis
from support.runtime_node import found, running_node

T = TypeVar("T")


class Here(Line):
    """A line that is not lost."""

    def __init__(self, client: NodeClient) -> None:
        self._here = client

    async def ask(self, request: Callable[[NodeClient], Awaitable[T]]) -> T:
        return await request(self._here)


def refund(name: bytes, *parts: tuple[str, int]) -> RefundIn:
    taken = [RefundPart(reference, Amount(gross)) for reference, gross in parts]
    return RefundIn(name * 16, "woo", Millis(0), taken)


@pytest.mark.rule("R12")
async def test_refunds_go_where_the_order_is(tmp_path: Path) -> None:
    """Ada is served at a counter, Bob's order is imported."""
    genesis, dirs = found(tmp_path, 1)
    orders = [
        OrderIn("woo", "1", Millis(0), Amount(4_000), "ada"),
        OrderIn("woo", "2", Millis(0), Amount(6_000), "bob"),
    ]
    async with (
        running_node(dirs[0], genesis, alone=True),
        connect(dirs[0], client="a test") as client,
    ):
        street = Street([Here(client)], 5_000, customers_max=1, pause_s=0)
        await street.submit_orders(orders)
        ((_, ref),) = street.tally.sold
        asked = [refund(b"a", ("1", 1_000), ("2", 6_000)), refund(b"b", ("3", 1))]
        for _ in range(2):
            both, unknown = (await street.submit_refunds(asked)).refunds
            assert (both.codes, both.taken_back, both.debt) == (["OK", "OK"], 20 + 120, 0)
            assert unknown.codes == ["IMPORT_UNKNOWN"]
        counter = OrderName(ref.register, ref.number)
        assert (await client.preview_refund(counter, WHOLE)).order.refunded == 1_000
        with pytest.raises(Refused, match="REFUND_NOTHING_LEFT"):
            await client.preview_refund(OrderName(0, 0, "woo", "2"), WHOLE)
        assert street.tally.refused == {"IMPORT_UNKNOWN": 2}
