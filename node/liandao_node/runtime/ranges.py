"""Final blocks for seats that were away (P-7.3)."""

import logging
from typing import Protocol

from liandao_node.limits import FRAME_BYTES_MAX, RANGE_BLOCKS_MAX, RANGE_BYTES_MAX
from liandao_node.types import Seq
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.messages import Range

log = logging.getLogger(__name__)

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


class BlockSource(Protocol):
    """Committed blocks for peers that were away."""

    def blocks(self, first: Seq, bytes_max: int, count_max: int) -> list[bytes]: ...


def range_frame(source: BlockSource, first: Seq) -> bytes:
    """An encoded RANGE from ``first`` up to a certificate, or an empty one."""
    raws = source.blocks(first, RANGE_BYTES_MAX, RANGE_BLOCKS_MAX)
    blocks = [_decode_committed(raw) for raw in raws]
    while blocks and blocks[-1].certificate is None:
        blocks.pop()
    frame = encode(Range(blocks))
    if len(frame) > FRAME_BYTES_MAX:
        log.warning("blocks from %d under one certificate do not fit one message", first)
        frame = encode(Range([]))
    return frame
