"""Records of campaigns, and how a change of one keeps its sponsor's cover true (L-20.3, L-20.4).

Holds are in their campaign's record, as those of points are in a purse: what is left of a budget
depends on ledger time and never on who looked when.
"""

from enum import IntEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from liandao_node.crypto.cards import CARD_ID_BYTES
from liandao_node.ledger.module_api import Context, Done, refuse
from liandao_node.ledger.modules.coupon_calls import NUMBER, CouponsRefusal
from liandao_node.ledger.modules.coupon_terms import CouponTerms
from liandao_node.ledger.modules.coupon_wallets import Wallet
from liandao_node.ledger.modules.earn_rules import Versions
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical

NOTHING: Final = Amount(0)
NEVER: Final = Millis(0)
NO_SERIAL: Final = -1


class CampaignKind(IntEnum):
    COUPONS = 1
    STAMPS = 2
    REBATE = 3


class Campaign(Canonical, frozen=True):
    """What every campaign has; its terms are a record of their own and are never changed."""

    kind: CampaignKind
    sponsor: ShopId
    from_ms: Millis
    to_ms: Millis
    made_ms: Millis
    opened_ms: Millis
    """When who pays for it agreed; 0 while it has not."""
    closed_ms: Millis
    """When it was closed, or found to be over; 0 while it runs."""
    covered: Amount
    """Budget that the sponsor's issue limit has to cover: 0 if only its own till spends it."""

    @property
    def is_open(self) -> bool:
        return bool(self.opened_ms) and not self.closed_ms

    def is_live(self, time_ms: Millis) -> bool:
        return self.is_open and self.from_ms <= time_ms < self.to_ms


class CouponHold(Canonical, frozen=True):
    """A coupon put aside for one shop until a sale takes it or time gives it back."""

    id: bytes
    shop: ShopId
    expires_ms: Millis
    serial: int
    """`NO_SERIAL` unless it is on paper."""
    card: bytes
    bill: Amount
    discount: Amount


class Tally(Canonical, frozen=True):
    """What was spent of a campaign."""

    spent: Amount
    """Taken off bills or given as points, less what refunds gave back to the budget."""
    uses: int
    """Without those whose order was refunded whole."""
    made: int
    """Coupons printed, or given to cards."""
    holds: list[CouponHold]
    """In the order in which they were made."""

    @property
    def held(self) -> Amount:
        return Amount(sum(hold.discount for hold in self.holds))


class Running(Struct, frozen=True):
    """A campaign at work within a call."""

    issuer: ShopId
    number: int
    campaign: Campaign
    tally: Tally
    """Without holds whose time is up."""
    exposure: Amount
    """What its sponsor's cover holds for it as long as it is not kept."""


class HoldMade(Canonical, frozen=True):
    """Stays for ever, so that a signature cannot be used a second time (L-20.6)."""

    issuer: ShopId
    campaign: int
    expires_ms: Millis


class Sheet(Canonical, frozen=True):
    """Digests of printed coupons, by serial."""

    digests: list[bytes]


class PaperUse(Canonical, frozen=True):
    """Where a coupon on paper was used."""

    shop: ShopId
    register: int
    number: int


class Used(Canonical, frozen=True):
    """A coupon that was taken off an order."""

    issuer: ShopId
    campaign: int
    sponsor: ShopId
    serial: int
    card: bytes
    discount: Amount
    period: int
    """The clearing period in which its sponsor came to owe it."""
    returned: Amount
    """Of the discount, what refunds gave back to the budget."""
    undone: bool
    """The whole order was given back, and the coupon with it."""


class OrderCoupons(Canonical, frozen=True):
    used: list[Used]


class Cover(Canonical, frozen=True):
    """A shop's part in the promises of campaigns."""

    reserved: Amount
    """Of its issue limit, for budgets that it pays for and that are not spent."""
    owed_back: Amount
    """All that it came to owe because refunds came after the clearing had paid it (L-20.9)."""


class Attached(Canonical, frozen=True):
    """A campaign that a shop's orders are looked at for."""

    issuer: ShopId
    campaign: int


class Posted(Canonical, frozen=True):
    """What hangs in a shop's window."""

    newest: int
    """Its campaigns are counted from 1."""
    open: int
    """Of its campaigns, those that are not closed."""
    attached: list[Attached]
    commission: Versions
    """Which version of its commission terms is in force (L-20.14)."""


