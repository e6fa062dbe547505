"""A shop loses its node key and comes back with another one, as real processes.

The street trades on throughout. Whatever was kept at the shop is booked once, and nobody
listens to the key before.
"""

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import trio
from liandao_node.client import (
    MoveStake,
    OrderRef,
    SeatState,
    ShopStakeView,
    StakeMove,
    connect,
)
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.ledger.transactions import sign_tx
from liandao_node.runtime.street import read_genesis
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.types import Amount, BlockHash, Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import TwoVotes
from liandao_node.wire.genesis import Rules
from liandao_node.wire.messages import vote_preimage
from support.faults import EARNED_EACH, Rig, Till, all_agree
from support.runtime_node import key_of
from support.street import WAIT_S_MAX, books, founded, one_line, sell

SHOPS = 5
"""Four of them sit; the fifth waits for a seat."""
LOST = 2
HELPER = 0
PAGE_BYTES = 4_096
BACKUP = ("genesis.json", "node.json", "customers.key", "owner.key")
LIANDAO = (sys.executable, "-m", "liandao_node.cli.main")
SHORT = Rules(epoch_blocks=6, attendance_blocks_min=7, ban_epochs=1)
"""No proposer makes enough blocks to call anybody absent: what jail does is tested elsewhere."""
KEPT = OrderRef(9, 1)


@contextmanager
def _street() -> Iterator[Rig]:
    with founded(SHOPS, SHORT) as fleet:
        street = Rig(fleet)
        try:
            yield street
        finally:
            street.stop()


@asynccontextmanager
async def _trading(street: Rig) -> AsyncIterator[Till]:
    """All nodes up, and a shop that sells until the block ends."""
    for shop in range(SHOPS):
        street.start(shop)
    await street.wait_active(range(SHOPS))
    async with one_line(street.dirs[HELPER]) as line, trio.open_nursery() as nursery:
        till = Till(line)
        nursery.start_soon(till.run)
        yield till
        till.close()


async def _liandao(*words: str | Path) -> str:
    """What a command of the installed program says; it must succeed."""
    with trio.fail_after(WAIT_S_MAX):
        done = await trio.run_process([*LIANDAO, *map(str, words)], capture_stdout=True)
    return done.stdout.decode()


async def _rekey(street: Rig, shop: int) -> str:
    data, via = street.dirs[shop], street.dirs[HELPER]
    return await _liandao("rekey", "--data", data, "--via", via, "--yes")


async def _stake(street: Rig, shop: int) -> ShopStakeView:
    async with connect(street.dirs[HELPER], client="test") as node:
        return (await node.stakes()).shops[shop]


def _copy(street: Rig, shop: int) -> Path:
    copy = street.root / f"copy-of-{shop}"
    shutil.copytree(street.dirs[shop], copy, ignore=shutil.ignore_patterns("*.sock", "node.log"))
    copy.chmod(0o700)
    return copy


def _keep_sale(data: Path, order: OrderRef, card: bytes) -> None:
    """As a life that was killed before its certificate leaves a sale: signed by the old key."""
    genesis = read_genesis(data)
    nothing = Amount(0)
    sale = Sale(
        *(order.register, order.number, card, Amount(10_000), nothing, b"", nothing),
        Tender.CASH,
        Millis(0),
    )
    tx = sign_tx(genesis.chain_id, ShopId(LOST), 1, [as_call(sale)], key_of(genesis, data))
    outbox = Outbox.open(data / "outbox.db")
    outbox.add([Outgoing(tx.id, sale.kind, Millis(0), tx.raw)])
    outbox.close()


@pytest.mark.rule("L-2.3")
@pytest.mark.rule("L-4.10")
async def test_a_damaged_voting_record_and_the_way_back() -> None:
    with _street() as street:
        data = street.dirs[LOST]
        async with _trading(street) as till:
            async with one_line(data) as line:
                card = (await line.ask(lambda node: node.enrol(""))).card.card
                order = await line.ask(lambda node: node.next_order(1, b""))
                await sell(line, order, card, 10_000)
            street.end(LOST)
            _keep_sale(data, KEPT, card)
            _keep_sale(data, order, card)  # the street has this one already
            copy = _copy(street, LOST)
            voter = data / "voter.db"
            voter.write_bytes(voter.read_bytes()[:-PAGE_BYTES])

            street.start(LOST)
            assert await street.ended(LOST) == 2
            said = street.log(LOST).splitlines()[-1]
            assert "voting record is damaged" in said
            assert "liandao rekey" in said
            await till.more(3)

            said = await _rekey(street, LOST)
            assert "What it costs" in said
            assert "Nothing is deleted" in said
            assert len(list(data.glob("voter-aside-*/voter.db"))) == 1
            street.start(LOST)
            await street.state(HELPER, LOST, SeatState.VOTING)
            await street.state(LOST, LOST, SeatState.VOTING)
            stood = (await street.roll(HELPER)).seats[LOST].voted
            await till.more(20)
            await street.rolled(HELPER, lambda roll: roll.seats[LOST].voted > stood)

            await _nobody_listens_to(street, copy, till)
        summaries = await street.settled(WAIT_S_MAX)
        own = 2  # one certified before, and one that was kept
        assert books(summaries)[0] == (len(till.sold) + own) * EARNED_EACH


