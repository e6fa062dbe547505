"""What one card owns and owes: lots, holds, debts, in one record (L-6.1 to L-6.5).

Pure functions from a purse to a purse; they know no shop's books and no call. Every point of a
purse is in a free lot, in one that waits to vest, or in a hold, so nothing is ever counted twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import Final, NamedTuple

from liandao_node.limits import LOTS_PER_CARD_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical

CARD_WAS_THERE: Final = -1
"""In place of a day, for a hold on a shown card, which counts against no daily cap."""
NO_LOT: Final = 0
VESTED: Final = Millis(0)


class Origin(IntEnum):
    """Why points were given."""

    SALE = 0
    RETURNED = 1
    MANUAL = 2
    REBATE = 3
    REFERRAL = 4
    COUPON = 5
    POOL = 6


class Lot(Canonical, frozen=True):
    """Points of one issuer that expire together, or the part of them that a hold took."""

    expires_ms: Millis
    """First millisecond at which they are worth nothing."""
    id: int
    """Position of the call that began the lot."""
    issuer: ShopId
    amount: Amount
    vests_ms: Millis
    """First millisecond at which they may be used; `VESTED` as soon as they may."""
    origin: Origin


class OpenHold(Canonical, frozen=True):
    """Points put aside for one shop until a sale takes them or time gives them back."""

    id: bytes
    shop: ShopId
    expires_ms: Millis
    code_day: int
    """The ledger day whose cap a typed code counts against, else CARD_WAS_THERE."""
    lots: list[Lot]

    @property
    def amount(self) -> Amount:
        return total(self.lots)


class Debt(Canonical, frozen=True):
    """Points that a refund took back and the card no longer had: set off, never billed (L-7.12)."""

    shop: ShopId
    amount: Amount


class Purse(Canonical, frozen=True):
    lots: list[Lot]
    """Free points, earliest expiry first, then by lot id; none is empty."""
    holds: list[OpenHold]
    """In the order in which they were made."""
    code_day: int
    """Day of ``code_held``."""
    code_held: Amount
    """Points put aside or spent on a typed code on that day."""
    pending: list[Lot]
    """Points that may not be used yet, those that vest first in front."""
    debts: list[Debt]
    """At most one per shop, in the order in which they began."""

    @property
    def available(self) -> Amount:
        return total(self.lots)

    @property
    def held(self) -> Amount:
        return Amount(sum(hold.amount for hold in self.holds))

    @property
    def waiting(self) -> Amount:
        """Points that have not vested."""
        return total(self.pending) if self.pending else Amount(0)


class Settled(NamedTuple):
    """A purse at a moment, and what left it since the last look."""

    purse: Purse
    expired: Sequence[Lot]
    clawed: Sequence[Lot]
    """Taken for debts of the card."""


EMPTY_PURSE: Final = Purse([], [], 0, Amount(0), [], [])
_order: Final = attrgetter("expires_ms", "id", "issuer", "origin")
_waiting_order: Final = attrgetter("vests_ms", "expires_ms", "id", "issuer", "origin")


def total(lots: Iterable[Lot]) -> Amount:
    return Amount(sum(lot.amount for lot in lots))


def all_lots(purse: Purse) -> list[Lot]:
    """Free ones, waiting ones and those in holds."""
    return [*purse.lots, *purse.pending, *(lot for hold in purse.holds for lot in hold.lots)]


# --- time ---


def settle(purse: Purse, time_ms: Millis) -> Settled:
    """The purse as it is at ``time_ms`` (L-6.4).

    Whoever looks in between changes nothing: debts take what a hold gives back as of the moment
    at which it ended, not of the moment at which somebody noticed.
    """
    clawed: list[Lot] = []
    if purse.holds:
        ended = [hold for hold in purse.holds if hold.expires_ms <= time_ms]
        for hold in sorted(ended, key=attrgetter("expires_ms")):
            purse, taken = set_off(close(purse, hold, hold.lots), hold.expires_ms)
            clawed += taken
    if purse.pending and purse.pending[0].vests_ms <= time_ms:
        purse = _ripen(purse, time_ms)
    if not purse.lots or purse.lots[0].expires_ms > time_ms:
        return Settled(purse, (), clawed)
    expired = [lot for lot in purse.lots if lot.expires_ms <= time_ms]
    return Settled(_with_lots(purse, purse.lots[len(expired) :]), expired, clawed)


def _ripen(purse: Purse, time_ms: Millis) -> Purse:
    """Frees the lots whose time has come: they join others like any new points."""
    ripe = [lot for lot in purse.pending if lot.vests_ms <= time_ms]
    purse = _with(purse, purse.lots, purse.pending[len(ripe) :])
    for lot in ripe:
        purse, _, _ = grow(purse, _changed(lot, vests_ms=VESTED))
    return purse


# --- more and less ---


def grow(purse: Purse, lot: Lot) -> tuple[Purse, Lot, bool]:
    """The purse with new points, the lot that they are in, and whether it began (L-6.2).

    Points that are alike are one lot: the record stays as short as issuers times months, however
    often the customer comes. A lot that waits in a hold counts as there.
    """
    if lot.vests_ms:
        return _grow_pending(purse, lot)
    for at, old in enumerate(purse.lots):
        if _alike(old, lot):
            joined = _part(old, Amount(old.amount + lot.amount))
            lots = [*purse.lots[:at], joined, *purse.lots[at + 1 :]]
            return _with_lots(purse, lots), joined, False
    began = True
    for hold in purse.holds:
        for old in hold.lots:
            if _alike(old, lot):
                lot, began = _part(old, lot.amount), False
    return _with_lots(purse, sorted([*purse.lots, lot], key=_order)), lot, began


def _grow_pending(purse: Purse, lot: Lot) -> tuple[Purse, Lot, bool]:
    assert lot.vests_ms < lot.expires_ms
    for at, old in enumerate(purse.pending):
        if _alike(old, lot):
            joined = _part(old, Amount(old.amount + lot.amount))
            pending = [*purse.pending[:at], joined, *purse.pending[at + 1 :]]
            return _with(purse, purse.lots, pending), joined, False
    pending = sorted([*purse.pending, lot], key=_waiting_order)
    return _with(purse, purse.lots, pending), lot, True


def has_room(purse: Purse, new: Lot) -> bool:
    """Whether those points can be added (L-6.2)."""
    if len(purse.lots) + len(purse.pending) < LOTS_PER_CARD_MAX and not purse.holds:
        return True
    lots = all_lots(purse)
    return len(lots) < LOTS_PER_CARD_MAX or any(_alike(lot, new) for lot in lots)


def take_back(
    purse: Purse, issuer: ShopId, amount: Amount, time_ms: Millis, first: int = NO_LOT
) -> tuple[Purse, list[Lot]]:
    """The purse without up to ``amount`` points of an issuer, and what was taken (L-7.12).

    The lot with the id ``first`` comes first, then what lives longest: otherwise whoever buys and
    brings back would make old points young. Points in holds stay: they were promised to a shop.
    """
    mine = [lot for lot in (*purse.lots, *purse.pending) if lot.issuer == issuer]
    mine = [lot for lot in mine if lot.expires_ms > time_ms]
    mine.sort(key=lambda lot: (lot.id == first, lot.expires_ms, lot.vests_ms, lot.id), reverse=True)
    taken, _ = split(mine, Amount(min(amount, total(mine))))
    if not taken:
        return purse, taken
    less: dict[tuple[int, ...], Amount] = {_waiting_order(lot): lot.amount for lot in taken}
    return _with(purse, _without(purse.lots, less), _without(purse.pending, less)), taken


def _without(lots: list[Lot], less: Mapping[tuple[int, ...], Amount]) -> list[Lot]:
    rest = [(lot, lot.amount - less.get(_waiting_order(lot), 0)) for lot in lots]
    return [_part(lot, Amount(left)) for lot, left in rest if left]


def owe(purse: Purse, shop: ShopId, amount: Amount) -> Purse:
    """The purse with a greater debt to a shop; 0 changes nothing."""
    debts = {debt.shop: debt.amount for debt in purse.debts}
    debts[shop] = Amount(debts.get(shop, 0) + amount)
    return _with_debts(purse, debts)


def set_off(purse: Purse, time_ms: Millis) -> tuple[Purse, list[Lot]]:
    """The purse after its debts took what it has of their shops' points, and what they took."""
    clawed: list[Lot] = []
    for debt in purse.debts:
        purse, taken = take_back(purse, debt.shop, debt.amount, time_ms)
        clawed += taken
    if clawed:
        debts = {debt.shop: debt.amount for debt in purse.debts}
        for lot in clawed:
            debts[lot.issuer] = Amount(debts[lot.issuer] - lot.amount)
        purse = _with_debts(purse, debts)
    return purse, clawed


