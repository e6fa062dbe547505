"""Module 6, rules: the street's rulebook, changed by the votes of its seats (docs/ledger.md 19).

A change is data: new values of rules, or other modules. It is proposed by any member, accepted by
more than two thirds of the seats, and takes effect with a clearing period that begins later. What
the rules mean is the other modules' business.
"""

from enum import IntEnum
from typing import ClassVar, Final

from msgspec.structs import replace

from liandao_node.errors import BugFound
from liandao_node.ledger import rulebook
from liandao_node.ledger.calendar import DAY_MS, period_of, period_start_ms
from liandao_node.ledger.module_api import CallBody, Context, Done, Module, Rulebook, refuse
from liandao_node.ledger.modules import rule_books as books
from liandao_node.ledger.modules import rule_turn
from liandao_node.ledger.modules.epochs import Committees
from liandao_node.ledger.modules.rule_audit import audit
from liandao_node.ledger.modules.rule_books import Ballot, Docket, Fate, Proposal
from liandao_node.ledger.modules.rule_bounds import changed, modules_after
from liandao_node.ledger.modules.rule_calls import (
    Propose,
    Proposed,
    Retract,
    RuleRefusal,
    Vote,
    Voted,
)
from liandao_node.ledger.modules.rule_tally import needed_of, tally_of
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.types import Millis
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules

OPEN_DAYS: Final = 30
"""A proposal that was not accepted by then has lapsed."""
NOTICE_DAYS: Final = 7
"""At least so long before it takes effect everybody knows what was accepted."""
PERIODS_AHEAD_MAX: Final = 6


class RulesInForce(Rulebook):
    """Service: the rules and modules that a block goes by."""

    def current(self, view: View) -> Rules:
        book = rulebook.book_of(view)
        assert book is not None, "the genesis wrote it"
        return book.rules

    def open_block(self, ctx: Context) -> None:
        rule_turn.take_effect(ctx)

    def begun(self, ctx: Context) -> None:
        rule_turn.note_begun(ctx)


