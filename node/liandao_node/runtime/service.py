"""The node as its doors see it: one request in, one answer out."""

from collections import Counter

from liandao_node import __version__
from liandao_node.errors import BugFound
from liandao_node.ledger import queries
from liandao_node.local.changes import Changes
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.clearing_desk import ClearingDesk
from liandao_node.runtime.customers_desk import CustomersDesk
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.earn_rules_desk import EarnRulesDesk
from liandao_node.runtime.giving_desk import GivingDesk
from liandao_node.runtime.module_desk import ModuleDesk
from liandao_node.runtime.notary_desk import NotaryDesk
from liandao_node.runtime.receipts_desk import ReceiptsDesk
from liandao_node.runtime.refunds_desk import RefundsDesk
from liandao_node.runtime.returns_desk import ReturnsDesk
from liandao_node.runtime.roll import RollCall
from liandao_node.runtime.rules_desk import RulesDesk
from liandao_node.runtime.sales_desk import SalesDesk
from liandao_node.runtime.stake_desk import StakeDesk
from liandao_node.runtime.submission import Submissions
from liandao_node.runtime.traffic_desk import TrafficDesk
from liandao_node.runtime.upkeep import Upkeep
from liandao_node.types import ShopId, View
from liandao_node.wire.api import (
    CustomersRequest,
    EnrolCard,
    FindCard,
    GetReceipt,
    GetRoll,
    HoldPoints,
    NextOrder,
    OrderNumber,
    OrderRef,
    ReceiptReply,
    ReleaseHold,
    Reply,
    Request,
    SealTraffic,
    SeatView,
    Sell,
    SubmitHits,
    SubmitOrders,
    Summary,
    Welcome,
)
from liandao_node.wire.clearing import GetClearing, SayClearing
from liandao_node.wire.earn_rules import GetEarnRule, PublishEarnRule
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.giving import GetGiving, GivePoints
from liandao_node.wire.module_calls import OrderCall
from liandao_node.wire.notary import (
    CountersignDocument,
    GetStamps,
    ProveStamp,
    StampDocument,
)
from liandao_node.wire.refunds import (
    FindOrder,
    GetOrders,
    PreviewRefund,
    RefundOrder,
    SubmitRefunds,
)
from liandao_node.wire.rules import (
    GetRules,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    VoteOnProposal,
)
from liandao_node.wire.stake import BringStatement, GetStakes, LeaveJail, MoveStake


