"""The customers' part, divided without ever having all customers at hand (L-18.7, L-18.10).

A street may have a hundred thousand cards; a block deals with a few dozen. All customers have the
same cap and their units are whole multiples of a step, so there are few different weights. How
many customers have each is enough to know what each of them gets, but for whom a last unit goes
to among equals: that is drawn. Whoever has all of them at hand divides with
`pool_division.divide` and comes to the same.
"""

from collections.abc import Mapping
from typing import Final

from liandao_node.types import Amount
from liandao_node.wire.codec import Canonical

UNCAPPED: Final = 0


class HeadRates(Canonical, frozen=True):
    """What a customer of a given weight gets."""

    cap: Amount
    capped_from: int
    """Weights from here on get the cap; `UNCAPPED` if none does."""
    rest: Amount
    """What the others divide,"""
    weight: int
    """and the sum of their weights."""
    remainder: int
    """Whoever has a greater one gets a unit more."""
    drawn: int
    """Of those who have exactly this one, so many do."""


NOTHING: Final = HeadRates(Amount(0), UNCAPPED, Amount(0), 0, 0, 0)


def rates(part: Amount, heads: Mapping[int, int], cap: Amount) -> HeadRates:
    """The rates of a part, by how many customers have each weight; weights are above 0."""
    weights = sorted(heads)
    rest, weight = int(part), sum(units * heads[units] for units in weights)
    open_ = len(weights)
    while True:
        # With one cap for all, whoever weighs more comes to it no later.
        new = [at for at in range(open_) if weights[at] * rest >= cap * weight]
        if not new:
            break
        for units in weights[new[0] : open_]:
            rest -= cap * heads[units]
            weight -= units * heads[units]
        open_ = new[0]
    capped_from = weights[open_] if open_ < len(weights) else UNCAPPED
    if not weight:
        return HeadRates(cap, capped_from, Amount(0), 0, 0, 0)
    below = weights[:open_]
    left = rest - sum(units * rest // weight * heads[units] for units in below)
    by_remainder: dict[int, int] = {}
    for units in below:
        over = units * rest % weight
        by_remainder[over] = by_remainder.get(over, 0) + heads[units]
    for over in sorted(by_remainder, reverse=True):
        if left < by_remainder[over]:
            return HeadRates(cap, capped_from, Amount(rest), weight, over, left)
        left -= by_remainder[over]
    raise AssertionError("there are more remainders than units left")


def amount_for(units: int, of: HeadRates) -> Amount:
    """What such a customer gets, without a unit that is drawn."""
    if of.capped_from != UNCAPPED and units >= of.capped_from:
        return of.cap
    if not of.weight:
        return Amount(0)
    whole, over = divmod(units * of.rest, of.weight)
    return Amount(whole + (over > of.remainder))


def is_drawn(units: int, of: HeadRates) -> bool:
    """Whether such a customer may be drawn for a unit more."""
    if not of.drawn or (of.capped_from != UNCAPPED and units >= of.capped_from):
        return False
    return units * of.rest % of.weight == of.remainder
