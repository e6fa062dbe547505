"""The roll call: who counts for the margin, and what is said of the others (O22)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trio
from liandao_node.consensus.effects import Reason
from liandao_node.limits import IDLE_SEAT_BLOCKS, STATUS_LATE_MS, WINDOW_SEQS
from liandao_node.net.handler import PeerState
from liandao_node.runtime import roll as roll_module
from liandao_node.runtime.clock import monotonic_ms
from liandao_node.types import BlockHash, Millis, Seq, ShopId, View
from liandao_node.wire.api import GetRoll
from liandao_node.wire.messages import PrePrepare, Status, Suspect, suspect_preimage
from liandao_node.wire.roll import Roll, RollSeat, SeatState
from support.runtime_node import OneNode, found, heard, key_of, running_node, until
from support.runtime_peers import Peer, order

SEATS = 4


@dataclass
class Scene:
    """Shop 0's node, the others played by the test."""

    one: OneNode
    peers: dict[int, Peer]
    up: set[int] = field(default_factory=set)

    def states(self) -> list[PeerState]:
        return [
            PeerState(
                ShopId(shop),
                connected=shop in self.up,
                remote="",
                addresses=(),
                problem="" if shop in self.up else "PEER_GONE",
                session=5,
                protocol="1.0",
            )
            for shop in range(1, SEATS)
        ]

    def come(self, shop: int, height: int = 0, view: int = 0) -> None:
        self.up.add(shop)
        self.peers[shop].come()
        self.tell(shop, height, view)

    def tell(self, shop: int, height: int = 0, view: int = 0) -> None:
        self.peers[shop].say(
            Status(
                epoch=self.one.node.driver.replica.committee.epoch,
                view=View(view),
                promised=View(view),
                tip_seq=Seq(height),
                tip=BlockHash(self.one.node.ledger.tip.hash),
                certificate=None,
                clock_ms=self.one.node.clock.own_ms(),
                session=5,
            )
        )

    async def roll(self) -> Roll:
        return await self.one.ask(GetRoll(), Roll)

    async def seat(self, shop: int) -> RollSeat:
        return (await self.roll()).seats[shop]


@asynccontextmanager
async def scene(root: Path) -> AsyncIterator[Scene]:
    genesis, dirs = found(root, SEATS)
    async with running_node(dirs[0], genesis, alone=True) as one:
        peers = {at: Peer(one, at, key_of(genesis, dirs[at])) for at in range(1, SEATS)}
        found_scene = Scene(one, peers)
        one.node.network.states = found_scene.states  # type: ignore[method-assign]
        await until(lambda: one.node.driver.replica.active)
        yield found_scene


async def test_alone_the_street_stands_still_and_says_how_many_are_missing(tmp_path: Path) -> None:
    async with scene(tmp_path) as street:
        roll = await street.roll()
        assert (roll.street, roll.me, roll.height) == ("Test street", 0, 0)
        assert (roll.quorum, roll.voting, roll.margin) == (3, 1, -2)
        assert [seat.state for seat in roll.seats] == [SeatState.VOTING, *[SeatState.AWAY] * 3]
        assert roll.seats[1].problem == "PEER_GONE"
        assert (roll.seats[1].height, roll.seats[1].session, roll.seats[1].heard_ms) == (-1,) * 3
        assert (roll.blocks, roll.block_ms, roll.last_view_change) == ([], -1, None)


async def test_each_seat_that_comes_raises_the_margin(tmp_path: Path) -> None:
    async with scene(tmp_path) as street:
        for shop, margin in ((1, -1), (2, 0), (3, 1)):
            street.come(shop)
            roll = await street.roll()
            assert roll.margin == margin
            assert roll.seats[shop].state is SeatState.VOTING
            assert (roll.seats[shop].session, roll.seats[shop].channel) == (5, "1.0")