class Service:
    """Implements `liandao_node.doors.service.NodeService`."""

    def __init__(
        self,
        *,
        genesis: Genesis,
        me: ShopId,
        driver: Driver,
        submissions: Submissions,
        cards: CardsDesk,
        sales: SalesDesk,
        refunds: RefundsDesk,
        returns: ReturnsDesk,
        giving: GivingDesk,
        earn_rules: EarnRulesDesk,
        traffic: TrafficDesk,
        receipts: ReceiptsDesk,
        roll: RollCall,
        stake: StakeDesk,
        rules: RulesDesk,
        notary: NotaryDesk,
        modules: ModuleDesk,
        clearing: ClearingDesk,
        customers: CustomersDesk,
        faults: Counter[str],
        changes: Changes,
        upkeep: Upkeep,
    ) -> None:
        self.changes = changes
        self.connected: set[ShopId] = set()
        self._genesis = genesis
        self._me = me
        self._driver = driver
        self._submissions = submissions
        self._cards = cards
        self._sales = sales
        self._refunds = refunds
        self._returns = returns
        self._giving = giving
        self._earn_rules = earn_rules
        self._traffic = traffic
        self._receipts = receipts
        self._roll = roll
        self._stake = stake
        self._rules = rules
        self._notary = notary
        self._modules = modules
        self._clearing = clearing
        self._customers = customers
        self._faults = faults
        self._upkeep = upkeep

    async def handle(self, request: Request) -> Reply:
        """See the protocol. Each kind of business has a desk of its own."""
        if isinstance(request, CustomersRequest):
            return await self._customers.handle(request)
        match request:
            case FindCard():
                return self._cards.find(request)
            case HoldPoints():
                return await self._cards.hold(request)
            case Sell():
                return await self._sales.sell(request)
            case ReleaseHold():
                return await self._cards.release(request)
            case EnrolCard():
                return await self._cards.enrol(request)
            case NextOrder(register, ticket):
                number = await self._submissions.next_number(register, ticket)
                return OrderNumber(OrderRef(register, number))
            case SubmitOrders():
                return await self._sales.submit_orders(request)
            case _:
                return await self._handle_records(request)

    async def _handle_records(self, request: Request) -> Reply:
        match request:
            case SubmitHits():
                return await self._traffic.hits(request)
            case SealTraffic():
                return await self._traffic.seal()
            case GetReceipt(order):
                return ReceiptReply(self._receipts.receipt(order))
            case GetRoll():
                return self._roll.roll()
            case _:
                return await self._handle_points(request)

    async def _handle_points(self, request: Request) -> Reply:
        match request:
            case FindOrder():
                return self._refunds.orders.find(request)
            case GetOrders():
                return self._refunds.orders.newest(request)
            case PreviewRefund():
                return self._refunds.preview(request)
            case RefundOrder():
                return await self._refunds.refund(request)
            case SubmitRefunds():
                return await self._returns.submit(request)
            case GetGiving():
                return self._giving.told()
            case GivePoints():
                return await self._giving.give(request)
            case GetEarnRule():
                return self._earn_rules.told()
            case PublishEarnRule():
                return await self._earn_rules.publish(request)
            case _:
                return await self._handle_stake(request)

    async def _handle_stake(self, request: Request) -> Reply:
        match request:
            case GetStakes():
                return self._stake.stakes()
            case MoveStake():
                return await self._stake.move(request)
            case LeaveJail():
                return await self._stake.leave_jail()
            case BringStatement():
                return await self._stake.bring(request)
            case GetRules():
                return self._rules.told()
            case ProposeValues() | ProposeModule():
                return await self._rules.propose(request)
            case VoteOnProposal():
                return await self._rules.vote(request)
            case RetractProposal():
                return await self._rules.retract(request)
            case _:
                return await self._handle_papers(request)

    async def _handle_papers(self, request: Request) -> Reply:
        match request:
            case StampDocument():
                return await self._notary.stamp(request)
            case CountersignDocument():
                return await self._notary.countersign(request)
            case ProveStamp():
                return ReceiptReply(await self._notary.prove(request))
            case GetStamps():
                return self._notary.stamps(request)
            case OrderCall():
                return await self._modules.order(request)
            case GetClearing():
                return self._clearing.told(request)
            case SayClearing():
                return await self._clearing.say(request)
            case _:
                raise BugFound("REQUEST_UNHANDLED", request=type(request).__name__)

    def welcome(self) -> Welcome:
        genesis = self._genesis
        return Welcome(
            street=genesis.street,
            chain_id=genesis.chain_id,
            shop=self._me,
            shop_name=genesis.shops[self._me].name,
            currency=genesis.currency,
            exponent=genesis.exponent,
            utc_offset_minutes=genesis.utc_offset_minutes,
            version=__version__,
        )

    def summary(self) -> Summary:
        driver, replica = self._driver, self._driver.replica
        tip, rules = driver.ledger.tip, driver.ledger.rules()
        points = queries.points_totals(driver.ledger.view())
        return Summary(
            height=tip.seq,
            tip=tip.hash,
            state_root=driver.state_root,
            time_ms=driver.clock.street_ms(),
            clock_skew_ms=driver.clock.skew_ms,
            view=(view := self._view()),
            leader=replica.committee.leader(View(max(view, 0))),
            active=self._can_agree(),
            quorum=replica.committee.quorum,
            seats=[self._seat(shop.shop, shop.name) for shop in self._genesis.shops],
            share_bps_max=rules.share_bps_max,
            earn_bps=rules.earn_bps,
            pending=self._submissions.pending,
            calls=tip.calls,
            points_issued=points.issued,
            points_redeemed=points.redeemed,
            points_expired=points.expired,
            points_outstanding=points.live,
            view_changes=driver.watch.view_changes,
            last_view_change=driver.watch.last_view_change,
            faults=sorted(self._faults.items()),
            catching_up=self._upkeep.progress(),
            disk_low=self._upkeep.disk_low,
        )

    def _view(self) -> View:
        """The promised view; for a shop that does not vote, the one that f + 1 seats tell of."""
        replica = self._driver.replica
        if replica.voting:
            return replica.views.promised
        heights = self._driver.watch.heights
        told = sorted((heights[s][1] for s in replica.peers if s in heights), reverse=True)
        faults = replica.committee.faults
        return View(told[faults] if len(told) > faults else 0)

    def _can_agree(self) -> bool:
        """Whether blocks can be agreed on: a view is active and a quorum of seats is here."""
        replica = self._driver.replica
        seats = len(self.connected & replica.peers.keys()) + replica.voting
        ready = replica.active or not replica.voting
        return ready and replica.halted is None and seats >= replica.committee.quorum

    def _seat(self, shop: ShopId, name: str) -> SeatView:
        if shop == self._me:
            replica = self._driver.replica
            return SeatView(shop, name, True, replica.tip.seq, replica.views.current)
        height, view = self._driver.watch.heights.get(shop, (-1, -1))
        return SeatView(shop, name, shop in self.connected, height, view)
