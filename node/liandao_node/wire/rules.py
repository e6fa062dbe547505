"""What a node tells and does about the street's rulebook, over the local API (L-19)."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.types import Millis, ShopId
from liandao_node.wire.api_message import ApiMessage

SOONEST = -1
"""In place of a clearing period: the next one."""
NAMED_MAX = 16

RuleName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
ProposalNumber = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    """And yet to take effect."""
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    RETRACTED = "retracted"
    VOID = "void"


class GetRules(ApiMessage, frozen=True, tag="get_rules"):
    """Asks for the rulebook in force, the proposals, and what comes next."""


class NamedValue(ApiMessage, frozen=True):
    name: RuleName
    value: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class ProposeValues(ApiMessage, frozen=True, tag="propose_values"):
    values: Annotated[list[NamedValue], msgspec.Meta(min_length=1, max_length=NAMED_MAX)]
    from_period: Annotated[int, msgspec.Meta(ge=SOONEST, le=2**32 - 1)]


class ProposeModule(ApiMessage, frozen=True, tag="propose_module"):
    name: RuleName
    version: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    """0: to go on without it."""
    from_period: Annotated[int, msgspec.Meta(ge=SOONEST, le=2**32 - 1)]


class VoteOnProposal(ApiMessage, frozen=True, tag="vote_on_proposal"):
    proposal: ProposalNumber
    yes: bool


class RetractProposal(ApiMessage, frozen=True, tag="retract_proposal"):
    proposal: ProposalNumber


class RuleView(ApiMessage, frozen=True):
    name: str
    value: int
    founding: int
    """That of the genesis file."""
    fixed: bool
    """No vote changes it."""


class ModuleView(ApiMessage, frozen=True):
    name: str
    version: int
    here: bool
    """Whether this node has it."""


class VoteView(ApiMessage, frozen=True):
    shop: ShopId
    yes: bool


class ProposalView(ApiMessage, frozen=True):
    number: int
    shop: ShopId
    state: ProposalState
    values: list[NamedValue]
    modules: list[ModuleView]
    """Version 0: taken out."""
    from_period: int
    from_ms: Millis
    lapses_ms: Millis
    votes: list[VoteView]
    """Of present seats."""
    yes: int
    no: int
    needed: int
    seats: int


class RulesTold(ApiMessage, frozen=True, tag="rules_told"):
    me: ShopId
    seated: bool
    """Whether this shop may vote now."""
    edition: int
    since_height: int
    since_ms: Millis
    height: int
    rules: list[RuleView]
    modules: list[ModuleView]
    waiting: list[ProposalView]
    """Open ones, then accepted ones that are yet to take effect."""
    past: list[ProposalView]
    """Some of the newest that are decided."""
    utc_offset_minutes: int


class RulesDone(ApiMessage, frozen=True, tag="rules_done"):
    """A proposal, a vote or a retraction is final."""

    height: int
    proposal: int
    yes: int
    no: int
    needed: int
    from_period: int
    """With which it takes effect, if this accepted it, else 0."""
    from_ms: Millis
    lapses_ms: Millis
    """Of a new proposal, else 0."""


RulesRequest: TypeAlias = (
    GetRules | ProposeValues | ProposeModule | VoteOnProposal | RetractProposal
)
RulesReply: TypeAlias = RulesTold | RulesDone
