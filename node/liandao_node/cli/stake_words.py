"""Stake, seats and elections in words, and what a committee of a size can bear (L-13.3)."""

from collections.abc import Sequence
from typing import Final

from liandao_node.client import Fitness, ShopStakeView, Stakes

_FITNESS: Final = {
    Fitness.CANDIDATE: "candidate",
    Fitness.BOND_SHORT: "own bond too small to be a candidate",
    Fitness.OUTDATED: "its program is older than the street's protocol",
    Fitness.JAILED: "jailed for absence",
    Fitness.BANNED: "banned",
}


def describe(stakes: Stakes) -> list[str]:
    """Who has what, where it stands, and what else a shop should know."""
    done = stakes.height - stakes.first_height + 1
    lines = [
        f"epoch {stakes.epoch}, {done} of at most {stakes.epoch_blocks} blocks;"
        f" the street's pool holds {stakes.pool}"
    ]
    for shop in stakes.shops:
        lines.append(f"  shop {shop.shop} {shop.name}: {_place(shop)}")
        lines.append(f"    {_amounts(shop)}")
    lines += [
        f"  shop {one.shop} backs shop {one.seat} with {one.amount}" for one in stakes.delegations
    ]
    return lines


def _place(shop: ShopStakeView) -> str:
    words = ["has a seat" if shop.seated else "follows", _FITNESS[shop.fitness]]
    if shop.jailed_until:
        words.append(f"may ask to come back from epoch {shop.jailed_until}")
    if shop.out_for_good:
        words.append("has lost two keys and stays out")
    elif shop.fitness is Fitness.BANNED:
        words.append(f"may sit again from epoch {shop.banned_until}, with a new key")
    if shop.rekeys:
        words.append("gets a new node key with the next epoch")
    return ", ".join(words)


def _amounts(shop: ShopStakeView) -> str:
    parts = [f"own {shop.own}", f"backed with {shop.backing}", f"counts {shop.counted}"]
    others = {
        "coming in": shop.incoming,
        "behind others": shop.delegated,
        "leaving": shop.leaving,
        "to be paid out": shop.withdrawable,
        "slashed": shop.slashed,
    }
    parts += [f"{amount} {what}" for what, amount in others.items() if amount]
    if shop.statements:
        parts.append(f"{shop.statements} statements of the treasurers")
    return ", ".join(parts)


def describe_next(stakes: Stakes) -> list[str]:
    """The dry run of the next election."""
    names = {shop.shop: f"{shop.shop} {shop.name}" for shop in stakes.shops}
    now = [shop.shop for shop in stakes.shops if shop.seated]
    then = stakes.next.seats

    def listed(shops: Sequence[int]) -> str:
        return ", ".join(names[shop] for shop in shops) or "nobody"  # type: ignore[index]

    lines = [
        f"If epoch {stakes.epoch} ended now, epoch {stakes.epoch + 1} would have"
        f" {len(then)} seats: {listed(then)}.",
        f"Leaving: {listed([s for s in now if s not in then])}."
        f" Joining: {listed([s for s in then if s not in now])}.",
    ]
    if stakes.next.failed_safe:
        lines.append("There are too few candidates for another committee, so the old one stays.")
    elif set(stakes.next.target) != set(then):
        lines.append(
            "Some wait, because only few seats may change at once: in the end"
            f" {listed(stakes.next.target)} sit."
        )
    if stakes.next.overdue:
        lines.append(
            f"Kept although their place is another's: {listed(stakes.next.overdue)}."
            " They leave as soon as the others can spare them."
        )
    return lines + survives(len(then))


def survives(seats: int) -> list[str]:
    """What a committee of so many seats bears, in words (L-13.3)."""
    faults = (seats - 1) // 3
    needed = (seats + faults) // 2 + 1
    away = seats - needed
    if seats == 1:
        return [
            "With one seat the street is as sure as this one shop: when it is off, nothing is"
            " confirmed, and nobody could prove it wrong."
        ]
    if faults == 0:
        off = (
            "When one shop is off, nothing is confirmed until it is back."
            if away == 0
            else f"{_shops(away)} may be off, and the others go on."
        )
        return [
            f"With {seats} seats the street needs {needed} of them. {off}",
            "It bears no shop that lies: one that does could make two histories, and the others"
            " would find out afterwards only. From four shops on, one liar changes nothing.",
        ]
    return [
        f"With {seats} seats the street needs {needed} of them. {_shops(away)} may be off at"
        " once, and the others go on.",
        f"{_shops(faults)} may lie, all together, and nobody's points are touched."
        f" With more than {away} off it waits, and loses nothing;"
        f" more than {faults} that lie together could make two histories.",
    ]


def _shops(count: int) -> str:
    return "One shop" if count == 1 else f"{count} shops"
