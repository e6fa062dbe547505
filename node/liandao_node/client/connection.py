"""Connecting to the node of a data directory, and its typed requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from liandao_node.client.channel import Channel
from liandao_node.client.customers import CustomersClient
from liandao_node.errors import OperatorFault, Unavailable
from liandao_node.limits import API_HELLO_MS_MAX
from liandao_node.local.endpoint import (
    LOOPBACK,
    UNIX_SOCKETS,
    read_tcp,
    socket_address,
    socket_path,
)
from liandao_node.types import Amount
from liandao_node.wire.api import (
    API_VERSION,
    CardReply,
    EnrolCard,
    Enrolled,
    FindCard,
    GetReceipt,
    GetRoll,
    GetStatus,
    Held,
    Hello,
    HitIn,
    HitsDone,
    HoldPoints,
    NextOrder,
    OrderIn,
    OrderNumber,
    OrderRef,
    OrdersDone,
    ReceiptReply,
    Released,
    ReleaseHold,
    Sealed,
    SealTraffic,
    Sell,
    Sold,
    SubmitHits,
    SubmitOrders,
    Summary,
    Watch,
    Welcome,
)
from liandao_node.wire.clearing import (
    RUNNING,
    ClearingDone,
    ClearingTold,
    GetClearing,
    SayClearing,
)
from liandao_node.wire.earn_rules import (
    EarnRulePublished,
    EarnRuleTerms,
    EarnRuleTold,
    GetEarnRule,
    PublishEarnRule,
)
from liandao_node.wire.giving import GetGiving, GivePoints, GivingTold, PointsGiven
from liandao_node.wire.module_calls import CallDone, OrderCall
from liandao_node.wire.notary import (
    CountersignDocument,
    GetStamps,
    ProveStamp,
    StampDocument,
    StampDone,
    Stamps,
)
from liandao_node.wire.refunds import (
    FindOrder,
    GetOrders,
    OrderName,
    OrderRefunded,
    OrdersTold,
    OrderTold,
    PreviewRefund,
    RefundIn,
    RefundOrder,
    RefundPreview,
    RefundsDone,
    SubmitRefunds,
)
from liandao_node.wire.roll import Roll
from liandao_node.wire.rules import (
    GetRules,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    RulesDone,
    RulesTold,
    VoteOnProposal,
)
from liandao_node.wire.stake import (
    BringStatement,
    GetStakes,
    LeaveJail,
    MoveStake,
    StakeDone,
    Stakes,
)


class NodeClient(CustomersClient):
    """A node at the other end of a connection; see `liandao_node.client.protocol.Node`."""

    def __init__(self, channel: Channel, welcome: Welcome) -> None:
        super().__init__(channel)
        self._welcome = welcome

    @property
    def welcome(self) -> Welcome:
        return self._welcome

    async def status(self) -> Summary:
        return await self._channel.ask(GetStatus(), Summary)

    async def find_card(self, presented: str) -> CardReply:
        return await self._channel.ask(FindCard(presented), CardReply)

    async def enrol(self, presented: str) -> Enrolled:
        return await self._channel.ask(EnrolCard(presented), Enrolled)

    async def hold(self, hold: bytes, presented: str, amount: Amount, pin: str = "") -> Held:
        """``pin``: of a card that has one (`CardView.guard`), typed by the customer."""
        return await self._channel.ask(HoldPoints(hold, presented, amount, pin), Held)

    async def release(self, hold: bytes, card: bytes) -> Released:
        return await self._channel.ask(ReleaseHold(hold, card), Released)

    async def sell(self, request: Sell) -> Sold:
        return await self._channel.ask(request, Sold)

    async def next_order(self, register: int, ticket: bytes = b"") -> OrderRef:
        return (await self._channel.ask(NextOrder(register, ticket), OrderNumber)).order

    async def submit_orders(self, orders: list[OrderIn]) -> OrdersDone:
        return await self._channel.ask(SubmitOrders(orders), OrdersDone)

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone:
        """Refunds of another till; at most REFUND_PARTS_PER_REQUEST_MAX parts in all."""
        return await self._channel.ask(SubmitRefunds(refunds), RefundsDone)

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
        return await self._channel.ask(SubmitHits(hits), HitsDone)

    async def seal_traffic(self) -> Sealed:
        return await self._channel.ask(SealTraffic(), Sealed)

    async def receipt(self, order: OrderRef) -> str:
        return (await self._channel.ask(GetReceipt(order), ReceiptReply)).document

    async def find_order(self, written: str) -> OrderTold:
        return await self._channel.ask(FindOrder(written), OrderTold)

    async def orders(self, register: int, count: int) -> OrdersTold:
        return await self._channel.ask(GetOrders(register, count), OrdersTold)

    async def preview_refund(self, order: OrderName, gross: Amount) -> RefundPreview:
        return await self._channel.ask(PreviewRefund(order, gross), RefundPreview)

    async def refund(self, request: RefundOrder) -> OrderRefunded:
        return await self._channel.ask(request, OrderRefunded)

    async def giving(self) -> GivingTold:
        return await self._channel.ask(GetGiving(), GivingTold)

    async def give_points(self, request: GivePoints) -> PointsGiven:
        return await self._channel.ask(request, PointsGiven)

    async def earn_rule(self) -> EarnRuleTold:
        """By what this shop's orders earn now, and what comes next."""
        return await self._channel.ask(GetEarnRule(), EarnRuleTold)

    async def publish_earn_rule(self, terms: EarnRuleTerms) -> EarnRulePublished:
        """In force with the next clearing period; final on return."""
        return await self._channel.ask(PublishEarnRule(terms), EarnRulePublished)

    async def roll(self) -> Roll:
        """Who is missing: as this node has seen it, also when the street stands still."""
        return await self._channel.ask(GetRoll(), Roll)

    async def stakes(self) -> Stakes:
        """Who has what where, who sits, and who would if the epoch ended now."""
        return await self._channel.ask(GetStakes(), Stakes)

    async def stake(self, request: MoveStake | LeaveJail | BringStatement) -> StakeDone:
        """Moves stake, leaves jail, or brings what somebody else signed; final on return."""
        return await self._channel.ask(request, StakeDone)

    async def order_call(self, call: int, body: bytes) -> CallDone:
        """Orders an encoded call of a module that somebody else wrote; final on return."""
        return await self._channel.ask(OrderCall(call, body), CallDone)

    async def notary(self, request: StampDocument | CountersignDocument) -> StampDone:
        """Stamps or countersigns a document; final on return."""
        return await self._channel.ask(request, StampDone)

    async def stamps(self, limit: int) -> Stamps:
        return await self._channel.ask(GetStamps(limit), Stamps)

    async def stamp_proof(self, request: ProveStamp) -> str:
        """A receipt file that proves the stamp."""
        return (await self._channel.ask(request, ReceiptReply)).document

    async def clearing(self, period: int = RUNNING) -> ClearingTold:
        """Statements of all parties for a period, the running one unless said otherwise."""
        return await self._channel.ask(GetClearing(period), ClearingTold)

    async def say_clearing(self, request: SayClearing) -> ClearingDone:
        """This shop's word about a payment, or about leaving; final on return."""
        return await self._channel.ask(request, ClearingDone)

    async def rules(self) -> RulesTold:
        """The rulebook in force, proposals with votes, and what comes next."""
        return await self._channel.ask(GetRules(), RulesTold)

    async def say_rules(
        self, request: ProposeValues | ProposeModule | VoteOnProposal | RetractProposal
    ) -> RulesDone:
        """Proposes a change of the rulebook, votes on one, or takes one back; final on return."""
        return await self._channel.ask(request, RulesDone)

    async def summaries(self) -> AsyncIterator[Summary]:
        news = self._channel.news
        seen = news.count
        await self._channel.ask(Watch(), Summary)
        while True:
            seen = await news.after(seen)
            self._channel.check()
            assert self._channel.summary is not None, "news without a summary"
            yield self._channel.summary


