"""Makes receipts: what a customer takes home to prove an entry of the ledger without us.

The form is that of `liandao_node.proofs.verifier.Document`. Builds on what this node has
committed, so whatever does not fit together here is our own defect.
"""

from collections.abc import Sequence

import msgspec

from liandao_node.crypto.merkle import inclusion_path
from liandao_node.proofs.statements import fields_of
from liandao_node.proofs.verifier import VERSION, summary
from liandao_node.wire.blocks import COMMIT, Certificate, decode_header
from liandao_node.wire.transactions import decode_entry


def build_receipt(
    entry: bytes, entries: Sequence[bytes], headers: Sequence[bytes], certificate: Certificate
) -> str:
    """A receipt as JSON text.

    ``entry`` is one of ``entries``, all encoded entries of one block in order. ``headers``
    are encoded, from that block's up to the one that the COMMIT ``certificate`` names: just
    one when the block has a certificate of its own.
    """
    assert certificate.kind == COMMIT
    index = entries.index(entry)
    first, last, read = decode_header(headers[0]), decode_header(headers[-1]), decode_entry(entry)
    assert certificate.block == last.hash
    assert first.call_count == len(entries)
    fields = fields_of(read.kind, read.body, read.result)
    document = {
        "liandao_receipt": VERSION,
        "says": summary(read.shop, read.kind, read.code, fields, first.seq, first.time_ms),
        "chain_id": first.chain_id.hex(),
        "entry": entry.hex(),
        "index": index,
        "tree_size": len(entries),
        "path": [step.hex() for step in inclusion_path(entries, index)],
        "headers": [header.hex() for header in headers],
        "certificate": {
            "kind": certificate.kind,
            "epoch": certificate.epoch,
            "view": certificate.view,
            "seq": certificate.seq,
            "block": certificate.block.hex(),
            "signatures": [
                (seat, signature.hex())
                for seat, signature in zip(
                    _seats(certificate.signers), certificate.signatures, strict=True
                )
            ],
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _seats(signers: int) -> list[int]:
    """Seats whose bit is set, rising."""
    return [seat for seat in range(signers.bit_length()) if signers >> seat & 1]
