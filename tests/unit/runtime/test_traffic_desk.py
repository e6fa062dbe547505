"""Windows of traffic: kept over a restart, closed once, on the ledger once (L-10, R11)."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import trio
from liandao_node.errors import InputFault, StorageFault, Unavailable
from liandao_node.ledger import queries
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.traffic import BatchDone
from liandao_node.limits import HITS_PER_REQUEST_MAX, TRAFFIC_WINDOW_MS
from liandao_node.runtime import traffic_desk
from liandao_node.store.traffic import Import, Recorded
from liandao_node.types import Amount, Millis
from liandao_node.wire.api import (
    HitIn,
    HitsDone,
    OrderIn,
    OrdersDone,
    Sealed,
    SealTraffic,
    Sold,
    SubmitHits,
    SubmitOrders,
)
from liandao_node.wire.genesis import Genesis
from support.runtime_node import OneNode, found, running_node, sale, until
from support.web_hits import BROWSER


@pytest.fixture
def street(tmp_path: Path) -> tuple[Genesis, Path]:
    genesis, dirs = found(tmp_path, 1)
    return genesis, dirs[0]


@pytest.fixture
async def one(street: tuple[Genesis, Path]) -> AsyncIterator[OneNode]:
    genesis, data = street
    async with running_node(data, genesis, alone=True) as node:
        yield node


def hits(*paths: str, agent: str = BROWSER) -> SubmitHits:
    return SubmitHits(
        [HitIn(Millis(1_000), "203.0.113.7", agent, "GET", path, 200, "") for path in paths]
    )


def on_ledger(one: OneNode) -> int:
    """Events of this shop that the street knows of."""
    known = queries.traffic_of(one.node.ledger.view(), one.node.me)
    return 0 if known is None else sum(count for *_, count in known.totals)


async def test_hits_are_judged_and_their_window_is_committed_once(one: OneNode) -> None:
    done = await one.ask(hits("/a", "/b", "/a", "/style.css"), HitsDone)
    assert done.counted == 2
    assert dict(done.dropped)["DUP"] == 1
    assert sum(count for _, count in done.dropped) == 2
    robots = await one.ask(hits("/a", agent="Googlebot/2.1"), HitsDone)
    assert (robots.counted, robots.dropped) == (0, [("BOT_UA", 1)])
    sealed = await one.ask(SealTraffic(), Sealed)
    assert sealed.events == 5
    assert sealed.certified is not None
    assert on_ledger(one) == 5
    assert await one.ask(SealTraffic(), Sealed) == Sealed(0, None)
    with pytest.raises(InputFault, match="TOO_MANY_HITS"):
        await one.node.service.handle(hits(*["/a"] * (HITS_PER_REQUEST_MAX + 1)))


async def test_an_open_window_outlives_a_restart(street: tuple[Genesis, Path]) -> None:
    genesis, data = street
    async with running_node(data, genesis, alone=True) as one:
        await one.ask(hits("/a", "/b"), HitsDone)
    async with running_node(data, genesis, alone=True) as one:
        await one.ask(hits("/c"), HitsDone)
        assert (await one.ask(SealTraffic(), Sealed)).events == 3
        assert on_ledger(one) == 3
        assert one.stores.traffic.verify() == 3


async def test_a_window_closed_before_a_kill_is_committed_after_it(
    street: tuple[Genesis, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, data = street

    async def nothing() -> None:
        await trio.lowlevel.checkpoint()

    async with running_node(data, genesis, alone=True) as one:
        await one.ask(hits("/a"), HitsDone)
        monkeypatch.setattr(one.node.traffic, "commit_sealed", nothing)
        assert await one.ask(SealTraffic(), Sealed) == Sealed(1, None)
        assert on_ledger(one) == 0
    async with running_node(data, genesis, alone=True) as one:
        await until(lambda: on_ledger(one) == 1)
        assert await one.ask(SealTraffic(), Sealed) == Sealed(0, None)


async def test_a_window_closes_by_itself_when_its_time_is_over(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one.ask(hits("/a"), HitsDone)
    clock, now_ms = one.node.clock, one.node.clock.street_ms()
    monkeypatch.setattr(clock, "street_ms", lambda: Millis(now_ms + TRAFFIC_WINDOW_MS))
    await one.ask(hits("/b"), HitsDone)
    (window,) = one.stores.traffic.windows()
    assert (window.first_row, window.last_row) == (1, 1)


async def test_a_window_that_got_through_after_all_is_not_an_error(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was given up without a quorum, waited in the pool, and is asked for again."""
    desk = one.node.traffic._desk
    call = desk.call

    async def twice(body: CallBody, answer: type[BatchDone]) -> object:
        await desk.order([body])
        return await call(body, answer)

    monkeypatch.setattr(desk, "call", twice)
    await one.ask(hits("/a"), HitsDone)
    assert (await one.ask(SealTraffic(), Sealed)).events == 1
    assert on_ledger(one) == 1


