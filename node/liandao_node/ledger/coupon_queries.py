"""What screens ask of campaigns: what runs here, what a card may have, what a sponsor has left.

Nothing writes. Holds and dates are as they are at the moment that is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_terms as terms_made
from liandao_node.ledger.modules import referrals
from liandao_node.ledger.modules.coupon_books import (
    Campaign,
    CampaignKind,
    CouponHold,
    OrderCoupons,
    Tally,
)
from liandao_node.ledger.modules.coupon_calls import coupon_digest
from liandao_node.ledger.modules.coupon_cards import wallet_of
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms
from liandao_node.ledger.modules.coupon_wallets import Referral, StampCount, referral_to, use_of
from liandao_node.ledger.modules.rebates import RebateTerms, rebate_terms
from liandao_node.ledger.modules.referral_calls import CommissionTerms
from liandao_node.ledger.modules.stamp_calls import StampTerms
from liandao_node.ledger.modules.stamp_cards import stamp_terms
from liandao_node.ledger.state import View
from liandao_node.limits import COUPONS_PER_SHEET
from liandao_node.types import Amount, CardId, Millis, PublicKey, ShopId

__all__ = [
    "CampaignAt",
    "Redeemable",
    "Spending",
    "campaign_at",
    "campaigns_at",
    "campaigns_for",
    "commission_of",
    "coupons_on",
    "is_paper_free",
    "made_hold",
    "printed",
    "redeemable",
    "referral_of",
    "spending_of",
    "stamps_of",
]


@dataclass(frozen=True, slots=True)
class CampaignAt:
    """A campaign at one moment."""

    issuer: ShopId
    number: int
    campaign: Campaign
    tally: Tally
    """Without holds whose time is up."""
    terms: CouponTerms | StampTerms | RebateTerms

    @property
    def budget(self) -> Amount:
        """0 for a stamp card: what it costs is its reward's."""
        return Amount(0) if isinstance(self.terms, StampTerms) else self.terms.budget

    @property
    def left(self) -> Amount:
        return Amount(max(0, self.budget - self.tally.spent - self.tally.held))


@dataclass(frozen=True, slots=True)
class Redeemable:
    """A campaign whose coupon a card may have at a shop now."""

    at: CampaignAt
    discount: Amount
    """Off the bill that was asked about."""
    left: int
    """So many more coupons for this card; 0 if there is no such cap."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a shop pays for."""

    at: CampaignAt
    owed_elsewhere: bool
    """Other shops may take it, so that its budget is reserved."""


def campaign_at(view: View, issuer: ShopId, number: int, time_ms: Millis) -> CampaignAt | None:
    campaign = books.campaigns.get(view, issuer, number)
    if campaign is None:
        return None
    terms = (
        books.terms_of(view, issuer, number)
        or stamp_terms.get(view, issuer, number)
        or rebate_terms.get(view, issuer, number)
    )
    assert terms is not None, "every campaign has terms"
    tally = books.settled(books.tally_of(view, issuer, number), time_ms)
    return CampaignAt(issuer, number, campaign, tally, terms)


def _running(view: View, time_ms: Millis) -> Iterator[CampaignAt]:
    for (issuer, number), _ in books.running.rows(view):
        found = campaign_at(view, ShopId(int(issuer)), int(number), time_ms)
        assert found is not None, "what runs was made"
        yield found


def campaigns_at(view: View, shop: ShopId, time_ms: Millis) -> list[CampaignAt]:
    """What a customer may have at a shop now: coupons taken there, stamp cards and rebates that
    its orders count for; by issuer and number. Hours are not looked at."""
    attached = {(one.issuer, one.campaign) for one in books.posted_of(view, shop).attached}
    return [
        found
        for found in _running(view, time_ms)
        if found.campaign.is_live(time_ms)
        and (
            terms_made.covers(found.terms.places, shop)
            if isinstance(found.terms, CouponTerms)
            else (found.issuer, found.number) in attached
        )
    ]


def campaigns_for(view: View, shop: ShopId, time_ms: Millis) -> list[CampaignAt]:
    """What runs and is a shop's business: what it made, pays for, or takes."""
    here = {(one.issuer, one.number) for one in campaigns_at(view, shop, time_ms)}
    return [
        found
        for found in _running(view, time_ms)
        if shop in (found.issuer, found.campaign.sponsor) or (found.issuer, found.number) in here
    ]


