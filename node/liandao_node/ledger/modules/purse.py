"""What one card owns: lots of points and holds on them, in one record (L-6.1 to L-6.5).

Pure functions from a purse to a purse; they know no shop's books and no call. All points of a
purse are in its lots or in the lots of its holds, so nothing is ever counted twice.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from liandao_node.limits import LOTS_PER_CARD_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical

CARD_WAS_THERE: Final = -1
"""In place of a day, for a hold on a shown card, which counts against no daily cap."""


class Lot(Canonical, frozen=True):
    """Points of one issuer that expire together, or the part of them that a hold took."""

    expires_ms: Millis
    """First millisecond at which they are worth nothing."""
    id: int
    """Position of the call that made the lot, unique in the ledger."""
    issuer: ShopId
    amount: Amount


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


class Purse(Canonical, frozen=True):
    lots: list[Lot]
    """Free points, earliest expiry first, then by lot id; none is empty."""
    holds: list[OpenHold]
    """In the order in which they were made."""
    code_day: int
    """Day of ``code_held``."""
    code_held: Amount
    """Points put aside or spent on a typed code on that day."""

    @property
    def available(self) -> Amount:
        return total(self.lots)

    @property
    def held(self) -> Amount:
        return Amount(sum(hold.amount for hold in self.holds))


EMPTY_PURSE: Final = Purse([], [], 0, Amount(0))
_order: Final = attrgetter("expires_ms", "id")


def total(lots: Iterable[Lot]) -> Amount:
    return Amount(sum(lot.amount for lot in lots))


def settle(purse: Purse, time_ms: Millis) -> tuple[Purse, Sequence[Lot]]:
    """The purse as it is at ``time_ms``, and the lots that expired (L-6.4).

    Holds that ran out give back first, so that what they give back may expire at once.
    """
    for hold in purse.holds:
        if hold.expires_ms <= time_ms:
            purse = close(purse, hold, hold.lots)
    if not purse.lots or purse.lots[0].expires_ms > time_ms:
        return purse, ()
    expired = [lot for lot in purse.lots if lot.expires_ms <= time_ms]
    return _with_lots(purse, purse.lots[len(expired) :]), expired


def grow(purse: Purse, lot: Lot) -> tuple[Purse, Lot]:
    """The purse with new points, and the lot that they are in (L-6.2).

    Points of one issuer and one expiry are one lot: the record stays as short as issuers times
    months, however often the customer comes. A lot that waits in a hold counts as there.
    """
    for at, old in enumerate(purse.lots):
        if _alike(old, lot):
            joined = _part(old, Amount(old.amount + lot.amount))
            return _with_lots(purse, [*purse.lots[:at], joined, *purse.lots[at + 1 :]]), joined
    for hold in purse.holds:
        for old in hold.lots:
            if _alike(old, lot):
                lot = _part(old, lot.amount)
    return _with_lots(purse, sorted([*purse.lots, lot], key=_order)), lot


def has_room(purse: Purse, issuer: ShopId, expires_ms: Millis) -> bool:
    """Whether points of that issuer and expiry can be added (L-6.2)."""
    lots = [*purse.lots, *(lot for hold in purse.holds for lot in hold.lots)]
    if len(lots) < LOTS_PER_CARD_MAX:
        return True
    return any(lot.issuer == issuer and lot.expires_ms == expires_ms for lot in lots)


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
    return Purse(left, [*purse.holds, opened], day, code_held)


def close(purse: Purse, hold: OpenHold, given_back: Sequence[Lot]) -> Purse:
    """The purse without ``hold``; what of it was not spent is free again (L-6.3)."""
    holds = [other for other in purse.holds if other is not hold]
    back = total(given_back)
    same_day = hold.code_day == purse.code_day
    code_held = Amount(purse.code_held - back) if same_day else purse.code_held
    return Purse(_put_back(purse.lots, given_back), holds, purse.code_day, code_held)


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


def _alike(one: Lot, other: Lot) -> bool:
    return one.expires_ms == other.expires_ms and one.issuer == other.issuer


def _part(lot: Lot, amount: Amount) -> Lot:
    return Lot(lot.expires_ms, lot.id, lot.issuer, amount)


def _put_back(lots: list[Lot], parts: Sequence[Lot]) -> list[Lot]:
    if not parts:
        return lots
    by_order = {_order(lot): lot for lot in lots}
    for part in parts:
        kept = by_order.get(_order(part))
        amount = part.amount + (kept.amount if kept is not None else 0)
        by_order[_order(part)] = _part(part, Amount(amount))
    return [by_order[key] for key in sorted(by_order)]


def _with_lots(purse: Purse, lots: list[Lot]) -> Purse:
    return Purse(lots, purse.holds, purse.code_day, purse.code_held)
