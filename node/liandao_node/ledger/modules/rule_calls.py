"""What a shop may ask of the rulebook (docs/ledger.md 12.1, 12.2, 19)."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec

from liandao_node.ledger.module_api import CallBody, Done, U32Field, U63Field
from liandao_node.ledger.rulebook import NUMBER
from liandao_node.types import Millis
from liandao_node.wire.codec import Canonical

RULES_PER_CHANGE_MAX: Final = 16
MODULES_PER_CHANGE_MAX: Final = 4
MODULE_VERSION_MAX: Final = 65_535
TAKEN_OUT: Final = 0
"""In place of a version: the street is to go on without the module."""

NameField = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class NewValue(Canonical, frozen=True):
    """A rule by its name, and the value that it is to have."""

    name: NameField
    value: U63Field


class NewVersion(Canonical, frozen=True):
    """A module by its name, and the version that is to be in force."""

    name: NameField
    version: Annotated[int, msgspec.Meta(ge=TAKEN_OUT, le=MODULE_VERSION_MAX)]


class Proposed(Canonical, frozen=True):
    proposal: int
    lapses_ms: Millis
    """Ledger time from which votes come too late."""


class Voted(Canonical, frozen=True):
    """How the seats of the committee in force stand to a proposal."""

    yes: int
    no: int
    needed: int
    from_period: int
    """The clearing period with which it takes effect, if this vote accepted it, else 0."""


class Propose(CallBody, frozen=True):
    """New values of rules, or other modules, from the beginning of a clearing period on."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Proposed

    values: Annotated[list[NewValue], msgspec.Meta(max_length=RULES_PER_CHANGE_MAX)]
    modules: Annotated[list[NewVersion], msgspec.Meta(max_length=MODULES_PER_CHANGE_MAX)]
    """One of the two lists is empty."""
    from_period: U32Field
    """At the soonest: the notice of L-19.7 may make it a later one."""


class Vote(CallBody, frozen=True):
    """A seat's word on a proposal; the latest counts."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Voted

    proposal: U32Field
    yes: bool


class Retract(CallBody, frozen=True):
    """Its shop takes a proposal back that nothing was decided about."""

    kind: ClassVar[int] = NUMBER * 100 + 3
    answer: ClassVar[type[Canonical]] = Done

    proposal: U32Field


class RuleRefusal(IntEnum):
    CHANGE_EMPTY = 1
    RULE_UNKNOWN = 2
    RULE_FIXED = 3
    RULE_OUT_OF_BOUNDS = 4
    MODULE_CHANGE_BAD = 5
    PERIOD_UNFIT = 6
    PROPOSALS_MANY = 7
    PROPOSALS_FULL = 8
    PROPOSAL_UNKNOWN = 9
    PROPOSAL_CLOSED = 10
    SEAT_MISSING = 11
    PROPOSAL_OTHERS = 12
