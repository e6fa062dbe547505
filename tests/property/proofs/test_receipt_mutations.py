"""No receipt with a changed byte passes, and the verifier's tree is the node's tree."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.crypto import merkle
from liandao_node.errors import InputFault
from liandao_node.proofs.document import tree_root
from liandao_node.proofs.receipt import build_receipt
from liandao_node.proofs.statements import utc
from liandao_node.proofs.verifier import verify_receipt
from support.receipts import Street, sale

STREET = Street(4)


def _receipt() -> str:
    entries = [sale(number) for number in range(3)]
    headers = STREET.chain(entries, 2)
    certificate = STREET.certificate(headers[-1], [0, 2, 3], seq=13)
    return build_receipt(entries[1], entries, headers, certificate)


RECEIPT = _receipt()


def test_the_unchanged_receipt_passes() -> None:
    """Also when this module has taken it apart and put it together as it does below."""
    assert verify_receipt(RECEIPT, STREET.genesis).height == 12
    assert json.dumps(json.loads(RECEIPT), indent=1) + "\n" == RECEIPT


def _refused(document: str) -> bool:
    try:
        verify_receipt(document, STREET.genesis)
    except InputFault as fault:
        return fault.code.startswith("RECEIPT_")
    return False


def test_no_byte_can_be_changed() -> None:
    """Every position, with its last bit, its case and a digit: also where it is but a blank."""
    passed = [
        (at, other)
        for at, letter in enumerate(RECEIPT)
        for other in {chr(ord(letter) ^ 1), letter.swapcase(), "0", " "} - {letter}
        if not _refused(RECEIPT[:at] + other + RECEIPT[at + 1 :])
    ]
    assert passed == []


def test_no_byte_can_be_left_out_or_doubled() -> None:
    passed = []
    for at, letter in enumerate(RECEIPT):
        before, after = RECEIPT[:at], RECEIPT[at + 1 :]
        passed += [at for middle in ("", letter * 2) if not _refused(before + middle + after)]
    assert passed == []


@settings(max_examples=300)
@given(st.data())
def test_no_value_can_be_another(data: st.DataObject) -> None:
    """Changes inside the bytes that the hex stands for, and of the numbers."""
    tree = json.loads(RECEIPT)
    name = data.draw(st.sampled_from(["entry", "chain_id", "path", "headers", "signatures"]))
    if name in ("entry", "chain_id"):
        tree[name] = _other(data, tree[name])
    elif name == "signatures":
        signature = data.draw(st.sampled_from(tree["certificate"]["signatures"]))
        signature[1] = _other(data, signature[1])
    else:
        at = data.draw(st.integers(0, len(tree[name]) - 1))
        tree[name][at] = _other(data, tree[name][at])
    assert _refused(json.dumps(tree, indent=1) + "\n")


def _other(data: st.DataObject, text: str) -> str:
    """Hex of the same bytes with one changed."""
    content = bytearray.fromhex(text)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    return content.hex()


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
def test_two_trees_written_apart_agree(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.inclusion_path(leaves, index)
    assert tree_root(leaves[index], index, len(leaves), path) == merkle.root(leaves)


@given(
    st.binary(max_size=8),
    st.integers(-2, 80),
    st.integers(-2, 80),
    st.lists(st.binary(min_size=32, max_size=32), max_size=9),
)
def test_two_trees_written_apart_refuse_alike(
    leaf: bytes, index: int, size: int, path: list[bytes]
) -> None:
    theirs = merkle.root_from_path(merkle.leaf_hash(leaf), index, size, path)
    assert tree_root(leaf, index, size, path) == theirs


@given(st.integers(0, 13_569_465_600))
def test_dates_are_those_of_the_calendar(second: int) -> None:
    """Up to the year 2400."""
    moment = datetime.fromtimestamp(second, UTC)
    assert utc(second * 1000) == moment.strftime("%Y-%m-%d %H:%M:%S UTC")
