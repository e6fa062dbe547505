"""Wallets within a call: looked up, kept small (L-20.10)."""

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.coupon_wallets import EMPTY_WALLET, Wallet
from liandao_node.ledger.state import View
from liandao_node.limits import WALLET_ENTRIES_MAX
from liandao_node.types import CardId


def wallet_of(view: View, card: bytes) -> Wallet:
    return books.wallets.get(view, card) or EMPTY_WALLET


def current(ctx: Context, card: bytes) -> CardId:
    """The card that has what was that card's, for records that name it from earlier."""
    return ctx.service(CardDirectory).current(ctx.view, CardId(card))


def with_room(ctx: Context, wallet: Wallet) -> Wallet | None:
    """The wallet with room for one more campaign; None if all that it has still runs.

    What a card had of a closed campaign says nothing any more: its caps are met by nobody.
    """
    if len(wallet.uses) < WALLET_ENTRIES_MAX and len(wallet.stamps) < WALLET_ENTRIES_MAX:
        return wallet
    uses = [one for one in wallet.uses if _runs(ctx, one.issuer, one.campaign)]
    stamps = [one for one in wallet.stamps if _runs(ctx, one.issuer, one.campaign)]
    if len(uses) >= WALLET_ENTRIES_MAX or len(stamps) >= WALLET_ENTRIES_MAX:
        return None
    return replace(wallet, uses=uses, stamps=stamps)


def _runs(ctx: Context, issuer: int, campaign: int) -> bool:
    return books.running.has(ctx.view, issuer, campaign)
