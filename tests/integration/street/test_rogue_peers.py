"""One shop of a real street goes bad (the issue's bad input).

Everything it sends is counted by name at the node that got it, it is cut off for it, and the
street of the others goes on and loses nothing.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import msgspec
import trio
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line as Till
from liandao_node.client import NodeClient, OrderRef
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.transactions import sign_tx
from liandao_node.limits import FRAME_BYTES_MAX
from liandao_node.net.admission import Verdict
from liandao_node.runtime.config import load_settings, save_settings
from liandao_node.runtime.street import read_genesis
from liandao_node.types import ShopId, Signature
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.messages import Prepare, Requests
from support.runtime_node import key_and_boot
from support.runtime_peers import order
from support.runtime_rogue import Rogue
from support.shops import free_ports
from support.street import books, founded, one_line, sell

NOT_CANONICAL = b"\x92\x0a\xcd\x00\x05"
"""FETCH-RANGE of block 5, which stands in two bytes more than it needs."""
SEATS = 4
LARGE = 1_000_000
LARGE_EARNS = 20_000


@dataclass
class Street:
    """Four real nodes; ``bad`` of them is down, and its key in the wrong hands."""

    fleet: Fleet
    genesis: Genesis
    ports: list[int]
    leader: int
    good: list[int]
    bad: int
    rogue: Rogue

    async def counted(self, shop: int, code: str) -> int:
        return dict((await self.fleet.status(shop)).faults).get(code, 0)

    async def cut_off_for(self, shop: int, frame: bytes, code: str) -> None:
        """The rogue says ``frame`` to ``shop`` and is cut off; the fault has its name."""
        before = await self.counted(shop, code)
        async with self.rogue.line(self.ports[shop]) as line:
            await line.say(frame)
            await line.until_cut_off()
        assert await self.counted(shop, code) == before + 1
        assert await self.rogue.verdict(self.ports[shop]) is Verdict.KEPT_OUT

    def tx(self, reference: str, *, shop: int | None = None, card: bytes = b"") -> bytes:
        """A large order under the rogue's key, in whosever name."""
        name = ShopId(self.bad if shop is None else shop)
        call = as_call(order(reference, LARGE, card))
        return sign_tx(self.genesis.chain_id, name, 9 << 32, [call], self.rogue.key).raw


