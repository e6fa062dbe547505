"""Refunds of a source reach the node once, of the right orders; every row is accounted for."""

import pytest
from liandao_node.client import RefundIn, RefundPart
from liandao_node.limits import ORDERS_PER_REQUEST_MAX, REFUND_PARTS_PER_REQUEST_MAX
from liandao_node.types import Amount
from liandao_plugins.host import ImportReport, import_receipts
from support.plugin_fakes import FakeNode, Receipts, back, bought, order, rejected


def codes(rows: ImportReport) -> list[tuple[int, str]]:
    return [(row.line.number, str(row.reason)) for row in rows.listed]


async def test_a_refund_that_names_its_order_needs_no_search() -> None:
    node = FakeNode()
    source = Receipts([order("7", 900), back("R1", order="7", gross=400)])
    done = await import_receipts(source, node)
    ((asked,),) = node.refund_batches
    part = RefundPart("7", Amount(400))
    assert asked == RefundIn(asked.refund, "fake", 2_000, [part])  # type: ignore[arg-type]
    assert (done.refunds, done.refund_rows, done.refunded_minor, done.taken_back) == (1, 1, 400, 4)
    assert (done.rows.rows_in, done.rows.accepted, done.rows.rejected) == (2, 2, {})


async def test_goods_find_their_order_row_by_row_and_the_others_say_why() -> None:
    node = FakeNode()
    items = [
        bought("1", "ann", ("cup", 4, 400), ("pot", 1, 900)),
        bought("2", "ann", ("cup", 4, 480)),
        back("C1", "ann", ("cup", 6), ("spoon", 1), ("pot", 1), ("pot", 1)),
        back("C2", "", ("cup", 1)),
        rejected(9),
    ]
    done = await import_receipts(Receipts(items), node)
    assert node.refunded == {"2": 480, "1": 200 + 900}
    assert codes(done.rows) == [
        *((9, "ROW_TIME"), (51, "CANCEL_NO_ORDER")),
        *((53, "CANCEL_OVER_ORDER"), (50, "CANCEL_ANONYMOUS")),
    ]
    assert (done.orders, done.refunds, done.refund_rows, done.refunded_minor) == (2, 2, 2, 1_580)
    assert (done.rows.rows_in, done.rows.accepted) == (9, 5)


@pytest.mark.rule("R12")
async def test_the_same_source_again_refunds_nothing_and_asks_by_the_same_names() -> None:
    items = [
        bought("1", "ann", ("cup", 4, 400), ("cup", 4, 400)),
        back("C1", "ann", ("cup", 1), ("cup", 1)),
        back("C2", "ann", ("cup", 1)),
        back("R", order="1", gross=5),
        back("R", order="2", gross=5),
    ]
    node = FakeNode()
    for _ in range(2):
        done = await import_receipts(Receipts(items), node)
    first, again = node.refund_batches
    assert first == again
    assert len({one.refund for one in first}) == 5
    assert node.refunded == {"1": 305, "2": 5}
    assert done.rows.rejected == {"REFUND_KNOWN": 5}
    assert (done.refunds, done.refunded_minor) == (0, 0)


async def test_a_row_keeps_its_name_whatever_order_was_found_for_it() -> None:
    """An import of more files may find another order; the ledger then knows the name."""
    later = [bought("2", "ann", ("cup", 4, 480)), back("C1", "ann", ("cup", 4))]
    node, other = FakeNode(), FakeNode()
    await import_receipts(Receipts(later), node)
    await import_receipts(Receipts([later[1]]), other)
    assert not other.refund_batches, "nothing is asked for what cannot be found"
    exact = [later[0], bought("3", "ann", ("cup", 4, 500)), later[1]]
    done = await import_receipts(Receipts(exact), node)
    assert node.refunded == {"2": 480}
    assert done.rows.rejected == {"REFUND_KNOWN": 1}


async def test_goods_of_orders_that_the_ledger_lacks_are_not_looked_at() -> None:
    items = [
        bought("1", "ann", ("cup", 1, 100)),
        bought("2", "ann", ("cup", 1, 200)),
        bought("3", "ann", ("cup", 1, 300)),
        back("C1", "ann", ("cup", 2)),
    ]
    node = FakeNode(refuse={"2": "CODE_TAKEN", "3": "ORDER_KNOWN"})
    await import_receipts(Receipts(items), node)
    ((asked,),) = node.refund_batches
    assert [part.reference for part in asked.parts] == ["3", "1"], "known ones it has"


async def test_a_part_that_is_refused_rejects_its_row() -> None:
    """Somebody refunded order 1 by hand."""
    items = [
        bought("1", "ann", ("cup", 1, 100)),
        bought("2", "ann", ("cup", 1, 200)),
        back("C1", "ann", ("cup", 2)),
    ]

    node = FakeNode(refuse_refunds={"1": "REFUND_OVER_ORDER"})
    done = await import_receipts(Receipts(items), node)
    assert node.refunded == {"2": 200}
    assert (done.refunds, done.refunded_minor) == (0, 200)
    assert codes(done.rows) == [(50, "REFUND_OVER_ORDER")]


@pytest.mark.parametrize("before", [0, 1, ORDERS_PER_REQUEST_MAX - 1, ORDERS_PER_REQUEST_MAX])
async def test_where_a_batch_ends_decides_nothing(before: int) -> None:
    """A refund finds the orders before it and none behind it."""
    items = [
        *(order(f"x{number}") for number in range(before)),
        bought("1", "ann", ("cup", 2, 100)),
        back("C1", "ann", ("cup", 2)),
        bought("2", "ann", ("cup", 2, 200)),
        back("C2", "ann", ("cup", 1)),
    ]
    node = FakeNode()
    await import_receipts(Receipts(items), node)
    assert node.refunded == {"1": 100, "2": 100}


async def test_requests_hold_no_more_parts_than_a_node_takes() -> None:
    orders = [bought(str(number), "ann", ("cup", 1, 100)) for number in range(450)]
    rows = [back(f"C{number}", "ann", ("cup", 90)) for number in range(5)]
    node = FakeNode()
    done = await import_receipts(Receipts([*orders, *rows]), node)
    sizes = [[len(one.parts) for one in batch] for batch in node.refund_batches]
    assert sizes == [[90, 90], [90, 90], [90]]
    assert 2 * 90 <= REFUND_PARTS_PER_REQUEST_MAX < 3 * 90
    assert (done.refunds, done.refunded_minor) == (5, 45_000)
