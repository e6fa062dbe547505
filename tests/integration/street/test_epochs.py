"""Committees hand over to each other while the street trades, whoever is killed meanwhile."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
import trio
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line
from liandao_node.client import NodeClient, OrderRef
from liandao_node.wire.genesis import Rules
from support.street import books, founded, one_line, sell

SHOPS = 5
"""Four of them sit; the fifth follows."""
FOLLOWER = 4
SHORT = Rules(epoch_blocks=6, attendance_blocks_min=4)


class Trade:
    """A shop that sells without end."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.sold = 0

    async def run(self) -> None:
        enrolled = await self._line.ask(lambda node: node.enrol(""))
        while True:
            number = await self._line.ask(partial(_number, secrets.token_bytes(16)))
            await sell(self._line, number, enrolled.card.card, 10_000)
            self.sold += 1
            await trio.sleep(0.02)  # a till that never rests takes the cores from the nodes

    async def sells(self, more: int) -> None:
        wanted = self.sold + more
        with trio.fail_after(60):
            while self.sold < wanted:
                await trio.sleep(0.02)


async def _number(ticket: bytes, node: NodeClient) -> OrderRef:
    return await node.next_order(1, ticket)


@asynccontextmanager
async def trading(fleet: Fleet, shop: int) -> AsyncIterator[Trade]:
    async with one_line(fleet.dirs[shop]) as line, trio.open_nursery() as nursery:
        trade = Trade(line)
        nursery.start_soon(trade.run)
        yield trade
        nursery.cancel_scope.cancel()


async def _all_agree(fleet: Fleet, trade: Trade) -> None:
    summaries = await fleet.settled(30)
    assert len({(s.height, s.tip, s.state_root) for s in summaries}) == 1
    issued, redeemed, expired, outstanding = books(summaries)
    assert issued - 200 * trade.sold in (0, 200)
    assert issued == redeemed + expired + outstanding


@pytest.mark.rule("P-12.4", "P-12.7")
async def test_epochs_follow_each_other_under_trade_and_a_follower_keeps_up() -> None:
    with founded(SHOPS, SHORT) as fleet:
        for shop in range(SHOPS):
            fleet.start(shop)
        await fleet.wait_active(range(SHOPS))
        async with trading(fleet, FOLLOWER) as trade:
            await trade.sells(20)
            before = (await fleet.status(0)).height
            await trade.sells(30)
        await _all_agree(fleet, trade)
        assert (await fleet.status(FOLLOWER)).height >= before + 30


@pytest.mark.rule("P-12.5", "T12", "T35")
async def test_kill_9_of_seats_and_of_all_at_once_around_hand_overs() -> None:
    with founded(SHOPS, SHORT) as fleet:
        for shop in range(SHOPS):
            fleet.start(shop)
        await fleet.wait_active(range(SHOPS))
        async with trading(fleet, FOLLOWER) as trade:
            await trade.sells(10)
            for victim in (0, 1, 2, 3):
                fleet.kill(victim)
                await trade.sells(5)
                fleet.start(victim)
                await trade.sells(5)
            for shop in range(FOLLOWER):
                fleet.kill(shop)
            for shop in range(FOLLOWER):
                fleet.start(shop)
            await trade.sells(10)
        await _all_agree(fleet, trade)
