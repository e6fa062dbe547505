"""The street's rulebook in lines for a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from liandao_node.cli.clearing_words import period_text
from liandao_node.client import (
    ModuleView,
    ProposalState,
    ProposalView,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    RulesDone,
    RulesTold,
    RuleView,
    VoteOnProposal,
)
from liandao_node.types import Millis

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ENDED: Final = {
    ProposalState.IN_FORCE: "in force",
    ProposalState.LAPSED: "lapsed: too few seats said yes in time",
    ProposalState.RETRACTED: "taken back",
    ProposalState.VOID: "void: accepted, but it no longer fitted when its time came",
}


def describe(told: RulesTold) -> Iterator[str]:
    """What is in force, what is proposed, what comes next."""
    since = f"since block {told.since_height}" if told.since_height else "as founded"
    yield f"Rulebook of the street: edition {told.edition}, {since}; block {told.height} now."
    width = max(len(rule.name) for rule in told.rules)
    for rule in told.rules:
        yield f"  {rule.name:<{width}}  {rule.value}{_remark(rule)}"
    yield "Modules: " + ", ".join(_module(module) for module in told.modules)
    open_ = [one for one in told.waiting if one.state is ProposalState.OPEN]
    accepted = [one for one in told.waiting if one.state is ProposalState.ACCEPTED]
    yield "Proposed:" if open_ else "Nothing is proposed."
    for proposal in open_:
        yield from _open(proposal, told)
    yield "Accepted, and yet to come:" if accepted else "Nothing accepted is yet to come."
    for proposal in sorted(accepted, key=lambda one: one.from_period):
        yield f"  {proposal.number}: {_change(proposal)}, from {_from(proposal, told)}"
    if told.past:
        yield "Decided lately:"
    for proposal in told.past:
        yield f"  {proposal.number}: {_change(proposal)}: {_ENDED[proposal.state]}"


def done_words(
    request: ProposeValues | ProposeModule | VoteOnProposal | RetractProposal,
    done: RulesDone,
    told: RulesTold,
) -> Iterator[str]:
    """What became final."""
    final = f"Final at height {done.height}."
    match request:
        case ProposeValues() | ProposeModule():
            until = _date(done.lapses_ms, told)
            yield f"{final} This is proposal {done.proposal}; it lapses if it is not accepted by"
            yield f"{until}. Each seat votes with: liandao rules vote {done.proposal} yes"
        case VoteOnProposal():
            yield f"{final} {done.yes} yes and {done.no} no; {done.needed} seats have to say yes."
            if done.from_period:
                yield f"It is accepted, from {_date(done.from_ms, told)} on."
        case RetractProposal():
            yield f"{final} Proposal {done.proposal} is taken back."


def _remark(rule: RuleView) -> str:
    if rule.fixed:
        return "  (no vote changes it)"
    return "" if rule.value == rule.founding else f"  (as founded: {rule.founding})"


def _module(module: ModuleView) -> str:
    return f"{module.name} {module.version}{'' if module.here else ' (NOT INSTALLED HERE)'}"


def _open(proposal: ProposalView, told: RulesTold) -> Iterator[str]:
    tally = f"{proposal.yes} yes, {proposal.no} no, {proposal.needed} of {proposal.seats} needed"
    yield f"  {proposal.number}, by shop {proposal.shop}: {_change(proposal)}: {tally}"
    yield f"     not before {_from(proposal, told)}; lapses {_date(proposal.lapses_ms, told)}"
    said = [f"shop {vote.shop} {'yes' if vote.yes else 'no'}" for vote in proposal.votes]
    if said:
        yield f"     {', '.join(said)}"
    mine = any(vote.shop == told.me for vote in proposal.votes)
    if told.seated and not mine:
        yield f"     This shop's vote is missing: liandao rules vote {proposal.number} yes|no"


def _change(proposal: ProposalView) -> str:
    values = [f"{one.name}={one.value}" for one in proposal.values]
    modules = [
        f"module {_module(one)}" if one.version else f"without module {one.name}"
        for one in proposal.modules
    ]
    return ", ".join(values + modules)


def _from(proposal: ProposalView, told: RulesTold) -> str:
    return f"{_date(proposal.from_ms, told)} ({period_text(proposal.from_period)})"


def _date(at_ms: Millis, told: RulesTold) -> str:
    offset = timedelta(minutes=told.utc_offset_minutes)
    return f"{_EPOCH + timedelta(milliseconds=at_ms) + offset:%Y-%m-%d}"
