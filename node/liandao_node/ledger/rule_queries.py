"""The street's rulebook for screens: what is in force, what is proposed, what comes when.

Nothing here writes. Section 19 of docs/ledger.md.
"""

from dataclasses import dataclass

from liandao_node.errors import Refused
from liandao_node.ledger import rulebook
from liandao_node.ledger.calendar import period_start_ms
from liandao_node.ledger.modules import rule_books as books
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.rule_books import Ballot, Docket, Fate, Proposal
from liandao_node.ledger.modules.rule_bounds import FIXED, modules_after
from liandao_node.ledger.modules.rule_calls import NewVersion
from liandao_node.ledger.modules.rule_tally import needed_of, tally_of
from liandao_node.ledger.rulebook import Edition, ModuleVersion, RuleValue
from liandao_node.ledger.state import View
from liandao_node.types import Millis, ShopId

__all__ = [
    "FIXED",
    "Fate",
    "Proposal",
    "ProposalTold",
    "edition",
    "editions",
    "first_edition",
    "has_rulebook",
    "modules_with",
    "newest_proposals",
    "proposals",
    "starts_ms",
    "waiting_modules",
]


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """A proposal and how the seats of the present committee stand to it."""

    number: int
    proposal: Proposal
    votes: dict[ShopId, Ballot]
    """That count, by shop."""
    yes: int
    no: int
    needed: int
    seats: int


def has_rulebook(view: View) -> bool:
    """Whether rules can be changed by votes in this street."""
    return rulebook.book_of(view) is not None


def edition(view: View) -> Edition:
    """What the block above this state goes by, as far as its time does not change it."""
    kept = rulebook.in_force.get(view)
    assert kept is not None, "asked of a street with a rulebook"
    return kept.edition


def editions(view: View) -> list[Edition]:
    """All editions that there were, the oldest first. Reads every one."""
    return [one for _, one in rulebook.editions.rows(view)]


def first_edition(view: View) -> list[RuleValue]:
    """The rules of the genesis file."""
    first = rulebook.editions.get(view, 1)
    assert first is not None
    return first.rules


def proposals(view: View) -> list[ProposalTold]:
    """Those that are open, then those that are accepted and yet to take effect."""
    docket = books.docket_of(view)
    return [_told(view, number) for number in (*docket.open, *docket.accepted)]


def newest_proposals(view: View, count: int) -> list[ProposalTold]:
    """The newest of all, whatever became of them."""
    newest = books.docket_of(view).newest
    return [_told(view, number) for number in range(newest, max(newest - count, 0), -1)]


def starts_ms(period: int, utc_offset_minutes: int) -> Millis:
    """When a clearing period, and what waits for it, begins."""
    return period_start_ms(period, utc_offset_minutes)


def waiting_modules(view: View) -> list[ProposalTold]:
    """Accepted changes of modules that are yet to come."""
    return [one for one in proposals(view) if one.proposal.modules and _is_accepted(one)]


def modules_with(view: View, changes: list[NewVersion]) -> list[ModuleVersion]:
    """The street's modules after all accepted changes and these. Raises Refused as `Propose`
    does; of accepted ones those that do not fit count for nothing."""
    docket, found = books.docket_of(view), edition(view).modules
    for told in waiting_modules(view):
        found = _fitting(view, found, told.proposal, docket)
    return modules_after(view, found, changes, docket.retired)


def _fitting(
    view: View, before: list[ModuleVersion], proposal: Proposal, docket: Docket
) -> list[ModuleVersion]:
    try:
        return modules_after(view, before, proposal.modules, docket.retired)
    except Refused:
        return before


def _is_accepted(told: ProposalTold) -> bool:
    return told.proposal.fate is Fate.ACCEPTED


def _told(view: View, number: int) -> ProposalTold:
    seats = [seat.shop for seat in stake_books.committee_of(view).seats]
    tally = tally_of(view, number, seats)
    return ProposalTold(
        number,
        books.proposal_of(view, number),
        tally.votes,
        tally.yes,
        tally.no,
        needed_of(len(seats)),
        len(seats),
    )
