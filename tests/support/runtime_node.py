"""One shop's node in this process: real stores, real thread of control, no other process.

Peers are whoever the test plays: it hears what the node sends and hands it frames.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import trio
from liandao_node.crypto.keys import SigningKey
from liandao_node.net.handler import PeerState
from liandao_node.runtime.config import NodeSettings, load_settings
from liandao_node.runtime.node import Node
from liandao_node.runtime.stores import Stores, open_stores
from liandao_node.runtime.street import NewShop, found_street, machine_id
from liandao_node.store.voter import VoterStore
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api import (
    CASH,
    EnrolCard,
    Enrolled,
    NextOrder,
    OrderNumber,
    OrderRef,
    Reply,
    Request,
    Sell,
    Sold,
)
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import Message, decode_message
from liandao_node.wire.protocol import PROTOCOL

LOOPBACK: Final = "127.0.0.1"
HANG_S: Final = 20.0
R = TypeVar("R", bound=Reply)
M = TypeVar("M", bound=Message)


def settings(**changes: object) -> NodeSettings:
    given: dict[str, object] = {
        "shop": ShopId(0),
        "listen_host": LOOPBACK,
        "discover": False,
        "late_grace_ms": None,
    }
    return NodeSettings(**(given | changes))  # type: ignore[arg-type]


def found(root: Path, shops: int, rules: Rules | None = None) -> tuple[Genesis, list[Path]]:
    """A street with a data directory for each of its shops."""
    dirs = [root / f"shop-{at}" for at in range(shops)]
    genesis = found_street(
        "Test street",
        [NewShop(f"Shop {at}", dirs[at], settings(), Amount(10**9)) for at in range(shops)],
        currency="CNY",
        exponent=2,
        utc_offset_minutes=480,
        rules=rules,
    )
    return genesis, dirs


def key_of(genesis: Genesis, data_dir: Path) -> SigningKey:
    """The node key of a shop that is not running."""
    return key_and_boot(genesis, data_dir)[0]


def key_and_boot(genesis: Genesis, data_dir: Path) -> tuple[SigningKey, int]:
    """The same with the session's number that looking at it took."""
    store = VoterStore.open(
        data_dir / "voter.db", chain_id=genesis.chain_id, machine_id=machine_id()
    )
    try:
        return SigningKey(store.seed), store.boot
    finally:
        store.close()


class HeardLinks:
    """The network as the driver sees it; whatever is sent is decoded and written down."""

    def __init__(self) -> None:
        self.sent: list[tuple[ShopId | None, Message]] = []
        """Receiver, None for all."""

    def send(self, peer: ShopId, frame: bytes) -> bool:
        self.sent.append((peer, decode_message(frame)))
        return True

    def broadcast(self, frame: bytes) -> None:
        self.sent.append((None, decode_message(frame)))

    def of(self, kind: type[M]) -> list[M]:
        return [message for _, message in self.sent if isinstance(message, kind)]


class SilentNetwork(HeardLinks):
    """In the place of `liandao_node.net.peers.Network`: nobody is there but the test."""

    def states(self) -> list[PeerState]:
        return []

    def renew(self) -> None:
        """Keys that change open no channel here."""

    async def run(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        task_status.started(0)
        await trio.sleep_forever()


class OneNode:
    """A running node and its stores."""

    def __init__(self, node: Node, stores: Stores) -> None:
        self.node = node
        self.stores = stores

    async def ask(self, request: Request, reply: type[R]) -> R:
        """The service's answer; fails loudly instead of hanging."""
        with trio.fail_after(HANG_S):
            answer = await self.node.service.handle(request)
        assert isinstance(answer, reply)
        return answer

    async def number(self, register: int = 1, ticket: bytes = b"") -> OrderRef:
        return (await self.ask(NextOrder(register, ticket), OrderNumber)).order

    async def card(self) -> Enrolled:
        return await self.ask(EnrolCard(""), Enrolled)

    async def sell(self, card: bytes, gross: int, order: OrderRef | None = None) -> Sold:
        return await self.ask(sale(order or await self.number(), card, gross), Sold)


def sale(order: OrderRef, card: bytes, gross: int, hold: bytes = b"", points: int = 0) -> Sell:
    return Sell(order, card, Amount(gross), Amount(0), hold, Amount(points), CASH, Millis(0))


@asynccontextmanager
async def running_node(
    data_dir: Path, genesis: Genesis, *, alone: bool = False, speaks: int = PROTOCOL
) -> AsyncIterator[OneNode]:
    """The node of ``data_dir`` until the block ends, in an orderly way.

    ``alone``: without sockets towards other shops; `SilentNetwork` stands in their place.
    ``speaks``: the protocol of another program than this one.
    """
    with open_stores(data_dir, genesis) as stores:
        node = Node(data_dir, genesis, load_settings(data_dir), stores, speaks=speaks)
        if alone:
            silent = SilentNetwork()
            node.driver.links = silent
            node.network = silent  # type: ignore[assignment]
        async with trio.open_nursery() as nursery:
            await nursery.start(node.run)
            yield OneNode(node, stores)
            nursery.cancel_scope.cancel()


def heard(one: OneNode) -> HeardLinks:
    assert isinstance(one.node.network, HeardLinks)
    return one.node.network


async def until(what: Callable[[], bool]) -> None:
    """Waits for a condition; fails loudly instead of hanging."""
    with trio.fail_after(HANG_S):
        while not what():
            await trio.sleep(0.002)
