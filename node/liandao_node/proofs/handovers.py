"""From a committee that is trusted to a later one, by hand-overs (P-8.5 to P-8.8).

Part of the verifier: it shares nothing with the node but Ed25519 and SHA-256. The last block
of an epoch names the digest of the next committee and is signed by a quorum of its own. So
who trusts one committee follows from epoch to epoch, without asking anybody and without
knowing anything of stake and elections.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, TypeAlias

import msgspec

from liandao_node.errors import InputFault
from liandao_node.limits import COMMITTEE_SEATS_MAX
from liandao_node.proofs.certified import (
    CertificatePart,
    Digest,
    Header,
    Natural,
    bytes_of,
    check_certificate,
    read_header,
)
from liandao_node.proofs.street import Committee, Street

VERSION: Final = 1
FILE_CHARS_MAX: Final = 64 * 1024 * 1024
DAY_MS: Final = 86_400_000

Protocol: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**16 - 1)]
CommitteeFields: TypeAlias = tuple[Natural, Natural, Protocol, list[tuple[Natural, Digest]]]
"""Epoch, first height, protocol, seats: shop and key."""


class HandoverPart(msgspec.Struct, forbid_unknown_fields=True):
    """One hand-over in a file. Bytes are lower-case hex."""

    header: str
    """Of the last block of an epoch."""
    certificate: CertificatePart
    next: str
    """Encoded record of the next committee."""


class HandoverFile(msgspec.Struct, forbid_unknown_fields=True):
    liandao_handovers: int
    chain_id: str
    handovers: list[HandoverPart]
    """Of epochs that follow each other."""


class TrustFile(msgspec.Struct, forbid_unknown_fields=True):
    """A committee that its owner once found to be the street's."""

    liandao_trust: int
    chain_id: str
    committee: str
    """Encoded record."""
    time_ms: Natural
    """Ledger time at which it took office."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A trust file (JSON text), and the time it is now."""

    document: str
    now_ms: int


@dataclass(frozen=True, slots=True)
class Term:
    """A committee, when it took office, and the last block of its epoch where that is known."""

    committee: Committee
    record: bytes
    since_ms: int
    last: Header | None = None


def follow(
    street: Street, links: Sequence[HandoverPart], trusted: Trusted | None = None
) -> dict[int, Term]:
    """The committees that ``links`` prove, by epoch, the one they start from included.

    They start at the genesis file's, or at the trusted one (P-8.7). A trusted committee that
    they come past must be the one they name, wherever they start.

    Raises InputFault ``RECEIPT_...``.
    """
    anchor = read_trust(trusted.document, street) if trusted else None
    term = Term(street.first, _record(street.first), street.created_ms)
    begins = _header_of(links[0], street).epoch if links else None
    if trusted and anchor and (begins or (begins is None and anchor.committee.epoch)):
        term = anchor
        _check_age(trusted.now_ms - term.since_ms, len(links), street)
    terms = {term.committee.epoch: term}
    for link in links:
        header = _header_of(link, street)
        following = _step(link, header, term)
        terms[term.committee.epoch] = Term(term.committee, term.record, term.since_ms, header)
        term = terms[following.committee.epoch] = following
    if anchor and (named := terms.get(anchor.committee.epoch)) and named.record != anchor.record:
        raise InputFault("RECEIPT_TRUST_CONTRADICTED", epoch=anchor.committee.epoch)
    return terms


