"""A verifier reads the headers of protocols that it knows, each in its own epochs (P-8.10)."""

import pytest
from liandao_node.errors import InputFault
from liandao_node.proofs import certified, compact
from liandao_node.proofs.compact import from_text, to_text
from liandao_node.proofs.document import read_document
from liandao_node.proofs.receipt import build_receipt
from liandao_node.proofs.verifier import verify_receipt
from liandao_node.wire import protocol
from liandao_node.wire.blocks import header_hash
from support.receipts import EPOCH_BLOCKS, Street, sale

STREET = Street(4)
ENTRIES = [sale(number) for number in range(20, 27)]
QUORUM = [0, 1, 2]


@pytest.fixture
def _knows_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier of a program that speaks 2."""
    monkeypatch.setattr(certified, "PROTOCOL_KNOWN", 2)
    monkeypatch.setattr(compact, "PROTOCOL_KNOWN", 2)


def _receipt(*versions: int, record: int = 2) -> str:
    """From epoch 1, whose committee's record names ``record``; a header of each version."""
    handover = STREET.handover(0, following=STREET.committee(1, protocol=record))
    seq, parent, headers = EPOCH_BLOCKS + 11, b"p" * 32, []
    for at, version in enumerate(versions):
        entries = [b"other"] if at else ENTRIES
        headers.append(STREET.header(seq + at, parent, entries, epoch=1, version=version))
        parent = header_hash(headers[-1])
    certificate = STREET.certificate(headers[-1], QUORUM, seq=seq + len(versions) - 1, epoch=1)
    return build_receipt(ENTRIES[4], ENTRIES, headers, certificate, [handover])


def _refused(document: str) -> str:
    with pytest.raises(InputFault) as fault:
        verify_receipt(document, STREET.genesis)
    return fault.value.code


@pytest.mark.rule("P-8.10")
def test_the_verifier_of_this_program_knows_what_its_node_speaks() -> None:
    assert certified.PROTOCOL_KNOWN == protocol.PROTOCOL


@pytest.mark.rule("P-8.10", "T42")
@pytest.mark.usefixtures("_knows_two")
def test_a_header_follows_the_protocol_of_its_committees_record() -> None:
    assert verify_receipt(_receipt(2), STREET.genesis).epoch == 1
    assert verify_receipt(_receipt(2, 2), STREET.genesis).epoch == 1
    assert verify_receipt(STREET.receipt_in(0), STREET.genesis).epoch == 0
    assert _refused(_receipt(1)) == "RECEIPT_PROTOCOL"
    assert _refused(_receipt(2, record=1)) == "RECEIPT_PROTOCOL"


@pytest.mark.rule("P-8.10", "P-8.3")
@pytest.mark.usefixtures("_knows_two")
@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_it_does_not_change_within_an_epoch(versions: tuple[int, int]) -> None:
    assert _refused(_receipt(*versions)) == "RECEIPT_HEADERS"


@pytest.mark.rule("P-8.10")
def test_what_a_newer_protocol_means_is_not_guessed() -> None:
    assert _refused(_receipt(2)) == "RECEIPT_VERSION"


@pytest.mark.rule("P-8.9", "P-8.10")
@pytest.mark.usefixtures("_knows_two")
def test_the_qr_text_tells_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    text = to_text(_receipt(2, 2))
    assert from_text(text, STREET.chain_id).headers == read_document(_receipt(2, 2)).headers
    assert text != to_text(_receipt(1, 1, record=1))
    monkeypatch.setattr(compact, "PROTOCOL_KNOWN", 1)
    with pytest.raises(InputFault, match="RECEIPT_VERSION"):
        from_text(text, STREET.chain_id)
