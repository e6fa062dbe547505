"""Referrals: who sends a customer to another shop has a part of what she pays there (L-20.14).

Traffic for value, without a farm: the card has to be there and sign, the first who sent it stands
and not the last, and what is paid never exceeds what the shop that pays has published.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.calendar import DAY_MS, day_of, period_of, period_start_ms
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_wallets as wallets
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.coupon_books import NOTHING
from liandao_node.ledger.modules.coupon_calls import NUMBER, CouponsRefusal
from liandao_node.ledger.modules.coupon_cards import wallet_of
from liandao_node.ledger.modules.coupon_cover import is_stopped, room, share, undo
from liandao_node.ledger.modules.coupon_wallets import Referral, Wallet
from liandao_node.ledger.modules.earn_rules import Versions
from liandao_node.ledger.modules.referral_calls import (
    CommissionSet,
    CommissionTerms,
    Refer,
    Referred,
    SetCommission,
    refer_preimage,
)
from liandao_node.ledger.modules.stake_books import BASIS_POINTS
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import WALLET_VISITS_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical


class Terms(Canonical, frozen=True):
    """A version as it was published, and what it has cost."""

    terms: CommissionTerms
    from_period: int
    set_ms: Millis
    total: Amount
    """Commission by it; refunds make it no smaller."""


class Paid(Canonical, frozen=True):
    """A shop's commission of the newest day and clearing period in which it came to owe any."""

    day: int
    today: Amount
    period: int
    in_period: Amount


class Commission(Canonical, frozen=True):
    """What an order brought to the shop that had sent its buyer."""

    by: ShopId
    amount: Amount
    period: int
    """The clearing period in which it came to be owed."""


commission_terms: Final = Table(NUMBER, 15, ("u16", "u32"), Terms)
"""By shop and version, from 1."""
paid_by: Final = Table(NUMBER, 16, ("u16",), Paid)

TABLES: Final[tuple[KeySpace, ...]] = (commission_terms, paid_by)


def set_commission(ctx: Context, call: SetCommission) -> CommissionSet:
    """For referrals from the next clearing period on (L-20.14)."""
    period = period_of(ctx.time_ms, ctx.utc_offset_minutes)
    posted = books.posted_of(ctx.view, ctx.shop)
    version = posted.commission.newest + 1
    value = Terms(call.terms, period + 1, ctx.time_ms, NOTHING)
    commission_terms.put(ctx.view, ctx.shop, version, value=value)
    after = Versions(version, posted.commission.at(period), version, period + 1)
    books.posted.put(ctx.view, ctx.shop, value=replace(posted, commission=after))
    return CommissionSet(version, period_start_ms(period + 1, ctx.utc_offset_minutes))


def refer(ctx: Context, call: Refer) -> Referred:
    if call.to == ctx.shop:
        raise refuse(CouponsRefusal.REFERRAL_TO_SELF)
    period = period_of(ctx.time_ms, ctx.utc_offset_minutes)
    version = books.posted_of(ctx.view, call.to).commission.at(period)
    published = commission_terms.get(ctx.view, call.to, version) if version else None
    if published is None or published.terms.bps == 0:
        raise refuse(CouponsRefusal.REFERRAL_NOT_OFFERED, shop=call.to)
    if not 0 <= day_of(ctx.time_ms, ctx.utc_offset_minutes) - call.day <= 1:
        raise refuse(CouponsRefusal.REFERRAL_DAY)
    directory = ctx.service(CardDirectory)
    card = directory.require(ctx, call.card)
    preimage = refer_preimage(ctx.chain_id, ctx.shop, call.to, call.day)
    directory.require_signature(ctx, card, preimage, call.signature)
    wallet = wallet_of(ctx.view, call.card)
    _require_nobodys(ctx, wallet, call.to, published.terms)
    until_ms = Millis(ctx.time_ms + published.terms.days * DAY_MS)
    referral = Referral(call.to, ctx.shop, version, ctx.time_ms, until_ms, period, NOTHING)
    wallet = wallets.with_referral(wallet, referral, ctx.time_ms)
    if len(wallet.referrals) > WALLET_VISITS_MAX:
        raise refuse(CouponsRefusal.WALLET_FULL)
    books.wallets.put(ctx.view, call.card, value=wallet)
    directory.saw(ctx, card)
    return Referred(until_ms, version)


def _require_nobodys(ctx: Context, wallet: Wallet, to: ShopId, terms: CommissionTerms) -> None:
    """Refuses a customer whom somebody sent before, or who comes by herself."""
    if wallets.referral_to(wallet, to, ctx.time_ms) is not None:
        raise refuse(CouponsRefusal.REFERRAL_TAKEN)
    last_ms = wallets.last_visit_ms(wallet, to)
    if last_ms is not None and ctx.time_ms < last_ms + terms.fresh_days * DAY_MS:
        raise refuse(CouponsRefusal.REFERRAL_KNOWN)


def commission(ctx: Context, wallet: Wallet, paid: int) -> tuple[Wallet, Commission] | None:
    """Books what the calling shop owes for an order of now; None if that is nothing."""
    referral = wallets.referral_to(wallet, ctx.shop, ctx.time_ms)
    if referral is None or is_stopped(ctx.view, ctx.shop):
        return None
    published = commission_terms.get(ctx.view, ctx.shop, referral.version)
    assert published is not None
    period = ctx.service(Obligations).period(ctx.view)
    so_far = _paid_so_far(ctx, period)
    of_card = referral.paid if referral.period == period else NOTHING
    terms = published.terms
    caps = (
        paid * terms.bps // BASIS_POINTS,
        terms.order_max,
        terms.card_max - of_card,
        terms.day_max - so_far.today,
        terms.period_max - so_far.in_period,
        terms.total_max - published.total,
        room(ctx, ctx.shop),
    )
    amount = Amount(max(0, min(caps)))
    if amount == 0:
        return None
    obligations = ctx.service(Obligations)
    obligations.owe(ctx.view, ctx.shop, referral.by, amount, for_points=False)
    total = Amount(published.total + amount)
    published = replace(published, total=total)
    commission_terms.put(ctx.view, ctx.shop, referral.version, value=published)
    more = replace(
        so_far,
        today=Amount(so_far.today + amount),
        in_period=Amount(so_far.in_period + amount),
    )
    paid_by.put(ctx.view, ctx.shop, value=more)
    referral = replace(referral, period=period, paid=Amount(of_card + amount))
    wallet = wallets.with_referral(wallet, referral, ctx.time_ms)
    return wallet, Commission(referral.by, amount, period)


def _paid_so_far(ctx: Context, period: int) -> Paid:
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    before = paid_by.get(ctx.view, ctx.shop) or Paid(day, NOTHING, period, NOTHING)
    if before.day != day:
        before = replace(before, day=day, today=NOTHING)
    if before.period != period:
        before = replace(before, period=period, in_period=NOTHING)
    return before


def undone(ctx: Context, one: Commission, before: int, after: int, gross: int) -> None:
    """The part of a commission that goes with a refunded part of the order (L-20.16)."""
    undo(ctx, ctx.shop, one.by, share(one.amount, before, after, gross), one.period)
