"""A receipt as the text of one QR code (P-8.9).

The short receipt, without hand-overs, in bytes that leave out whatever the rest determines:
the chain id (the genesis file has it), the first result root (entry and path lead to it), the
parents of further headers, the block's hash in the certificate, the words. The bytes stand
as Base45 (RFC 9285), which QR's alphanumeric mode packs to 97 %: raw bytes in a QR code are
taken for text by most scanners and come out altered.

    protocol, head of the chain id (8), epoch, view, height, index, tree size, path (32 each; how
    many follows from index and size), length of the entry, entry, number of headers,
    the first header: parent (32), tx root (32), state root (32), rest,
    further ones: tx root (32), result root (32), state root (32), calls, rest,
    signers, signatures (64 each)
    rest of a header: time, proposer, attendance, length of next committee, next committee

Numbers are unsigned LEB128. Part of the verifier: it shares nothing with the node but SHA-256.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from liandao_node.errors import InputFault
from liandao_node.proofs.certified import (
    COMMIT,
    DIGEST_BYTES,
    PROTOCOL_KNOWN,
    CertificatePart,
    HeaderFields,
    bytes_of,
)
from liandao_node.proofs.document import (
    VERSION,
    Document,
    EntryFields,
    read_document,
    summary,
    tree_root,
)
from liandao_node.proofs.statements import fields_of

PREFIX: Final = "LD1:R:"
TEXT_CHARS_MAX: Final = 4_296
"""What the largest QR code holds in alphanumeric mode."""

_CHAIN_BYTES: Final = 8
_SIGNATURE_BYTES: Final = 64
_NUMBER_MAX: Final = 2**64
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def to_text(document: str) -> str:
    """The QR text of a receipt file (JSON text). Its hand-overs stay behind.

    Raises InputFault ``RECEIPT_MALFORMED`` for what is no receipt, ``RECEIPT_QR_LONG`` for one
    that no QR code holds.
    """
    receipt = read_document(document)
    text = _write(receipt)
    if len(text) > TEXT_CHARS_MAX:
        raise InputFault("RECEIPT_QR_LONG", chars=len(text), limit=TEXT_CHARS_MAX)
    receipt.handovers = []
    if _read(text, bytes_of(receipt.chain_id)) != receipt:
        raise InputFault("RECEIPT_MALFORMED", detail="its parts do not fit together")
    return text


def from_text(text: str, chain_id: bytes) -> Document:
    """The short receipt of a QR text, unproven.

    Raises InputFault ``RECEIPT_QR_BAD`` or ``RECEIPT_OTHER_STREET``.
    """
    if len(text) > TEXT_CHARS_MAX:
        raise InputFault("RECEIPT_QR_BAD", detail="too long")
    receipt = _read(text, chain_id)
    if _write(receipt) != text:
        raise InputFault("RECEIPT_QR_BAD", detail="not in the one form that is written")
    return receipt


def _write(receipt: Document) -> str:
    headers = [_fields(bytes_of(text)) for text in receipt.headers]
    entry, certificate = bytes_of(receipt.entry), receipt.certificate
    first = headers[0]
    parts = [_number(first[0]), bytes_of(receipt.chain_id)[:_CHAIN_BYTES]]
    parts += map(_number, (first[2], certificate.view, first[3], receipt.index, receipt.tree_size))
    parts += [bytes_of(step) for step in receipt.path]
    parts += [_number(len(entry)), entry, _number(len(headers))]
    for at, fields in enumerate(headers):
        parent, tx, result, state, calls, time_ms, proposer, attendance, following = fields[4:]
        parts += (tx, result, state, _number(calls)) if at else (parent, tx, state)
        parts += map(_number, (time_ms, proposer, attendance, len(following)))
        parts.append(following)
    parts.append(_number(sum(1 << seat for seat, _ in certificate.signatures if seat >= 0)))
    parts += [bytes_of(signature) for _, signature in certificate.signatures]
    return PREFIX + base45(b"".join(parts))


def _read(text: str, chain_id: bytes) -> Document:
    source = _Source(unbase45(text.removeprefix(PREFIX)))
    protocol = source.number()
    if not protocol:
        raise InputFault("RECEIPT_QR_BAD", detail="of no protocol")
    if protocol > PROTOCOL_KNOWN:
        raise InputFault("RECEIPT_VERSION", found=protocol, known=PROTOCOL_KNOWN)
    if source.take(_CHAIN_BYTES) != chain_id[:_CHAIN_BYTES]:
        raise InputFault("RECEIPT_OTHER_STREET", street=chain_id.hex()[:16])
    epoch, view, seq, index, size = (source.number() for _ in range(5))
    path = [source.take(DIGEST_BYTES) for _ in range(_path_length(index, size))]
    entry = source.take(source.number())
    root = tree_root(entry, index, size, path)
    headers = _headers(source, (protocol, chain_id, epoch), seq, (root, size))
    signers = source.number()
    seats = [seat for seat in range(signers.bit_length()) if signers >> seat & 1]
    signatures = [(seat, source.take(_SIGNATURE_BYTES).hex()) for seat in seats]
    source.end()
    last = _fields(headers[-1])
    block = sha256(b"liandao/block/1\0" + headers[-1]).hexdigest()
    return Document(
        liandao_receipt=VERSION,
        says=_says(entry, seq, _fields(headers[0])[9]),
        chain_id=chain_id.hex(),
        entry=entry.hex(),
        index=index,
        tree_size=size,
        path=[step.hex() for step in path],
        headers=[header.hex() for header in headers],
        certificate=CertificatePart(COMMIT, epoch, view, last[3], block, signatures),
        handovers=[],
    )


def _headers(
    source: "_Source", shared: tuple[int, bytes, int], seq: int, tree: tuple[bytes, int]
) -> list[bytes]:
    """Encoded headers, all of one protocol, chain and epoch (``shared``): the first at height
    ``seq``, over the ``tree`` of entries."""
    root, calls = tree
    headers: list[bytes] = []
    for number in range(source.number()):
        if number:
            parent = sha256(b"liandao/block/1\0" + headers[-1]).digest()
            tx, root, state = (source.take(DIGEST_BYTES) for _ in range(3))
            calls = source.number()
        else:
            parent, tx, state = (source.take(DIGEST_BYTES) for _ in range(3))
        roots = (parent, tx, root, state, calls)
        rest = [source.number() for _ in range(3)]
        following = source.take(source.number())
        fields = (*shared, seq + number, *roots, *rest, following)
        headers.append(msgspec.msgpack.encode(fields))
    if not headers:
        raise InputFault("RECEIPT_QR_BAD", detail="no header")
    return headers


def _says(entry: bytes, seq: int, time_ms: int) -> str:
    try:
        shop, _, _, kind, body, code, result = msgspec.msgpack.decode(entry, type=EntryFields)
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_QR_BAD", detail=str(error)[:200]) from error
    return summary(shop, kind, code, fields_of(kind, body, result), seq, time_ms)


def _fields(header: bytes) -> HeaderFields:
    try:
        fields: HeaderFields = msgspec.msgpack.decode(header, type=HeaderFields)
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_MALFORMED", detail=str(error)[:200]) from error
    return fields


def _path_length(index: int, size: int) -> int:
    """Steps from leaf ``index`` of ``size`` to the root."""
    steps = 0
    if not 0 <= index < size:
        raise InputFault("RECEIPT_QR_BAD", detail="no such entry")
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        index, size = (index, split) if index < split else (index - split, size - split)
        steps += 1
    return steps


def _number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class _Source:
    """Bytes that are read from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise InputFault("RECEIPT_QR_BAD", detail="it ends too early")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if value >= _NUMBER_MAX:
                raise InputFault("RECEIPT_QR_BAD", detail="a number is too large")
            if byte < 0x80:
                return value

    def end(self) -> None:
        if self._at != len(self._data):
            raise InputFault("RECEIPT_QR_BAD", detail="something stands behind its end")


def base45(data: bytes) -> str:
    """RFC 9285."""
    return "".join(_symbols(data[at : at + 2]) for at in range(0, len(data), 2))


def _symbols(pair: bytes) -> str:
    value = int.from_bytes(pair, "big")
    count = 3 if len(pair) == 2 else 2
    return "".join(_ALPHABET[value // 45**place % 45] for place in range(count))


def unbase45(text: str) -> bytes:
    try:
        digits: Sequence[int] = [_ALPHABET.index(symbol) for symbol in text]
        return b"".join(_pair(digits[at : at + 3]) for at in range(0, len(digits), 3))
    except (ValueError, OverflowError) as error:
        raise InputFault("RECEIPT_QR_BAD", detail="not in Base45") from error


def _pair(digits: Sequence[int]) -> bytes:
    if len(digits) == 1:
        raise ValueError("a symbol is missing")
    value = sum(digit * (1, 45, 2025)[place] for place, digit in enumerate(digits))
    return value.to_bytes(len(digits) - 1, "big")
