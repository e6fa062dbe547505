"""Module 8, coupons: campaigns of coupons, stamp cards and rebates, referrals (L-20).

What a shop promises beside points, who pays for it, and how much of it at most. This file joins
the parts; each of them says what it does.
"""

from enum import IntEnum
from typing import ClassVar

from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import CallBody, Context, Module
from liandao_node.ledger.modules import (
    coupon_books,
    coupon_campaigns,
    coupon_cover,
    coupon_holds,
    coupon_orders,
    coupon_uses,
    rebates,
    referrals,
    stamp_cards,
)
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.coupon_audit import broken_promises
from liandao_node.ledger.modules.coupon_calls import (
    NUMBER,
    CloseCampaign,
    CouponsRefusal,
    GiveCoupon,
    HoldCoupon,
    Offer,
    PrintCoupons,
    ReleaseCoupon,
    Sponsor,
    UndoCoupons,
    UseCoupons,
)
from liandao_node.ledger.modules.coupon_cover import CampaignPromises
from liandao_node.ledger.modules.coupon_orders import OrderWatch, WalletMover
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.points_giving import PointsDesk
from liandao_node.ledger.modules.rebates import OfferRebate
from liandao_node.ledger.modules.referral_calls import Refer, SetCommission
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.ledger.modules.stamp_calls import JoinStamps, OfferStamps, QuitStamps
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Rules


class Coupons(Module):
    name: ClassVar[str] = "coupons"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (
        Offer,
        OfferStamps,
        OfferRebate,
        Sponsor,
        CloseCampaign,
        PrintCoupons,
        GiveCoupon,
        HoldCoupon,
        UseCoupons,
        ReleaseCoupon,
        UndoCoupons,
        JoinStamps,
        QuitStamps,
        SetCommission,
        Refer,
    )
    refusals: ClassVar[type[IntEnum] | None] = CouponsRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (
        *coupon_books.TABLES,
        *stamp_cards.TABLES,
        *rebates.TABLES,
        *referrals.TABLES,
        *coupon_orders.TABLES,
    )
    needs: ClassVar[tuple[type, ...]] = (Members, CardDirectory, Bonds, Obligations, PointsDesk)
    daily: ClassVar[bool] = True

    def services(self) -> tuple[object, ...]:
        return OrderWatch(), WalletMover(), CampaignPromises()

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case HoldCoupon():
                return coupon_holds.hold(ctx, call)
            case UseCoupons():
                return coupon_uses.use(ctx, call)
            case ReleaseCoupon():
                return coupon_holds.release(ctx, call)
            case UndoCoupons():
                return coupon_uses.undo_free(ctx, call)
            case GiveCoupon():
                return coupon_campaigns.give_coupon(ctx, call)
            case Refer():
                return referrals.refer(ctx, call)
            case _:
                return _arranged(ctx, call)

    def bond_in_use(self, view: View, shop: ShopId, rules: Rules) -> Amount:
        """What campaigns reserved stays covered, with all that is owed beside it (L-20.4)."""
        return coupon_cover.bond_in_use(view, shop, rules)

    def on_day(self, ctx: Context) -> bool:
        """Ends campaigns whose time is up."""
        return coupon_campaigns.end_those_over(ctx)

    def invariants(self, view: View) -> list[str]:
        return broken_promises(view)


def _arranged(ctx: Context, call: CallBody) -> Canonical:
    """What an owner arranges, and no till asks."""
    match call:
        case Offer():
            return coupon_campaigns.offer(ctx, call)
        case OfferStamps():
            return stamp_cards.offer_stamps(ctx, call)
        case OfferRebate():
            return rebates.offer_rebate(ctx, call)
        case Sponsor():
            return coupon_campaigns.sponsor(ctx, call)
        case CloseCampaign():
            return coupon_campaigns.close_campaign(ctx, call)
        case PrintCoupons():
            return coupon_campaigns.print_coupons(ctx, call)
        case JoinStamps():
            return stamp_cards.join(ctx, call)
        case QuitStamps():
            return stamp_cards.leave(ctx, call)
        case SetCommission():
            return referrals.set_commission(ctx, call)
        case _:
            raise BugFound("CALL_UNHANDLED", kind=call.kind)
