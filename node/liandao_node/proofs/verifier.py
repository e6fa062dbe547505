"""Checks a receipt with nothing but the street's genesis file. Offline, for anybody.

This module is meant to be read: it is the light client's specification in code. It shares
nothing with the node but Ed25519 and SHA-256, so a defect of the node's tree, codec or
certificates does not hide here as well. Steps of `verify_receipt`, each with its own error:

1. the genesis file gives the chain id and the seats' keys (P-8.1);
2. the entry is a leaf of the first header's result tree (P-8.2);
3. each further header names the one before it as its parent (P-8.3);
4. a quorum of different seats has signed COMMIT for the last header (P-8.4).

What it proves: the street put this entry, with this result, into its ledger at that height.
It does not prove that nothing came later.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from struct import pack
from typing import Annotated, Final

import msgspec

from liandao_node.crypto.keys import verify
from liandao_node.errors import InputFault
from liandao_node.proofs.statements import Value, fields_of, money_in, sentence, utc
from liandao_node.types import PublicKey, Signature

VERSION: Final = 1
COMMIT: Final = 2
DOCUMENT_CHARS_MAX: Final = 4 * 1024 * 1024

Natural = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
HeaderFields = tuple[
    int, bytes, Natural, Natural, bytes, bytes, bytes, bytes, Natural, Natural, int, Natural, bytes
]
"""Version, chain id, epoch, seq, parent, transaction root, result root, state root, calls,
time in ms, proposer, attendance, next committee."""
EntryFields = tuple[int, int, int, int, bytes, int, bytes]
"""Shop, nonce, index, kind, body, code, result."""


class CertificatePart(msgspec.Struct, forbid_unknown_fields=True):
    kind: int
    epoch: Natural
    view: Natural
    seq: Natural
    block: str
    signatures: list[tuple[int, str]]
    """Seat and signature, seats rising."""


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


@dataclass(frozen=True, slots=True)
class Header:
    hash: bytes
    chain_id: bytes
    epoch: int
    seq: int
    parent: bytes
    result_root: bytes
    calls: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class Street:
    name: str
    chain_id: bytes
    shops: list[str]
    keys: list[bytes]
    currency: str
    exponent: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What a receipt proves."""

    street: str
    shop: str
    height: int
    time_ms: int
    kind: int
    code: int
    """0: applied. Else the number of the ledger's refusal: nothing was changed."""
    nonce: int
    index: int
    fields: dict[str, Value]
    """Of the call and the ledger's answer, by name; empty for an unlisted kind."""
    words: str


def verify_receipt(document: str, genesis: str) -> Verified:
    """What ``document`` (JSON text) proves about the street of ``genesis`` (JSON text).

    Raises InputFault ``RECEIPT_...`` that names the first step that fails.
    """
    street = read_street(genesis)
    receipt = read_document(document)
    if _bytes(receipt.chain_id) != street.chain_id:
        raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
    headers = read_headers(receipt.headers, street)
    entry = _bytes(receipt.entry)
    check_inclusion(receipt, entry, headers[0])
    check_certificate(receipt.certificate, headers[-1], street)
    return read_entry(receipt, entry, headers[0], street)


def read_street(genesis: str) -> Street:
    try:
        tree = json.loads(genesis)
        canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        chain_id = sha256(b"liandao/genesis/1\0" + canonical.encode()).digest()
        keys = [bytes.fromhex(shop["node_key"]) for shop in tree["shops"]]
        names = [str(shop["name"]) for shop in tree["shops"]]
        money = (str(tree["currency"]), int(tree["exponent"]))
        street = Street(str(tree["street"]), chain_id, names, keys, *money)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputFault("RECEIPT_GENESIS_BAD", detail=repr(error)[:200]) from error
    if not keys or len(set(keys)) != len(keys):  # a seat more for somebody is a vote more
        raise InputFault("RECEIPT_GENESIS_BAD", detail="no shops, or two with one key")
    return street


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
    if msgspec.json.format(msgspec.json.encode(receipt), indent=1).decode() + "\n" != document:
        raise InputFault("RECEIPT_MALFORMED", detail="not in the one form that is written")
    return receipt


