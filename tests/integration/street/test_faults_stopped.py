"""Nodes that hang (SIGSTOP) and nodes that die, with real processes (T25, T35).

A process that is stopped keeps its connections: only its silence speaks.
"""

from signal import SIGCONT, SIGSTOP

import pytest
import trio
from liandao_node.client import SeatState
from liandao_node.limits import PEER_SILENCE_MS_MAX
from support.faults import Rig, Till, rig, trade

SEATS = 4
GONE = (SeatState.QUIET, SeatState.AWAY)
"""It hangs: first nothing is heard of it, then its connection is given up."""


async def _opened(street: Rig) -> int:
    """Starts all; returns the leader."""
    for shop in range(SEATS):
        street.start(shop)
    await street.wait_active(range(SEATS))
    return (await street.status(0)).leader


@pytest.mark.parametrize("role", ["leader", "follower"])
@pytest.mark.rule("P-9.2")
async def test_a_node_that_hangs_holds_nobody_up_and_comes_back(role: str) -> None:
    with rig(SEATS) as street:
        leader = await _opened(street)
        victim = leader if role == "leader" else (leader + 1) % SEATS
        other = (leader + 2) % SEATS

        async def story(tills: list[Till]) -> None:
            await tills[0].more(5)
            street.signal(victim, SIGSTOP)
            await tills[0].more(20)
            roll = await street.rolled(
                other, lambda r: r.seats[victim].state in GONE and r.voting == SEATS - 1
            )
            assert roll.margin == 0
            if role == "leader":
                assert roll.last_view_change is not None
                assert roll.leader != victim
            street.signal(victim, SIGCONT)
            await street.state(other, victim, SeatState.VOTING)
            await tills[0].more(5)

        (till,) = await trade(street, [other], story)
        assert till.longest_pause_ms() > 0
        await street.rolled(victim, lambda roll: roll.margin == 1)


async def test_a_node_that_hangs_so_long_that_it_is_given_up_finds_back() -> None:
    with rig(SEATS) as street:
        leader = await _opened(street)
        other = (leader + 1) % SEATS

        async def story(tills: list[Till]) -> None:
            await tills[0].more(5)
            street.signal(leader, SIGSTOP)
            with trio.fail_after(4 * PEER_SILENCE_MS_MAX / 1_000):
                roll = await street.state(other, leader, SeatState.AWAY)
            assert roll.seats[leader].problem in ("PEER_SILENT", "PEER_GONE", "HANDSHAKE_TIMEOUT")
            street.signal(leader, SIGCONT)
            await street.state(other, leader, SeatState.VOTING)

        await trade(street, [other], story)


async def test_one_hangs_and_one_is_killed_and_the_street_waits_for_either() -> None:
    """Two of four are too few: nothing is decided, nothing is lost, and one is enough."""
    with rig(SEATS) as street:
        leader = await _opened(street)
        hangs, killed, seller = ((leader + at) % SEATS for at in (0, 1, 2))

        async def story(tills: list[Till]) -> None:
            await tills[0].more(5)
            street.signal(hangs, SIGSTOP)
            street.kill(killed)
            roll = await street.rolled(seller, lambda roll: roll.voting == SEATS - 2)
            assert roll.margin == -1
            height = (await street.status(seller)).height
            await trio.sleep(1)
            assert (await street.status(seller)).height == height
            street.signal(hangs, SIGCONT)
            await tills[0].more(5)
            street.start(killed)
            await street.state(seller, killed, SeatState.VOTING)
            await tills[0].more(5)

        await trade(street, [seller], story)


async def test_killed_one_after_the_other_while_others_hang() -> None:
    """Every node dies once, and each time another one hangs for a moment."""
    with rig(SEATS) as street:
        await _opened(street)

        async def story(tills: list[Till]) -> None:
            for victim in range(SEATS):
                hangs = (victim + 1) % SEATS
                street.signal(hangs, SIGSTOP)
                street.kill(victim)
                await trio.sleep(0.3)
                street.signal(hangs, SIGCONT)
                street.start(victim)
                for till in tills:
                    await till.more(3)

        await trade(street, list(range(SEATS)), story)
