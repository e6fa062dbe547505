"""Records of proposals and votes on the rulebook (docs/ledger.md 12.3, 19).

Proposals are few: who is to be asked about all that are open reads one list, and each of them by
its number. Nothing of a proposal that was decided is ever dropped.
"""

from enum import IntEnum
from typing import Final

from liandao_node.ledger.modules.rule_calls import NewValue, NewVersion
from liandao_node.ledger.rulebook import NUMBER, ModuleVersion, editions, in_force
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Epoch, Millis, ShopId
from liandao_node.wire.codec import Canonical

OPEN_MAX: Final = 32
"""Proposals that are open, or accepted and yet to take effect."""
OPEN_PER_SHOP_MAX: Final = 2


class Fate(IntEnum):
    OPEN = 0
    ACCEPTED = 1
    """And yet to take effect."""
    IN_FORCE = 2
    LAPSED = 3
    RETRACTED = 4
    VOID = 5
    """Accepted, but when its time came it no longer fitted what was in force (L-19.8)."""


class Proposal(Canonical, frozen=True):
    shop: ShopId
    values: list[NewValue]
    modules: list[NewVersion]
    from_period: int
    """As proposed; from the decision on the one with which it takes effect."""
    proposed_ms: Millis
    lapses_ms: Millis
    fate: Fate
    fate_ms: Millis
    """When it came to that; 0 while it is open."""


class Ballot(Canonical, frozen=True):
    yes: bool
    epoch: Epoch
    """In which the shop had a seat and said so."""
    time_ms: Millis


class Docket(Canonical, frozen=True):
    newest: int
    """Number of the newest proposal, 0 for none."""
    open: list[int]
    """Rising."""
    accepted: list[int]
    """Yet to take effect, in the order in which they were accepted."""
    retired: list[ModuleVersion]
    """Modules that the street had and went on without, with their last versions."""


proposals: Final = Table(NUMBER, 3, ("u32",), Proposal)
ballots: Final = Table(NUMBER, 4, ("u32", "u16"), Ballot)
"""By proposal and shop."""
dockets: Final = Table(NUMBER, 5, (), Docket)

TABLES: Final[tuple[KeySpace, ...]] = (in_force, editions, proposals, ballots, dockets)
NO_PROPOSALS: Final = Docket(0, [], [], [])


def docket_of(view: View) -> Docket:
    return dockets.get(view) or NO_PROPOSALS


def proposal_of(view: View, number: int) -> Proposal:
    """One that the docket names."""
    proposal = proposals.get(view, number)
    assert proposal is not None, "the docket names proposals that there are"
    return proposal