async def test_a_refused_window_is_told_and_the_node_goes_on(
    street: tuple[Genesis, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    genesis, data = street
    monkeypatch.setattr(traffic_desk, "DUE_CHECK_S", 0.01)
    async with running_node(data, genesis, alone=True) as one:
        # Its clock ran a day ahead when the window was closed.
        ahead_ms = Millis(one.node.clock.street_ms() + 86_400_000)
        with monkeypatch.context() as patch:
            patch.setattr(one.node.clock, "street_ms", lambda: ahead_ms)
            await one.ask(hits("/a"), HitsDone)
            batch = one.node.traffic._batcher.seal(ahead_ms)
            assert batch is not None
            one.stores.traffic.seal(batch)
        await until(lambda: "WINDOW_IN_FUTURE" in caplog.text)
        await one.card()


async def test_a_client_that_leaves_parts_no_event_from_its_window(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one.ask(hits("/a"), HitsDone)
    clock, now_ms = one.node.clock, one.node.clock.street_ms()
    lock = one.node.traffic._recording
    async with trio.open_nursery() as nursery:
        await lock.acquire()
        nursery.start_soon(one.node.service.handle, hits("/b"))
        await until(lambda: lock.statistics().tasks_waiting == 1)
        monkeypatch.setattr(clock, "street_ms", lambda: Millis(now_ms + TRAFFIC_WINDOW_MS))
        lock.release()  # its turn has come, and at the same moment it is gone
        nursery.cancel_scope.cancel()
    sealed = await one.ask(SealTraffic(), Sealed)
    assert sealed.certified is None or on_ledger(one) == 2
    windows = one.stores.traffic.windows()
    assert [(w.first_row, w.last_row) for w in windows] == [(1, 1), (2, 2)]
    assert one.stores.traffic.open_events() == []


async def test_an_order_is_traffic_once_however_often_it_is_asked(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when its client left between the certificate and the record."""
    number = await one.number()
    imports = SubmitOrders([OrderIn("old till", "A-1", Millis(0), Amount(100), "")])

    async def gone(_: object) -> None:
        raise Unavailable("STORE_STOPPED", store="traffic.db")

    with monkeypatch.context() as patch:
        patch.setattr(one.node.traffic, "imported", gone)
        for request in (sale(number, b"", 100), imports):
            with pytest.raises(Unavailable):
                await one.node.service.handle(request)
    for _ in range(2):
        await one.ask(sale(number, b"", 100), Sold)
        done = await one.ask(imports, OrdersDone)
        assert done.orders[0].code == "ORDER_KNOWN"
    assert (await one.ask(SealTraffic(), Sealed)).events == 2


def an_order(number: int) -> OrderIn:
    return OrderIn("old till", f"A-{number}", Millis(0), Amount(5_000), "")


async def test_orders_that_come_while_the_disk_is_at_work_share_its_next_turn(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, turns = one.stores.traffic, []
    append = store.append_imported

    def counted(arrivals: Sequence[tuple[Import, Recorded]]) -> list[bool]:
        turns.append(len(arrivals))
        return append(arrivals)

    monkeypatch.setattr(store, "append_imported", counted)
    async with trio.open_nursery() as nursery:
        for number in range(20):
            nursery.start_soon(one.node.traffic.imported, [an_order(number)])
    assert sum(turns) == len(store.open_events()) == 20
    assert len(turns) <= 3, "each had a turn of its own"


async def test_a_disk_that_fails_is_told_to_all_that_shared_its_turn(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> list[bool]:
        raise StorageFault("DISK_FAILED", file="traffic.db", detail="test")

    told: list[str] = []

    async def record(number: int) -> None:
        with pytest.raises(StorageFault) as caught:
            await one.node.traffic.imported([an_order(number)])
        told.append(caught.value.code)

    monkeypatch.setattr(one.stores.traffic, "append_imported", broken)
    async with trio.open_nursery() as nursery:
        for number in range(5):
            nursery.start_soon(record, number)
    assert told == ["DISK_FAILED"] * 5
    monkeypatch.undo()
    await one.node.traffic.imported([an_order(9)])
    assert len(one.stores.traffic.open_events()) == 1