@asynccontextmanager
async def connect(data_dir: Path, *, client: str) -> AsyncIterator[NodeClient]:
    """A connection to the node that runs in ``data_dir``, for as long as the block lasts.

    ``client`` is the caller's name in the node's words. Raises Unavailable
    ``NODE_NOT_RUNNING`` or ``NODE_SILENT``, and OperatorFault ``API_VERSION``,
    ``API_TOKEN_WRONG``, ``API_USER_WRONG``, ``API_NOT_OURS`` or ``API_FILE_BAD``. What the
    block raises comes out as it is, in no exception group.
    """
    stream, token = await _reach(data_dir)
    channel = Channel(stream)
    failure: Exception | None = None
    async with stream, trio.open_nursery() as nursery:
        nursery.start_soon(channel.run)
        try:
            yield NodeClient(channel, await _greet(channel, token, client))
        except Exception as error:  # noqa: BLE001 - raised again below, out of the nursery
            failure = error
        nursery.cancel_scope.cancel()
    if failure is not None:
        raise failure


async def _greet(channel: Channel, token: str, client: str) -> Welcome:
    with trio.move_on_after(API_HELLO_MS_MAX / 1_000):
        return await channel.ask(Hello(API_VERSION, token, client), Welcome)
    raise Unavailable("NODE_SILENT", limit_ms=API_HELLO_MS_MAX)


async def _reach(data_dir: Path) -> tuple[trio.SocketStream, str]:
    """A stream to the node and the token that Hello has to carry."""
    endpoint = read_tcp(data_dir)
    try:
        if endpoint is not None:
            return await trio.open_tcp_stream(LOOPBACK, endpoint.port), endpoint.token
        if UNIX_SOCKETS:
            with socket_address(socket_path(data_dir)) as address:
                return await trio.open_unix_socket(address), ""
    except PermissionError as error:
        raise OperatorFault("API_NOT_OURS", path=str(data_dir)) from error
    except OSError as error:
        raise Unavailable("NODE_NOT_RUNNING", path=str(data_dir)) from error
    raise Unavailable("NODE_NOT_RUNNING", path=str(data_dir))
