"""What every message of the local API is made of, and what all themes of it speak of."""

from typing import Annotated, TypeAlias

import msgspec

from liandao_node.types import Millis

TimeIn: TypeAlias = Annotated[Millis, msgspec.Meta(ge=-(2**62), le=2**62)]
"""A source's clock may say anything that a database can hold; whether it counts is judged."""
NameField: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
"""Made by the client: what is asked twice under one name happens once (R12)."""
PinField: TypeAlias = Annotated[str, msgspec.Meta(max_length=32)]
ScanField: TypeAlias = Annotated[str, msgspec.Meta(max_length=5_000)]
"""What a scanner or somebody's fingers typed: a code of ours, or the eight digits of a card.
What is too long to be either is the reader's to refuse, in words."""


class ApiMessage(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of requests and replies; subclasses carry their name as tag."""


class Certified(ApiMessage, frozen=True):
    """Where the ledger has it: the third of the counter's states."""

    height: int
    time_ms: Millis
    commit_us: int
    """Microseconds from submission to certificate, as this node saw them."""