async def test_connected_and_silent_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(tmp_path) as street:
        street.up.add(1)
        assert (await street.seat(1)).state is SeatState.QUIET, "it has yet to say a word"
        street.come(1)
        assert (await street.seat(1)).state is SeatState.VOTING
        later = Millis(monotonic_ms() + STATUS_LATE_MS + 1)
        monkeypatch.setattr(roll_module, "monotonic_ms", lambda: later)
        seat = await street.seat(1)
        assert seat.state is SeatState.QUIET
        assert seat.heard_ms > STATUS_LATE_MS


async def _blocks(street: Scene, count: int, voters: tuple[int, ...]) -> None:
    """Blocks of this node's making, with the votes of ``voters``."""
    links = heard(street.one)
    for _ in range(count):
        before = street.one.node.ledger.tip.seq
        links.sent.clear()
        street.one.node.driver.submit(street.peers[1].tx(order(f"o{before}")))
        proposal = links.of(PrePrepare)[-1]
        for shop in voters:
            street.peers[shop].prepare(proposal)
        for shop in voters:
            street.peers[shop].commit(proposal)
        with trio.fail_after(60):
            while street.one.node.ledger.tip.seq == before:
                await trio.sleep(0.002)
    for shop in street.up:
        street.tell(shop, height=0)


async def test_a_seat_that_does_not_vote_for_a_while_does_not_count(tmp_path: Path) -> None:
    async with scene(tmp_path) as street:
        for shop in (1, 2, 3):
            street.come(shop)
        await _blocks(street, IDLE_SEAT_BLOCKS, (1, 2))
        roll = await street.roll()
        assert roll.seats[3].state is SeatState.VOTING, "the newest block is not held against it"
        # The proposer's word about it fades with its window of blocks.
        await _blocks(street, 2 * IDLE_SEAT_BLOCKS, (1, 2))
        for shop in (1, 2, 3):
            street.tell(shop, height=street.one.node.ledger.tip.seq)
        roll = await street.roll()
        assert [seat.state for seat in roll.seats] == [SeatState.VOTING] * 3 + [SeatState.IDLE]
        assert (roll.voting, roll.margin) == (3, 0)
        assert roll.seats[3].voted == 0
        assert roll.seats[1].voted == roll.seats[1].blocks == 3 * IDLE_SEAT_BLOCKS
        assert len(roll.blocks) == len(roll.seats[3].marks) == 3 * IDLE_SEAT_BLOCKS
        assert {block.proposer for block in roll.blocks} == {0}
        assert roll.block_ms >= 0


async def test_a_seat_that_is_behind_does_not_count(tmp_path: Path) -> None:
    async with scene(tmp_path) as street:
        for shop in (1, 2, 3):
            street.come(shop)
        await _blocks(street, WINDOW_SEQS + 1, (1, 2))
        for shop, height in ((1, WINDOW_SEQS + 1), (2, 1), (3, 0)):
            street.tell(shop, height)
        states = [seat.state for seat in (await street.roll()).seats]
        assert states[1:] == [SeatState.VOTING, SeatState.VOTING, SeatState.BEHIND]


async def test_who_asks_for_another_leader_is_told(tmp_path: Path) -> None:
    async with scene(tmp_path) as street:
        street.come(2)
        replica = street.one.node.driver.replica
        epoch, view = replica.committee.epoch, View(0)
        signed = street.peers[2].key.sign(suspect_preimage(replica.chain, epoch, view))
        street.peers[2].say(Suspect(epoch, view, Reason.NO_PROGRESS, signed))
        assert [seat.wants_to_leave for seat in (await street.roll()).seats] == [
            False,
            False,
            True,
            False,
        ]


async def test_a_shop_with_two_computers_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as street:
        street.one.node.driver.on_fault(ShopId(3), "TWO_SESSIONS")
        assert [seat.two_sessions for seat in (await street.roll()).seats] == [False] * 3 + [True]
        assert "TWO_SESSIONS, shop 3" in caplog.text
