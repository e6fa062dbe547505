"""Numbers and bytes of the wire with their bounds (P-2.5): what lies beyond is refused when
decoded, before anything of its size is kept or even built."""

from typing import Annotated, TypeAlias

import msgspec

from liandao_node.types import BlockHash, ChainId, Epoch, Millis, Seq, Signature, View
from liandao_node.wire.codec import NUMBER_MAX
from liandao_node.wire.protocol import FIRST_PROTOCOL, PROTOCOL_MAX

WireView: TypeAlias = Annotated[View, msgspec.Meta(ge=-1, le=NUMBER_MAX)]
"""-1 stands for never having voted."""
WireSeq: TypeAlias = Annotated[Seq, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireEpoch: TypeAlias = Annotated[Epoch, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireMillis: TypeAlias = Annotated[Millis, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireCount: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
WireProtocol: TypeAlias = Annotated[int, msgspec.Meta(ge=FIRST_PROTOCOL, le=PROTOCOL_MAX)]
"""Of the chain (P-12.12)."""

WireHash: TypeAlias = Annotated[BlockHash, msgspec.Meta(max_length=32)]
WireChain: TypeAlias = Annotated[ChainId, msgspec.Meta(max_length=32)]
WireDigest: TypeAlias = Annotated[bytes, msgspec.Meta(max_length=32)]
WireSignature: TypeAlias = Annotated[Signature, msgspec.Meta(max_length=64)]
"""Votes are kept before their signatures are checked (P-4.5), so their size is bounded here."""
