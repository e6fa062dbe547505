"""How a period's pool is divided, to the unit, by anybody alike.

Pure integer functions. Nothing is lost and nothing made: what the caps leave is redistributed,
and what nobody may have is carried into the next period (I7).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, NamedTuple, TypeVar

from liandao_node.crypto.digest import tagged
from liandao_node.ledger.modules.pool_weights import Drop, Period, Weighed, weigh
from liandao_node.types import Amount, CardId, ShopId

BPS: Final = 10_000
HEAD_CAP: Final = Amount(1_000)
TIE_TAG: Final = b"liandao/pool-tie/1"

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Terms:
    """The rulebook's numbers, in basis points and minor units."""

    reserve_bps: int = 1_000
    customers_bps: int = 4_000
    """The shops' part is what these two leave."""
    shop_cap_bps: int = 1_500
    """Of the shops' part; at least twice an equal share, so that a small street can divide."""
    head_cap: Amount = HEAD_CAP
    """A customer's part of one period."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on a part of a sum."""

    weight: int
    cap: int


@dataclass(frozen=True, slots=True)
class Share:
    amount: Amount
    remainder: int
    """Of the last division, in parts of `Shares.of`; the greatest get a unit more."""


@dataclass(frozen=True, slots=True)
class Shares(Generic[K]):
    by: Mapping[K, Share]
    of: int
    carry: Amount
    """What the caps left to nobody."""


class Parts(NamedTuple):
    """What a pool's cash is for (L-18.6)."""

    reserve: Amount
    shops: Amount
    customers: Amount


@dataclass(frozen=True, slots=True)
class ShopLine:
    """Why a shop gets what it gets."""

    shop: ShopId
    units: int
    drops: tuple[tuple[Drop, int], ...]
    weight: int
    cap: Amount
    """The lesser of the street's cap and of what the shop's own skin in the game allows."""
    share: Amount
    remainder: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A whole division, for whoever wants to recompute it."""

    cash: Amount
    reserve: Amount
    shops_part: Amount
    customers_part: Amount
    lines: tuple[ShopLine, ...]
    """All members, by number."""
    remainder_of: int
    customers: Mapping[CardId, Amount]
    """Those that get something."""
    customers_weight: int
    carry: Amount
    """Of both parts."""
    terms: Terms = field(default_factory=Terms)


def explain(
    cash: Amount,
    period: Period,
    skin: Mapping[ShopId, Amount],
    seed: bytes,
    terms: Terms | None = None,
) -> Explained:
    """Divides ``cash`` by the traffic of a period (L-18.6, L-18.10).

    ``skin`` is, by shop, the points that it issued and others redeemed, and those of others that
    it redeemed. ``seed`` decides ties; nobody can choose it.
    """
    terms = terms or Terms()
    weights = weigh(period)
    parts = parts_of(cash, terms)
    claims, shops = divide_shops(parts.shops, weights.shops, skin, seed, terms)
    heads = {one: Claim(units, terms.head_cap) for one, units in weights.customers.items()}
    customers = divide(parts.customers, heads, {one: bytes(one) for one in heads}, seed)
    return Explained(
        cash=cash,
        reserve=parts.reserve,
        shops_part=parts.shops,
        customers_part=parts.customers,
        lines=tuple(
            _line(shop, weighed, claims[shop], shops.by[shop])
            for shop, weighed in weights.shops.items()
        ),
        remainder_of=shops.of,
        customers={one: share.amount for one, share in customers.by.items() if share.amount},
        customers_weight=sum(weights.customers.values()),
        carry=Amount(shops.carry + customers.carry),
        terms=terms,
    )


def parts_of(cash: Amount, terms: Terms) -> Parts:
    """Reserve and customers' part are rounded down, the shops' part is what is left."""
    reserve = cash * terms.reserve_bps // BPS
    customers = cash * terms.customers_bps // BPS
    return Parts(Amount(reserve), Amount(cash - reserve - customers), Amount(customers))


def divide_shops(
    part: Amount,
    weights: Mapping[ShopId, Weighed],
    skin: Mapping[ShopId, Amount],
    seed: bytes,
    terms: Terms,
) -> tuple[dict[ShopId, Claim], Shares[ShopId]]:
    """The shops' part under its caps (L-18.8), and the claims that it was divided by."""
    cap = street_cap(part, len(weights), terms)
    claims = {
        shop: Claim(weighed.weight, min(cap, skin.get(shop, 0)))
        for shop, weighed in weights.items()
    }
    names = {shop: shop.to_bytes(2, "big") for shop in claims}
    return claims, divide(part, claims, names, seed)


def street_cap(part: Amount, shops: int, terms: Terms) -> Amount:
    """The most that one of ``shops`` may have of the shops' part (L-18.8)."""
    return Amount(max(part * terms.shop_cap_bps // BPS, part * 2 // shops)) if shops else Amount(0)


def divide(
    total: Amount, claims: Mapping[K, Claim], names: Mapping[K, bytes], seed: bytes
) -> Shares[K]:
    """Divides by largest remainder over weights, under caps (L-18.7, L-18.9).

    ``names`` are what ties are drawn by: fixed and different.
    """
    order = sorted((k for k in claims if claims[k].weight > 0), key=lambda k: names[k])
    capped, rest, weight = _capped(total, claims, order)
    open_ = [k for k in order if k not in capped]
    amounts = {k: claims[k].cap for k in capped}
    remainders = {}
    for k in open_:
        amounts[k], remainders[k] = divmod(claims[k].weight * rest, weight)
    left = rest - sum(amounts[k] for k in open_)

    def rank(k: K) -> tuple[int, bytes]:
        return -remainders[k], tie_of(seed, names[k])

    # There are more remainders than units left, and whoever has one is below its cap.
    for k in sorted(open_, key=rank)[:left]:
        amounts[k] += 1
    nothing = Share(Amount(0), 0)
    by = dict.fromkeys(sorted(claims, key=lambda k: names[k]), nothing)
    by |= {k: Share(Amount(amounts[k]), remainders.get(k, 0)) for k in order}
    return Shares(by, weight, Amount(total - sum(amounts.values())))


def tie_of(seed: bytes, name: bytes) -> bytes:
    """The place of a name among equals, 32 bytes: lower ones come first (L-18.7)."""
    return tagged(TIE_TAG, seed + name)


def _capped(total: int, claims: Mapping[K, Claim], order: list[K]) -> tuple[frozenset[K], int, int]:
    """Who gets the cap and no more; what is left for the others, and their weight.

    Whoever is at the cap leaves more to each of the others, so it is done until nobody is new.
    """
    capped: set[K] = set()
    rest, weight = total, sum(claims[k].weight for k in order)
    while new := [
        k for k in order if k not in capped and claims[k].weight * rest >= claims[k].cap * weight
    ]:
        capped.update(new)
        rest -= sum(claims[k].cap for k in new)
        weight -= sum(claims[k].weight for k in new)
    return frozenset(capped), rest if weight else 0, weight


def _line(shop: ShopId, weighed: Weighed, claim: Claim, share: Share) -> ShopLine:
    return ShopLine(
        shop=shop,
        units=weighed.units,
        drops=weighed.drops,
        weight=weighed.weight,
        cap=Amount(claim.cap),
        share=share.amount,
        remainder=share.remainder,
    )
