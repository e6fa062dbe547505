"""Snapshots as a lying source gives them: each piece is what the index names, the whole a lie.

Pieces are as peers number them: the index, the block, the hand-overs, the records.
"""

from collections.abc import Sequence
from hashlib import sha256

from msgspec.structs import replace

from liandao_node.store.snapshots import (
    Piece,
    decode_handovers,
    decode_index,
    decode_records,
)
from liandao_node.wire.codec import encode


def with_another_state(pieces: Sequence[bytes]) -> list[bytes]:
    """The last record is left out."""
    *others, last = pieces
    shorter = encode(decode_records(last)[:-1])
    return _indexed([*others, shorter], decode_index(pieces[0]).handover_pieces)


def without_an_epoch(pieces: Sequence[bytes]) -> list[bytes]:
    """The hand-over before the last is left out; with fewer than two, all is as it was."""
    many = decode_index(pieces[0]).handover_pieces
    handovers = [raw for piece in pieces[2 : 2 + many] for raw in decode_handovers(piece)]
    if len(handovers) < 2:
        return list(pieces)
    del handovers[-2]
    return _indexed([*pieces[:2], encode(handovers), *pieces[2 + many :]], 1)


def _indexed(pieces: Sequence[bytes], handover_pieces: int) -> list[bytes]:
    """With an index that names what is there."""
    named = [Piece(len(data), sha256(data).digest()) for data in pieces[1:]]
    index = decode_index(pieces[0])
    return [encode(replace(index, handover_pieces=handover_pieces, pieces=named)), *pieces[1:]]
