"""Rebates: a part of what was paid, in points that may be used after the return window (L-20.13).

The points are the shop's own and stand under its issue limit like those of a sale; here is what
a campaign may spend on them, and what of them a refund takes back.
"""

from typing import Annotated, ClassVar, Final

import msgspec
from msgspec.structs import replace

from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.module_api import AmountField, CallBody, Context, TimeField
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_wallets as wallets
from liandao_node.ledger.modules.coupon_books import Attached, CampaignKind
from liandao_node.ledger.modules.coupon_calls import KIND, NUMBER, Offered
from liandao_node.ledger.modules.coupon_campaigns import begin, open_at_own_cost
from liandao_node.ledger.modules.coupon_cards import with_room
from liandao_node.ledger.modules.coupon_cover import share
from liandao_node.ledger.modules.coupon_wallets import Wallet
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.purse import Origin
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.ledger.modules.stake_calls import SomeAmountField
from liandao_node.ledger.modules.stamp_cards import attach
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical

VEST_DAYS_MAX: Final = 92


class RebateTerms(Canonical, frozen=True):
    from_ms: TimeField
    to_ms: TimeField
    bps: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    """Of what was paid."""
    minimum: AmountField
    """An order for which less was paid brings nothing."""
    order_max: SomeAmountField
    card_max: SomeAmountField
    budget: SomeAmountField
    vest_days: Annotated[int, msgspec.Meta(ge=1, le=VEST_DAYS_MAX)]
    """The return window: so long the points wait."""


class OfferRebate(CallBody, frozen=True):
    """Publishes a rebate on the caller's own orders."""

    kind: ClassVar[int] = KIND + 3
    answer: ClassVar[type[Canonical]] = Offered

    terms: RebateTerms


class Rebated(Canonical, frozen=True):
    """Points that an order brought by a rebate."""

    issuer: ShopId
    campaign: int
    amount: Amount
    lot: int


rebate_terms: Final = Table(NUMBER, 14, ("u16", "u32"), RebateTerms)
"""By issuer and number."""

TABLES: Final[tuple[KeySpace, ...]] = (rebate_terms,)


def offer_rebate(ctx: Context, call: OfferRebate) -> Offered:
    terms = call.terms
    begun = begin(ctx, CampaignKind.REBATE, terms.from_ms, terms.to_ms, sponsor=ctx.shop)
    rebate_terms.put(ctx.view, ctx.shop, begun.number, value=terms)
    open_at_own_cost(ctx, begun)
    attach(ctx, Attached(ctx.shop, begun.number))
    return Offered(begun.number, is_open=True)


def rebated(
    ctx: Context, wallet: Wallet, card: CardId, at: Attached, paid: int
) -> tuple[Wallet, Rebated] | None:
    """Gives what an order of now brings by a rebate; None if that is nothing."""
    terms = rebate_terms.get(ctx.view, at.issuer, at.campaign)
    assert terms is not None
    at_work = books.load(ctx, at.issuer, at.campaign)
    roomy = with_room(ctx, wallet)
    if not at_work.campaign.is_live(ctx.time_ms) or paid < terms.minimum or roomy is None:
        return None
    had = wallets.use_of(roomy, at.issuer, at.campaign)
    caps = (
        paid * terms.bps // BASIS_POINTS,
        terms.order_max,
        terms.card_max - had.spent,
        terms.budget - at_work.tally.spent,
    )
    amount = Amount(max(0, min(caps)))
    vests_ms = Millis(ctx.time_ms + terms.vest_days * DAY_MS)
    desk = ctx.service(PointsDesk)
    given = desk.give(ctx, at.issuer, card, amount, Origin.REBATE, vests_ms)
    if given.amount == 0:
        return None
    tally = at_work.tally
    tally = replace(tally, spent=Amount(tally.spent + amount), uses=tally.uses + 1)
    books.keep(ctx, books.with_tally(at_work, tally))
    had = replace(had, used=had.used + 1, spent=Amount(had.spent + amount))
    return wallets.with_use(roomy, had), Rebated(at.issuer, at.campaign, amount, given.lot)


def clawed(
    ctx: Context, wallet: Wallet, card: CardId, one: Rebated, before: int, after: int, gross: int
) -> Wallet:
    """The wallet after a refund took back its part of a rebate; the budget has it again."""
    back = share(one.amount, before, after, gross)
    whole = after == gross
    desk = ctx.service(PointsDesk)
    desk.take_back(ctx, one.issuer, card, back, Origin.REBATE, one.lot)
    at_work = books.load(ctx, one.issuer, one.campaign)
    tally = at_work.tally
    tally = replace(tally, spent=Amount(tally.spent - back), uses=tally.uses - whole)
    books.keep(ctx, books.with_tally(at_work, tally))
    had = wallets.use_of(wallet, one.issuer, one.campaign)
    if had not in wallet.uses:
        return wallet  # its campaign is closed, and the wallet forgot it
    had = replace(had, used=had.used - whole, spent=Amount(had.spent - back))
    return wallets.with_use(wallet, had)
