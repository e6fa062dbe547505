"""A naive second opinion on points, written from docs/ledger.md sections 5 to 7.

No records, no laziness, no layers: dictionaries, looked through from end to end at every step.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.cards import Enrol
from liandao_node.ledger.modules.points_calls import Hold, Import, Release, Sale
from liandao_node.limits import HOLDS_PER_CARD_MAX
from liandao_node.wire.genesis import Rules

Pile: TypeAlias = tuple[int, int]
"""Expiry and issuer: points of one pile are alike."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class OpenHold:
    shop: int
    name: bytes
    expires_ms: int
    typed_on: int | None
    points: Counter[Pile]


@dataclass
class Owner:
    """A card and what it has."""

    free: Counter[Pile] = field(default_factory=Counter)
    holds: list[OpenHold] = field(default_factory=list)
    names_used: dict[tuple[int, bytes], int] = field(default_factory=dict)
    age: dict[Pile, int] = field(default_factory=dict)
    typed: Counter[int] = field(default_factory=Counter)
    last_seen_ms: int = 0


class Refusal(Exception):
    """The code that the ledger must give."""


class PointsModel:
    def __init__(self, rules: Rules, offset_minutes: int) -> None:
        self.rules = rules
        self.offset = timedelta(minutes=offset_minutes)
        self.owners: dict[bytes, Owner] = {}
        self.orders: set[tuple[int, int, int]] = set()
        self.imports: set[tuple[int, str, bytes]] = set()
        self.issued: Counter[int] = Counter()
        self.redeemed: Counter[int] = Counter()
        self.expired: Counter[int] = Counter()
        self.owed: Counter[tuple[int, int, int]] = Counter()
        """By clearing period, issuer and redeemer."""
        self.now_ms = 0
        self.steps = 0
        self.limited = False

    def apply(
        self, shop: int, call: CallBody, card: bytes, limited: bool
    ) -> tuple[str, tuple[object, ...]]:
        """Code and fields of the answer. ``card`` is the id that an enrolment is for.

        ``limited`` is the ledger's word on the issue limit: what a shop has to pay is clearing's
        matter, which the model does not know.
        """
        self.steps += 1
        self.limited = limited
        try:
            match call:
                case Enrol():
                    return "OK", self._enrol(card)
                case Hold():
                    return "OK", self._hold(shop, call)
                case Release():
                    return "OK", self._release(shop, call)
                case Sale():
                    return "OK", self._sale(shop, call)
                case Import():
                    return "OK", self._import(shop, call)
        except Refusal as refusal:
            return str(refusal), ()
        raise AssertionError(call)

    def pass_time(self, now_ms: int) -> None:
        """Ends holds and points whose time has come."""
        self.now_ms = now_ms
        for owner in self.owners.values():
            for hold in [hold for hold in owner.holds if hold.expires_ms <= now_ms]:
                self._end(owner, hold, hold.points)
            self._expire(owner)

    def live(self, issuer: int) -> int:
        return self.issued[issuer] - self.redeemed[issuer] - self.expired[issuer]

    def _local(self) -> datetime:
        return _EPOCH + timedelta(milliseconds=self.now_ms) + self.offset

    def _period(self) -> int:
        local = self._local()
        return (local.year * 12 + local.month - 1) * 2 + (local.day > 15)

    def _day(self) -> int:
        return (self._local() - _EPOCH).days

    def _enrol(self, card: bytes) -> tuple[object, ...]:
        if card in self.owners:
            raise Refusal("CARD_KNOWN")
        self.owners[card] = Owner(last_seen_ms=self.now_ms)
        return (card,)

    def _owner(self, card: bytes) -> Owner:
        if card not in self.owners:
            raise Refusal("CARD_UNKNOWN")
        return self.owners[card]

    def _hold(self, shop: int, call: Hold) -> tuple[object, ...]:
        owner = self._owner(call.card)
        if (shop, call.hold) in owner.names_used:
            raise Refusal("HOLD_KNOWN")
        day = self._day()
        if not call.present and owner.typed[day] + call.amount > self.rules.code_hold_max:
            raise Refusal("CODE_CAP")
        if len(owner.holds) >= HOLDS_PER_CARD_MAX:
            raise Refusal("HOLDS_FULL")
        if call.amount > owner.free.total():
            raise Refusal("POINTS_SHORT")
        taken = _take(owner.free, owner, call.amount)
        owner.free -= taken
        ends = self.now_ms + self.rules.hold_ms
        typed_on = None if call.present else day
        owner.holds.append(OpenHold(shop, call.hold, ends, typed_on, taken))
        owner.names_used[shop, call.hold] = ends
        if typed_on is not None:
            owner.typed[typed_on] += call.amount
        owner.last_seen_ms = self.now_ms
        return call.amount, ends

    def _find(self, owner: Owner, shop: int, name: bytes) -> OpenHold:
        for hold in owner.holds:
            if (hold.shop, hold.name) == (shop, name):
                return hold
        if (shop, name) in owner.names_used:
            ended = owner.names_used[shop, name] <= self.now_ms
            raise Refusal("HOLD_EXPIRED" if ended else "HOLD_SPENT")
        if any(hold.name == name for hold in owner.holds):
            raise Refusal("HOLD_FOREIGN")
        raise Refusal("HOLD_UNKNOWN")

    def _end(self, owner: Owner, hold: OpenHold, back: Counter[Pile]) -> None:
        owner.holds.remove(hold)
        owner.free += back
        if hold.typed_on is not None:
            owner.typed[hold.typed_on] -= back.total()

    def _expire(self, owner: Owner) -> None:
        for pile in [pile for pile in owner.free if pile[0] <= self.now_ms]:
            self.expired[pile[1]] += owner.free.pop(pile)

    def _release(self, shop: int, call: Release) -> tuple[object, ...]:
        owner = self._owner(call.card)
        hold = self._find(owner, shop, call.hold)
        self._end(owner, hold, hold.points)
        self._expire(owner)
        owner.last_seen_ms = self.now_ms
        return (hold.points.total(),)

    def _sale(self, shop: int, call: Sale) -> tuple[object, ...]:
        if (shop, call.register, call.number) in self.orders:
            raise Refusal("ORDER_KNOWN")
        if call.excluded > call.gross:
            raise Refusal("EXCLUDED_OVER_GROSS")
        if not call.card and (call.hold or call.points):
            raise Refusal("CARD_MISSING")
        answer: tuple[object, ...] = (0, 0, False, 0, 0, 0)
        if call.card:
            owner = self._owner(call.card)
            self._capture(owner, shop, call)
            paid = call.gross - call.points - call.excluded
            earned, limited = self._earn(owner, shop, paid)
            owner.last_seen_ms = self.now_ms
            answer = (call.points, earned, limited, owner.free.total(), 0, 0)
        self.orders.add((shop, call.register, call.number))
        return answer

    def _capture(self, owner: Owner, shop: int, call: Sale) -> None:
        if not call.hold:
            if call.points:
                raise Refusal("HOLD_MISSING")
            return
        hold = self._find(owner, shop, call.hold)
        if call.points > hold.points.total():
            raise Refusal("POINTS_OVER_HOLD")
        if call.points > call.gross * self.rules.share_bps_max // 10_000:
            raise Refusal("POINTS_OVER_SHARE")
        spent = _take(hold.points, owner, call.points)
        for (_, issuer), amount in spent.items():
            self.redeemed[issuer] += amount
            if issuer != shop:
                self.owed[self._period(), issuer, shop] += amount
        self._end(owner, hold, hold.points - spent)
        self._expire(owner)

    def _earn(self, owner: Owner, shop: int, paid: int) -> tuple[int, bool]:
        earned = max(paid, 0) * self.rules.earn_bps // 10_000
        if earned == 0:
            return 0, False
        if self.limited:
            return 0, True
        months = self._local().year * 12 + self._local().month + self.rules.expiry_months
        end = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC) - self.offset
        pile = ((end - _EPOCH) // timedelta(milliseconds=1), shop)
        if not owner.free[pile] and not any(hold.points[pile] for hold in owner.holds):
            owner.age[pile] = self.steps
        owner.free[pile] += earned
        self.issued[shop] += earned
        return earned, False

    def _import(self, shop: int, call: Import) -> tuple[object, ...]:
        name = (shop, call.source, call.reference_hash)
        if name in self.imports:
            raise Refusal("ORDER_KNOWN")
        answer: tuple[object, ...] = (0, False, 0, 0, 0)
        if call.card:
            owner = self._owner(call.card)
            earned, limited = self._earn(owner, shop, call.gross)
            owner.last_seen_ms = self.now_ms
            answer = (earned, limited, owner.free.total(), 0, 0)
        self.imports.add(name)
        return answer


def _take(points: Counter[Pile], owner: Owner, amount: int) -> Counter[Pile]:
    """One point after the other, earliest expiry first, then the pile that began first."""
    taken: Counter[Pile] = Counter()
    for pile in sorted(points, key=lambda pile: (pile[0], owner.age[pile])):
        part = min(amount, points[pile])
        taken[pile] += part
        amount -= part
    assert amount == 0
    return +taken
