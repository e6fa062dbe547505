"""The desk for the rulebook: what is in force and proposed, and this shop's word on it (L-19)."""

from typing import Final

from liandao_node.errors import OperatorFault, Refused, Unavailable
from liandao_node.ledger import rule_queries as queries
from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.module_api import CallBody, Done
from liandao_node.ledger.modules.rule_books import docket_of
from liandao_node.ledger.modules.rule_bounds import changed, modules_after
from liandao_node.ledger.modules.rule_calls import (
    TAKEN_OUT,
    NewValue,
    NewVersion,
    Propose,
    Proposed,
    Retract,
    Vote,
    Voted,
)
from liandao_node.ledger.rule_queries import Fate, ProposalTold
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.ledger_modules import find_installed
from liandao_node.types import Millis
from liandao_node.wire.rules import (
    SOONEST,
    ModuleView,
    NamedValue,
    ProposalState,
    ProposalView,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    RulesDone,
    RulesTold,
    RuleView,
    VoteOnProposal,
    VoteView,
)

PAST_TOLD: Final = 10
NO_TIME: Final = Millis(0)
_STATES: Final = {
    Fate.OPEN: ProposalState.OPEN,
    Fate.ACCEPTED: ProposalState.ACCEPTED,
    Fate.IN_FORCE: ProposalState.IN_FORCE,
    Fate.LAPSED: ProposalState.LAPSED,
    Fate.RETRACTED: ProposalState.RETRACTED,
    Fate.VOID: ProposalState.VOID,
}


class RulesDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, utc_offset_minutes: int) -> None:
        self._desk = desk
        self._offset = utc_offset_minutes

    def told(self) -> RulesTold:
        """Raises Unavailable ``RULES_NONE`` where the street has no rulebook."""
        self._require()
        view = self._desk.view()
        edition, first = queries.edition(view), queries.first_edition(view)
        founding = {one.name: one.value for one in first}
        waiting = queries.proposals(view)
        shown = {one.number for one in waiting}
        past = [o for o in queries.newest_proposals(view, PAST_TOLD) if o.number not in shown]
        return RulesTold(
            me=self._desk.shop,
            seated=self._desk.shop in {seat.shop for seat in self._desk.committee().seats},
            edition=edition.number,
            since_height=edition.since_seq,
            since_ms=edition.since_ms,
            height=self._desk.height,
            rules=[
                RuleView(
                    one.name,
                    one.value,
                    founding.get(one.name, one.value),
                    one.name in queries.FIXED,
                )
                for one in edition.rules
            ],
            modules=[_module(one.name, one.version) for one in edition.modules],
            waiting=[self._view(one) for one in waiting],
            past=[self._view(one) for one in past],
            utc_offset_minutes=self._offset,
        )

    async def propose(self, request: ProposeValues | ProposeModule) -> RulesDone:
        """Raises Refused as the ledger does, and with what it certifies without: which rule
        (``name``), what is out of bounds (``detail``), which module (``module``, ``reason``)."""
        self._require()
        period = request.from_period
        if period == SOONEST:
            period = period_of(self._desk.time_ms(), self._offset) + 1
        values, modules = [], []
        match request:
            case ProposeValues():
                values = [NewValue(one.name, one.value) for one in request.values]
            case ProposeModule():
                modules = [NewVersion(request.name, request.version)]
        call = Propose(values, modules, period)
        self._check_change(call)
        try:
            done, certified = await self._desk.call(call, Proposed)
        except Refused:
            # Another vote changed what it depends on: asked again, the state says what.
            self._check_change(call)
            raise
        return self._done(certified.height, done.proposal, lapses_ms=done.lapses_ms)

    async def vote(self, request: VoteOnProposal) -> RulesDone:
        """Raises Refused as the ledger does, and OperatorFault ``MODULE_NOT_HERE`` or
        ``MODULE_BAD`` for a yes to modules that this node could not run: so at least the seats
        that accept a change go on after it (L-19.10)."""
        self._require()
        if request.yes:
            self._try_modules(request.proposal)
        voted, certified = await self._order(Vote(request.proposal, request.yes))
        return self._done(certified, request.proposal, voted)

    async def retract(self, request: RetractProposal) -> RulesDone:
        """Raises Refused as the ledger does."""
        self._require()
        _, certified = await self._desk.call(Retract(request.proposal), Done)
        return self._done(certified.height, request.proposal)

    async def _order(self, call: CallBody) -> tuple[Voted, int]:
        voted, certified = await self._desk.call(call, Voted)
        return voted, certified.height

    def _check_change(self, call: Propose) -> None:
        """By the very functions that the ledger judges it with, on the state of now."""
        if bool(call.values) == bool(call.modules):
            return  # the ledger says what is wrong
        view = self._desk.view()
        if call.values:
            changed(view, self._desk.rules(), call.values)
        else:
            before = queries.edition(view).modules
            modules_after(view, before, call.modules, docket_of(view).retired)

    def _require(self) -> None:
        if not queries.has_rulebook(self._desk.view()):
            raise Unavailable("RULES_NONE")

    def _try_modules(self, number: int) -> None:
        view = self._desk.view()
        told = next((one for one in queries.proposals(view) if one.number == number), None)
        if told is None or not told.proposal.modules:
            return  # the ledger says what is wrong
        try:
            after = queries.modules_with(view, told.proposal.modules)
        except Refused:
            return
        try:
            self._desk.try_modules([(one.name, one.version) for one in after])
        except OperatorFault as fault:
            if fault.code != "MODULE_UNKNOWN":
                raise
            raise OperatorFault("MODULE_NOT_HERE", **fault.facts) from fault

    def _done(
        self,
        height: int,
        number: int,
        voted: Voted | None = None,
        *,
        lapses_ms: Millis = NO_TIME,
    ) -> RulesDone:
        from_period = voted.from_period if voted else 0
        return RulesDone(
            height=height,
            proposal=number,
            yes=voted.yes if voted else 0,
            no=voted.no if voted else 0,
            needed=voted.needed if voted else 0,
            from_period=from_period,
            from_ms=queries.starts_ms(from_period, self._offset) if from_period else NO_TIME,
            lapses_ms=lapses_ms,
        )

    def _view(self, told: ProposalTold) -> ProposalView:
        proposal = told.proposal
        return ProposalView(
            number=told.number,
            shop=proposal.shop,
            state=_STATES[proposal.fate],
            values=[NamedValue(one.name, one.value) for one in proposal.values],
            modules=[_module(one.name, one.version) for one in proposal.modules],
            from_period=proposal.from_period,
            from_ms=queries.starts_ms(proposal.from_period, self._offset),
            lapses_ms=proposal.lapses_ms,
            votes=[VoteView(shop, ballot.yes) for shop, ballot in told.votes.items()],
            yes=told.yes,
            no=told.no,
            needed=told.needed,
            seats=told.seats,
        )


def _module(name: str, version: int) -> ModuleView:
    here = version == TAKEN_OUT or find_installed(name, version) is not None
    return ModuleView(name, version, here)
