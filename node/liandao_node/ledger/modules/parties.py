"""Who may owe and be owed: the shops, and the street's pool (L-16.1).

The contract says party where a shop or the pool may stand. A party's number is a shop's, so the
pool has one that no shop has.
"""

from typing import Final

from liandao_node.types import ShopId

POOL: Final = ShopId(0xFFFF)
"""The street itself: sponsors' money, its share of expired points, bonds that were taken."""


def name_of(party: ShopId) -> str:
    """For developers and reports; people's names of shops are in membership."""
    return "POOL" if party == POOL else f"shop {party}"
