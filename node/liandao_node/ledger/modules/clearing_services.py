"""What clearing asks of modules that come after it, if the street has them (L-16.10 to L-16.12).

Classes to inherit from, because those modules are built on clearing and not the other way round.
Whoever offers a service of such a class is found by `Context.offered`.
"""

from liandao_node.ledger.modules.clearing_books import Counts
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId


class Reserve:
    """The pool's money, as far as clearing moves it.

    Not told here: bonds that a default took. They are in the pool's record of stake (L-4.9).
    """

    def draw(self, view: View, wanted: Amount) -> Amount:
        """Takes up to ``wanted`` out of what is there for defaults; what it took. The money
        leaves later, by a payment of the pool: clearing has the pool owe it."""
        raise NotImplementedError

    def give_back(self, view: View, amount: Amount) -> None:
        """What was drawn is there for defaults again: the shop in default paid up."""
        raise NotImplementedError

    def came_in(self, view: View, amount: Amount) -> None:
        """Somebody's payment reached the pool."""
        raise NotImplementedError

    def went_out(self, view: View, amount: Amount) -> None:
        """A payment of the pool was received."""
        raise NotImplementedError


class Issuance:
    """The books of points."""

    def counts(self, view: View, issuer: ShopId) -> Counts:
        """What became of the points that a shop issued, up to now."""
        raise NotImplementedError

    def live(self, view: View, issuer: ShopId) -> Amount:
        """What customers have of them. When a shop hands them over, the pool answers for so
        many and their lots stay as they are: `Obligations.owe` knows who pays."""
        raise NotImplementedError
