"""Numbers of the wire with their bounds (P-2.5). What lies beyond is refused when decoded."""

from typing import Annotated, TypeAlias

import msgspec

from liandao_node.types import Epoch, Millis, Seq, View
from liandao_node.wire.codec import NUMBER_MAX

WireView: TypeAlias = Annotated[View, msgspec.Meta(ge=-1, le=NUMBER_MAX)]
"""-1 stands for never having voted."""
WireSeq: TypeAlias = Annotated[Seq, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireEpoch: TypeAlias = Annotated[Epoch, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireMillis: TypeAlias = Annotated[Millis, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireCount: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
