"""Checks a receipt with nothing but the street's genesis file. Offline, for anybody.

This module and the ones it imports from this package are meant to be read: they are the light
client's specification in code. They share nothing with the node but Ed25519 and SHA-256, so a
defect of the node's tree, codec or certificates does not hide here as well. Steps of
`verify_receipt`, each with errors of its own:

1. the genesis file gives the chain id and the first committee (P-8.1, `street`);
2. hand-overs lead from there, or from a committee that the verifier trusts, to the committee of
   the receipt's epoch (P-8.5 to P-8.8, `handovers`);
3. the entry is a leaf of the first header's result tree (P-8.2);
4. each further header names the one before it as its parent (P-8.3, `certified`);
5. a quorum of that committee has signed COMMIT for the last header (P-8.4, `certified`).

What it proves: the street put this entry, with this result, into its ledger at that height.
It does not prove that nothing came later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from liandao_node.errors import InputFault
from liandao_node.proofs.certified import (
    Header,
    bytes_of,
    check_certificate,
    check_links,
    read_header,
)
from liandao_node.proofs.compact import PREFIX, from_text
from liandao_node.proofs.document import (
    Document,
    EntryFields,
    read_document,
    summary,
    tree_root,
)
from liandao_node.proofs.handovers import (
    Term,
    Trusted,
    follow,
    read_handovers,
    trust_document,
)
from liandao_node.proofs.statements import Value, fields_of, money_in, sentence, utc
from liandao_node.proofs.street import Street, read_street


@dataclass(frozen=True, slots=True)
class Verified:
    """What a receipt proves."""

    street: str
    shop: str
    height: int
    epoch: int
    time_ms: int
    kind: int
    code: int
    """0: applied. Else the number of the ledger's refusal: nothing was changed."""
    nonce: int
    index: int
    fields: dict[str, Value]
    """Of the call and the ledger's answer, by name; empty for an unlisted kind."""
    words: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What a file of hand-overs proves."""

    epoch: int
    """The last one whose committee is known now."""
    shops: tuple[int, ...]
    since_ms: int
    trust: str
    """A trust file for that committee."""


def verify_receipt(
    document: str, genesis: str, *, handovers: str = "", trusted: Trusted | None = None
) -> Verified:
    """What ``document`` proves about the street of ``genesis`` (JSON text).

    ``document`` is a receipt file (JSON text) or the text of a receipt's QR code.
    ``handovers`` (JSON text) goes with a short receipt; ``trusted`` is a committee to start
    from, and to hold whatever is proven against. Raises InputFault ``RECEIPT_...`` that names
    the first step that fails.
    """
    street = read_street(genesis)
    short = document.startswith(PREFIX)
    receipt = from_text(document, street.chain_id) if short else read_document(document)
    if bytes_of(receipt.chain_id) != street.chain_id:
        raise InputFault("RECEIPT_OTHER_STREET", street=street.name)
    headers = read_headers(receipt.headers, street)
    links = receipt.handovers or (read_handovers(handovers, street) if handovers else [])
    terms = follow(street, links, trusted)
    term = _term_of(headers, terms)
    if receipt.handovers and headers[-1].epoch != max(terms):
        raise InputFault("RECEIPT_HANDOVER_ORDER", epoch=max(terms), expected=headers[-1].epoch)
    entry = bytes_of(receipt.entry)
    check_inclusion(receipt, entry, headers[0])
    check_certificate(receipt.certificate, headers[-1], term.committee)
    return read_entry(receipt, entry, headers[0], street)


def verify_handovers(handovers: str, genesis: str, *, trusted: Trusted | None = None) -> Followed:
    """What a file of hand-overs (JSON text) proves. Raises as `verify_receipt`."""
    street = read_street(genesis)
    terms = follow(street, read_handovers(handovers, street), trusted)
    last = terms[max(terms)]
    known = (last.committee.epoch, last.committee.shops, last.since_ms)
    return Followed(*known, trust_document(last, street))


def read_headers(encoded: Sequence[str], street: Street) -> list[Header]:
    """The headers, proven to follow each other, all of this street and of one epoch."""
    headers = [read_header(bytes_of(text), street) for text in encoded]
    if not headers:
        raise InputFault("RECEIPT_MALFORMED", detail="no header")
    check_links(headers)
    return headers


def _term_of(headers: Sequence[Header], terms: dict[int, Term]) -> Term:
    """The term that the headers belong to, and lie in as far as one knows where it ends."""
    first, last = headers[0], headers[-1]
    if last.epoch not in terms:
        raise InputFault("RECEIPT_EPOCH", epoch=last.epoch, known=max(terms))
    term = terms[last.epoch]
    if first.seq < term.committee.first_seq:
        at = {"height": first.seq, "epoch": first.epoch}
        raise InputFault("RECEIPT_HEIGHT", first=term.committee.first_seq, **at)
    end = term.last
    if end and (last.seq > end.seq or (last.seq == end.seq and last.hash != end.hash)):
        raise InputFault("RECEIPT_EPOCH_OVER", epoch=last.epoch, height=last.seq, last=end.seq)
    return term


def check_inclusion(receipt: Document, entry: bytes, header: Header) -> None:
    path = [bytes_of(text) for text in receipt.path]
    root = tree_root(entry, receipt.index, receipt.tree_size, path)
    if receipt.tree_size != header.calls or root != header.result_root:
        raise InputFault("RECEIPT_PATH", height=header.seq)


def read_entry(receipt: Document, entry: bytes, header: Header, street: Street) -> Verified:
    try:
        shop, nonce, index, kind, body, code, result = msgspec.msgpack.decode(
            entry, type=EntryFields
        )
    except msgspec.DecodeError as error:
        raise InputFault("RECEIPT_ENTRY", detail=str(error)[:200]) from error
    fields = fields_of(kind, body, result)
    if receipt.says != summary(shop, kind, code, fields, header.seq, header.time_ms):
        raise InputFault("RECEIPT_WORDS")

    name = street.shop_name(shop)
    money = money_in(street.currency, street.exponent)
    words = f"{street.name}, {name}: {sentence(kind, code, fields, money)}"
    words += f", in block {header.seq} of {utc(header.time_ms)}"
    at = (header.seq, header.epoch, header.time_ms)
    return Verified(street.name, name, *at, kind, code, nonce, index, fields, words)
