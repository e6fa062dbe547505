"""Points that no sale earned: by hand, and for other modules (L-7.13 to L-7.15)."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final, NamedTuple

import msgspec

from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Bytes16Field, CallBody, Context, TimeField, refuse
from liandao_node.ledger.modules import points_books as books
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.clearing_books import Counts
from liandao_node.ledger.modules.clearing_services import Issuance
from liandao_node.ledger.modules.points_books import ImportedOrder, Order
from liandao_node.ledger.modules.points_calls import NUMBER, PointsRefusal
from liandao_node.ledger.modules.points_purses import give, keep, purse_of, whole_day
from liandao_node.ledger.modules.purse import VESTED, Origin, owe, take_back, total
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import Canonical


class Reason(IntEnum):
    """Why staff gave points: a choice, so that nobody writes a customer's name into a ledger."""

    GOODWILL = 1
    COMPLAINT = 2
    CORRECTION = 3
    PROMOTION = 4
    OTHER = 5


class GrantDone(Canonical, frozen=True):
    amount: Amount
    balance: Amount
    """Free points of the card afterwards."""
    left_today: Amount
    """What the shop may still give by hand today."""


class Grant(CallBody, frozen=True):
    """Points given by hand: two people of the shop answer for them."""

    kind: ClassVar[int] = NUMBER * 100 + 7
    answer: ClassVar[type[Canonical]] = GrantDone

    grant: Bytes16Field
    """Made by the asker; the same one twice is one grant."""
    card: Bytes16Field
    amount: Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
    asked_by: Bytes16Field
    """Pseudonyms of staff, which only the shop can tell the names of."""
    approved_by: Bytes16Field
    reason: Reason
    at_ms: TimeField


class Granted(Canonical, frozen=True):
    """A grant that was made: for whoever looks into a shop's manual points."""

    card: bytes
    amount: Amount
    asked_by: bytes
    approved_by: bytes
    reason: Reason
    time_ms: Millis


class HandDay(Canonical, frozen=True):
    """What a shop gave by hand on the last day on which it did."""

    day: int
    given: Amount


class Given(NamedTuple):
    """What became of points that a module gives."""

    amount: Amount
    """Of the new points; 0 when they were limited."""
    lot: int
    limited: bool


hand_days: Final = Table(NUMBER, 12, ("u16",), HandDay)
grants: Final = Table(NUMBER, 13, ("u16", 16), Granted)
"""By shop and grant."""

TABLES: Final[tuple[KeySpace, ...]] = (hand_days, grants)


class PointsDesk(Issuance):
    """Service: points for the reasons of other modules, and what they may know of orders."""

    def give(
        self,
        ctx: Context,
        issuer: ShopId,
        card: CardId,
        amount: Amount,
        origin: Origin,
        vests_ms: Millis = VESTED,
        expires_ms: Millis | None = None,
    ) -> Given:
        """Issues points to a known card, or the one that took its place, unless the limit of their
        issuer or of the purse stands against them (L-7.14).

        They vest with the street's first day that begins at ``vests_ms`` or later. Without
        ``expires_ms`` they live as long as those of a sale. ``POOL`` as issuer has no limit here:
        its module gives no more than it has cash for.
        """
        assert origin not in (Origin.SALE, Origin.RETURNED)
        card = ctx.service(CardDirectory).current(ctx.view, card)
        vests_ms = whole_day(ctx, vests_ms) if vests_ms > ctx.time_ms else VESTED
        assert expires_ms is None or expires_ms > max(vests_ms, ctx.time_ms)
        purse = purse_of(ctx, card)
        gift = give(ctx, purse, card, issuer, amount, origin, vests_ms, expires_ms)
        books.purses.put(ctx.view, card, value=gift.purse)
        return Given(gift.amount, gift.lot, limited=gift.amount != amount)

    def take_back(
        self, ctx: Context, issuer: ShopId, card: CardId, amount: Amount, origin: Origin, lot: int
    ) -> Amount:
        """Takes points back that `give` gave for a reason that is gone, those of their lot first
        (L-7.14). What of them the card no longer has becomes its debt (L-7.12): that is told.
        """
        if amount == 0:
            return amount
        card = ctx.service(CardDirectory).current(ctx.view, card)
        purse, clawed = take_back(purse_of(ctx, card), issuer, amount, ctx.time_ms, lot)
        books.claw(ctx.view, clawed)
        books.take_back_without_refund(ctx.view, issuer, origin, amount)
        debt = Amount(amount - total(clawed))
        if debt:
            purse = owe(purse, issuer, debt)
        books.purses.put(ctx.view, card, value=purse)
        return debt

    def live(self, view: View, issuer: ShopId) -> Amount:
        """Points of an issuer that customers have, as booked (L-6.6)."""
        return books.book_of(view, issuer).live

    def counts(self, view: View, issuer: ShopId) -> Counts:
        """What became of an issuer's points, as booked."""
        book = books.book_of(view, issuer)
        return Counts(book.issued, book.returned, book.redeemed, book.expired, book.clawed)

    def given(self, view: View, issuer: ShopId, origin: Origin) -> Amount:
        """All that an issuer ever gave for a reason that is no order."""
        found = books.given.get(view, issuer, origin)
        return found.amount if found is not None else Amount(0)

    def order(self, view: View, shop: ShopId, register: int, number: int) -> Order | None:
        return books.orders.get(view, shop, register, number)

    def imported(
        self, view: View, shop: ShopId, source: str, reference_hash: bytes
    ) -> ImportedOrder | None:
        return books.imports.get(view, shop, books.import_key(source, reference_hash))


def grant(ctx: Context, call: Grant) -> GrantDone:
    """Gives points by hand (L-7.13)."""
    directory = ctx.service(CardDirectory)
    card, card_id = directory.require(ctx, call.card), CardId(call.card)
    if grants.has(ctx.view, ctx.shop, call.grant):
        raise refuse(PointsRefusal.GRANT_KNOWN)
    if call.asked_by == call.approved_by:
        raise refuse(PointsRefusal.TWO_NAMES_NEEDED)
    today = _today(ctx)
    left = ctx.rules.manual_day_max - today.given
    if call.amount > left:
        raise refuse(PointsRefusal.MANUAL_CAP, left=max(0, left))
    purse = purse_of(ctx, card_id)
    gift = give(ctx, purse, card_id, ctx.shop, call.amount, Origin.MANUAL)
    if gift.amount == 0:
        raise refuse(PointsRefusal.ISSUE_LIMITED)
    made = HandDay(today.day, Amount(today.given + call.amount))
    hand_days.put(ctx.view, ctx.shop, value=made)
    record = Granted(
        call.card, call.amount, call.asked_by, call.approved_by, call.reason, ctx.time_ms
    )
    grants.put(ctx.view, ctx.shop, call.grant, value=record)
    keep(ctx, directory, card, card_id, gift.purse)
    return GrantDone(call.amount, gift.purse.available, Amount(left - call.amount))


def _today(ctx: Context) -> HandDay:
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    before = hand_days.get(ctx.view, ctx.shop)
    return before if before is not None and before.day == day else HandDay(day, Amount(0))
