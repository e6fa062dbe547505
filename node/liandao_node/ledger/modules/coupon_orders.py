"""What orders bring beside points (stamps, rebates, commission), and what refunds take (L-20.12).

Told of every order and refund after it is booked. Nothing here can refuse: an order was paid, and
a refund was made.
"""

from typing import Final

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import coupon_uses, coupon_wallets, rebates, referrals, stamp_cards
from liandao_node.ledger.modules.card_services import CardFollower
from liandao_node.ledger.modules.coupon_books import Attached
from liandao_node.ledger.modules.coupon_calls import NUMBER, CouponsRefusal
from liandao_node.ledger.modules.coupon_cards import current, wallet_of, with_room
from liandao_node.ledger.modules.points_services import (
    OrderFollower,
    OrderName,
    OrderTold,
    RefundTold,
)
from liandao_node.ledger.modules.rebates import Rebated
from liandao_node.ledger.modules.referrals import Commission
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, CardId, ShopId
from liandao_node.wire.codec import Canonical


class OrderBonus(Canonical, frozen=True):
    """What an order brought; a refund has to know. Orders that brought nothing have none."""

    paid: Amount
    stamps: list[Attached]
    """Campaigns of which it has a stamp still."""
    rebates: list[Rebated]
    commission: list[Commission]
    """At most one."""


bonuses: Final = Table(NUMBER, 17, ("u16", "u32", "u64", 16), OrderBonus)
"""By shop, register, number and, for an order of another till, its import key, else zeros."""

TABLES: Final[tuple[KeySpace, ...]] = (bonuses,)
_NOT_IMPORTED: Final = bytes(16)


class OrderWatch(OrderFollower):
    def ordered(self, ctx: Context, told: OrderTold) -> None:
        if not told.card:
            return
        posted = books.posted_of(ctx.view, ctx.shop)
        if not posted.attached and not posted.commission.newest:
            return
        card = CardId(told.card)
        before = wallet = wallet_of(ctx.view, card)
        bonus = OrderBonus(told.paid, [], [], [])
        for at in posted.attached:
            if rebates.rebate_terms.has(ctx.view, at.issuer, at.campaign):
                rebated = rebates.rebated(ctx, wallet, card, at, told.paid)
                if rebated is not None:
                    wallet = rebated[0]
                    bonus.rebates.append(rebated[1])
                continue
            stamped = stamp_cards.stamped(ctx, wallet, at, told.paid)
            if stamped is not None:
                wallet = stamped
                bonus.stamps.append(at)
        if posted.commission.newest:
            sent = referrals.commission(ctx, wallet, told.paid)
            if sent is not None:
                wallet = sent[0]
                bonus.commission.append(sent[1])
            wallet = coupon_wallets.visited(wallet, ctx.shop, ctx.time_ms)
        if wallet != before:
            books.wallets.put(ctx.view, card, value=wallet)
        if bonus.stamps or bonus.rebates or bonus.commission:
            bonuses.put(ctx.view, *_key(ctx.shop, told.name), value=bonus)

    def refunded(self, ctx: Context, told: RefundTold) -> None:
        coupon_uses.refunded(ctx, told)
        key = _key(ctx.shop, told.name)
        bonus = bonuses.get(ctx.view, *key) if told.card else None
        if bonus is None:
            return
        card = current(ctx, told.card)
        before = wallet = wallet_of(ctx.view, card)
        part = (told.before, told.after, told.gross)
        for rebated in bonus.rebates:
            wallet = rebates.clawed(ctx, wallet, card, rebated, *part)
        kept = []
        for at in bonus.stamps:
            if _keeps_stamp(ctx.view, at, bonus.paid, told):
                kept.append(at)
            else:
                wallet = stamp_cards.taken_back(ctx, wallet, card, at)
        for sent in bonus.commission:
            referrals.undone(ctx, sent, *part)
        if wallet != before:
            books.wallets.put(ctx.view, card, value=wallet)
        left = OrderBonus(bonus.paid, kept, bonus.rebates, bonus.commission)
        bonuses.put(ctx.view, *key, value=left)


class WalletMover(CardFollower):
    def moved(self, ctx: Context, old: CardId, new: CardId) -> None:
        """What the old card had of campaigns is the new one's (L-20.10)."""
        left = books.wallets.get(ctx.view, old)
        if left is None:
            return
        books.wallets.delete(ctx.view, old)
        wallet = coupon_wallets.joined(wallet_of(ctx.view, new), left, ctx.time_ms)
        if with_room(ctx, wallet) is None:
            raise refuse(CouponsRefusal.WALLET_FULL)
        for count in list(wallet.stamps):
            at = Attached(count.issuer, count.campaign)
            wallet = stamp_cards.full_cards_turned(ctx, wallet, at)
        books.wallets.put(ctx.view, new, value=wallet)


def _keeps_stamp(view: View, at: Attached, paid: Amount, told: RefundTold) -> bool:
    """Whether what is left of the order would have brought the stamp (L-20.12)."""
    terms = stamp_cards.stamp_terms.get(view, at.issuer, at.campaign)
    assert terms is not None
    return paid - paid * told.after // told.gross >= terms.minimum


def _key(shop: ShopId, name: OrderName) -> tuple[ShopId, int, int, bytes]:
    return shop, name.register, name.number, name.imported or _NOT_IMPORTED
