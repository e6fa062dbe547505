"""This shop's own calls: kept before they are answered, taken up after a restart, awaited."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trio
import trio.testing
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import Refused, StorageFault
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.limits import OUTBOX_TXS_MAX
from liandao_node.runtime import submission
from liandao_node.runtime.commits import Committed
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.types import Amount, Epoch, Millis, Seq, ShopId
from liandao_node.wire.api import (
    HoldPoints,
    OrderRef,
    ReleaseHold,
    Sold,
)
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.messages import Requests
from liandao_node.wire.transactions import decode_entry
from support.runtime_node import (
    OneNode,
    found,
    heard,
    key_of,
    running_node,
    sale,
    until,
)
from support.runtime_peers import Peer

pytestmark = pytest.mark.usefixtures("impatient")

HOLD = b"a hold of 16 byt"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "RESEND_S", 0.02)


def kept(one: OneNode) -> list[Outgoing]:
    return one.stores.outbox.pending()


@asynccontextmanager
async def cut_off(root: Path) -> AsyncIterator[tuple[OneNode, Genesis, list[Path]]]:
    """A seat of four with nobody there: nothing can be certified."""
    genesis, dirs = found(root, 4)
    async with running_node(dirs[0], genesis, alone=True) as one:
        yield one, genesis, dirs


# --- kept ---


async def test_a_sale_is_durable_while_it_waits_for_the_street(tmp_path: Path) -> None:
    async with cut_off(tmp_path) as (one, _, dirs), trio.open_nursery() as nursery:
        number = await one.number()
        nursery.start_soon(one.node.service.handle, sale(number, b"", 5_000))
        await until(lambda: one.node.submissions.pending == 1)
        await until(lambda: len(kept(one)) == 1)
        assert one.node.service.summary().pending == 1
        nursery.cancel_scope.cancel()
    # The client has gone and the node too: the sale is where it was.
    store = Outbox.open(dirs[0] / "outbox.db")
    assert len(store.pending()) == 1
    store.close()


async def test_what_is_not_kept_leaves_nothing_when_its_asker_leaves(tmp_path: Path) -> None:
    async with cut_off(tmp_path) as (one, _, _):
        with trio.move_on_after(0.05):
            await one.card()
        assert one.node.submissions.pending == 0
        assert kept(one) == []


async def test_a_certified_sale_leaves_the_outbox(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        await one.sell(b"", 1_000)
        await one.sell(b"", 1_000)
        # The second sale's own write took the first one out.
        assert len(kept(one)) <= 1
        await until(lambda: not kept(one))


# --- after a restart ---


async def test_a_kept_sale_is_signed_anew_and_applied_once(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        card = (await one.card()).card.card
        number = await one.number()
    key = key_of(genesis, dirs[0])
    body = Sale(
        1, number.number, card, Amount(10_000), Amount(0), b"", Amount(0), Tender.CASH, Millis(0)
    )
    old = sign_tx(genesis.chain_id, one.node.me, 7, [as_call(body)], key)  # below the window by far
    keep(dirs[0], [Outgoing(old.id, body.kind, Millis(0), old.raw)])
    async with running_node(dirs[0], genesis, alone=True) as one:
        await until(lambda: one.node.service.summary().points_issued == 200)
        await until(lambda: not kept(one))
        # Its client asks again, as it does after every kill: the same answer, nothing twice.
        sold = await one.ask(sale(number, card, 10_000), Sold)
        assert (sold.earned, sold.balance) == (200, 200)
        assert one.node.service.summary().points_issued == 200


async def test_a_full_outbox_does_not_keep_a_node_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no room to note a kept sale a second time, nor need there be."""
    genesis, dirs = found(tmp_path, 1)
    key = key_of(genesis, dirs[0])
    monkeypatch.setattr("liandao_node.store.outbox.OUTBOX_TXS_MAX", 3)
    assert OUTBOX_TXS_MAX > 3
    keep(dirs[0], [_sale_of(genesis, key, at) for at in range(1, 4)])
    async with running_node(dirs[0], genesis, alone=True) as one:
        await until(lambda: one.node.service.summary().calls == 3)
        await until(lambda: not kept(one))
        await one.ask(sale(OrderRef(1, 9), b"", 100), Sold)


