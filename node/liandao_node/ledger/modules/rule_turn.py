"""When accepted changes take effect (L-19.7 to L-19.9).

Values do before all else in the first block of their clearing period; modules above the block
that ends an epoch, so that a whole epoch goes by one set of them. A block in which nothing is due
costs one look at what is in force.
"""

from collections.abc import Callable

from msgspec.structs import replace

from liandao_node.errors import Refused
from liandao_node.ledger import rulebook
from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules import rule_books as books
from liandao_node.ledger.modules.epochs import Committees
from liandao_node.ledger.modules.rule_books import Fate, Proposal
from liandao_node.ledger.modules.rule_bounds import changed, modules_after
from liandao_node.ledger.modules.rule_calls import TAKEN_OUT
from liandao_node.ledger.rulebook import NEVER, NEW, Edition, InForce, ModuleVersion
from liandao_node.ledger.state import View

_Apply = Callable[[Context, Edition, Proposal], Edition]


def take_effect(ctx: Context) -> None:
    """Values whose clearing period has begun, in the order of period and acceptance."""
    book = rulebook.book_of(ctx.view)
    assert book is not None
    if book.rules_from != NEVER and _period(ctx) >= book.rules_from:
        kept = _kept(ctx.view)
        _adopt(ctx, kept, _apply_due(ctx, kept.edition, _with_values), kept.begins, ctx.height)


def change_modules(ctx: Context) -> None:
    """Modules whose clearing period has begun, if this block ended an epoch."""
    book = rulebook.book_of(ctx.view)
    assert book is not None
    if book.modules_from == NEVER or _period(ctx) < book.modules_from:
        return
    if Committees().committee(ctx.view).first_seq != ctx.height + 1:
        return
    kept = _kept(ctx.view)
    edition = _apply_due(ctx, kept.edition, _with_modules)
    begins = _note_retired(ctx.view, kept.edition, edition)
    _adopt(ctx, kept, edition, begins, ctx.height + 1)


def note_begun(ctx: Context) -> None:
    """What had to begin has begun."""
    rulebook.put_in_force(ctx.view, replace(_kept(ctx.view), begins=[]))


def note_waiting(view: View) -> None:
    """Says in the record of every block when something is due next."""
    rulebook.put_in_force(view, _waiting(view, _kept(view)))


def _adopt(
    ctx: Context, kept: InForce, edition: Edition, begins: list[ModuleVersion], since_seq: int
) -> None:
    if (edition.rules, edition.modules) != (kept.edition.rules, kept.edition.modules):
        number = kept.edition.number + 1
        edition = replace(edition, number=number, since_seq=since_seq, since_ms=ctx.time_ms)
        kept = replace(kept, edition=edition, begins=begins)
    rulebook.put_in_force(ctx.view, _waiting(ctx.view, kept))


def _apply_due(ctx: Context, edition: Edition, apply: _Apply) -> Edition:
    """The edition with all accepted changes of a kind that are due. One that does not fit what is
    in force by now is void (L-19.8)."""
    docket = books.docket_of(ctx.view)
    found = [(number, books.proposal_of(ctx.view, number)) for number in docket.accepted]
    of_values = apply is _with_values
    due = [
        (number, proposal)
        for number, proposal in found
        if bool(proposal.values) is of_values and proposal.from_period <= _period(ctx)
    ]
    for number, proposal in sorted(due, key=lambda one: one[1].from_period):
        try:
            edition, fate = apply(ctx, edition, proposal), Fate.IN_FORCE
        except Refused:
            fate = Fate.VOID
        closed = replace(proposal, fate=fate, fate_ms=ctx.time_ms)
        books.proposals.put(ctx.view, number, value=closed)
    done = {number for number, _ in due}
    left = [number for number in docket.accepted if number not in done]
    books.dockets.put(ctx.view, value=replace(docket, accepted=left))
    return edition


def _with_values(ctx: Context, edition: Edition, proposal: Proposal) -> Edition:
    rules = changed(ctx.view, rulebook.rules_of(edition), proposal.values)
    return replace(edition, rules=rulebook.values_of(rules))


def _with_modules(ctx: Context, edition: Edition, proposal: Proposal) -> Edition:
    retired = books.docket_of(ctx.view).retired
    modules = modules_after(ctx.view, edition.modules, proposal.modules, retired)
    return replace(edition, modules=modules)


def _note_retired(view: View, before: Edition, after: Edition) -> list[ModuleVersion]:
    """Keeps the last versions of modules that go, and says from which version those that come or
    are raised begin."""
    docket = books.docket_of(view)
    last = {one.name: one.version for one in docket.retired}
    present = {one.name: one.version for one in before.modules}
    names = {one.name for one in after.modules}
    begins = [
        ModuleVersion(one.name, present.get(one.name, last.get(one.name, NEW)))
        for one in after.modules
        if present.get(one.name, TAKEN_OUT) != one.version
    ]
    gone = [one for one in before.modules if one.name not in names]
    kept = [one for one in docket.retired if one.name not in names]
    books.dockets.put(view, value=replace(docket, retired=kept + gone))
    return begins


def _waiting(view: View, kept: InForce) -> InForce:
    accepted = [books.proposal_of(view, n) for n in books.docket_of(view).accepted]
    values = [one.from_period for one in accepted if one.values]
    modules = [one.from_period for one in accepted if one.modules]
    return replace(
        kept, rules_from=min(values, default=NEVER), modules_from=min(modules, default=NEVER)
    )


def _kept(view: View) -> InForce:
    kept = rulebook.in_force.get(view)
    assert kept is not None, "the genesis wrote it"
    return kept


def _period(ctx: Context) -> int:
    return period_of(ctx.time_ms, ctx.utc_offset_minutes)
