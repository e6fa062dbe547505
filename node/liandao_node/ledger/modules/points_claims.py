"""Orders of buyers without a card, claimed later by whoever has the receipt (L-7.16 to L-7.20).

A receipt carries a secret; the ledger has the public key of it, and whoever claims signs for the
card that gets the points. So neither a node that sees the claim before it is ordered nor a shop
that has read the ledger can claim it for itself.
"""

from typing import Annotated, ClassVar, Final

import msgspec
from msgspec.structs import replace

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.calendar import DAY_MS
from liandao_node.ledger.module_api import (
    Bytes16Field,
    Bytes16OrEmptyField,
    Bytes32Field,
    CallBody,
    Context,
    Done,
    SignatureField,
    U32Field,
    U63Field,
    refuse,
)
from liandao_node.ledger.modules import earn_rules
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.points_books import Order
from liandao_node.ledger.modules.points_calls import NUMBER, PointsRefusal
from liandao_node.ledger.modules.points_purses import (
    Gift,
    give,
    keep,
    purse_of,
    usual_expiry,
    vesting_of,
)
from liandao_node.ledger.modules.points_services import (
    ClaimTold,
    OrderName,
    OrderTold,
    tell_claimed,
)
from liandao_node.ledger.modules.purse import VESTED, Origin
from liandao_node.ledger.modules.refund_calls import earned_after
from liandao_node.ledger.modules.refunds import deal_of
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import CLAIMS_DROPPED_PER_BLOCK_MAX
from liandao_node.types import Amount, CardId, ChainId, Millis, PublicKey, ShopId, Signature
from liandao_node.wire.codec import Canonical, encode

OFFER_MS: Final = DAY_MS
"""So long after an order its shop may still give a receipt that can be claimed."""


class OfferClaimDone(Canonical, frozen=True):
    amount: Amount
    """What a claim of now would bring a card without visits or caps of the day."""
    until_ms: Millis


class OfferClaim(CallBody, frozen=True):
    """Makes an order of this shop, which was told of without a card, one that can be claimed."""

    kind: ClassVar[int] = NUMBER * 100 + 8
    answer: ClassVar[type[Canonical]] = OfferClaimDone

    register: U32Field
    number: U63Field
    """Of the order; both 0 for an imported one."""
    source: Annotated[str, msgspec.Meta(max_length=64)]
    """Of an imported order, else empty."""
    reference_hash: Bytes16OrEmptyField
    claim: Bytes32Field
    """Public key of the receipt's secret."""


class ClaimDone(Canonical, frozen=True):
    shop: ShopId
    """Whose order it was."""
    earned: Amount
    balance: Amount
    pending: Amount
    set_off: Amount


class Claim(CallBody, frozen=True):
    """Brings the points of an order to the card of whoever has its receipt; at any shop."""

    kind: ClassVar[int] = NUMBER * 100 + 9
    answer: ClassVar[type[Canonical]] = ClaimDone

    card: Bytes16Field
    claim: Bytes32Field
    signature: SignatureField
    """By the receipt's secret over `claim_preimage`."""


class Claimable(Canonical, frozen=True):
    """An order that waits for its buyer, or was claimed."""

    shop: ShopId
    register: int
    number: int
    imported: bytes
    """`books.import_key`; empty for an order of the counter."""
    until_ms: Millis
    vests_ms: Millis
    """Of its points, as at the sale."""
    expires_ms: Millis
    claimed_ms: Millis
    """0 while nobody has."""


class ClaimName(Canonical, frozen=True):
    claim: bytes


claims: Final = Table(NUMBER, 15, (32,), Claimable)
"""By the public key of the receipt's secret."""
claims_of_orders: Final = Table(NUMBER, 16, ("u16", 16), ClaimName)
"""By shop and `order_key`: an order has one receipt."""
claims_due: Final = Table(NUMBER, 17, ("u64", 32), Done)
"""By the moment at which a claim is forgotten."""

TABLES: Final[tuple[KeySpace, ...]] = (claims, claims_of_orders, claims_due)


def claim_preimage(chain: ChainId, claim: bytes, card: bytes) -> bytes:
    """What a receipt's secret signs for the card that gets its points: 32 bytes (L-7.18)."""
    return tagged(b"liandao/claim/1", chain + encode((claim, card)))


