"""What all nodes say after the races, beside what the tills were told."""

from collections.abc import Sequence
from typing import Final

import msgspec

from liandao_node.cli.bench.race import Told
from liandao_node.cli.bench.street import BenchStreet
from liandao_node.cli.verifying.books import verify_books
from liandao_node.client import NodeClient, Summary

SETTLE_S_MAX: Final = 30


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes whose books are others, and what was found in them."""

    nodes: int
    points_issued: int
    points_redeemed: int
    coupons_used: int
    wrong: list[str]
    """What does not agree, for developers; empty when all does."""

    @property
    def right(self) -> bool:
        return not self.wrong


async def look(street: BenchStreet, told: Told) -> Books:
    """Asks every node for its totals, all cards and coupons, and reads its ledger.db."""
    summaries = await street.fleet.settled(SETTLE_S_MAX)
    wrong = totals(summaries, told)
    for shop in range(street.seats):
        complaints = await _cards(street.lines(shop)[0], told)
        complaints += await _coupons(street.lines(shop)[0], told)
        broken = verify_books(street.fleet.dirs[shop]).broken
        complaints += [one for found in broken.values() for one in found]
        wrong += [f"shop {shop}: {one}" for one in complaints]
    return Books(
        nodes=len(summaries),
        points_issued=told.issued,
        points_redeemed=told.redeemed,
        coupons_used=told.coupons,
        wrong=wrong,
    )


def totals(summaries: Sequence[Summary], told: Told) -> list[str]:
    """Where the nodes' totals are not what the tills were told, or not each other's."""
    wrong = []
    if len({(one.height, one.tip, one.state_root) for one in summaries}) != 1:
        wrong.append("the nodes stand at different blocks or states")
    free = sum(told.cards.values())
    for shop, one in enumerate(summaries):
        said = (one.points_issued, one.points_redeemed, one.points_outstanding)
        if said != (told.issued, told.redeemed, free):
            tills = f"{told.issued}, {told.redeemed}, {free}"
            wrong.append(f"shop {shop}: issued, redeemed, outstanding {said}; told were {tills}")
    return wrong


async def _cards(node: NodeClient, told: Told) -> list[str]:
    wrong = []
    for presented, free in told.cards.items():
        card = (await node.find_card(presented)).card
        if card is None:
            wrong.append("a card is not known")
        elif (card.available, card.held, card.pending) != (free, 0, 0):
            wrong.append(f"card {card.code} has {card.available} + {card.held}, and not {free}")
    return wrong


async def _coupons(node: NodeClient, told: Told) -> list[str]:
    """The races have one campaign, which every shop takes part in."""
    campaigns = (await node.campaigns()).campaigns
    said = [(one.uses, one.spent, one.held) for one in campaigns]
    if said == [(told.coupons, told.coupons_off, 0)]:
        return []
    return [f"coupons used, spent, held {said}; told were {told.coupons}, {told.coupons_off}"]
