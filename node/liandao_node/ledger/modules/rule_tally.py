"""How the seats of a committee stand to a proposal (L-19.5, L-19.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from liandao_node.ledger.modules.rule_books import Ballot, ballots
from liandao_node.ledger.state import View
from liandao_node.types import ShopId


@dataclass(frozen=True, slots=True)
class Tally:
    votes: dict[ShopId, Ballot]
    """Of shops with a seat, by number."""

    @property
    def yes(self) -> int:
        return sum(ballot.yes for ballot in self.votes.values())

    @property
    def no(self) -> int:
        return len(self.votes) - self.yes


def tally_of(view: View, proposal: int, seats: Sequence[ShopId]) -> Tally:
    """The votes that count: of shops that have a seat now, whenever they gave them."""
    found = {shop: ballots.get(view, proposal, shop) for shop in seats}
    return Tally({shop: ballot for shop, ballot in found.items() if ballot is not None})


def needed_of(seats: int) -> int:
    """The least number that is more than two thirds of the seats.

    As many as make a block final at least: so whatever f seats do, two thirds of the honest ones
    wanted the change, or no quorum of blocks would be safe either.
    """
    return seats * 2 // 3 + 1