def order_key(name: OrderName) -> bytes:
    """16 bytes that name an order at its shop."""
    if name.imported:
        return name.imported
    return tagged(b"liandao/order/1", encode((name.register, name.number)))[:16]


# --- the receipt ---


def offer_claim(ctx: Context, call: OfferClaim) -> OfferClaimDone:
    """Lets an order be claimed (L-7.17)."""
    imported = books.import_key(call.source, call.reference_hash) if call.source else b""
    name = OrderName(call.register, call.number, imported)
    found = _order(ctx.view, ctx.shop, name)
    if found is None or (call.reference_hash and not call.source):
        raise refuse(PointsRefusal.ORDER_UNKNOWN, register=call.register, number=call.number)
    order, online = found
    if order.card:
        raise refuse(PointsRefusal.ORDER_HAS_CARD)
    known = claims_of_orders.has(ctx.view, ctx.shop, order_key(name))
    if known or claims.has(ctx.view, call.claim):
        raise refuse(PointsRefusal.CLAIM_KNOWN)
    claimable = _claimable(ctx, name, order)
    if ctx.time_ms >= min(claimable.until_ms, order.time_ms + OFFER_MS):
        raise refuse(PointsRefusal.CLAIM_LATE, until_ms=claimable.until_ms)
    amount = _earned_still(ctx.view, ctx.shop, order, _earned_by_anybody(ctx, order, online))
    if amount == 0:
        raise refuse(PointsRefusal.CLAIM_EMPTY)
    claims.put(ctx.view, call.claim, value=claimable)
    claims_of_orders.put(ctx.view, ctx.shop, order_key(name), value=ClaimName(call.claim))
    claims_due.put(ctx.view, claimable.until_ms, call.claim, value=Done())
    return OfferClaimDone(amount, claimable.until_ms)


def _claimable(ctx: Context, name: OrderName, order: Order) -> Claimable:
    vests_ms = vesting_of(ctx, _paid(order), order.time_ms)
    expires_ms = usual_expiry(ctx, vests_ms or order.time_ms)
    until_ms = Millis(min(order.time_ms + ctx.rules.claim_days * DAY_MS, expires_ms))
    return Claimable(
        ctx.shop,
        name.register,
        name.number,
        name.imported,
        until_ms,
        vests_ms,
        expires_ms,
        Millis(0),
    )


def _earned_by_anybody(ctx: Context, order: Order, online: bool) -> earn_rules.Due:
    """What the order earns for a card that never was there."""
    nobody = CardId(bytes(16))
    return earn_rules.due_for(ctx, ctx.shop, nobody, _paid(order), order.terms, online=online)


# --- the claim ---


def claim(ctx: Context, call: Claim) -> ClaimDone:
    """Gives an order's points to a card (L-7.18, L-7.19)."""
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, call.card), CardId(call.card)
    claimable = _open_claim(ctx, call)
    shop = claimable.shop
    name = OrderName(claimable.register, claimable.number, claimable.imported)
    found = _order(ctx.view, shop, name)
    assert found is not None
    order, online = found
    assert not order.card, "an order has one receipt, and a claimed one is not open"
    due = earn_rules.due_for(ctx, shop, card_id, _paid(order), order.terms, online=online)
    amount = _earned_still(ctx.view, shop, order, due)
    if amount == 0:
        raise refuse(PointsRefusal.CLAIM_EMPTY)
    gift = _give(ctx, claimable, card_id, amount)
    if due.counted:
        earn_rules.count(ctx, shop, card_id, amount, online=online)
    order = replace(order, card=card_id, earned=amount, lot=gift.lot, terms=due.terms)
    _put_order(ctx.view, shop, name, order)
    claims.put(ctx.view, call.claim, value=replace(claimable, claimed_ms=ctx.time_ms))
    keep(ctx, directory, card, card_id, gift.purse)
    told = OrderTold(name, card_id, order.gross, order.points, _paid(order), online)
    tell_claimed(ctx, ClaimTold(shop, told, order.time_ms, order.refunded))
    purse = gift.purse
    return ClaimDone(shop, amount, purse.available, purse.waiting, gift.set_off)


