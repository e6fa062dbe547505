"""A street that is brought up to date shop by shop (T42), with real processes.

The newer program is this one under other numbers: those of `liandao_node.wire.protocol` are
replaced before anything else is imported. So the rules of protocol 2 are those of 1, and all that
differs is who may follow them.
"""

import sys
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import pytest
from liandao_node.cli.missing_command import describe
from liandao_node.client import Roll, SeatState
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.runtime.street import read_genesis
from liandao_node.store.ledger import LedgerStore
from liandao_node.types import Seq
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Rules
from liandao_node.wire.protocol import CHANNEL, PROTOCOL, ProtocolVersion
from liandao_node.wire.transactions import decode_tx
from support.faults import NODE, Rig, Till, rig, trade

SEATS = 4
OTHER_PROGRAM = """
import sys
import liandao_node.wire.protocol as protocol
protocol.CHANNEL = protocol.ProtocolVersion(*map(int, sys.argv.pop(1).split(".")))
protocol.PROTOCOL = int(sys.argv.pop(1))
from liandao_node.cli.main import main
sys.exit(main())
"""
NEXT_MINOR = CHANNEL._replace(minor=CHANNEL.minor + 1)
NEXT_MAJOR = CHANNEL._replace(major=CHANNEL.major + 1)


SHORT = Rules(epoch_blocks=12, attendance_blocks_min=10_000)
"""Epochs of a moment, in which nobody is jailed for a slow machine."""


class Program(NamedTuple):
    channel: ProtocolVersion = CHANNEL
    speaks: int = PROTOCOL


decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)
SPEAKS_MORE = Program(speaks=PROTOCOL + 1)


class Programs:
    """Which program each shop's computer has installed."""

    def __init__(self, street: Rig) -> None:
        self._installed: dict[int, Program] = {}
        self._street = street
        street.command = self._command

    def install(self, shop: int, program: Program) -> None:
        self._installed[shop] = program

    def update(self, shop: int, program: Program) -> None:
        """Stopped, installed, started."""
        self._street.end(shop)
        self.install(shop, program)
        self._street.start(shop)

    def _command(self, shop: int) -> Sequence[str]:
        program = self._installed.get(shop)
        if program is None:
            return NODE
        numbers = (str(program.channel), str(program.speaks))
        return (sys.executable, "-c", OTHER_PROGRAM, *numbers, "node")


async def test_a_street_is_updated_one_by_one_while_it_sells() -> None:
    with rig(SEATS) as street:
        programs = Programs(street)
        for shop in range(SEATS):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            for shop in range(SEATS):
                watching = (shop + 1) % SEATS
                await tills[watching].more(2)
                street.end(shop)
                programs.install(shop, Program(NEXT_MINOR))
                street.start(shop)
                roll = await street.state(watching, shop, SeatState.VOTING)
                assert roll.seats[shop].channel == str(NEXT_MINOR)
                spoken = [seat.channel for seat in roll.seats if seat.shop != watching]
                assert spoken.count(str(NEXT_MINOR)) == min(shop + 1, SEATS - 1)
                for till in tills:
                    await till.more(2)

        await trade(street, list(range(SEATS)), story)


async def test_a_version_that_is_not_understood_is_refused_by_name_and_comes_back() -> None:
    with rig(SEATS) as street:
        programs = Programs(street)
        for shop in range(SEATS):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            await tills[0].more(2)
            street.end(3)
            programs.install(3, Program(NEXT_MAJOR))
            street.start(3)
            alone = await street.rolled(
                3, lambda roll: {s.problem for s in roll.seats[:3]} == {"OTHER_VERSION"}
            )
            assert alone.voting == 1
            # The others go on without it, and know why it is not there.
            await tills[0].more(5)
            faults = dict((await street.status(0)).faults)
            assert faults["OTHER_VERSION"] >= 1
            street.end(3)
            programs.install(3, Program())
            street.start(3)
            await street.state(0, 3, SeatState.VOTING)

        await trade(street, [0], story)


# --- the street's own protocol ---


async def _next_epoch(street: Rig, tills: list[Till], seen_by: int) -> Roll:
    """The roll of the epoch after the present one; the tills sell meanwhile."""
    epoch = (await street.roll(seen_by)).epoch
    return await street.rolled(seen_by, lambda roll: roll.epoch > epoch)


