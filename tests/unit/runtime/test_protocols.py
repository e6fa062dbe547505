"""A node tells what its program speaks, once; one that is too old stands still and says so."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.errors import PeerFault
from liandao_node.ledger import protocol_queries
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.ledger.transactions import sign_tx
from liandao_node.runtime import protocols
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.api import GetRoll
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import FetchRange, Range, Requests, Status
from liandao_node.wire.roll import Roll, SeatState
from support.runtime_node import OneNode, found, heard, key_of, running_node, until
from support.runtime_peers import Peer

ME = ShopId(0)
PEER = ShopId(1)
NOT_A_MESSAGE = b"\xc1 what nobody here can read"


class Lives:
    """A lone shop's street with short epochs, started again with other programs."""

    def __init__(self, root: Path) -> None:
        self.genesis: Genesis
        self.genesis, (self.dir,) = found(root, 1, Rules(epoch_blocks=3))

    @asynccontextmanager
    async def run(self, speaks: int) -> AsyncIterator[OneNode]:
        async with running_node(self.dir, self.genesis, alone=True, speaks=speaks) as one:
            yield one

    async def raised(self) -> None:
        """The street goes on to 2."""
        async with self.run(2) as one:
            await until(lambda: _height(one) == 1)
            await _sold(one)
            assert one.node.ledger.committee().protocol == 2


@pytest.fixture
def lives(tmp_path: Path) -> Lives:
    return Lives(tmp_path)


def _height(one: OneNode) -> int:
    return one.node.ledger.tip.seq


async def _sold(one: OneNode) -> int:
    """The height after a card and a sale."""
    await one.sell((await one.card()).card.card, 1_000)
    return _height(one)


def _recorded(one: OneNode) -> int:
    return protocol_queries.spoken(one.node.ledger.view())[ME]


# --- telling ---


@pytest.mark.rule("L-4.11", "T37", "T42")
async def test_it_tells_the_ledger_once_and_never_what_is_known(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "PAUSE_S", 0.0)
    async with lives.run(1) as one:
        assert await _sold(one) == 2, "whoever speaks the first one has nothing to tell"
    async with lives.run(2) as one:
        await until(lambda: _recorded(one) == 2)
        assert await _sold(one) == 3 + 2
    async with lives.run(2) as one:
        assert await _sold(one) == 5 + 2


@pytest.mark.rule("L-4.11")
async def test_an_older_program_that_is_put_back_tells_the_lower_number(lives: Lives) -> None:
    async with lives.run(2) as one:
        await until(lambda: _recorded(one) == 2)
    async with lives.run(1) as one:
        await until(lambda: _recorded(one) == 1)
        assert one.node.ledger.committee().protocol == 1


@pytest.mark.rule("L-4.11")
async def test_a_late_word_of_an_earlier_life_is_corrected(lives: Lives) -> None:
    """It waited in the others' pools while an older program was put back."""
    async with lives.run(1) as one:
        node = one.node
        nonce = (one.stores.voter.boot << 32) - 1
        call = as_call(Speaks(2))
        node.driver.submit(sign_tx(node.genesis.chain_id, ME, nonce, [call], node.key))
        await until(lambda: _height(one) == 2)
        assert _recorded(one) == 1


# --- too old ---


@pytest.mark.rule("P-12.13", "T42")
async def test_an_old_program_stands_still_says_why_and_the_newer_one_goes_on(
    lives: Lives, caplog: pytest.LogCaptureFixture
) -> None:
    await lives.raised()
    caplog.set_level(logging.WARNING)
    async with lives.run(1) as one:
        replica = one.node.driver.replica
        assert (replica.outdated, replica.voting) == (True, False)
        assert one.node.faults["PROGRAM_OUTDATED"] == 1
        assert "this program speaks 1, so it has stopped voting" in caplog.text
        roll = await one.ask(GetRoll(), Roll)
        assert [(s.state, s.speaks) for s in roll.seats] == [(SeatState.OUTDATED, 1)]
        assert (roll.protocol, roll.voting) == (2, 0)
        before, voted = _height(one), one.stores.voter.state
        with trio.move_on_after(0.2) as patience:
            await one.node.submissions.submit([])
        assert patience.cancelled_caught, "nothing is agreed on"
        assert _height(one) == before
        assert heard(one).of(Requests) == [], "its calls are not left to rules it does not know"
        assert one.stores.voter.state == voted, "nor is anything promised"
    async with lives.run(2) as one:
        assert await _sold(one) == before + 2
        assert one.node.driver.replica.views.current > NEVER_VOTED


def _status(epoch: int) -> Status:
    nowhere = BlockHash(bytes(32))
    return Status(Epoch(epoch), View(0), View(0), Seq(9), nowhere, None, Millis(0), 1)


def _take(one: OneNode, frame: bytes) -> None:
    one.node.driver.on_message(PEER, frame)


@pytest.mark.rule("P-12.13")
@pytest.mark.usefixtures("caplog")
async def test_it_takes_nobody_for_a_liar_whom_it_cannot_read_and_gives_its_blocks(
    lives: Lives,
) -> None:
    await lives.raised()
    async with lives.run(1) as one:
        _take(one, NOT_A_MESSAGE)
        peer = Peer(one, PEER, one.node.key)
        peer.say(Requests([b"no transaction of today"]))
        assert len(one.node.driver.mempool) == 0
        peer.say(FetchRange(Seq(1)))
        (given,) = heard(one).of(Range)
        assert [committed.block.header.seq for committed in given.blocks] == [1, 2, 3]


@pytest.mark.rule("P-12.13")
async def test_before_the_boundary_only_who_stands_beyond_it_may_speak_in_riddles(
    lives: Lives,
) -> None:
    async with lives.run(1) as one:
        peer = Peer(one, PEER, one.node.key)
        with pytest.raises(PeerFault, match="MESSAGE_BAD"):
            _take(one, NOT_A_MESSAGE)
        peer.say(_status(0))
        with pytest.raises(PeerFault, match="MESSAGE_BAD"):
            _take(one, NOT_A_MESSAGE)
        peer.say(_status(1))
        _take(one, NOT_A_MESSAGE)


# --- who holds the street back ---


@pytest.mark.rule("L-13.13", "T42")
async def test_who_holds_the_street_back_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    genesis, dirs = found(tmp_path, 2)
    other = key_of(genesis, dirs[1])
    async with running_node(dirs[0], genesis, alone=True) as one:
        ledger, node = one.node.ledger, one.node
        peer = Peer(one, 1, other)
        _, execution = peer.block(peer.tx(Speaks(3)))
        ledger.commit(execution.hash)
        roll = await one.ask(GetRoll(), Roll)
        assert [(s.speaks, s.holds_back) for s in roll.seats] == [(1, True), (3, False)]
        caplog.set_level(logging.WARNING)
        node.protocols.look()
        node.protocols.look()
        lines = [r.getMessage() for r in caplog.records if "Still speaks" in r.getMessage()]
        assert lines == [
            "shop 0: Still speaks protocol 1; the street goes on with that until its update."
            " Nothing is lost meanwhile."
        ], "once, and not with each epoch"
