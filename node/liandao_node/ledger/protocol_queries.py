"""Which protocol is in force, and who speaks which (L-4.11, L-13.13). Nothing here writes."""

from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.state import View
from liandao_node.types import ShopId

__all__ = ["held_back_by", "in_force", "spoken"]


def in_force(view: View) -> int:
    """The protocol of the block above this state."""
    return books.committee_of(view).protocol


def spoken(view: View) -> dict[ShopId, int]:
    """What each member's program speaks, by number."""
    members = Members()
    return {shop: members.speaks(view, shop) for shop in members.all(view)}


def held_back_by(view: View) -> list[ShopId]:
    """Seats for whose sake the street does not go on to what others of them speak already.

    A seat that lags behind the protocol in force holds nobody back: that never falls.
    """
    committee = books.committee_of(view)
    said = {seat.shop: Members().speaks(view, seat.shop) for seat in committee.seats}
    able = {shop: speaks for shop, speaks in said.items() if speaks >= committee.protocol}
    if not able or min(able.values()) == max(able.values()):
        return []
    return [shop for shop, speaks in able.items() if speaks == min(able.values())]
