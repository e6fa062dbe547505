"""What one card has of the street's campaigns, in one record (L-20.10).

Pure functions from a wallet to a wallet, so that two cards that become one are two wallets
that become one. They know no campaign and no call.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from msgspec.structs import replace

from liandao_node.limits import WALLET_VISITS_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.codec import Canonical


class CardUse(Canonical, frozen=True):
    """What a card had of a campaign of coupons or of a rebate."""

    issuer: ShopId
    campaign: int
    given: int
    """Coupons that were given to this card."""
    used: int
    spent: Amount


class StampCount(Canonical, frozen=True):
    issuer: ShopId
    campaign: int
    count: int
    """Below 0 if refunds took back stamps whose reward was used."""
    day: int
    """Of the newest stamp."""
    today: int
    """Stamps of that day, those that were taken back since among them."""


class Referral(Canonical, frozen=True):
    """A shop sent this card to another one."""

    to: ShopId
    by: ShopId
    version: int
    """Of the commission terms that hold for it."""
    since_ms: Millis
    until_ms: Millis
    period: int
    """The clearing period of `paid`."""
    paid: Amount
    """Commission for this card's orders in that period."""


class Visit(Canonical, frozen=True):
    """A card's newest order at a shop, where commission terms were published."""

    shop: ShopId
    last_ms: Millis


class Wallet(Canonical, frozen=True):
    uses: list[CardUse]
    stamps: list[StampCount]
    referrals: list[Referral]
    visits: list[Visit]
    joined: int
    """Cards whose wallets were added to this one: each brought what it had used of its caps."""


EMPTY_WALLET: Final = Wallet([], [], [], [], 0)
_NOT_USED: Final = (0, 0, Amount(0))

E = TypeVar("E", CardUse, StampCount)


def use_of(wallet: Wallet, issuer: ShopId, campaign: int) -> CardUse:
    found = _find(wallet.uses, issuer, campaign)
    return found if found is not None else CardUse(issuer, campaign, *_NOT_USED)


def with_use(wallet: Wallet, use: CardUse) -> Wallet:
    return replace(wallet, uses=_with(wallet.uses, use))


def stamps_of(wallet: Wallet, issuer: ShopId, campaign: int) -> StampCount:
    found = _find(wallet.stamps, issuer, campaign)
    return found if found is not None else StampCount(issuer, campaign, 0, 0, 0)


def with_stamps(wallet: Wallet, stamps: StampCount) -> Wallet:
    return replace(wallet, stamps=_with(wallet.stamps, stamps))


def referral_to(wallet: Wallet, shop: ShopId, time_ms: Millis) -> Referral | None:
    """The one that holds at that moment."""
    for referral in wallet.referrals:
        if referral.to == shop and time_ms < referral.until_ms:
            return referral
    return None


def with_referral(wallet: Wallet, referral: Referral, time_ms: Millis) -> Wallet:
    """In place of the one to the same shop; those that are over are forgotten."""
    kept = [one for one in wallet.referrals if one.to != referral.to and time_ms < one.until_ms]
    return replace(wallet, referrals=[*kept, referral])


def last_visit_ms(wallet: Wallet, shop: ShopId) -> Millis | None:
    return next((visit.last_ms for visit in wallet.visits if visit.shop == shop), None)


def visited(wallet: Wallet, shop: ShopId, time_ms: Millis) -> Wallet:
    """With that visit as the newest; the oldest makes room."""
    kept = [visit for visit in wallet.visits if visit.shop != shop]
    return replace(wallet, visits=[*kept, Visit(shop, time_ms)][-WALLET_VISITS_MAX:])


def joined(wallet: Wallet, other: Wallet, time_ms: Millis) -> Wallet:
    """What both had. Of two referrals to one shop the earlier stands, as for one card."""
    for use in other.uses:
        mine = use_of(wallet, use.issuer, use.campaign)
        wallet = with_use(
            wallet,
            CardUse(
                use.issuer,
                use.campaign,
                mine.given + use.given,
                mine.used + use.used,
                Amount(mine.spent + use.spent),
            ),
        )
    for count in other.stamps:
        wallet = with_stamps(wallet, _added(stamps_of(wallet, count.issuer, count.campaign), count))
    for referral in other.referrals:
        mine_to = referral_to(wallet, referral.to, time_ms)
        if mine_to is None or referral.since_ms < mine_to.since_ms:
            wallet = with_referral(wallet, referral, time_ms)
    visits = sorted((*wallet.visits, *other.visits), key=lambda visit: visit.last_ms)
    wallet = replace(wallet, visits=[])
    for visit in visits:
        wallet = visited(wallet, visit.shop, visit.last_ms)
    return replace(wallet, joined=wallet.joined + other.joined + 1)


def _added(mine: StampCount, other: StampCount) -> StampCount:
    day = max(mine.day, other.day)
    today = sum(one.today for one in (mine, other) if one.day == day)
    return StampCount(mine.issuer, mine.campaign, mine.count + other.count, day, today)


def _find(entries: Iterable[E], issuer: ShopId, campaign: int) -> E | None:
    for entry in entries:
        if entry.campaign == campaign and entry.issuer == issuer:
            return entry
    return None


def _with(entries: list[E], new: E) -> list[E]:
    """At the place of the one that it replaces, else at the end."""
    changed = list(entries)
    for at, old in enumerate(entries):
        if old.campaign == new.campaign and old.issuer == new.issuer:
            changed[at] = new
            return changed
    changed.append(new)
    return changed
