"""Makes receipts: what a customer takes home to prove an entry of the ledger without us, and
the files of hand-overs that go with short ones.

The form is that of `liandao_node.proofs.verifier.Document`. Builds on what this node has
committed, so whatever does not fit together here is our own defect.
"""

from collections.abc import Sequence

import msgspec

from liandao_node.crypto.merkle import inclusion_path
from liandao_node.proofs.certified import CertificatePart
from liandao_node.proofs.document import VERSION, Document, summary, written
from liandao_node.proofs.handovers import VERSION as HANDOVERS_VERSION
from liandao_node.proofs.handovers import HandoverFile, HandoverPart
from liandao_node.proofs.statements import fields_of
from liandao_node.types import ChainId
from liandao_node.wire.blocks import COMMIT, Certificate, decode_header
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import Handover
from liandao_node.wire.transactions import decode_entry


def build_receipt(
    entry: bytes,
    entries: Sequence[bytes],
    headers: Sequence[bytes],
    certificate: Certificate,
    handovers: Sequence[Handover] = (),
) -> str:
    """A receipt as JSON text, of one of ``entries``: all of one block, encoded, in order."""
    index = entries.index(entry)
    assert decode_header(headers[0]).call_count == len(entries)
    path = inclusion_path(entries, index)
    return assemble_receipt(entry, index, path, headers, certificate, handovers)


def assemble_receipt(
    entry: bytes,
    index: int,
    path: Sequence[bytes],
    headers: Sequence[bytes],
    certificate: Certificate,
    handovers: Sequence[Handover] = (),
) -> str:
    """A receipt as JSON text.

    ``entry`` is leaf ``index`` of a block's result tree, ``path`` leads to the root.
    ``headers`` are encoded, from that block's up to the one that the COMMIT ``certificate``
    names: just one when the block has a certificate of its own. ``handovers`` lead from epoch
    0 to the certificate's epoch; without them the receipt is a short one.
    """
    assert certificate.kind == COMMIT
    first, last, read = decode_header(headers[0]), decode_header(headers[-1]), decode_entry(entry)
    assert certificate.block == last.hash
    fields = fields_of(read.kind, read.body, read.result)
    return written(
        Document(
            liandao_receipt=VERSION,
            says=summary(read.shop, read.kind, read.code, fields, first.seq, first.time_ms),
            chain_id=first.chain_id.hex(),
            entry=entry.hex(),
            index=index,
            tree_size=first.call_count,
            path=[step.hex() for step in path],
            headers=[header.hex() for header in headers],
            certificate=certificate_part(certificate),
            handovers=[handover_part(handover) for handover in handovers],
        )
    )


def build_handovers(chain_id: ChainId, handovers: Sequence[Handover]) -> str:
    """A file of hand-overs as JSON text, in the form of `handovers.HandoverFile`."""
    parts = [handover_part(handover) for handover in handovers]
    file = HandoverFile(HANDOVERS_VERSION, chain_id.hex(), parts)
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def handover_part(handover: Handover) -> HandoverPart:
    return HandoverPart(
        header=encode(handover.header).hex(),
        certificate=certificate_part(handover.certificate),
        next=encode(handover.next).hex(),
    )


def certificate_part(certificate: Certificate) -> CertificatePart:
    seats = _seats(certificate.signers)
    return CertificatePart(
        kind=certificate.kind,
        epoch=certificate.epoch,
        view=certificate.view,
        seq=certificate.seq,
        block=certificate.block.hex(),
        signatures=[
            (seat, signature.hex())
            for seat, signature in zip(seats, certificate.signatures, strict=True)
        ],
    )


def _seats(signers: int) -> list[int]:
    """Positions whose bit is set, rising."""
    return [seat for seat in range(signers.bit_length()) if signers >> seat & 1]
