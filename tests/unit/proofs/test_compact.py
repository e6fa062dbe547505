"""A receipt fits one QR code and comes back out of it as it was (P-8.9)."""

import json
from collections.abc import Callable

import pytest
from liandao_node.cli.receipt_qr import PAPER_VERSION, receipt_qr, told
from liandao_node.errors import InputFault
from liandao_node.proofs.compact import (
    PREFIX,
    TEXT_CHARS_MAX,
    base45,
    from_text,
    to_text,
    unbase45,
)
from liandao_node.proofs.document import read_document, written
from liandao_node.proofs.receipt import build_handovers, build_receipt
from liandao_node.proofs.verifier import verify_receipt
from support.receipts import Street, sale

STREET = Street(4)
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(InputFault) as caught:
        work()
    return caught.value.code


def receipt(street: Street, *, calls: int = 1, blocks: int = 1, entry: int = 0) -> str:
    entries = [sale(number) for number in range(calls)]
    headers = street.chain(entries, blocks)
    seats = list(range((len(street.keys) + (len(street.keys) - 1) // 3) // 2 + 1))
    certificate = street.certificate(headers[-1], seats, seq=11 + blocks)
    return build_receipt(entries[entry], entries, headers, certificate)


@pytest.mark.rule("P-8.9")
@pytest.mark.parametrize("blocks", [1, 2, 4])
@pytest.mark.parametrize("calls", [1, 2, 3, 7, 64, 65])
def test_it_comes_back_as_it_was(calls: int, blocks: int) -> None:
    for entry in {0, calls // 2, calls - 1}:
        document = receipt(STREET, calls=calls, blocks=blocks, entry=entry)
        text = to_text(document)
        assert text.startswith(PREFIX)
        assert set(text) <= ALPHANUMERIC
        assert written(from_text(text, STREET.chain_id)) == document
        again = verify_receipt(text, STREET.genesis)
        assert again == verify_receipt(document, STREET.genesis)


@pytest.mark.rule("P-8.9")
def test_hand_overs_stay_behind_and_are_fetched_separately() -> None:
    text = to_text(STREET.receipt_in(30))
    assert text == to_text(STREET.receipt_in(30, short=True))
    assert code_of(lambda: verify_receipt(text, STREET.genesis)) == "RECEIPT_EPOCH"
    file = build_handovers(STREET.chain_id, STREET.handovers(30))
    assert verify_receipt(text, STREET.genesis, handovers=file).epoch == 30


@pytest.mark.rule("P-8.9")
@pytest.mark.parametrize("epoch", [0, 30, 365])
def test_a_street_of_four_prints_it_on_narrow_paper(epoch: int) -> None:
    """With a sale among 32 of its block and a customer's card on it."""
    entries = [sale(number) for number in range(32)]
    header = STREET.header(epoch * 100 + 11, b"p" * 32, entries, epoch=epoch)
    certificate = STREET.certificate(header, [0, 1, 2], seq=epoch * 100 + 11, epoch=epoch)
    code = receipt_qr(build_receipt(entries[9], entries, [header], certificate))
    assert int(code.version) <= PAPER_VERSION
    assert code.mode == "alphanumeric"
    assert "58 mm" in told(code)


@pytest.mark.rule("P-8.9")
def test_a_street_of_nineteen_needs_wider_paper_only_for_deep_trees() -> None:
    street = Street(19)
    assert int(receipt_qr(receipt(street)).version) <= PAPER_VERSION
    wide = receipt_qr(receipt(street, calls=2_000, blocks=4))
    assert int(wide.version) > PAPER_VERSION
    assert "80 mm" in told(wide)


def test_what_no_code_holds_is_said() -> None:
    street = Street(60)
    long = receipt(street, calls=2_000, blocks=4)
    assert code_of(lambda: receipt_qr(long)) == "RECEIPT_QR_LONG"


def test_a_receipt_whose_parts_do_not_fit_is_not_made_shorter() -> None:
    tree = json.loads(receipt(STREET, calls=3))
    tree["path"][0] = "00" * 32
    document = json.dumps(tree, indent=1, ensure_ascii=False) + "\n"
    read_document(document)
    assert code_of(lambda: to_text(document)) == "RECEIPT_MALFORMED"


@pytest.mark.parametrize(
    "text",
    [
        PREFIX,
        PREFIX + "0",
        PREFIX + "00",
        PREFIX + "???",
        PREFIX + ":::",
        PREFIX + "000" * 20,
        PREFIX + "0" * TEXT_CHARS_MAX,
        PREFIX + "é00",
    ],
)
def test_what_is_no_receipt_is_named(text: str) -> None:
    assert code_of(lambda: verify_receipt(text, STREET.genesis)) == "RECEIPT_QR_BAD"


def test_a_code_of_another_street_is_named() -> None:
    text = to_text(receipt(Street(4, "Other Street")))
    assert code_of(lambda: verify_receipt(text, STREET.genesis)) == "RECEIPT_OTHER_STREET"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("BB8", b"AB"),
        ("%69 VD92EX0", b"Hello!!"),
        ("UJCLQE7W581", b"base-45"),
        ("QED8WEX0", b"ietf!"),
    ],
)
def test_base45_is_that_of_the_rfc(text: str, data: bytes) -> None:
    """The examples of RFC 9285 section 4."""
    assert base45(data) == text
    assert unbase45(text) == data