class Business:
    """A shop that sells without end, and remembers what was certified."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.sold: list[OrderRef] = []

    async def run(self) -> None:
        enrolled = await self._till.ask(lambda node: node.enrol(""))
        while True:
            number = await self._till.ask(partial(_number, secrets.token_bytes(16)))
            sold = await sell(self._till, number, enrolled.card.card, 10_000)
            assert (sold.earned, sold.balance) == (200, 200 * (len(self.sold) + 1))
            self.sold.append(sold.order)
            await trio.sleep(0.05)

    async def goes_on(self) -> None:
        wanted = len(self.sold) + 3
        with trio.fail_after(60):
            while len(self.sold) < wanted:
                await trio.sleep(0.02)


async def _number(ticket: bytes, node: NodeClient) -> OrderRef:
    return await node.next_order(1, ticket)


@asynccontextmanager
async def street_with_a_rogue() -> AsyncIterator[Street]:
    with founded(SEATS) as fleet:
        ports = free_ports(SEATS)
        for data_dir, port in zip(fleet.dirs, ports, strict=True):
            settings = load_settings(data_dir)
            save_settings(data_dir, msgspec.structs.replace(settings, listen_port=port))
        for shop in range(SEATS):
            fleet.start(shop)
        await fleet.wait_active(range(SEATS))
        leader = (await fleet.status(0)).leader
        bad = (leader + 1) % SEATS
        fleet.kill(bad)
        genesis = read_genesis(fleet.dirs[bad])
        rogue = Rogue(*key_and_boot(genesis, fleet.dirs[bad]), chain=genesis.chain_id)
        good = [shop for shop in range(SEATS) if shop != bad]
        yield Street(fleet, genesis, ports, leader, good, bad, rogue)


async def _everything_is_there(street: Street, business: Business, more: int = 0) -> None:
    """The bad shop comes back honest; all tips are equal and every certified sale counts."""
    street.fleet.start(street.bad)
    summaries = await street.fleet.settled(30)
    assert len({(s.height, s.tip, s.state_root) for s in summaries}) == 1
    issued, redeemed, expired, outstanding = books(summaries)
    # The last sale may have been certified when its till was closed.
    assert issued - more - 200 * len(business.sold) in (0, 200)
    assert issued == redeemed + expired + outstanding


async def test_what_no_honest_node_sends_costs_its_sender_and_nobody_else() -> None:
    async with street_with_a_rogue() as street, one_line(street.fleet.dirs[street.leader]) as till:
        a, b, c = street.good
        business = Business(till)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(business.run)
            await street.cut_off_for(a, b"\xc1 nonsense", "MESSAGE_BAD")
            await street.cut_off_for(b, NOT_CANONICAL, "MESSAGE_BAD")
            await street.cut_off_for(c, bytes(FRAME_BYTES_MAX + 1), "FRAME_TOO_LARGE")
            forged = Requests([street.tx("forged", shop=a)])
            await street.cut_off_for(b, encode(forged), "TX_BAD_SIGNATURE")
            unknown = Requests([street.tx("unknown", shop=SEATS)])
            await street.cut_off_for(c, encode(unknown), "TX_UNKNOWN_SHOP")
            stranger = Rogue(SigningKey(secrets.token_bytes(32)), chain=street.genesis.chain_id)
            for times in (1, 2):
                assert await stranger.verdict(street.ports[a]) is Verdict.UNKNOWN_SHOP
                assert await street.counted(a, "UNKNOWN_SHOP") == times
            await business.goes_on()
            nursery.cancel_scope.cancel()
        await _everything_is_there(street, business)


async def test_a_replayed_transaction_has_one_effect_on_a_real_street() -> None:
    """Its own, said again and again, and one of another shop that it overheard."""
    async with street_with_a_rogue() as street, one_line(street.fleet.dirs[street.leader]) as till:
        business = Business(till)
        enrolled = await till.ask(lambda node: node.enrol(""))
        own = street.tx("replayed", card=enrolled.card.card)
        async with (
            street.rogue.line(street.ports[street.leader]) as line,
            trio.open_nursery() as nursery,
        ):
            nursery.start_soon(business.run)
            overheard = (await line.proposal()).block.txs
            await line.message(Requests([own, own, *overheard]))
            await business.goes_on()
            for _ in range(3):
                await line.message(Requests([own, *overheard, own]))
            await business.goes_on()
            nursery.cancel_scope.cancel()
        await _everything_is_there(street, business, more=LARGE_EARNS)


async def test_a_forged_vote_makes_no_quorum_and_is_cut_off() -> None:
    """With a third shop away its vote would be the one that is missing."""
    async with street_with_a_rogue() as street, one_line(street.fleet.dirs[street.leader]) as till:
        away = next(shop for shop in street.good if shop != street.leader)
        business = Business(till)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(business.run)
            await business.goes_on()
            street.fleet.kill(away)
            async with street.rogue.line(street.ports[street.leader]) as line:
                proposal = await line.proposal()
                header = proposal.block.header
                vote = Prepare(
                    header.epoch, proposal.view, header.seq, header.hash, Signature(bytes(64))
                )
                await line.message(vote)
                await line.until_cut_off()
            height = (await street.fleet.status(street.leader)).height
            assert await street.counted(street.leader, "VOTE_FORGED") == 1
            assert height < header.seq, "two shops of four agree on nothing"
            street.fleet.start(away)
            await business.goes_on()
            nursery.cancel_scope.cancel()
        await _everything_is_there(street, business)
