"""Who is in office after a block: the committee and the members' keys (L-3.5, L-8.7).

Both change at the end of an epoch only, so every block in between shares one `Office`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from liandao_node.errors import OperatorFault
from liandao_node.ledger.module_api import Seating
from liandao_node.ledger.state import View
from liandao_node.types import Epoch, PublicKey, ShopId
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Genesis, first_committee


@dataclass(frozen=True, slots=True)
class Office:
    """Who may make and sign what stands in the block above a state."""

    committee: CommitteeRecord
    keys: Mapping[ShopId, PublicKey]
    """Node key of every member; transactions are checked against it."""
    lacking: OperatorFault | None = None
    """Why this node cannot execute that block: a module is missing, or does not fit (L-3.8)."""

    def has_seat(self, shop: ShopId) -> bool:
        return any(seat.shop == shop for seat in self.committee.seats)


def office_in(view: View, seating: Seating, lacking: OperatorFault | None = None) -> Office:
    """Who is in office by the records of a state."""
    return Office(seating.committee(view), seating.keys(view), lacking)


class FoundersForEver(Seating):
    """A street without a module that elects: its first committee stays, in epoch 0."""

    def __init__(self, genesis: Genesis) -> None:
        self._committee = first_committee(genesis)
        self._keys = {shop.shop: shop.public_key for shop in genesis.shops}

    def epoch(self, view: View) -> Epoch:  # noqa: ARG002
        return self._committee.epoch

    def committee(self, view: View) -> CommitteeRecord:  # noqa: ARG002
        return self._committee

    def past_committee(self, view: View, epoch: Epoch) -> CommitteeRecord | None:  # noqa: ARG002
        return self._committee if epoch == self._committee.epoch else None

    def keys(self, view: View) -> dict[ShopId, PublicKey]:  # noqa: ARG002
        return dict(self._keys)
