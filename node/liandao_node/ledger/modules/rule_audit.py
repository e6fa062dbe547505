"""What has to be true of the rulebook and its proposals, whatever was voted (section 14)."""

from collections.abc import Iterator
from itertools import pairwise

from liandao_node.ledger import rulebook
from liandao_node.ledger.modules import rule_books as books
from liandao_node.ledger.modules.rule_books import Fate
from liandao_node.ledger.rulebook import NEVER, InForce
from liandao_node.ledger.state import View
from liandao_node.wire.genesis import rules_complaint


def audit(view: View) -> list[str]:
    kept = rulebook.in_force.get(view)
    if kept is None:
        return ["there is no rulebook"]
    return [*_of_editions(view, kept), *_of_proposals(view, kept)]


def _of_editions(view: View, kept: InForce) -> Iterator[str]:
    """Editions are numbered without gaps, rise in height, and keep to the bounds (L-19.4)."""
    found = [edition for _, edition in rulebook.editions.rows(view)]
    if [edition.number for edition in found] != list(range(1, len(found) + 1)):
        yield "editions are numbered with gaps"
    if not found or found[-1] != kept.edition:
        yield "the newest edition is not the one in force"
    if any(a.since_seq > b.since_seq for a, b in pairwise(found)):
        yield "an edition is in force before the one before it"
    for edition in found:
        if tuple(one.name for one in edition.rules) != rulebook.FIELDS:
            yield f"edition {edition.number} has not all rules"
        elif complaint := rules_complaint(rulebook.rules_of(edition)):
            yield f"edition {edition.number}: {complaint}"


def _of_proposals(view: View, kept: InForce) -> Iterator[str]:
    docket = books.docket_of(view)
    found = {number: proposal for (number,), proposal in books.proposals.rows(view)}
    if list(found) != list(range(1, docket.newest + 1)):
        yield "proposals are numbered with gaps"
    for fate, listed in ((Fate.OPEN, docket.open), (Fate.ACCEPTED, docket.accepted)):
        if {n for n, proposal in found.items() if proposal.fate is fate} != set(listed):
            yield f"the docket does not name all that are {fate.name}"
    if len(docket.open) + len(docket.accepted) > books.OPEN_MAX:
        yield "more is open than may be"
    waiting = [proposal for proposal in found.values() if proposal.fate is Fate.ACCEPTED]
    due = min((p.from_period for p in waiting if p.values), default=NEVER)
    if due != kept.rules_from:
        yield f"values are due in {due} and not in {kept.rules_from}"
    due = min((p.from_period for p in waiting if p.modules), default=NEVER)
    if due != kept.modules_from:
        yield f"modules are due in {due} and not in {kept.modules_from}"
    for (number, shop), _ in books.ballots.rows(view):
        if number not in found:
            yield f"shop {shop!r} voted on {number!r}, which nobody proposed"
