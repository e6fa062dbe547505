"""Where to begin executing when the first blocks were pruned: at a snapshot of this node."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from liandao_node.cli.verifying.replay import Record, Replay, check_state_hash
from liandao_node.errors import InputFault
from liandao_node.ledger.beginning import Tip
from liandao_node.store.snapshots import SnapshotFile, decode_records
from liandao_node.types import Seq
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis

FOLDER = "snapshots"

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


def replay_from_snapshot(data_dir: Path, genesis: Genesis, first: Seq, last: Seq) -> Replay | None:
    """A ledger at the oldest snapshot that the blocks ``first`` to ``last`` go on from.

    None where there is none. Its state is what its block certifies; that the block is the
    street's, the caller sees when she comes past it. Raises InputFault ``DATA_SNAPSHOT``, and
    what `SnapshotFile` raises.
    """
    for path in sorted((data_dir / FOLDER).glob("height-*.snapshot")):
        file = SnapshotFile(path)
        if first - 1 <= file.seq <= last:
            return _replay(file, genesis)
    return None


def _replay(file: SnapshotFile, genesis: Genesis) -> Replay:
    try:
        header = _decode_committed(_piece(file, 1)).block.header
        records = list(_records(file))
        accumulator = check_state_hash(records, header)
    except InputFault as fault:
        raise InputFault("DATA_SNAPSHOT", file=file.path.name) from fault
    tip = Tip(header.seq, header.hash, header.time_ms, accumulator, file.index.calls)
    if len(dict(records)) != len(records):  # the sum cannot tell
        raise InputFault("DATA_SNAPSHOT", file=file.path.name)
    return Replay(genesis, records, tip)


def _records(file: SnapshotFile) -> Iterator[Record]:
    begin = 2 + file.index.handover_pieces
    for number in range(begin, len(file.index.pieces) + 1):
        yield from decode_records(_piece(file, number))


def _piece(file: SnapshotFile, number: int) -> bytes:
    """Raises InputFault ``DATA_SNAPSHOT``."""
    data = file.piece(number)
    if sha256(data).digest() != file.index.pieces[number - 1].digest:
        raise InputFault("DATA_SNAPSHOT", file=file.path.name)
    return data
