"""Headers, and what a committee's signatures under one prove (P-8.3, P-8.4).

Part of the verifier: it shares nothing with the node but Ed25519 and SHA-256.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from struct import pack
from typing import Annotated, Final, TypeAlias

import msgspec

from liandao_node.crypto.keys import verify
from liandao_node.errors import InputFault
from liandao_node.proofs.street import Committee, Street
from liandao_node.types import PublicKey, Signature

PROTOCOL_KNOWN: Final = 1
"""The highest protocol whose headers and entries this verifier reads; it reads all below
(P-8.10)."""
COMMIT: Final = 2
DIGEST_BYTES: Final = 32

Natural = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
"""P-2.5."""
Digest = Annotated[bytes, msgspec.Meta(min_length=DIGEST_BYTES, max_length=DIGEST_BYTES)]

HeaderFields: TypeAlias = tuple[
    Natural,
    Digest,
    Natural,
    Natural,
    Digest,
    Digest,
    Digest,
    Digest,
    Natural,
    Natural,
    Natural,
    Natural,
    bytes,
]
"""Version, chain id, epoch, seq, parent, transaction root, result root, state root, calls,
time in ms, proposer, attendance, next committee."""


class CertificatePart(msgspec.Struct, forbid_unknown_fields=True):
    """A certificate in a file. Bytes are lower-case hex."""

    kind: int
    epoch: Natural
    view: Natural
    seq: Natural
    block: str
    signatures: list[tuple[int, str]]
    """Position in the committee and signature, positions rising."""


@dataclass(frozen=True, slots=True)
class Header:
    hash: bytes
    protocol: int
    chain_id: bytes
    epoch: int
    seq: int
    parent: bytes
    tx_root: bytes
    result_root: bytes
    state_root: bytes
    calls: int
    time_ms: int
    proposer: int
    attendance: int
    next_committee: bytes


def read_header(encoded: bytes, street: Street) -> Header:
    """A header of this street.

    Raises InputFault ``RECEIPT_MALFORMED``, ``RECEIPT_VERSION`` or ``RECEIPT_OTHER_STREET``.
    """
    try:
        version, *fields = msgspec.msgpack.decode(encoded, type=HeaderFields)
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_MALFORMED", detail=str(error)[:200]) from error
    if not 0 < version <= PROTOCOL_KNOWN:
        raise InputFault("RECEIPT_VERSION", found=version, known=PROTOCOL_KNOWN)
    header = Header(sha256(b"liandao/block/1\0" + encoded).digest(), version, *fields)
    if header.chain_id != street.chain_id:
        raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
    return header


def check_links(headers: Sequence[Header]) -> None:
    """Each names the one before it, and none stands above the last block of its epoch, which
    is one protocol's throughout.

    Raises InputFault ``RECEIPT_HEADERS``.
    """
    for lower, upper in pairwise(headers):
        follows = (upper.parent, upper.seq) == (lower.hash, lower.seq + 1)
        same_rules = (upper.epoch, upper.protocol) == (lower.epoch, lower.protocol)
        if not follows or not same_rules or lower.next_committee:
            raise InputFault("RECEIPT_HEADERS", height=upper.seq)


def check_certificate(part: CertificatePart, header: Header, committee: Committee) -> None:
    """A quorum of different seats of ``committee`` has signed COMMIT for exactly this header.

    Raises InputFault ``RECEIPT_...`` that names the first thing that fails.
    """
    at = {"height": header.seq, "epoch": committee.epoch}
    if header.epoch != committee.epoch:
        raise InputFault("RECEIPT_EPOCH", epoch=header.epoch, known=committee.epoch)
    if header.seq < committee.first_seq:
        raise InputFault("RECEIPT_HEIGHT", first=committee.first_seq, **at)
    if header.protocol != committee.protocol:
        raise InputFault("RECEIPT_PROTOCOL", found=header.protocol, due=committee.protocol, **at)
    if part.kind != COMMIT:
        raise InputFault("RECEIPT_NOT_COMMIT", kind=part.kind)
    named = (part.epoch, part.seq, bytes_of(part.block))
    if named != (header.epoch, header.seq, header.hash):
        raise InputFault("RECEIPT_OTHER_BLOCK", height=header.seq)
    seats = [seat for seat, _ in part.signatures]
    if not all(0 <= seat < len(committee.keys) for seat in seats):
        raise InputFault("RECEIPT_SIGNER_UNKNOWN", seat=max(seats, key=abs), **at)
    if any(lower >= upper for lower, upper in pairwise(seats)):
        raise InputFault("RECEIPT_SIGNERS_REPEATED", **at)
    if len(seats) < committee.quorum:
        raise InputFault("RECEIPT_SIGNERS_FEW", found=len(seats), needed=committee.quorum, **at)
    signed = pack(
        *(">9sB32sQQQ32s", b"DSPBFT/1\0", COMMIT, header.chain_id),
        *(part.epoch, part.view, part.seq, header.hash),
    )
    for seat, signature in part.signatures:
        key = PublicKey(committee.keys[seat])
        if not verify(key, signed, Signature(bytes_of(signature))):
            raise InputFault("RECEIPT_SIGNATURE", seat=seat, **at)


def bytes_of(text: str) -> bytes:
    """Bytes of lower-case hex. Raises InputFault ``RECEIPT_MALFORMED``."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if found.hex() != text:
        raise InputFault("RECEIPT_MALFORMED", detail="not lower-case hex")
    return found
