"""Whether a snapshot is the street's: from the genesis file to every record (P-7.9).

Nobody's word is taken. Hand-overs lead from the first committee to the one that certified the
epoch's last block; its header names the digest of the state; the records make that digest, or
the snapshot is a lie.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.chains import is_whole
from liandao_node.consensus.committee import Committee
from liandao_node.crypto import multiset
from liandao_node.crypto.keys import verify
from liandao_node.errors import InputFault, PeerFault, Unavailable
from liandao_node.limits import FRAME_BYTES_MAX, SNAPSHOT_BYTES_MAX
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.ledger import CommitWrite
from liandao_node.store.snapshots import (
    VERSION,
    Piece,
    Record,
    SnapshotIndex,
    decode_handovers,
    decode_index,
    decode_records,
)
from liandao_node.types import ChainId, Seq
from liandao_node.wire.blocks import COMMIT, CommittedBlock, Header
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.committee import Handover, decode_handover
from liandao_node.wire.genesis import Genesis, first_committee
from liandao_node.wire.protocol import PROTOCOL

PIECE_BYTES_MAX = FRAME_BYTES_MAX // 2
_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


@dataclass(frozen=True, slots=True)
class Head:
    """What a snapshot begins with, proven."""

    committed: bytes
    """The epoch's last block, encoded with its certificate."""
    header: Header
    handovers: list[bytes]
    """From the first epoch's on."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A snapshot that is the street's, all of it on this disk."""

    index: SnapshotIndex
    head: Head
    accumulator: int

    def write(self) -> CommitWrite:
        """The epoch's last block, as the store takes it."""
        header = self.head.header
        return CommitWrite(
            seq=header.seq,
            hash=header.hash,
            block=self.head.committed,
            entries=encode([]),
            changes={},
            accumulator=self.accumulator,
            time_ms=header.time_ms,
            calls=self.index.calls,
        )

    def handovers(self) -> Iterator[tuple[int, int, bytes]]:
        for raw in self.head.handovers:
            header = decode_handover(raw).header
            yield header.epoch, header.seq, raw


def read_index(data: bytes, chain: ChainId, seq: Seq) -> SnapshotIndex:
    """An index that can be one. Raises PeerFault ``SNAPSHOT_BAD``."""
    try:
        index = decode_index(data)
    except InputFault as error:
        raise _bad("index", seq) from error
    sizes = [piece.size for piece in index.pieces]
    right = (index.version, index.chain_id, index.seq) == (VERSION, chain, seq)
    enough = len(sizes) > index.handover_pieces > 0
    small = sum(sizes) <= SNAPSHOT_BYTES_MAX and max(sizes, default=0) <= PIECE_BYTES_MAX
    if not (right and enough and small and all(len(p.digest) == 32 for p in index.pieces)):
        raise _bad("index", seq)
    return index


def head_pieces(index: SnapshotIndex) -> list[Piece]:
    """Those that `prove_head` needs."""
    return index.pieces[: 1 + index.handover_pieces]


def prove_head(genesis: Genesis, index: SnapshotIndex, pieces: list[bytes]) -> Head:
    """The certified block of a snapshot.

    Raises PeerFault ``SNAPSHOT_BAD``, Unavailable ``SNAPSHOT_NEWER``.
    """
    block, *lists = pieces
    try:
        committed = _decode_committed(block)
        raws = [raw for piece in lists for raw in decode_handovers(piece)]
        handovers = [decode_handover(raw) for raw in raws]
    except InputFault as error:
        raise _bad("head", index.seq) from error
    checker = _follow(genesis, handovers, index.seq)
    header, certificate = committed.block.header, committed.certificate
    if not handovers or header != handovers[-1].header or header.seq != index.seq:
        raise _bad("head", index.seq)
    named = certificate is not None and certificate.block == header.hash
    if certificate is None or not named or not checker.holds(certificate, COMMIT):
        raise _bad("certificate", index.seq)
    if not is_whole(committed.block):
        raise _bad("block", index.seq)
    return Head(block, header, raws)


def _follow(genesis: Genesis, handovers: list[Handover], seq: Seq) -> CertificateChecker:
    """Follows the committees; what checks certificates of the last epoch that ended."""
    record = first_committee(genesis)
    chain = genesis.chain_id
    checker = CertificateChecker(Committee.from_record(record), chain, verify)
    for at, handover in enumerate(handovers):
        if at:
            checker = CertificateChecker(Committee.from_record(record), chain, verify)
        header, certificate, following = handover.header, handover.certificate, handover.next
        if record.protocol > PROTOCOL:
            # P-12.13: a state that is made by rules this program does not know.
            raise Unavailable("SNAPSHOT_NEWER", protocol=record.protocol, own=PROTOCOL, seq=seq)
        ours = (chain, record.epoch, record.protocol)
        own = (header.chain_id, header.epoch, header.version) == ours
        named = (certificate.seq, certificate.block) == (header.seq, header.hash)
        if not own or not named or not checker.holds(certificate, COMMIT):
            raise _bad("handover", seq)
        next_one = (following.hash, following.epoch, following.first_seq)
        if next_one != (header.next_committee, record.epoch + 1, header.seq + 1):
            raise _bad("committee", seq)
        record = following
    return checker


def prove_records(index: SnapshotIndex, head: Head, pieces: IncomingPieces) -> Proven:
    """Reads all records. Raises PeerFault ``SNAPSHOT_BAD``; takes 4 us a record."""
    accumulator = multiset.EMPTY
    before = b""
    for key, value in records(index, pieces):
        if key <= before:  # rising, so none is there twice: the sum could not tell
            raise _bad("order", index.seq)
        accumulator += multiset.element(key, value)
        before = key
    accumulator &= multiset.MASK
    if multiset.digest(accumulator) != head.header.state_root:
        raise _bad("state", index.seq)
    return Proven(index, head, accumulator)


def records(index: SnapshotIndex, pieces: IncomingPieces) -> Iterable[Record]:
    """The records of a snapshot whose pieces are all here."""
    for piece in index.pieces[1 + index.handover_pieces :]:
        data = pieces.get(piece)
        if data is None:
            raise _bad("piece", index.seq)
        try:
            yield from decode_records(data)
        except InputFault as error:
            raise _bad("records", index.seq) from error


def _bad(why: str, seq: Seq) -> PeerFault:
    return PeerFault("SNAPSHOT_BAD", why=why, seq=seq)