def _open_claim(ctx: Context, call: Claim) -> Claimable:
    """The claim of that key, if it can still be made and its secret has signed."""
    claimable = claims.get(ctx.view, call.claim)
    if claimable is None:
        raise refuse(PointsRefusal.CLAIM_UNKNOWN)
    if claimable.claimed_ms:
        raise refuse(PointsRefusal.CLAIM_MADE)
    if ctx.time_ms >= claimable.until_ms:
        raise refuse(PointsRefusal.CLAIM_LATE, until_ms=claimable.until_ms)
    preimage = claim_preimage(ctx.chain_id, call.claim, call.card)
    if not ctx.verify(PublicKey(call.claim), preimage, Signature(call.signature)):
        raise refuse(PointsRefusal.CLAIM_SIGNATURE_BAD)
    return claimable


def _give(ctx: Context, claimable: Claimable, card: CardId, amount: Amount) -> Gift:
    """Issues them as the order would have: what has vested since is free at once. A claim that a
    limit stands against is not made, so that it can be made later."""
    vests_ms = claimable.vests_ms if claimable.vests_ms > ctx.time_ms else VESTED
    gift = give(
        ctx,
        purse_of(ctx, card),
        card,
        claimable.shop,
        amount,
        Origin.SALE,
        vests_ms,
        claimable.expires_ms,
    )
    if gift.amount == 0:
        raise refuse(PointsRefusal.ISSUE_LIMITED)
    return gift


def _earned_still(view: View, shop: ShopId, order: Order, due: earn_rules.Due) -> Amount:
    """What is left of its points after the refunds that were made before the claim (L-7.19)."""
    deal = deal_of(view, shop, replace(order, earned=due.amount, terms=due.terms))
    return Amount(earned_after(deal, order.refunded) if order.gross else due.amount)


def _paid(order: Order) -> Amount:
    return Amount(order.gross - order.points - order.excluded)


# --- orders ---


def _order(view: View, shop: ShopId, name: OrderName) -> tuple[Order, bool] | None:
    """That order of a shop, and whether it was made online."""
    if not name.imported:
        order = books.orders.get(view, shop, name.register, name.number)
        return (order, False) if order is not None else None
    imported = books.imports.get(view, shop, name.imported)
    if imported is None or name.register or name.number:
        return None
    return books.as_order(imported), imported.online


def _put_order(view: View, shop: ShopId, name: OrderName, order: Order) -> None:
    if not name.imported:
        books.orders.put(view, shop, name.register, name.number, value=order)
        return
    imported = books.imports.get(view, shop, name.imported)
    assert imported is not None
    claimed = replace(
        imported, card=order.card, earned=order.earned, lot=order.lot, terms=order.terms
    )
    books.imports.put(view, shop, name.imported, value=claimed)


# --- daily work and checks ---


def forget(ctx: Context) -> bool:
    """Drops claims whose time is up, made or not; whether none is left (L-7.20)."""
    rows = claims_due.first(
        ctx.view, CLAIMS_DROPPED_PER_BLOCK_MAX, before=(ctx.time_ms + 1, bytes(32))
    )
    for (until_ms, key), _ in rows:
        claimable = claims.get(ctx.view, key)
        assert claimable is not None
        name = OrderName(claimable.register, claimable.number, claimable.imported)
        claims_of_orders.delete(ctx.view, claimable.shop, order_key(name))
        claims.delete(ctx.view, key)
        claims_due.delete(ctx.view, until_ms, key)
    return len(rows) < CLAIMS_DROPPED_PER_BLOCK_MAX


def broken_promises(view: View) -> list[str]:
    """What does not hold of claims; reads all of them."""
    broken = []
    due = {key: int(moment) for (moment, key), _ in claims_due.rows(view)}
    names = {row.claim: key for key, row in claims_of_orders.rows(view)}
    for (key,), claimable in claims.rows(view):
        assert isinstance(key, bytes)
        name = OrderName(claimable.register, claimable.number, claimable.imported)
        found = _order(view, claimable.shop, name)
        if found is None or bool(found[0].card) != bool(claimable.claimed_ms):
            broken.append(f"claim {key.hex()[:8]} and its order do not agree")
        if due.pop(key, None) != claimable.until_ms:
            broken.append(f"claim {key.hex()[:8]} is not forgotten in time")
        if names.pop(key, None) != (claimable.shop, order_key(name)):
            broken.append(f"claim {key.hex()[:8]} is not its order's")
    if due or names:
        broken.append("traces of a claim that is not there")
    return broken
