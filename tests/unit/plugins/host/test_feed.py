"""Sources are pumped into a node in batches, and every row is accounted for."""

from pathlib import Path

import pytest
import trio
from liandao_node.client import HitIn, HitsDone, OrderIn, OrdersDone
from liandao_node.errors import Unavailable
from liandao_node.limits import (
    HITS_PER_REQUEST_MAX,
    IMPORT_REJECTS_LISTED_MAX,
    ORDERS_PER_REQUEST_MAX,
)
from liandao_plugins.api import ImportProgress, InputFault, Line, OperatorFault, Rejected
from liandao_plugins.host import PluginHost, import_hits, import_receipts
from support.plugin_data import PLAIN
from support.plugin_fakes import FakeNode, Hits, Receipts, hit, order, rejected


async def test_orders_reach_the_node_as_they_are() -> None:
    node = FakeNode()
    await import_receipts(Receipts([order("1", 1_250)]), node)
    assert node.order_batches == [
        [OrderIn(source="fake", reference="1", at_ms=1_000, gross=1_250, customer="c")]  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("count", [0, 1, ORDERS_PER_REQUEST_MAX, 2 * ORDERS_PER_REQUEST_MAX + 1])
async def test_orders_go_in_requests_that_the_node_takes(count: int) -> None:
    node = FakeNode()
    done = await import_receipts(Receipts(order(str(n)) for n in range(count)), node)
    sizes = [len(batch) for batch in node.order_batches]
    assert sum(sizes) == done.orders == done.rows.accepted == count
    assert all(size == ORDERS_PER_REQUEST_MAX for size in sizes[:-1])
    assert all(0 < size <= ORDERS_PER_REQUEST_MAX for size in sizes)


async def test_every_row_is_accepted_or_rejected_with_its_line_and_reason() -> None:
    node = FakeNode(refuse={"b": "ORDER_KNOWN"})
    items = [
        order("a", 500, lines=3),
        rejected(4),
        order("b", 900, lines=2),
        order("c"),
        rejected(9),
    ]
    done = await import_receipts(Receipts(items), node)
    assert (done.orders, done.gross_minor, done.earned) == (2, 1_000, 10)
    assert done.rows.rows_in == 3 + 1 + 2 + 1 + 1
    assert done.rows.accepted == 4
    assert done.rows.rejected == {"ROW_TIME": 2, "ORDER_KNOWN": 2}
    assert [(r.reason, r.line.number) for r in done.rows.listed if r.reason != "ROW_TIME"] == [
        ("ORDER_KNOWN", 1),
        ("ORDER_KNOWN", 2),
    ]


async def test_two_orders_of_one_reference_have_an_answer_each() -> None:
    done = await import_receipts(Receipts([order("a"), order("a")]), FakeNode())
    assert done.orders == 2


async def test_the_list_of_rejected_rows_is_bounded_and_their_number_is_not() -> None:
    count = IMPORT_REJECTS_LISTED_MAX + 5
    told: list[Rejected] = []
    done = await import_receipts(
        Receipts(rejected(n) for n in range(count)), FakeNode(), on_rejected=told.append
    )
    assert [row.line.number for row in told] == list(range(count)), "a file gets all of them"
    assert done.rows.rejected == {"ROW_TIME": count}
    assert len(done.rows.listed) == IMPORT_REJECTS_LISTED_MAX
    assert done.rows.listed[0].line == Line("a.csv", 0)


async def test_progress_adds_up_at_every_moment_and_ends_with_the_report() -> None:
    seen: list[ImportProgress] = []
    items = [order(str(n)) if n % 3 else rejected(n) for n in range(500)]
    done = await import_receipts(Receipts(items), FakeNode(refuse={"7": "X"}), seen.append)
    assert len(seen) > 2
    assert all(at.accepted + at.rejected == at.rows_in for at in seen)
    assert [at.rows_in for at in seen] == sorted(at.rows_in for at in seen)
    assert (seen[-1].rows_in, seen[-1].accepted) == (500, done.rows.accepted)
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (40, 100)


async def test_hits_are_counted_by_verdict() -> None:
    node = FakeNode()
    items = [hit("bot" if n % 4 == 0 else "Mozilla") for n in range(HITS_PER_REQUEST_MAX + 100)]
    done = await import_hits(Hits([rejected(1), *items]), node)
    assert [len(batch) for batch in node.hit_batches] == [HITS_PER_REQUEST_MAX, 100]
    assert node.hit_batches[0][1] == HitIn(
        at_ms=1_000,  # type: ignore[arg-type]
        ip="192.0.2.1",
        user_agent="Mozilla",
        method="GET",
        path="/",
        status=200,
        referrer="",
    )
    assert (done.counted, done.dropped) == (450, {"BOT_UA": 150})
    assert (done.rows.rows_in, done.rows.accepted, done.rows.rejected) == (
        601,
        600,
        {"ROW_TIME": 1},
    )


async def test_a_plugins_bug_is_named_after_it_and_its_files_are_closed() -> None:
    source = Receipts([order("1"), ZeroDivisionError("oops")])
    with pytest.raises(OperatorFault) as caught:
        await import_receipts(source, FakeNode())
    assert caught.value.code == "PLUGIN_FAILED"
    assert caught.value.facts == {"plugin": "fake", "detail": "ZeroDivisionError: oops"}
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert source.closed


@pytest.mark.parametrize("fault", [OperatorFault("FILE_MISSING"), InputFault("ODD")])
async def test_what_a_plugin_may_raise_passes_as_it_is(fault: Exception) -> None:
    with pytest.raises(type(fault)) as caught:
        await import_receipts(Receipts([fault]), FakeNode())
    assert caught.value is fault


async def test_a_node_that_is_gone_ends_the_import_and_closes_the_source() -> None:
    class Gone(FakeNode):
        async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
            if len(self.order_batches) == 2:
                raise Unavailable("NODE_GONE")
            return await super().submit_orders(orders)

    source = Receipts(order(str(n)) for n in range(1_000))
    with pytest.raises(Unavailable) as caught:
        await import_receipts(source, Gone())
    # The error's traceback holds the generator, so nothing closes it but the import itself.
    assert caught.value.code == "NODE_GONE"
    assert source.closed
    assert source.taken <= 4 * ORDERS_PER_REQUEST_MAX


async def test_a_large_source_is_never_gathered_in_memory() -> None:
    taken: list[int] = []
    source = Hits(hit() for _ in range(10 * HITS_PER_REQUEST_MAX))

    class Watching(FakeNode):
        async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
            taken.append(source.taken)
            return await super().submit_hits(hits)

    await import_hits(source, Watching())
    assert taken == [n * HITS_PER_REQUEST_MAX for n in range(1, 11)]


async def test_reading_leaves_the_event_loop_free() -> None:
    """A source that waits for the loop would never end if it were read on it."""
    go = trio.Event()
    token = trio.lowlevel.current_trio_token()

    class Slow(Receipts):
        def _generate(self):  # type: ignore[no-untyped-def]
            trio.from_thread.run(go.wait, trio_token=token)
            yield order("1")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(import_receipts, Slow([]), FakeNode())
        go.set()


async def test_an_own_plugin_feeds_a_node_through_the_host(tmp_path: Path) -> None:
    (tmp_path / "till.toml").write_text(PLAIN)
    (tmp_path / "till.csv").write_text(
        "id,at,sum\n1,2024-01-01 10:00,5\n2,2024-01-01 10:00,x\n3,2024-01-01 10:00,7.50\n"
    )
    given = {"receipts": str(tmp_path / "till.csv"), "mapping": str(tmp_path / "till.toml")}
    node = FakeNode()
    done = await import_receipts(PluginHost().receipt_source("receipt_import", given), node)
    assert [(sent.source, sent.reference, sent.gross) for sent in node.order_batches[0]] == [
        ("till", "1", 500),
        ("till", "3", 750),
    ]
    assert (done.rows.rows_in, done.rows.accepted) == (3, 2)
    assert [(row.line.number, row.reason) for row in done.rows.listed] == [(3, "ROW_AMOUNT")]