NEW_TALLY: Final = Tally(NOTHING, 0, 0, [])
NO_COVER: Final = Cover(NOTHING, NOTHING)
NOTHING_POSTED: Final = Posted(0, 0, [], Versions(0, 0, 0, 0))

campaigns: Final = Table(NUMBER, 1, ("u16", "u32"), Campaign)
"""By issuer and number; so are terms, tallies, sheets and papers."""
coupon_terms: Final = Table(NUMBER, 2, ("u16", "u32"), CouponTerms)
tallies: Final = Table(NUMBER, 3, ("u16", "u32"), Tally)
sheets: Final = Table(NUMBER, 4, ("u16", "u32", "u32"), Sheet)
papers: Final = Table(NUMBER, 5, ("u16", "u32", "u32"), PaperUse)
"""And serial."""
holds_made: Final = Table(NUMBER, 6, ("u16", 16), HoldMade)
"""By shop and hold."""
order_coupons: Final = Table(NUMBER, 7, ("u16", "u32", "u64"), OrderCoupons)
"""By shop, register and number."""
wallets: Final = Table(NUMBER, 8, (CARD_ID_BYTES,), Wallet)
posted: Final = Table(NUMBER, 9, ("u16",), Posted)
covers: Final = Table(NUMBER, 10, ("u16",), Cover)
running: Final = Table(NUMBER, 11, ("u16", "u32"), Done)
"""Campaigns that are not closed, for screens."""
ends: Final = Table(NUMBER, 12, ("u64", "u16", "u32"), Done)
"""Campaigns by the moment at which the daily work looks at them."""

TABLES: Final[tuple[KeySpace, ...]] = (
    campaigns,
    coupon_terms,
    tallies,
    sheets,
    papers,
    holds_made,
    order_coupons,
    wallets,
    posted,
    covers,
    running,
    ends,
)


def posted_of(view: View, shop: int) -> Posted:
    return posted.get(view, shop) or NOTHING_POSTED


def cover_of(view: View, shop: int) -> Cover:
    return covers.get(view, shop) or NO_COVER


def tally_of(view: View, issuer: int, number: int) -> Tally:
    return tallies.get(view, issuer, number) or NEW_TALLY


def settled(tally: Tally, time_ms: Millis) -> Tally:
    """As it is at that moment: holds end by ledger time, whether or not somebody looked."""
    if all(hold.expires_ms > time_ms for hold in tally.holds):
        return tally
    return replace(tally, holds=[hold for hold in tally.holds if hold.expires_ms > time_ms])


def exposure(campaign: Campaign, tally: Tally) -> Amount:
    """What a sponsor's issue limit has to keep for a campaign (L-20.4)."""
    if not campaign.covered or not campaign.opened_ms:
        return NOTHING
    return tally.held if campaign.closed_ms else Amount(campaign.covered - tally.spent)


def find(ctx: Context, issuer: ShopId, number: int) -> Running | None:
    campaign = campaigns.get(ctx.view, issuer, number)
    if campaign is None:
        return None
    tally = tally_of(ctx.view, issuer, number)
    now = settled(tally, ctx.time_ms)
    return Running(issuer, number, campaign, now, exposure(campaign, tally))


def load(ctx: Context, issuer: ShopId, number: int) -> Running:
    """The campaign as it is now, or Refused ``CAMPAIGN_UNKNOWN``."""
    found = find(ctx, issuer, number)
    if found is None:
        raise refuse(CouponsRefusal.CAMPAIGN_UNKNOWN, issuer=issuer, campaign=number)
    return found


def keep(ctx: Context, at_work: Running) -> None:
    """Writes a changed campaign, and what its sponsor has to cover for it."""
    view = ctx.view
    campaigns.put(view, at_work.issuer, at_work.number, value=at_work.campaign)
    tallies.put(view, at_work.issuer, at_work.number, value=at_work.tally)
    change = exposure(at_work.campaign, at_work.tally) - at_work.exposure
    if change:
        cover = cover_of(view, at_work.campaign.sponsor)
        assert cover.reserved + change >= 0, "more is freed than was reserved"
        cover = replace(cover, reserved=Amount(cover.reserved + change))
        covers.put(view, at_work.campaign.sponsor, value=cover)


def with_tally(at_work: Running, tally: Tally) -> Running:
    return Running(at_work.issuer, at_work.number, at_work.campaign, tally, at_work.exposure)


def terms_of(view: View, issuer: int, number: int) -> CouponTerms | None:
    """The terms of a campaign of coupons; None if it is of another kind."""
    return coupon_terms.get(view, issuer, number)
