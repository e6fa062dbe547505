"""What a receipt proves about a document, and all that it does not."""

from hashlib import sha256

import pytest
from liandao_node.errors import InputFault
from liandao_node.ledger.modules.notary import (
    Countersign,
    Countersigned,
    DocumentKind,
    Recall,
    Recalled,
    Stamp,
    Stamped,
)
from liandao_node.ledger.modules.traffic import Batch, BatchDone
from liandao_node.proofs.receipt import build_receipt
from liandao_node.proofs.stamps import PAPERS, RECALL, STAMP, ProvenStamp, verify_stamp
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.transactions import Entry
from support.receipts import TIME_MS, Street

LEASE = sha256(b"the lease").digest()
SEQ = 5


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(4)


def _receipt(
    street: Street, body: Stamp | Recall | Countersign, answer: Canonical | None, code: int = 0
) -> str:
    result = b"" if answer is None else encode(answer)
    entry = encode(Entry(ShopId(1), 7, 0, body.kind, encode(body), code, result))
    header = street.header(SEQ, b"p" * 32, [entry])
    return build_receipt(entry, [entry], [header], street.certificate(header, [0, 1, 2], seq=SEQ))


def _proven(street: Street, document: str) -> ProvenStamp:
    return verify_stamp(LEASE, document, street.genesis)


def _stamp(*parties: int) -> Stamp:
    return Stamp(LEASE, DocumentKind.CONTRACT, [ShopId(party) for party in parties])


def _recalled(*parties: tuple[int, int]) -> Recalled:
    return Recalled(Seq(3), Millis(TIME_MS - 5_000), DocumentKind.PRICE_LIST, list(parties))


@pytest.mark.rule("L-17.6")
def test_a_stamp_proves_since_when(street: Street) -> None:
    proven = _proven(street, _receipt(street, _stamp(2), Stamped(1)))
    at = TIME_MS + SEQ
    assert (proven.height, proven.since_ms, proven.told_ms) == (SEQ, at, at)
    assert proven.parties == (("Bäckerei 2", 0),)
    assert "the contract existed, exactly as it is now, at 2026-11-22 10:00:00 UTC" in (
        proven.words()
    )
    assert "Bäckerei 1 stamped it in block 5." in proven.words()
    assert "Bäckerei 2 had not countersigned it by 2026-11-22" in proven.words()


@pytest.mark.rule("L-17.6")
def test_a_recall_proves_an_older_block_and_who_signed(street: Street) -> None:
    answer = _recalled((0, TIME_MS - 1_000), (3, 0))
    proven = _proven(street, _receipt(street, Recall(LEASE, ShopId(2)), answer))
    assert (proven.shop, proven.height, proven.since_ms) == ("Bäckerei 2", 3, TIME_MS - 5_000)
    assert proven.told_ms == TIME_MS + SEQ
    assert proven.parties == (("茶馆", TIME_MS - 1_000), ("Bäckerei 3", 0))
    assert "茶馆 countersigned it at 2026-11-22 09:59:59 UTC." in proven.words()


def test_a_refused_stamp_proves_nothing(street: Street) -> None:
    with pytest.raises(InputFault, match="STAMP_NOT_PROVEN"):
        _proven(street, _receipt(street, _stamp(), None, code=1001))


def test_a_countersignature_alone_is_no_stamp(street: Street) -> None:
    signed = Countersign(LEASE, ShopId(2))
    with pytest.raises(InputFault, match="STAMP_NOT_PROVEN"):
        _proven(street, _receipt(street, signed, Countersigned(Millis(1), 0)))


def test_a_root_of_traffic_is_no_stamp(street: Street) -> None:
    """Somebody else's 32 bytes are not a document's, though their digest be the same."""
    batch = Batch(Millis(1), Millis(2), LEASE, [])
    entry = encode(Entry(ShopId(1), 7, 0, batch.kind, encode(batch), 0, encode(BatchDone(1))))
    header = street.header(SEQ, b"p" * 32, [entry])
    document = build_receipt(
        entry, [entry], [header], street.certificate(header, [0, 1, 2], seq=SEQ)
    )
    with pytest.raises(InputFault, match="STAMP_NOT_PROVEN"):
        _proven(street, document)


def test_another_document_is_told_from_the_stamped_one(street: Street) -> None:
    document = _receipt(street, _stamp(), Stamped(1))
    with pytest.raises(InputFault, match="STAMP_OTHER_DOCUMENT"):
        verify_stamp(sha256(b"the lease.").digest(), document, street.genesis)


def test_another_streets_proof_is_none(street: Street) -> None:
    document = _receipt(street, _stamp(), Stamped(1))
    with pytest.raises(InputFault, match="RECEIPT_OTHER_STREET"):
        verify_stamp(LEASE, document, Street(4, "Another").genesis)


def test_the_verifier_knows_the_ledgers_numbers() -> None:
    """Both are written down by themselves, so that an error of one shows."""
    assert (Stamp.kind, Recall.kind) == (STAMP, RECALL)
    assert set(PAPERS) == set(DocumentKind)
