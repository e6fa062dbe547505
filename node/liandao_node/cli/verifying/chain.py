"""Whether stored blocks are a chain under its committees' certificates.

Signatures and hand-overs are checked by the receipts' verifier (`liandao_node.proofs`), not by
the code that the node itself took the blocks in with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from liandao_node.crypto import merkle
from liandao_node.errors import InputFault
from liandao_node.proofs.certified import check_certificate, read_header
from liandao_node.proofs.handovers import Term, follow
from liandao_node.proofs.receipt import certificate_part, handover_part
from liandao_node.proofs.street import Street
from liandao_node.types import BlockHash, Seq
from liandao_node.wire.blocks import CommittedBlock, Header
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.committee import Handover

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)
_decode_handover: Decoder[Handover] = Decoder(Handover)


@dataclass(frozen=True, slots=True)
class Standing:
    """The block below the next one."""

    seq: Seq
    hash: BlockHash
    epoch: int
    time_ms: int
    ends_epoch: bool

    @classmethod
    def on(cls, header: Header) -> "Standing":
        ends = bool(header.next_committee)
        return cls(header.seq, header.hash, header.epoch, header.time_ms, ends)


def read_handovers(stored: Iterable[bytes]) -> list[Handover]:
    """Raises InputFault ``DATA_HANDOVER_BAD``."""
    handovers = []
    for epoch, raw in enumerate(stored):
        try:
            handovers.append(_decode_handover(raw))
        except InputFault as fault:
            raise InputFault("DATA_HANDOVER_BAD", epoch=epoch) from fault
    return handovers


class ChainCheck:
    """Takes blocks in the order of heights. Its errors name the first thing that is wrong."""

    def __init__(
        self, street: Street, handovers: Iterable[Handover], below: Standing | None
    ) -> None:
        """``below`` is the block under the first one; None where that is not kept.

        Raises InputFault ``RECEIPT_...`` for hand-overs that do not hold.
        """
        self._street = street
        self.terms: dict[int, Term] = follow(street, [handover_part(h) for h in handovers])
        self.below = below
        self.proven = Seq(0)
        """The highest block so far that carries a certificate."""
        self.certificates = 0

    def take(self, seq: Seq, raw: bytes | None) -> CommittedBlock:
        """The block of height ``seq``, checked.

        Raises InputFault ``DATA_BLOCK_MISSING``, ``DATA_BLOCK_BAD``, ``DATA_BLOCK_LINK``,
        ``DATA_BLOCK_BODY``, ``DATA_HANDOVER_MISSING``, ``DATA_HANDOVER_OTHER`` and those of
        certificates.
        """
        if raw is None:
            raise InputFault("DATA_BLOCK_MISSING", height=seq)
        try:
            committed = _decode_committed(raw)
        except InputFault as fault:
            detail = str(fault.facts.get("detail", fault.code))
            raise InputFault("DATA_BLOCK_BAD", height=seq, detail=detail) from fault
        header = committed.block.header
        self._check_link(seq, header)
        if header.tx_root != committed.block.tx_root:
            raise InputFault("DATA_BLOCK_BODY", height=seq)
        self._check_certificate(committed)
        self.below = Standing.on(header)
        return committed

    def take_entries(self, header: Header, read: Callable[[Seq], list[bytes]]) -> list[bytes]:
        """The stored entries of a block. Raises InputFault ``DATA_ENTRIES``."""
        try:
            entries = read(header.seq)
        except InputFault as fault:
            raise InputFault("DATA_ENTRIES", height=header.seq) from fault
        if header.call_count != len(entries) or header.result_root != merkle.root(entries):
            raise InputFault("DATA_ENTRIES", height=header.seq)
        return entries

    def end(self) -> None:
        """Raises InputFault ``DATA_UNCERTIFIED`` when nothing speaks for the last block."""
        if self.below is not None and self.proven < self.below.seq:
            raise InputFault("DATA_UNCERTIFIED", height=self.below.seq, proven=self.proven)

    def _check_link(self, seq: Seq, header: Header) -> None:
        below = self.below
        if header.seq != seq:
            raise InputFault("DATA_BLOCK_LINK", height=seq, field="height")
        if below is None:
            return
        wrong = {
            "parent": header.parent != below.hash,
            "epoch": header.epoch != below.epoch + below.ends_epoch,
            "time": header.time_ms <= below.time_ms,
        }
        for field, broken in wrong.items():
            if broken:
                raise InputFault("DATA_BLOCK_LINK", height=seq, field=field)

    def _check_certificate(self, committed: CommittedBlock) -> None:
        header = committed.block.header
        term = self.terms.get(header.epoch)
        if term is None or (header.next_committee and term.last is None):
            raise InputFault("DATA_HANDOVER_MISSING", epoch=header.epoch)
        last = term.last
        if last and (header.seq > last.seq or (header.next_committee and header.hash != last.hash)):
            raise InputFault("DATA_HANDOVER_OTHER", epoch=header.epoch, height=header.seq)
        found = read_header(encode(header), self._street)
        if committed.certificate is None:
            if header.next_committee:
                raise InputFault("DATA_UNCERTIFIED", height=header.seq, proven=self.proven)
            return
        check_certificate(certificate_part(committed.certificate), found, term.committee)
        self.proven = header.seq
        self.certificates += 1
