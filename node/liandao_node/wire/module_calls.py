"""Calls of modules that somebody else wrote, over the local API (docs/modules.md)."""

from typing import Annotated, Final

import msgspec

from liandao_node.limits import CALL_BODY_BYTES_MAX
from liandao_node.types import Millis
from liandao_node.wire.api_message import ApiMessage

FOREIGN_KIND_MIN: Final = 100 * 100
"""Kinds below are of the project's own modules, whose desks know what to ask."""


class OrderCall(ApiMessage, frozen=True, tag="order_call"):
    call: Annotated[int, msgspec.Meta(ge=FOREIGN_KIND_MIN, lt=256 * 100)]
    """Its kind."""
    body: Annotated[bytes, msgspec.Meta(max_length=CALL_BODY_BYTES_MAX)]
    """Encoded."""


class CallDone(ApiMessage, frozen=True, tag="call_done"):
    """Applied, and final in this block. What was refused is raised by its name."""

    height: int
    time_ms: Millis
    answer: bytes
    """Encoded."""
