"""What the cards module tells modules that come after it, if the street has them (L-5).

A class to inherit from: cards stand before points, coupons and the pool in a genesis file and know
none of them. Whoever offers a service of such a class is found by `Context.all_offered`.
"""

from liandao_node.ledger.module_api import Context
from liandao_node.types import CardId


class CardFollower:
    """Keeps something under a card's id."""

    def moved(self, ctx: Context, old: CardId, new: CardId) -> None:
        """All that was the old card's is the new one's from now on: a lost card replaced, or two
        cards of one person made one. May refuse; then the cards stay as they are."""
        raise NotImplementedError