# --- holds ---


def put_aside(
    purse: Purse, hold: bytes, shop: ShopId, amount: Amount, expires_ms: Millis, code_day: int
) -> Purse:
    """The purse with a hold on ``amount`` points, which must be there (L-6.3)."""
    taken, left = split(purse.lots, amount)
    code_held = purse.code_held
    if code_day != CARD_WAS_THERE:
        code_held = Amount(amount + (code_held if purse.code_day == code_day else 0))
    opened = OpenHold(hold, shop, expires_ms, code_day, taken)
    day = purse.code_day if code_day == CARD_WAS_THERE else code_day
    return Purse(left, [*purse.holds, opened], day, code_held, purse.pending, purse.debts)


def close(purse: Purse, hold: OpenHold, given_back: Sequence[Lot]) -> Purse:
    """The purse without ``hold``; what of it was not spent is free again (L-6.3)."""
    holds = [other for other in purse.holds if other is not hold]
    back = total(given_back)
    same_day = hold.code_day == purse.code_day
    code_held = Amount(purse.code_held - back) if same_day else purse.code_held
    lots = _put_back(purse.lots, given_back)
    return Purse(lots, holds, purse.code_day, code_held, purse.pending, purse.debts)


def split(lots: Sequence[Lot], amount: Amount) -> tuple[list[Lot], list[Lot]]:
    """The first ``amount`` points of ordered lots, and the rest (L-6.3)."""
    taken: list[Lot] = []
    for at, lot in enumerate(lots):
        if amount == 0:
            return taken, list(lots[at:])
        if lot.amount > amount:
            taken.append(_part(lot, amount))
            return taken, [_part(lot, Amount(lot.amount - amount)), *lots[at + 1 :]]
        taken.append(lot)
        amount = Amount(amount - lot.amount)
    assert amount == 0
    return taken, []


