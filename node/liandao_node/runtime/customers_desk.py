"""What a shop does for its customers beside selling: one door for the desks that do it."""

from liandao_node.runtime.campaigns_desk import CampaignsDesk
from liandao_node.runtime.card_care_desk import CardCareDesk
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.claims_desk import ClaimsDesk
from liandao_node.runtime.coupons_desk import CouponsDesk, TillRequest
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.people_desk import PeopleDesk
from liandao_node.runtime.people_files import PeopleFiles
from liandao_node.wire.api import CustomersReply, CustomersRequest
from liandao_node.wire.card_care import CardCareRequest
from liandao_node.wire.claims import ClaimsRequest
from liandao_node.wire.people import PeopleRequest


class CustomersDesk:
    """``secret`` (32 bytes): the shop's own, for what it makes for customers."""

    def __init__(
        self,
        desk: LedgerDesk,
        cards: CardsDesk,
        secret: bytes,
        utc_offset_minutes: int,
        people: PeopleFiles,
    ) -> None:
        self.claims = ClaimsDesk(desk, cards, secret)
        self.coupons = CouponsDesk(desk, cards, secret)
        self._care = CardCareDesk(desk, cards)
        self._campaigns = CampaignsDesk(desk, cards, utc_offset_minutes)
        self._people = PeopleDesk(desk, cards, people)

    async def handle(self, request: CustomersRequest) -> CustomersReply:
        """Raises what its desk raises."""
        if isinstance(request, CardCareRequest):
            return await self._care.handle(request)
        if isinstance(request, ClaimsRequest):
            return await self.claims.handle(request)
        if isinstance(request, PeopleRequest):
            return await self._people.handle(request)
        if isinstance(request, TillRequest):
            return await self.coupons.handle(request)
        return await self._campaigns.handle(request)
