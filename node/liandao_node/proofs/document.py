"""The receipt file: its one form, and the words and the tree inside it.

Part of the verifier: it shares nothing with the node but SHA-256.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, TypeAlias

import msgspec

from liandao_node.errors import InputFault
from liandao_node.proofs.certified import CertificatePart, Natural
from liandao_node.proofs.handovers import HandoverPart
from liandao_node.proofs.statements import Value, sentence, utc

VERSION: Final = 2
DOCUMENT_CHARS_MAX: Final = 4 * 1024 * 1024


EntryFields: TypeAlias = tuple[int, int, int, int, bytes, int, bytes]
"""Shop, nonce, index, kind, body, code, result."""


class Document(msgspec.Struct, forbid_unknown_fields=True):
    """The receipt file. Bytes are lower-case hex."""

    liandao_receipt: int
    says: str
    chain_id: str
    entry: str
    index: Natural
    tree_size: Natural
    path: list[str]
    headers: list[str]
    certificate: CertificatePart
    handovers: list[HandoverPart]
    """From epoch 0 up to the epoch before the certificate's; empty in a short receipt."""


def read_document(document: str) -> Document:
    if len(document) > DOCUMENT_CHARS_MAX:
        raise InputFault("RECEIPT_MALFORMED", detail="too long")
    try:
        receipt = msgspec.json.decode(document, type=Document)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InputFault("RECEIPT_MALFORMED", detail=str(error)[:200]) from error
    if receipt.liandao_receipt != VERSION:
        raise InputFault("RECEIPT_VERSION", found=receipt.liandao_receipt, known=VERSION)
    # One form only: nobody can hide a second meaning in a receipt.
    if written(receipt) != document:
        raise InputFault("RECEIPT_MALFORMED", detail="not in the one form that is written")
    return receipt


def written(receipt: Document) -> str:
    """The receipt file's one form."""
    return msgspec.json.format(msgspec.json.encode(receipt), indent=1).decode() + "\n"


def tree_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Root that ``path`` leads to from leaf ``index`` of ``size`` (RFC 6962 section 2.1).

    A tree over n leaves is split at the greatest power of two below n; the path's last hash
    is the root of the half that the leaf is not in. Empty when the path does not fit.
    """
    if not 0 <= index < size or len(path) > 64:
        return b""
    if size == 1:
        return sha256(b"\0" + leaf).digest() if not path else b""
    if not path:
        return b""
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        inner = tree_root(leaf, index, split, path[:-1])
        return sha256(b"\1" + inner + path[-1]).digest() if inner else b""
    inner = tree_root(leaf, index - split, size - split, path[:-1])
    return sha256(b"\1" + path[-1] + inner).digest() if inner else b""


def summary(
    shop: int, kind: int, code: int, fields: dict[str, Value], seq: int, time_ms: int
) -> str:
    """The line for people inside the receipt itself: amounts in minor units, shop by number."""
    said = sentence(kind, code, fields, str)
    return f"shop {shop}: {said}, in block {seq} of {utc(time_ms)}"