class StreetRules(Module):
    name: ClassVar[str] = rulebook.NAME
    number: ClassVar[int] = rulebook.NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Propose, Vote, Retract)
    refusals: ClassVar[type[IntEnum] | None] = RuleRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES
    needs: ClassVar[tuple[type, ...]] = (Committees,)
    daily: ClassVar[bool] = True
    each_block: ClassVar[bool] = True
    may_begin_later: ClassVar[bool] = False

    def services(self) -> tuple[object, ...]:
        return (RulesInForce(),)

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        rulebook.put_in_force(ctx.view, rulebook.first_in_force(genesis))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Propose():
                return _propose(ctx, call)
            case Vote():
                return _vote(ctx, call)
            case Retract():
                return _retract(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def on_day(self, ctx: Context) -> bool:
        """Proposals whose time is over lapse: at most `OPEN_MAX` of them."""
        _close_lapsed(ctx)
        return True

    def on_block(self, ctx: Context) -> None:
        """New modules come with a new epoch: after the block that ends one (L-19.9)."""
        rule_turn.change_modules(ctx)

    def invariants(self, view: View) -> list[str]:
        return audit(view)


def _propose(ctx: Context, call: Propose) -> Proposed:
    """L-19.3."""
    docket = _close_lapsed(ctx)
    _check_change(ctx, call)
    now = period_of(ctx.time_ms, ctx.utc_offset_minutes)
    if not now < call.from_period <= now + PERIODS_AHEAD_MAX:
        raise refuse(RuleRefusal.PERIOD_UNFIT, first=now + 1, last=now + PERIODS_AHEAD_MAX)
    mine = [n for n in docket.open if books.proposal_of(ctx.view, n).shop == ctx.shop]
    if len(mine) >= books.OPEN_PER_SHOP_MAX:
        raise refuse(RuleRefusal.PROPOSALS_MANY, limit=books.OPEN_PER_SHOP_MAX)
    if len(docket.open) + len(docket.accepted) >= books.OPEN_MAX:
        raise refuse(RuleRefusal.PROPOSALS_FULL, limit=books.OPEN_MAX)
    number, lapses_ms = docket.newest + 1, Millis(ctx.time_ms + OPEN_DAYS * DAY_MS)
    proposal = Proposal(
        ctx.shop,
        call.values,
        call.modules,
        call.from_period,
        ctx.time_ms,
        lapses_ms,
        Fate.OPEN,
        Millis(0),
    )
    books.proposals.put(ctx.view, number, value=proposal)
    opened = replace(docket, newest=number, open=[*docket.open, number])
    books.dockets.put(ctx.view, value=opened)
    return Proposed(number, lapses_ms)


def _check_change(ctx: Context, call: Propose) -> None:
    """Whether it would be allowed if it took effect now; it is asked again when it does."""
    kept = rulebook.in_force.get(ctx.view)
    assert kept is not None
    if bool(call.values) == bool(call.modules):
        raise refuse(RuleRefusal.CHANGE_EMPTY)
    if call.values:
        changed(ctx.view, ctx.rules, call.values)
    else:
        retired = books.docket_of(ctx.view).retired
        modules_after(ctx.view, kept.edition.modules, call.modules, retired)


def _vote(ctx: Context, call: Vote) -> Voted:
    """L-19.5, L-19.6."""
    seats = [seat.shop for seat in Committees().committee(ctx.view).seats]
    proposal = _open_one(ctx, call.proposal)
    if ctx.shop not in seats:
        raise refuse(RuleRefusal.SEAT_MISSING)
    ballot = Ballot(call.yes, ctx.epoch, ctx.time_ms)
    books.ballots.put(ctx.view, call.proposal, ctx.shop, value=ballot)
    tally, needed = tally_of(ctx.view, call.proposal, seats), needed_of(len(seats))
    if tally.yes < needed:
        return Voted(tally.yes, tally.no, needed, from_period=0)
    from_period = max(proposal.from_period, _first_after_notice(ctx))
    _close(ctx, call.proposal, replace(proposal, from_period=from_period), Fate.ACCEPTED)
    docket = books.docket_of(ctx.view)
    accepted = replace(docket, accepted=[*docket.accepted, call.proposal])
    books.dockets.put(ctx.view, value=accepted)
    rule_turn.note_waiting(ctx.view)
    return Voted(tally.yes, tally.no, needed, from_period)


def _first_after_notice(ctx: Context) -> int:
    """The first clearing period that begins at least the notice from now (L-19.7)."""
    earliest = Millis(ctx.time_ms + NOTICE_DAYS * DAY_MS)
    period = period_of(earliest, ctx.utc_offset_minutes)
    starts_then = period_start_ms(period, ctx.utc_offset_minutes) == earliest
    return period if starts_then else period + 1


def _retract(ctx: Context, call: Retract) -> Done:
    proposal = _open_one(ctx, call.proposal)
    if proposal.shop != ctx.shop:
        raise refuse(RuleRefusal.PROPOSAL_OTHERS, shop=proposal.shop)
    _close(ctx, call.proposal, proposal, Fate.RETRACTED)
    return Done()


def _open_one(ctx: Context, number: int) -> Proposal:
    proposal = books.proposals.get(ctx.view, number)
    if proposal is None:
        raise refuse(RuleRefusal.PROPOSAL_UNKNOWN)
    if proposal.fate is not Fate.OPEN or ctx.time_ms >= proposal.lapses_ms:
        raise refuse(RuleRefusal.PROPOSAL_CLOSED)
    return proposal


def _close_lapsed(ctx: Context) -> Docket:
    """Closes what lapsed; the docket without it."""
    for number in books.docket_of(ctx.view).open:
        proposal = books.proposal_of(ctx.view, number)
        if ctx.time_ms >= proposal.lapses_ms:
            _close(ctx, number, proposal, Fate.LAPSED)
    return books.docket_of(ctx.view)


def _close(ctx: Context, number: int, proposal: Proposal, fate: Fate) -> None:
    closed = replace(proposal, fate=fate, fate_ms=ctx.time_ms)
    books.proposals.put(ctx.view, number, value=closed)
    docket = books.docket_of(ctx.view)
    left = [other for other in docket.open if other != number]
    books.dockets.put(ctx.view, value=replace(docket, open=left))