async def _nobody_listens_to(street: Rig, copy: Path, till: Till) -> None:
    """The key before, brought back on a computer that knows nothing of the new one."""
    street.dirs.append(copy)

    async def turned_away() -> int:
        return dict((await street.status(HELPER)).faults).get("UNKNOWN_SHOP", 0)

    before = await turned_away()
    street.start(SHOPS)
    with trio.fail_after(WAIT_S_MAX):
        while await turned_away() <= before:
            await trio.sleep(0.05)
    await till.more(10)
    roll = await street.roll(SHOPS)
    assert [seat.state for seat in roll.seats].count(SeatState.AWAY) == SHOPS - 1
    await street.state(HELPER, LOST, SeatState.VOTING)
    street.end(SHOPS)
    street.dirs.pop()


async def test_a_new_computer_from_a_backup_and_the_old_one_stops() -> None:
    """No ledger, no outbox, no voting record: what the shop signed long ago comes by again, with
    nonces that the new key uses too, and answers nothing."""
    with _street() as street:
        backup = street.root / "backup"
        backup.mkdir(mode=0o700)
        for name in BACKUP:
            shutil.copy(street.dirs[LOST] / name, backup)
        async with _trading(street) as till:
            async with one_line(street.dirs[LOST]) as line:
                await sell(line, OrderRef(1, 1), b"", 10_000)
            street.dirs.append(backup)
            await _rekey(street, SHOPS)
            street.start(SHOPS)
            await till.more(10)
            assert await street.ended(LOST) == 2
            assert "another node key" in street.log(LOST).splitlines()[-1]
            await street.state(HELPER, LOST, SeatState.VOTING)
            async with one_line(backup) as line:
                await sell(line, OrderRef(2, 1), b"", 10_000)
            street.dirs[LOST] = street.dirs.pop()
            await till.more(3)
        await all_agree(street, [till])


def _two_votes(data: Path, key: SigningKey, epoch: int) -> TwoVotes:
    chain = read_genesis(data).chain_id
    slot = (COMMIT, chain, Epoch(epoch), View(90), Seq(900))
    first, second = BlockHash(b"\1" * 32), BlockHash(b"\2" * 32)
    return TwoVotes(
        kind=COMMIT,
        epoch=Epoch(epoch),
        view=View(90),
        seq=Seq(900),
        seat=ShopId(LOST),
        first=first,
        first_signature=key.sign(vote_preimage(*slot, first)),
        second=second,
        second_signature=key.sign(vote_preimage(*slot, second)),
    )


@pytest.mark.rule("L-13.12")
async def test_a_tombstoned_key_a_ban_and_a_seat_again_under_a_new_key() -> None:
    with _street() as street:
        data = street.dirs[LOST]
        async with _trading(street) as till:
            street.end(LOST)
            lie = street.root / "evidence"
            lie.write_text(encode(_two_votes(data, key_of(read_genesis(data), data), 0)).hex())
            await _liandao("stake", "report", "--data", street.dirs[HELPER], lie)
            fallen = await _stake(street, LOST)
            assert fallen.slashed > 0
            assert fallen.banned_until > 0
            await till.more(20)
            assert not (await _stake(street, LOST)).seated, "the tombstoned key has no way back"

            # What was slashed ranks the shop behind the fifth, until that one backs it.
            async with connect(street.dirs[4], client="test") as node:
                move = MoveStake(StakeMove.DELEGATE, ShopId(LOST), ShopId(0), Amount(20_000_000))
                await node.stake(move)
            said = await _rekey(street, LOST)
            assert "the new key counts from epoch" in said
            street.start(LOST)
            await street.state(HELPER, LOST, SeatState.VOTING)
            assert (await _stake(street, LOST)).seated
            assert (await _stake(street, LOST)).slashed == fallen.slashed, (
                "a new key clears nothing"
            )
            await till.more(10)
        await all_agree(street, [till])