def made_hold(
    view: View, shop: ShopId, hold: bytes, time_ms: Millis
) -> tuple[CampaignAt, CouponHold | None] | None:
    """The campaign of a hold that a shop made, and the hold while it is open; None for no such."""
    made = books.holds_made.get(view, shop, hold)
    if made is None:
        return None
    at = campaign_at(view, made.issuer, made.campaign, time_ms)
    assert at is not None, "what is held was made"
    opened = (one for one in at.tally.holds if (one.id, one.shop) == (hold, shop))
    return at, next(opened, None)


def printed(view: View, issuer: ShopId, campaign: int, digests: Sequence[bytes]) -> int | None:
    """Serial of the first of coupons that were committed to one after the other; None if they
    were not."""
    sheets = [sheet.digests for _, sheet in books.sheets.under(view, issuer, campaign)]
    known = [digest for sheet in sheets for digest in sheet]
    first = known.index(digests[0]) if digests[0] in known else -1
    return first if known[first : first + len(digests)] == list(digests) else None


def redeemable(
    view: View, shop: ShopId, card: CardId, bill: Amount, time_ms: Millis, utc_offset_minutes: int
) -> list[Redeemable]:
    """Coupons that this card may have off a bill at a shop now, those that take most first.

    A hold may still be refused: another till may be faster.
    """
    wallet = wallet_of(view, card)
    found = []
    for at in campaigns_at(view, shop, time_ms):
        terms = at.terms
        if not isinstance(terms, CouponTerms) or terms.form == CouponForm.PAPER:
            continue
        had = use_of(wallet, at.issuer, at.number)
        own = [hold for hold in at.tally.holds if hold.card == card]
        used = had.used + len(own)
        caps = [cap for cap in (terms.card_uses,) if cap]
        if terms.form == CouponForm.GIVEN:
            caps.append(had.given)
        discount = terms_made.discount(terms, bill)
        spent = had.spent + sum(hold.discount for hold in own) + discount
        fits = terms_made.is_open_at(terms.hours, time_ms, utc_offset_minutes)
        fits = fits and bill >= terms.minimum and 0 < discount <= at.left
        fits = fits and at.tally.uses + len(at.tally.holds) < terms.uses
        fits = fits and not 0 < terms.card_budget < spent
        if fits and (not caps or used < min(caps)):
            found.append(Redeemable(at, discount, min(caps) - used if caps else 0))
    return sorted(found, key=lambda one: (-one.discount, one.at.issuer, one.at.number))


def spending_of(view: View, sponsor: ShopId, time_ms: Millis) -> list[Spending]:
    """What a shop pays for and what of it is left, those that wait for its word among it."""
    return [
        Spending(found, owed_elsewhere=found.campaign.covered > 0)
        for found in _running(view, time_ms)
        if found.campaign.sponsor == sponsor and found.campaign.kind != CampaignKind.STAMPS
    ]


def stamps_of(view: View, card: CardId) -> list[StampCount]:
    """Stamps of a card, also of campaigns that are over."""
    return list(wallet_of(view, card).stamps)


def referral_of(view: View, card: CardId, shop: ShopId, time_ms: Millis) -> Referral | None:
    """Who sent this card to a shop, as long as that holds."""
    return referral_to(wallet_of(view, card), shop, time_ms)


def commission_of(view: View, shop: ShopId, version: int) -> CommissionTerms | None:
    """What a shop published that it would pay for customers."""
    found = referrals.commission_terms.get(view, shop, version)
    return found.terms if found is not None else None


def coupons_on(view: View, shop: ShopId, register: int, number: int) -> OrderCoupons | None:
    """Coupons that were taken off an order."""
    return books.order_coupons.get(view, shop, register, number)


def is_paper_free(
    view: View, issuer: ShopId, campaign: int, serial: int, key: PublicKey
) -> bool | None:
    """Whether a coupon on paper has not been used; None if it is none of that campaign."""
    sheet, place = divmod(serial, COUPONS_PER_SHEET)
    printed = books.sheets.get(view, issuer, campaign, sheet)
    if printed is None or place >= len(printed.digests):
        return None
    if printed.digests[place] != coupon_digest(key):
        return None
    return not books.papers.has(view, issuer, campaign, serial)