async def _has_told(street: Rig, shop: int, speaks: int) -> Roll:
    """Until the ledger of all others knows what a shop's program speaks."""
    seen_by = (shop + 1) % SEATS
    return await street.rolled(seen_by, lambda roll: roll.seats[shop].speaks == speaks)


@pytest.mark.rule("L-13.13", "P-12.12", "L-4.11", "T42")
async def test_the_protocol_rises_at_the_epoch_after_the_last_seats_update() -> None:
    with rig(SEATS, SHORT) as street:
        programs = Programs(street)
        for shop in range(SEATS):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            for shop in range(SEATS - 1):
                programs.update(shop, SPEAKS_MORE)
                await street.state(SEATS - 1, shop, SeatState.VOTING)
                await _has_told(street, shop, SPEAKS_MORE.speaks)
            # Three of four: the last one holds the street, which goes on as it was.
            for _ in range(2):
                roll = await _next_epoch(street, tills, 0)
                assert roll.protocol == PROTOCOL
                assert [seat.holds_back for seat in roll.seats] == [False] * 3 + [True]
                assert roll.margin >= 0
            assert "shop 3 花店 Flowers: Still speaks protocol 1" in "\n".join(describe(roll))
            assert "shop 3: Still speaks protocol 1" in street.log(0)
            programs.update(3, SPEAKS_MORE)
            await street.rolled(0, lambda roll: roll.protocol == SPEAKS_MORE.speaks)
            for till in tills:
                await till.more(5)
            assert not any(seat.holds_back for seat in (await street.roll(0)).seats)

        await trade(street, [0, 1], story)
        for shop in range(SEATS):
            roll = await street.roll(shop)
            assert (roll.protocol, roll.active) == (SPEAKS_MORE.speaks, True)
        street.end(0)
        _check_boundary(_blocks(street, 0), last=3)


def _blocks(street: Rig, shop: int) -> list[Block]:
    """What lies on the disk of a shop whose node does not run."""
    genesis = read_genesis(street.dirs[shop])
    with closing(LedgerStore.open(street.dirs[shop] / "ledger.db", genesis.chain_id)) as store:
        tip = store.tip()
        assert tip is not None
        stored = [store.block(Seq(seq)) for seq in range(1, tip.seq + 1)]
    return [decode_committed(raw).block for raw in stored if raw is not None]


def _check_boundary(blocks: list[Block], last: int) -> None:
    """The protocol is one in an epoch, and rose with the one after that in which the last shop
    told that it speaks more."""
    said = [(b.header, decode_tx(raw)) for b in blocks for raw in b.txs]
    told = [h.epoch for h, tx in said if tx.shop == last and tx.calls[0].kind == Speaks.kind]
    assert len(told) == 1, "it was said once"
    versions = {block.header.epoch: block.header.version for block in blocks}
    assert versions == {
        epoch: SPEAKS_MORE.speaks if epoch > told[0] else PROTOCOL for epoch in versions
    }
    assert all(versions[block.header.epoch] == block.header.version for block in blocks)
    assert max(versions) > told[0]


@pytest.mark.rule("P-12.13", "L-13.2", "T42")
async def test_a_follower_that_was_not_updated_stops_and_goes_on_after_its_update() -> None:
    follower = SEATS
    with rig(SEATS + 1, SHORT) as street:
        programs = Programs(street)
        for shop in range(SEATS):
            programs.install(shop, SPEAKS_MORE)
        for shop in range(SEATS + 1):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            await street.rolled(0, lambda roll: roll.protocol == SPEAKS_MORE.speaks)
            alone = await street.rolled(
                follower, lambda roll: roll.seats[follower].state is SeatState.OUTDATED
            )
            # It stands exactly at the end of the last epoch that it knew the rules of.
            assert alone.height == SHORT.epoch_blocks * alone.epoch
            await tills[0].more(20)
            after = await street.roll(follower)
            assert (after.height, after.epoch) == (alone.height, alone.epoch)
            assert dict((await street.status(follower)).faults)["PROGRAM_OUTDATED"] >= 1
            assert "Please update this program" in street.log(follower)
            seen = await street.roll(0)
            assert seen.seats[follower].state is SeatState.OUTDATED
            assert not seen.seats[follower].seated
            programs.update(follower, SPEAKS_MORE)
            await street.state(0, follower, SeatState.FOLLOWING)

        await trade(street, [0], story)
        assert (await street.roll(follower)).protocol == SPEAKS_MORE.speaks
