"""kill -9 of a leader, a follower and the whole street, with real processes (P-6.1, P-6.3).

Nothing that was certified is lost, every node comes back by itself, all tips are equal, and
nothing is counted twice although the lines ask again whatever got no answer.
"""

import secrets
from functools import partial

import pytest
import trio
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line
from liandao_node.client import NodeClient, OrderRef, Sold
from support.street import books, running, sell

EARNED_EACH = 200
"""2 % of 10000."""


class Till:
    """Sells without end at one shop and remembers what was certified."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.sold: list[Sold] = []
        self.enough = trio.Event()

    async def run(self) -> None:
        enrolled = await self.line.ask(lambda node: node.enrol(""))
        while not self.enough.is_set():
            order = await self.line.ask(partial(_next_order, secrets.token_bytes(16)))
            self.sold.append(await sell(self.line, order, enrolled.card.card, 10_000))


async def _next_order(ticket: bytes, node: NodeClient) -> OrderRef:
    return await node.next_order(1, ticket)


async def _sales(tills: list[Till], more: int) -> None:
    """Until each till has certified ``more`` sales on top."""
    wanted = [len(till.sold) + more for till in tills]
    with trio.fail_after(60):
        while any(len(till.sold) < want for till, want in zip(tills, wanted, strict=True)):
            await trio.sleep(0.02)


async def _all_agree(fleet: Fleet, tills: list[Till]) -> None:
    """Every certified sale is in the books once; every node has the same tip."""
    summaries = await fleet.settled(60)
    assert len({(s.height, s.tip, s.state_root) for s in summaries}) == 1
    issued, redeemed, expired, outstanding = books(summaries)
    assert issued == sum(len(till.sold) for till in tills) * EARNED_EACH
    assert issued == redeemed + expired + outstanding
    for till in tills:
        numbers = [sold.order.number for sold in till.sold]
        assert numbers == list(range(1, len(numbers) + 1)), "a receipt number is missing"
        balance = till.sold[-1].balance
        assert balance == len(till.sold) * EARNED_EACH


@pytest.mark.parametrize("role", ["leader", "follower"])
@pytest.mark.rule("P-6.3")
async def test_a_killed_node_loses_nothing(role: str) -> None:
    async with running(4) as (fleet, lines):
        leader = (await fleet.status(0)).leader
        victim = leader if role == "leader" else (leader + 1) % 4
        tills = [Till(lines[(leader + 2) % 4]), Till(lines[victim])]
        async with trio.open_nursery() as nursery:
            for till in tills:
                nursery.start_soon(till.run)
            await _sales(tills, 5)
            fleet.kill(victim)
            # The others go on without it, under a new leader if need be.
            await _sales(tills[:1], 10)
            fleet.start(victim)
            # Its own till goes on too, where it stood.
            await _sales(tills, 5)
            for till in tills:
                till.enough.set()
        await _all_agree(fleet, tills)
        summary = await fleet.status(victim)
        if role == "leader":
            assert summary.view > 0


@pytest.mark.rule("P-6.1")
async def test_the_whole_street_killed_at_once_comes_back_by_itself() -> None:
    async with running(4) as (fleet, lines):
        tills = [Till(line) for line in lines]
        async with trio.open_nursery() as nursery:
            for till in tills:
                nursery.start_soon(till.run)
            for _ in range(2):
                await _sales(tills, 4)
                for shop in range(4):
                    fleet.kill(shop)
                for shop in range(4):
                    fleet.start(shop)
                await _sales(tills, 4)
            for till in tills:
                till.enough.set()
        await _all_agree(fleet, tills)


async def test_a_node_that_was_away_fetches_what_it_missed() -> None:
    async with running(4) as (fleet, lines):
        away = (await fleet.status(0)).leader
        tills = [Till(lines[(away + 1) % 4])]
        fleet.kill(away)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(tills[0].run)
            await _sales(tills, 60)
            tills[0].enough.set()
        fleet.start(away)
        await _all_agree(fleet, tills)


async def test_a_street_of_one_seat_continues_after_a_kill() -> None:
    async with running(1) as (fleet, lines):
        tills = [Till(lines[0])]
        async with trio.open_nursery() as nursery:
            nursery.start_soon(tills[0].run)
            for _ in range(3):
                await _sales(tills, 3)
                fleet.kill(0)
                fleet.start(0)
            await _sales(tills, 3)
            tills[0].enough.set()
        await _all_agree(fleet, tills)