def expiries(purse: Purse) -> list[tuple[Millis, Amount]]:
    """When how many of the free points expire, earliest first."""
    sums: dict[Millis, int] = {}
    for lot in purse.lots:
        sums[lot.expires_ms] = sums.get(lot.expires_ms, 0) + lot.amount
    return [(expires_ms, Amount(amount)) for expires_ms, amount in sums.items()]


def _put_back(lots: list[Lot], parts: Sequence[Lot]) -> list[Lot]:
    if not parts:
        return lots
    by_order = {_order(lot): lot for lot in lots}
    for part in parts:
        kept = by_order.get(_order(part))
        amount = part.amount + (kept.amount if kept is not None else 0)
        by_order[_order(part)] = _part(part, Amount(amount))
    return [by_order[key] for key in sorted(by_order)]


# --- shapes ---


def _alike(one: Lot, other: Lot) -> bool:
    return (
        one.expires_ms == other.expires_ms
        and one.issuer == other.issuer
        and one.vests_ms == other.vests_ms
        and one.origin == other.origin
    )


def _part(lot: Lot, amount: Amount) -> Lot:
    return Lot(lot.expires_ms, lot.id, lot.issuer, amount, lot.vests_ms, lot.origin)


def _changed(lot: Lot, *, vests_ms: Millis) -> Lot:
    return Lot(lot.expires_ms, lot.id, lot.issuer, lot.amount, vests_ms, lot.origin)


def _with_lots(purse: Purse, lots: list[Lot]) -> Purse:
    return Purse(lots, purse.holds, purse.code_day, purse.code_held, purse.pending, purse.debts)


def _with(purse: Purse, lots: list[Lot], pending: list[Lot]) -> Purse:
    return Purse(lots, purse.holds, purse.code_day, purse.code_held, pending, purse.debts)


def _with_debts(purse: Purse, amounts: dict[ShopId, Amount]) -> Purse:
    debts = [Debt(shop, amount) for shop, amount in amounts.items() if amount]
    return Purse(purse.lots, purse.holds, purse.code_day, purse.code_held, purse.pending, debts)