def _check_age(age_ms: int, epochs: int, street: Street) -> None:
    """Who has left longer ago than the unbonding time may sign anything at no cost (P-8.8).

    It lasts that many epochs, and an epoch of a street at work at most a day.
    """
    limit = street.unbonding_epochs
    if age_ms > limit * DAY_MS or epochs > limit:
        raise InputFault("RECEIPT_TRUST_EXPIRED", days=age_ms // DAY_MS, epochs=epochs, limit=limit)


def _header_of(link: HandoverPart, street: Street) -> Header:
    return read_header(bytes_of(link.header), street)


def _step(link: HandoverPart, header: Header, term: Term) -> Term:
    """The term that ``link`` opens, proven by the one before it (P-8.6)."""
    epoch = term.committee.epoch
    if header.epoch != epoch:
        raise InputFault("RECEIPT_HANDOVER_ORDER", epoch=header.epoch, expected=epoch)
    check_certificate(link.certificate, header, term.committee)
    record = bytes_of(link.next)
    if header.next_committee != _digest(record):
        raise InputFault("RECEIPT_HANDOVER_COMMITTEE", epoch=epoch + 1)
    following = read_committee(record)
    if (following.epoch, following.first_seq) != (epoch + 1, header.seq + 1):
        raise InputFault("RECEIPT_COMMITTEE_BAD", detail=f"not of epoch {epoch + 1}")
    return Term(following, record, header.time_ms)


def _digest(record: bytes) -> bytes:
    return sha256(b"liandao/committee/1\0" + record).digest()


def _record(committee: Committee) -> bytes:
    seats = list(zip(committee.shops, committee.keys, strict=True))
    fields = (committee.epoch, committee.first_seq, committee.protocol, seats)
    return msgspec.msgpack.encode(fields)


def read_committee(record: bytes) -> Committee:
    """A committee's record. Raises InputFault ``RECEIPT_COMMITTEE_BAD``."""
    try:
        epoch, first_seq, protocol, seats = msgspec.msgpack.decode(record, type=CommitteeFields)
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_COMMITTEE_BAD", detail=str(error)[:200]) from error
    shops, keys = tuple(shop for shop, _ in seats), tuple(key for _, key in seats)
    committee = Committee(epoch, first_seq, protocol, shops, keys)
    if not 0 < len(seats) <= COMMITTEE_SEATS_MAX:
        raise InputFault("RECEIPT_COMMITTEE_BAD", detail=f"{len(seats)} seats")
    if any(lower >= upper for lower, upper in pairwise(shops)) or len(set(keys)) != len(keys):
        raise InputFault("RECEIPT_COMMITTEE_BAD", detail="a shop or a key twice")
    if _record(committee) != record:
        raise InputFault("RECEIPT_COMMITTEE_BAD", detail="not in its one form")
    return committee


def read_handovers(document: str, street: Street) -> list[HandoverPart]:
    """The hand-overs of a file (JSON text), unproven.

    Raises InputFault ``RECEIPT_MALFORMED``, ``RECEIPT_VERSION``, ``RECEIPT_OTHER_STREET``.
    """
    if len(document) > FILE_CHARS_MAX:
        raise InputFault("RECEIPT_MALFORMED", detail="too long")
    try:
        file = msgspec.json.decode(document, type=HandoverFile)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InputFault("RECEIPT_MALFORMED", detail=str(error)[:200]) from error
    if file.liandao_handovers != VERSION:
        raise InputFault("RECEIPT_VERSION", found=file.liandao_handovers, known=VERSION)
    if bytes_of(file.chain_id) != street.chain_id:
        raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
    return file.handovers


def read_trust(document: str, street: Street) -> Term:
    """Raises InputFault ``RECEIPT_TRUST_BAD``, ``RECEIPT_OTHER_STREET`` and others."""
    try:
        file = msgspec.json.decode(document, type=TrustFile)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InputFault("RECEIPT_TRUST_BAD", detail=str(error)[:200]) from error
    if file.liandao_trust != VERSION:
        raise InputFault("RECEIPT_VERSION", found=file.liandao_trust, known=VERSION)
    if bytes_of(file.chain_id) != street.chain_id:
        raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
    record = bytes_of(file.committee)
    return Term(read_committee(record), record, file.time_ms)


def trust_document(term: Term, street: Street) -> str:
    """The trust file of a committee that was just proven."""
    file = TrustFile(VERSION, street.chain_id.hex(), term.record.hex(), term.since_ms)
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"
