"""What a shop asks of its node for its customers beside selling: cards, claims, coupons, visits,
people.

Each method asks once; what it may raise, `liandao_node.client.protocol` says. What changes
something is final on return.
"""

from liandao_node.client.channel import Channel
from liandao_node.types import Amount, ShopId
from liandao_node.wire.api import OrderRef
from liandao_node.wire.card_care import (
    BlockCard,
    CancelCardMove,
    CardCared,
    CardMoved,
    FinishCardMove,
    MakePaper,
    MergeCards,
    MoveCard,
    PaperMade,
    SetCardPaper,
    SetCardPin,
    UnblockCard,
)
from liandao_node.wire.claims import ClaimOffered, ClaimPoints, OfferOrderClaim, PointsClaimed
from liandao_node.wire.coupons import (
    CampaignOffered,
    CampaignSaid,
    CampaignsTold,
    CardCouponGiven,
    CommissionPublished,
    CountVisit,
    CouponAside,
    CouponsBack,
    CustomerReferred,
    GetCampaigns,
    GetWallet,
    GiveCardCoupon,
    GiveCouponBack,
    OfferCoupons,
    OfferStampCard,
    PapersPrinted,
    PrintPapers,
    PublishCommission,
    PutCouponAside,
    ReferCustomer,
    SayCampaign,
    UndoOrderCoupons,
    VisitCounted,
    WalletTold,
)
from liandao_node.wire.people import (
    AgreeingTold,
    AgreesTo,
    CorrectPerson,
    CountPeople,
    ErasePerson,
    FindPeople,
    GetAgreeing,
    GetPerson,
    NotePerson,
    PeopleCounted,
    PeopleFound,
    PersonErased,
    PersonTold,
    SayConsent,
)
from liandao_node.wire.refunds import OrderName


class CustomersClient:
    """A part of `NodeClient`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    # --- cards ---

    async def care(
        self, request: SetCardPin | SetCardPaper | BlockCard | UnblockCard | CancelCardMove
    ) -> CardCared:
        return await self._channel.ask(request, CardCared)

    async def fresh_paper(self) -> str:
        """A recovery paper to print before `SetCardPaper` names it; nothing is changed."""
        return (await self._channel.ask(MakePaper(), PaperMade)).payload

    async def move_card(self, request: MoveCard | FinishCardMove | MergeCards) -> CardMoved:
        """A lost card's points on another one, or two cards as one."""
        return await self._channel.ask(request, CardMoved)

    # --- claims ---

    async def offer_claim(self, order: OrderName) -> ClaimOffered:
        """A claim code for the receipt of an order without a card."""
        return await self._channel.ask(OfferOrderClaim(order), ClaimOffered)

    async def claim(self, paper: str, presented: str) -> PointsClaimed:
        """The points of a receipt, for a card."""
        return await self._channel.ask(ClaimPoints(paper, presented), PointsClaimed)

    # --- coupons ---

    async def campaigns(self) -> CampaignsTold:
        """Those that this shop made, pays for, or takes coupons of."""
        return await self._channel.ask(GetCampaigns(), CampaignsTold)

    async def offer_campaign(self, request: OfferCoupons | OfferStampCard) -> CampaignOffered:
        return await self._channel.ask(request, CampaignOffered)

    async def say_campaign(self, request: SayCampaign) -> CampaignSaid:
        return await self._channel.ask(request, CampaignSaid)

    async def print_papers(self, request: PrintPapers) -> PapersPrinted:
        return await self._channel.ask(request, PapersPrinted)

    async def give_coupon(self, campaign: int, presented: str) -> CardCouponGiven:
        return await self._channel.ask(GiveCardCoupon(campaign, presented), CardCouponGiven)

    async def put_coupon_aside(self, request: PutCouponAside) -> CouponAside:
        """For a bill; asked twice under one name it is one hold."""
        return await self._channel.ask(request, CouponAside)

    async def give_coupon_back(self, hold: bytes) -> Amount:
        """What it would have taken off."""
        return (await self._channel.ask(GiveCouponBack(hold), CouponsBack)).discount

    async def undo_coupons(self, order: OrderRef) -> Amount:
        """Of an order that cost nothing: what they had taken off."""
        return (await self._channel.ask(UndoOrderCoupons(order), CouponsBack)).discount

    async def wallet(self, presented: str, bill: Amount) -> WalletTold:
        """What a card may have off a bill of that size, and its stamps."""
        return await self._channel.ask(GetWallet(presented, bill), WalletTold)

    # --- customers who are sent, customers who come ---

    async def publish_commission(self, request: PublishCommission) -> CommissionPublished:
        return await self._channel.ask(request, CommissionPublished)

    async def refer(self, presented: str, to: ShopId) -> CustomerReferred:
        return await self._channel.ask(ReferCustomer(presented, to), CustomerReferred)

    async def visit(self, presented: str) -> VisitCounted:
        return await self._channel.ask(CountVisit(presented), VisitCounted)

    # --- people; nothing of this leaves the shop ---

    async def keep_person(self, request: NotePerson | CorrectPerson | SayConsent) -> PersonTold:
        """Notes what a person told, corrects it, or notes her word to a purpose."""
        return await self._channel.ask(request, PersonTold)

    async def person(self, presented: str) -> PersonTold:
        """All that this shop keeps about a card's owner, also as a document to hand over."""
        return await self._channel.ask(GetPerson(presented), PersonTold)

    async def find_people(self, phone: str) -> PeopleFound:
        """By a phone number or its last four digits."""
        return await self._channel.ask(FindPeople(phone), PeopleFound)

    async def count_people(self) -> PeopleCounted:
        """How many are known, and how many of them agree to what."""
        return await self._channel.ask(CountPeople(), PeopleCounted)

    async def agreeing(self, purpose: AgreesTo, after: bytes = b"") -> AgreeingTold:
        """Who agrees to a purpose; ``after`` as the reply before says."""
        return await self._channel.ask(GetAgreeing(purpose, after), AgreeingTold)

    async def erase_person(self, presented: str) -> bool:
        """Forgets for good; whether there was anything."""
        return (await self._channel.ask(ErasePerson(presented), PersonErased)).known