async def test_a_full_pool_does_not_keep_a_node_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, dirs = found(tmp_path, 1)
    key = key_of(genesis, dirs[0])
    keep(dirs[0], [_sale_of(genesis, key, at) for at in range(1, 4)])
    monkeypatch.setattr("liandao_node.runtime.mempool.MEMPOOL_TXS_PER_SHOP_MAX", 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        await until(lambda: one.node.service.summary().calls == 3)


async def test_what_was_taken_up_is_repeated_until_it_is_certified(
    tmp_path: Path,
) -> None:
    """The others may have had no room for it when they first heard it."""
    genesis, dirs = found(tmp_path, 4)
    keep(dirs[0], [_sale_of(genesis, key_of(genesis, dirs[0]), 1)])
    async with running_node(dirs[0], genesis, alone=True) as one:
        await until(lambda: len(heard(one).of(Requests)) >= 3)
        said = {raw for requests in heard(one).of(Requests) for raw in requests.txs}
        assert len(said) == 1, "the same transaction each time"


async def test_a_seat_that_comes_hears_what_waits(tmp_path: Path) -> None:
    async with cut_off(tmp_path) as (one, genesis, dirs), trio.open_nursery() as nursery:
        nursery.start_soon(one.node.service.handle, sale(OrderRef(1, 1), b"", 100))
        await until(lambda: one.node.submissions.pending == 1)
        Peer(one, 2, key_of(genesis, dirs[2])).come()
        told = [to for to, message in heard(one).sent if isinstance(message, Requests)]
        assert told == [None, 2]
        nursery.cancel_scope.cancel()


# --- another key ---


async def test_what_an_earlier_key_of_the_shop_did_answers_nothing(tmp_path: Path) -> None:
    """A node that catches up meets its shop's old transactions, and some had the same nonces."""
    async with cut_off(tmp_path) as (one, genesis, _), trio.open_nursery() as nursery:
        nursery.start_soon(one.node.service.handle, sale(OrderRef(1, 1), b"", 100))
        await until(lambda: one.node.driver.mempool.calls == 1)
        (mine,) = one.node.driver.mempool.fresh(())
        earlier = SigningKey(b"k" * 32)
        old = sign_tx(genesis.chain_id, ShopId(0), mine.tx.nonce, mine.tx.calls, earlier)
        one.node.submissions.on_committed(_committed(one, old))
        assert one.node.submissions.pending == 1
        one.node.submissions.on_committed(_committed(one, mine))
        assert one.node.submissions.pending == 0
        nursery.cancel_scope.cancel()


async def test_the_own_pool_keeps_what_waits_for_its_key(tmp_path: Path) -> None:
    """An epoch ends, and the key here is yet to take office; or nobody came for a minute."""
    async with cut_off(tmp_path) as (one, _, _), trio.open_nursery() as nursery:
        pool = one.node.driver.mempool
        nursery.start_soon(one.node.service.handle, sale(OrderRef(1, 1), b"", 100))
        await until(lambda: len(pool) == 1)
        pool.forget_other_keys({})
        assert len(pool) == 0
        await until(lambda: len(pool) == 1)
        nursery.cancel_scope.cancel()


def _committed(one: OneNode, tx: SignedTx) -> Committed:
    """As the committer tells of a block with one transaction of this shop; above the tip."""
    node = one.node
    execution = node.ledger.execute(
        parent=node.ledger.tip.hash,
        epoch=Epoch(0),
        seq=Seq(1),
        time_ms=node.clock.street_ms(),
        proposer=ShopId(0),
        attendance=0,
        txs=[replace(tx, key=node.key.public_key)],
    )
    return Committed(execution, {tx.id: [decode_entry(raw) for raw in execution.entries]})


# --- answers ---


async def test_a_refusal_comes_back_by_its_name(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        enrolled = await one.card()
        with pytest.raises(Refused, match="POINTS_SHORT"):
            await one.node.service.handle(HoldPoints(HOLD, enrolled.payload, Amount(1)))
        card = enrolled.card.card
        with pytest.raises(Refused, match="HOLD_UNKNOWN"):
            await one.node.service.handle(ReleaseHold(HOLD, card))
        over = sale(OrderRef(1, 1), card, 1_000, HOLD, 100)
        with pytest.raises(Refused, match="HOLD_UNKNOWN"):
            await one.node.service.handle(over)
        await until(lambda: not kept(one))


async def test_a_full_outbox_is_counted_and_empties_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The sales go on: what has no copy on disk is logged, and certified all the same."""
    monkeypatch.setattr("liandao_node.store.outbox.OUTBOX_TXS_MAX", 1)
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        for number in range(1, 9):
            await one.ask(sale(OrderRef(1, number), b"", 100), Sold)
        assert one.node.service.summary().calls == 8
        assert one.node.faults["OUTBOX_FULL"] == len(caplog.records)
        await until(lambda: not kept(one))
        await one.ask(sale(OrderRef(1, 99), b"", 100), Sold)


async def test_what_could_not_be_forgotten_is_forgotten_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        failed: list[object] = []

        def full(ids: object) -> None:
            failed.append(ids)
            raise StorageFault("DISK_FULL", file="outbox.db")

        with monkeypatch.context() as patch:
            patch.setattr(one.stores.outbox, "done", full)
            await one.sell(b"", 100)
            await until(lambda: bool(failed))
        await until(lambda: not kept(one))


# --- numbers ---


@pytest.mark.rule("R13")
async def test_a_ticket_gets_one_number_and_a_restart_goes_on(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        first = await one.number(3, b"a sale")
        assert await one.number(3, b"a sale") == first == OrderRef(3, 1)
        assert (await one.number(3, b"the next")).number == 2
        assert (await one.number(4)).number == 1
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert (await one.number(3, b"the next")).number == 2, "the answer was lost with the node"
        assert (await one.number(3)).number == 3
        assert (await one.number(4)).number == 2


def keep(data_dir: Path, outgoing: list[Outgoing]) -> None:
    """As an earlier life would have left them."""
    store = Outbox.open(data_dir / "outbox.db")
    store.add(outgoing)
    store.close()


def _sale_of(
    genesis: Genesis, key: SigningKey, number: int, card: bytes = b"", gross: int = 100
) -> Outgoing:
    """Signed by an earlier life, with a nonce that is below the street's window by now."""
    free = Amount(0)
    body = Sale(1, number, card, Amount(gross), free, b"", free, Tender.CASH, Millis(0))
    tx = sign_tx(genesis.chain_id, ShopId(0), number, [as_call(body)], key)
    return Outgoing(tx.id, body.kind, Millis(0), tx.raw)


# --- said ---


async def test_a_burst_goes_to_the_seats_in_one_message(tmp_path: Path) -> None:
    """The first at once, for it may be alone; what follows in the same moment together."""
    async with cut_off(tmp_path) as (one, _, _), trio.open_nursery() as nursery:
        links = heard(one)
        await trio.testing.wait_all_tasks_blocked(0.01)
        links.sent.clear()
        for number in range(1, 11):
            request = sale(OrderRef(7, number), b"", 5_000)
            nursery.start_soon(one.node.service.handle, request)
        await until(lambda: sum(len(said.txs) for said in links.of(Requests)) >= 10)
        first, *rest = [len(said.txs) for said in links.of(Requests)]
        assert first == 1
        assert sum(rest[:1]) > 1, "they went one by one"
        nursery.cancel_scope.cancel()
