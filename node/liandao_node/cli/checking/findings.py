"""What a check finds wrong with a module: a name that stays the same, and words for its author."""

from enum import StrEnum

import msgspec


class Fault(StrEnum):
    IMPORT = "IMPORT"
    """It imports what no ledger module may."""
    NAME = "NAME"
    """It uses a built-in that no ledger module may."""
    FLOAT = "FLOAT"
    PRIVATE = "PRIVATE"
    """It reaches into the node."""
    GLOBAL = "GLOBAL"
    SOURCE = "SOURCE"
    """Its source cannot be read."""
    NUMBER = "NUMBER"
    """Its number is one of the project's own."""
    UNBOUNDED = "UNBOUNDED"
    """A field of a call has no bound."""
    FIELD = "FIELD"
    """A field of a call is of a type that no call may have."""
    MISFIT = "MISFIT"
    """It does not fit into a street."""
    RAISED = "RAISED"
    """It raised what is no refusal."""
    UNDECLARED = "UNDECLARED"
    """It refused by a name that it did not declare."""
    ANSWER = "ANSWER"
    """It answered something else than it said."""
    REFUSED_CHANGED = "REFUSED_CHANGED"
    """A refused call left something changed."""
    STATE = "STATE"
    """Its object changed: all state is in the tables."""
    INVARIANT = "INVARIANT"
    DIFFERS = "DIFFERS"
    """The same blocks gave another state or other answers."""
    ENDLESS = "ENDLESS"
    """It does not come to an end."""


class Finding(msgspec.Struct, frozen=True):
    fault: Fault
    words: str


class Broken(Exception):
    """A run cannot go on."""

    def __init__(self, fault: Fault, words: str) -> None:
        super().__init__(words)
        self.finding = Finding(fault, words)
