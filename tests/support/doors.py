"""A node service without a node, for the tests of doors and clients."""

from collections.abc import Awaitable, Callable

import trio
from liandao_node.errors import Refused
from liandao_node.local.changes import Changes
from liandao_node.local.frames import FrameReader, frame
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api import (
    API_VERSION,
    CardReply,
    FindCard,
    Hello,
    Reply,
    Request,
    SeatView,
    Summary,
    Welcome,
    decode_reply,
    encode_api,
)

WELCOME = Welcome(
    street="Anfu Road",
    chain_id=b"\x01" * 32,
    shop=ShopId(2),
    shop_name="Tea & Ink",
    currency="CNY",
    exponent=2,
    utc_offset_minutes=480,
    version="0.1.0",
)


def summary(height: int) -> Summary:
    return Summary(
        height=height,
        tip=b"\x02" * 32,
        state_root=b"\x03" * 32,
        time_ms=Millis(1_700_000_000_000),
        clock_skew_ms=0,
        view=0,
        leader=ShopId(0),
        active=True,
        quorum=3,
        seats=[SeatView(ShopId(2), "Tea & Ink", True, height, 0)],
        share_bps_max=5_000,
        earn_bps=200,
        pending=0,
        calls=height,
        points_issued=Amount(0),
        points_redeemed=Amount(0),
        points_expired=Amount(0),
        points_outstanding=Amount(0),
        view_changes=0,
        last_view_change="",
        faults=[],
    )


async def no_card(request: Request) -> Reply:
    """Answers a search for a card and refuses the rest."""
    if isinstance(request, FindCard):
        return CardReply(None, request.presented)
    raise Refused("HOLD_UNKNOWN", hold="ab")


class FakeService:
    """A `NodeService` whose answers a test chooses; its height is what changes."""

    def __init__(self, handle: Callable[[Request], Awaitable[Reply]] = no_card) -> None:
        self.changes = Changes()
        self.height = 0
        self._handle = handle

    async def handle(self, request: Request) -> Reply:
        return await self._handle(request)

    def welcome(self) -> Welcome:
        return WELCOME

    def summary(self) -> Summary:
        return summary(self.height)

    def grow(self) -> None:
        self.height += 1
        self.changes.announce()


class Talker:
    """The other end of a door, frame by frame: says what a test wants said."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self._frames = FrameReader(stream)

    async def say(self, request_id: int, request: Request) -> None:
        await self.stream.send_all(frame(encode_api((request_id, request))))

    async def hear(self) -> tuple[int, Reply] | None:
        """The next reply, or None when the door closed."""
        payload = await self._frames.next()
        return None if payload is None else decode_reply.decode(payload)

    async def greet(self, token: str = "") -> Reply | None:
        await self.say(1, Hello(API_VERSION, token, "talker"))
        heard = await self.hear()
        return None if heard is None else heard[1]
