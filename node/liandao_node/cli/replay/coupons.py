"""Campaigns of the street's shops, and coupons on the bills of households.

Every campaign is offered by one shop, taken by all of them, and paid for by the one that offers
it or, for every other campaign, by the shop next door.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from liandao_plugins.api import Order

from liandao_node.cli.replay.cards import HOLD_BYTES, Cards
from liandao_node.cli.replay.redemptions import Campaign, CouponReason, Redemption
from liandao_node.cli.replay.street import SHOPS, Answer, Street, ask, granted, seed_of
from liandao_node.cli.replay.tally import Tally
from liandao_node.ledger.calendar import day_start_ms
from liandao_node.ledger.modules.coupon_calls import (
    CouponsUsed,
    GiveCoupon,
    HoldCoupon,
    Offer,
    Offered,
    ReleaseCoupon,
    Sponsor,
)
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms
from liandao_node.limits import COUPONS_PER_ORDER_MAX, TX_CALLS_MAX
from liandao_node.types import Amount, Millis, ShopId

WORTH: Final = {"Type A": 100, "Type B": 150, "Type C": 200}
"""Of one coupon, in cents."""
COUPONS_EACH: Final = 16
"""For every household that a campaign was mailed to."""
BUDGET: Final = Amount(300)
"""So small that a campaign can come to its end."""
CARD_BUDGET: Final = Amount(200)
USES: Final = 100_000


class OnBill(NamedTuple):
    """Coupons that are held for a bill."""

    holds: tuple[bytes, ...]
    brought: tuple[Redemption, ...]
    worth: int


NO_COUPONS: Final = OnBill((), (), 0)


class CouponDesk:
    """Offers campaigns, gives coupons to cards, and holds them for bills."""

    def __init__(
        self,
        street: Street,
        tally: Tally,
        cards: Cards,
        campaigns: Sequence[Campaign],
        redemptions: Sequence[Redemption],
    ) -> None:
        self._street = street
        self._tally = tally
        self._cards = cards
        self._coming = sorted(campaigns, key=lambda one: (one.first_day, one.number))
        self._worth = {one.number: WORTH[one.kind] for one in campaigns}
        self._offered: dict[int, tuple[ShopId, int]] = {}
        """Issuer and number on the ledger, by the set's number."""
        self._brought: defaultdict[int, list[Redemption]] = defaultdict(list)
        """Not on a bill yet, by day."""
        for one in redemptions:
            self._brought[one.day].append(one)
        self._bought: set[str] = set()
        """Households that had a bill today."""

    # --- campaigns ---

    def morning(self, day: int) -> None:
        """Begins the campaigns whose day has come, and gives their coupons out."""
        while self._coming and self._coming[0].first_day <= day:
            campaign = self._coming.pop(0)
            if campaign.last_day >= day:
                self._offer(campaign)
                self._give(campaign)

    def _offer(self, campaign: Campaign) -> None:
        street = self._street
        issuer = ShopId(campaign.number % SHOPS)
        sponsor = ShopId((issuer + campaign.number % 2) % SHOPS)
        offset = street.genesis.utc_offset_minutes
        terms = CouponTerms(
            form=CouponForm.GIVEN,
            amount=Amount(self._worth[campaign.number]),
            bps=0,
            most=Amount(0),
            minimum=Amount(0),
            from_ms=day_start_ms(campaign.first_day, offset),
            to_ms=day_start_ms(campaign.last_day + 1, offset),
            hours=[],
            places=[],
            sponsor=sponsor,
            budget=BUDGET,
            card_budget=CARD_BUDGET,
            uses=USES,
            card_uses=0,
            stackable=True,
            shown=False,
        )
        offered = granted(street.one(street.now_ms, issuer, Offer(terms)))
        assert isinstance(offered, Offered)
        self._tally.counts["campaigns"] += 1
        if not offered.is_open:
            granted(street.one(street.now_ms, sponsor, Sponsor(issuer, offered.campaign)))
            self._tally.counts["campaigns of another sponsor"] += 1
        self._offered[campaign.number] = issuer, offered.campaign

    def _give(self, campaign: Campaign) -> None:
        """To those of the mailed households that have a card here."""
        issuer, number = self._offered[campaign.number]
        found = [self._cards.find(household) for household in campaign.households]
        calls = [
            GiveCoupon(number, card.id)
            for card in found
            if card is not None
            for _ in range(COUPONS_EACH)
        ]
        asked = [
            ask(issuer, *calls[first : first + TX_CALLS_MAX])
            for first in range(0, len(calls), TX_CALLS_MAX)
        ]
        for one, told in zip(asked, self._street.all(self._street.now_ms, asked), strict=True):
            for call, answer in zip(one.calls, told, strict=True):
                self._tally.counts["coupons given"] += self._tally.told(call, answer)

    # --- bills ---

    def hold(self, shop: int, order: Order) -> OnBill:
        """Coupons put aside for a bill, one of a campaign, in the order in which they are taken
        off. What was paid is the bill after them."""
        self._bought.add(order.customer)
        waiting = self._brought[self._street.day_of(Millis(order.at_ms))]
        chosen: dict[int, Redemption] = {}
        for one in waiting:
            if one.household == order.customer and one.campaign in self._offered:
                chosen.setdefault(one.campaign, one)
        brought = list(chosen.values())[:COUPONS_PER_ORDER_MAX]
        for attempt in range(len(brought)):
            names = [self._name(order, attempt, one) for one in brought]
            answers = self._held(shop, order, names, brought)
            kept = []
            for name, one, answer in zip(names, brought, answers, strict=True):
                if answer.is_ok:
                    kept.append((name, one))
                else:
                    waiting.remove(one)
                    self._tally.reject([one.rejected(answer.code)])
            if len(kept) == len(brought):
                for one in brought:
                    waiting.remove(one)
                worth = sum(self._worth[one.campaign] for one in brought)
                return OnBill(tuple(names), tuple(brought), worth)
            self._release(shop, [name for name, _ in kept])
            brought = [one for _, one in kept]
        return NO_COUPONS

    def _name(self, order: Order, attempt: int, one: Redemption) -> bytes:
        return seed_of("coupon", order.reference, attempt, one.line.number)[:HOLD_BYTES]

    def _held(
        self, shop: int, order: Order, names: Sequence[bytes], brought: Sequence[Redemption]
    ) -> list[Answer]:
        card = self._cards.find(order.customer)
        assert card is not None
        bill = order.gross_minor + sum(self._worth[one.campaign] for one in brought)
        asked = []
        for name, one in zip(names, brought, strict=True):
            issuer, number = self._offered[one.campaign]
            call = HoldCoupon(name, issuer, number, card.id, 0, b"", b"", Amount(bill))
            asked.append(ask(shop, call))
            bill -= self._worth[one.campaign]
        answers = [told[0] for told in self._street.all(Millis(order.at_ms), asked)]
        for sent, answer in zip(asked, answers, strict=True):
            self._tally.told(sent.calls[0], answer)
        return answers

    def used(self, bill: OnBill, answer: Answer) -> None:
        """What the ledger said to the coupons of a sale."""
        if answer.result is None:
            self._tally.reject(one.rejected(answer.code) for one in bill.brought)
            return
        assert isinstance(answer.result, CouponsUsed)
        assert answer.result.discount == bill.worth
        self._tally.accept(len(bill.brought))
        self._tally.counts["coupons taken"] += len(bill.brought)
        self._tally.counts["sum of coupons"] += bill.worth

    def _release(self, shop: int, names: Sequence[bytes]) -> None:
        for name in names:
            granted(self._street.one(self._street.now_ms, shop, ReleaseCoupon(name)))

    def evening(self, day: int) -> None:
        """Names what lies on no bill of the day."""
        for one in self._brought.pop(day, []):
            if one.household in self._bought:
                reason = CouponReason.NOT_TOGETHER
            elif self._cards.find(one.household) is not None:
                reason = CouponReason.NO_ORDER
            else:
                reason = CouponReason.ELSEWHERE
            self._tally.reject([one.rejected(reason)])
        self._bought.clear()

    def end(self) -> None:
        for day in sorted(self._brought):
            self.evening(day)
