"""Faults of the demo: kill -9 in the middle of business, and how long the street stood still."""

from contextlib import suppress

import trio

from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.report import FaultSeen
from liandao_node.client import NodeClient, connect
from liandao_node.errors import Unavailable

AWAY_S = 2.0
"""How long a killed node stays away: longer than the street should need without it."""
SEEN_S_MAX = 30


async def kill_and_bring_back(fleet: Fleet, role: str, spared: int) -> FaultSeen:
    """Kills the leader or a follower (never ``spared``, where the window works)."""
    shops = range(len(fleet.dirs))
    leader = (await fleet.status(spared)).leader
    followers = [shop for shop in shops if shop not in (leader, spared)]
    victim = leader if role == "leader" else followers[-1]
    witness = next(shop for shop in shops if shop != victim)
    async with connect(fleet.dirs[witness], client="demo witness") as node:
        fleet.kill(victim)
        standstill_ms = await _longest_pause_ms(node)
    fleet.start(victim)
    started_at = trio.current_time()
    await _caught_up(fleet, victim, witness)
    back_ms = round((trio.current_time() - started_at) * 1000)
    # The next fault is to meet a whole street: one of four is what it bears at a time.
    await fleet.wait_active(shops)
    return FaultSeen(role, victim, standstill_ms, back_ms)


async def _longest_pause_ms(node: NodeClient) -> int:
    """The longest time without a new certified block while the node is away.

    The first block after the kill proves little: it may have been on its way already.
    """
    last = trio.current_time()
    away_until = last + AWAY_S
    height, longest = -1, 0.0
    with trio.move_on_after(SEEN_S_MAX):
        async for summary in node.summaries():
            if summary.height == height:
                continue
            now = trio.current_time()
            longest = max(longest, now - last)
            last, height = now, summary.height
            if now > away_until:
                return round(longest * 1000)
    return round((trio.current_time() - last) * 1000)


async def _caught_up(fleet: Fleet, victim: int, witness: int) -> None:
    """Until the victim has what the witness had when it was asked."""
    target = (await fleet.status(witness)).height
    with trio.move_on_after(SEEN_S_MAX):
        while True:
            with suppress(Unavailable):
                if (await fleet.status(victim)).height >= target:
                    return
            await trio.sleep(0.02)