def read_headers(encoded: Sequence[str], street: Street) -> list[Header]:
    """The headers, proven to follow each other, all of this street and its first committee."""
    headers = [_header(_bytes(text)) for text in encoded]
    if not headers:
        raise InputFault("RECEIPT_MALFORMED", detail="no header")
    for header in headers:
        if header.chain_id != street.chain_id:
            raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
        if header.epoch != 0:
            raise InputFault("RECEIPT_EPOCH", epoch=header.epoch)
    for lower, upper in pairwise(headers):
        if upper.parent != lower.hash or upper.seq != lower.seq + 1:
            raise InputFault("RECEIPT_HEADERS", height=upper.seq)
    return headers


def check_inclusion(receipt: Document, entry: bytes, header: Header) -> None:
    path = [_bytes(text) for text in receipt.path]
    root = tree_root(entry, receipt.index, receipt.tree_size, path)
    if receipt.tree_size != header.calls or root != header.result_root:
        raise InputFault("RECEIPT_PATH", height=header.seq)


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


def check_certificate(certificate: CertificatePart, header: Header, street: Street) -> None:
    """A quorum of different seats has signed COMMIT for exactly this header."""
    if certificate.kind != COMMIT:
        raise InputFault("RECEIPT_NOT_COMMIT", kind=certificate.kind)
    named = (certificate.epoch, certificate.seq, _bytes(certificate.block))
    if named != (header.epoch, header.seq, header.hash):
        raise InputFault("RECEIPT_OTHER_BLOCK", height=header.seq)
    seats = [seat for seat, _ in certificate.signatures]
    if not all(0 <= seat < len(street.keys) for seat in seats):
        raise InputFault("RECEIPT_SIGNER_UNKNOWN", seat=max(seats, key=abs))
    if any(lower >= upper for lower, upper in pairwise(seats)):
        raise InputFault("RECEIPT_SIGNERS_REPEATED")
    liars_max = (len(street.keys) - 1) // 3
    quorum = (len(street.keys) + liars_max) // 2 + 1
    if len(seats) < quorum:
        raise InputFault("RECEIPT_SIGNERS_FEW", found=len(seats), needed=quorum)
    signed = pack(
        *(">9sB32sQQQ32s", b"DSPBFT/1\0", COMMIT, street.chain_id),
        *(certificate.epoch, certificate.view, certificate.seq, header.hash),
    )
    for seat, signature in certificate.signatures:
        if not verify(PublicKey(street.keys[seat]), signed, Signature(_bytes(signature))):
            raise InputFault("RECEIPT_SIGNATURE", seat=seat)


def read_entry(receipt: Document, entry: bytes, header: Header, street: Street) -> Verified:
    try:
        shop, nonce, index, kind, body, code, result = msgspec.msgpack.decode(
            entry, type=EntryFields
        )
        name = street.shops[shop] if shop >= 0 else ""
    except (msgspec.DecodeError, IndexError) as error:
        raise InputFault("RECEIPT_ENTRY", detail=str(error)[:200]) from error
    fields = fields_of(kind, body, result)
    if receipt.says != summary(shop, kind, code, fields, header.seq, header.time_ms):
        raise InputFault("RECEIPT_WORDS")

    money = money_in(street.currency, street.exponent)
    words = f"{street.name}, {name}: {sentence(kind, code, fields, money)}"
    words += f", in block {header.seq} of {utc(header.time_ms)}"
    at = (header.seq, header.time_ms)
    return Verified(street.name, name, *at, kind, code, nonce, index, fields, words)


def summary(
    shop: int, kind: int, code: int, fields: dict[str, Value], seq: int, time_ms: int
) -> str:
    """The line for people inside the receipt itself: amounts in minor units, shop by number."""
    said = sentence(kind, code, fields, str)
    return f"shop {shop}: {said}, in block {seq} of {utc(time_ms)}"


def _header(encoded: bytes) -> Header:
    try:
        fields = msgspec.msgpack.decode(encoded, type=HeaderFields)
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_MALFORMED", detail=str(error)[:200]) from error
    version, chain_id, epoch, seq, parent, _, result_root, _, calls, time_ms, *_ = fields
    if version != VERSION:
        raise InputFault("RECEIPT_VERSION", found=version, known=VERSION)
    name = sha256(b"liandao/block/1\0" + encoded).digest()
    return Header(name, chain_id, epoch, seq, parent, result_root, calls, time_ms)


def _bytes(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if found.hex() != text:
        raise InputFault("RECEIPT_MALFORMED", detail="not lower-case hex")
    return found
