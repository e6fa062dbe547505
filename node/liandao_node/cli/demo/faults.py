"""Faults of the demo: kill -9 in the middle of business, and how long the street stood still."""

from contextlib import suppress

import trio

from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.report import FaultSeen
from liandao_node.client import connect
from liandao_node.errors import Unavailable

AWAY_S = 1.0
"""How long a killed node stays away: longer than the street should need without it."""
SEEN_S_MAX = 30


async def kill_and_bring_back(fleet: Fleet, role: str, spared: int) -> FaultSeen:
    """Kills the leader or a follower (never ``spared``, where the window works)."""
    shops = range(len(fleet.dirs))
    leader = (await fleet.status(spared)).leader
    followers = [shop for shop in shops if shop not in (leader, spared)]
    victim = leader if role == "leader" else followers[-1]
    witness = next(shop for shop in shops if shop != victim)
    standstill_ms = 0
    async with connect(fleet.dirs[witness], client="demo witness") as node:
        height = (await node.status()).height
        killed_at = trio.current_time()
        fleet.kill(victim)
        with trio.move_on_after(SEEN_S_MAX):
            async for summary in node.summaries():
                if summary.height > height:
                    break
        standstill_ms = round((trio.current_time() - killed_at) * 1000)
    await trio.sleep(AWAY_S)
    fleet.start(victim)
    started_at = trio.current_time()
    await _caught_up(fleet, victim, witness)
    back_ms = round((trio.current_time() - started_at) * 1000)
    return FaultSeen(role, victim, standstill_ms, back_ms)


async def _caught_up(fleet: Fleet, victim: int, witness: int) -> None:
    """Until the victim has what the witness had when it was asked."""
    target = (await fleet.status(witness)).height
    with trio.move_on_after(SEEN_S_MAX):
        while True:
            with suppress(Unavailable):
                if (await fleet.status(victim)).height >= target:
                    return
            await trio.sleep(0.02)
