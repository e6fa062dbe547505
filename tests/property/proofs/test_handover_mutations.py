"""No hand-over, trusted committee or QR code with a changed part passes."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.errors import InputFault
from liandao_node.proofs.compact import PREFIX, base45, to_text, unbase45
from liandao_node.proofs.handovers import Trusted
from liandao_node.proofs.receipt import build_handovers
from liandao_node.proofs.verifier import verify_handovers, verify_receipt
from support.receipts import Street

STREET = Street(4)
EPOCH = 2
RECEIPT = STREET.receipt_in(EPOCH)
TEXT = to_text(RECEIPT)
HANDOVERS = build_handovers(STREET.chain_id, STREET.handovers(EPOCH))
FOLLOWED = verify_handovers(HANDOVERS, STREET.genesis)
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


TRUSTED = Trusted(FOLLOWED.trust, FOLLOWED.since_ms)


def refused(document: str, handovers: str = "", trusted: Trusted | None = None) -> bool:
    try:
        verify_receipt(document, STREET.genesis, handovers=handovers, trusted=trusted)
    except InputFault as fault:
        return fault.code.startswith("RECEIPT_")
    return False


def test_unchanged_they_pass() -> None:
    assert not refused(RECEIPT)
    assert not refused(TEXT, HANDOVERS)
    assert not refused(TEXT, trusted=TRUSTED)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_no_letter_of_a_receipt_with_hand_overs_can_be_changed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(RECEIPT) - 1))
    other = data.draw(st.sampled_from('0123456789abcdef", []{}:\n').filter(RECEIPT[at].__ne__))
    assert refused(RECEIPT[:at] + other + RECEIPT[at + 1 :])


def test_no_symbol_of_the_qr_text_can_be_changed_left_out_or_doubled() -> None:
    passed = []
    for at, symbol in enumerate(TEXT):
        before, after = TEXT[:at], TEXT[at + 1 :]
        other = SYMBOLS[(SYMBOLS.index(symbol) + 1 + at % 44) % 45]
        forms = [before + other + after]
        if at % 7 == 0:
            forms += [before + after, TEXT[: at + 1] + TEXT[at:]]
        passed += [
            (at, form) for form in forms if form != TEXT and not refused(form, trusted=TRUSTED)
        ]
    assert passed == []


def test_no_bit_of_the_bytes_in_the_qr_text_can_be_changed() -> None:
    """Of each third byte another one, and all of the numbers at the head."""
    data = unbase45(TEXT.removeprefix(PREFIX))
    bits = [*range(8 * 20), *(8 * at + at % 8 for at in range(20, len(data), 3))]
    forms = {bit: PREFIX + base45(_flipped(data, bit)) for bit in bits}
    assert [bit for bit, form in forms.items() if not refused(form, trusted=TRUSTED)] == []


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(st.text(SYMBOLS, max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    assert refused(PREFIX + text, HANDOVERS)


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to everything in a JSON tree that is no list and no object."""
    match tree:
        case dict():
            for key, value in tree.items():
                yield from _leaves(value, (*path, key))
        case list():
            for at, value in enumerate(tree):
                yield from _leaves(value, (*path, at))
        case _:
            yield path


def _put(tree: Any, path: tuple[Any, ...], value: object) -> object:
    for step in path[:-1]:
        tree = tree[step]
    old = tree[path[-1]]
    tree[path[-1]] = value
    return old


def _others(value: object) -> list[object]:
    """Values of the same kind that differ a little."""
    if isinstance(value, int):
        return [value + 1, value - 1, 2**62 + 1]
    assert isinstance(value, str)
    letters = [at for at in (0, len(value) // 2, len(value) - 1) if value]
    changed = [f"{value[:at]}{int(value[at], 16) ^ 1:x}{value[at + 1 :]}" for at in letters]
    return [*changed, value[:-2], value + "00", ""]


def test_no_field_of_a_file_of_hand_overs_can_be_changed() -> None:
    tree = json.loads(HANDOVERS)
    paths = list(_leaves(tree))
    assert len(paths) > 20, "the walk finds nothing"
    passed = []
    for path in paths:
        old = _put(tree, path, None)
        for other in _others(old):
            _put(tree, path, other)
            if not refused(TEXT, json.dumps(tree)):
                passed.append((path, other))
        _put(tree, path, old)
    assert passed == []
    assert not refused(TEXT, json.dumps(tree))


def test_no_field_of_a_trusted_committee_can_be_changed_but_its_age() -> None:
    """Held against hand-overs from the genesis file. The age is its owner's own word."""
    tree = json.loads(FOLLOWED.trust)
    passed = set()
    for path in _leaves(tree):
        old = _put(tree, path, None)
        for other in _others(old):
            _put(tree, path, other)
            trusted = Trusted(json.dumps(tree), FOLLOWED.since_ms)
            if not refused(TEXT, HANDOVERS, trusted):
                passed.add(path)
        _put(tree, path, old)
    assert passed == {("time_ms",)}


@given(st.permutations(range(5)), st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_only_the_true_order_leads_on(order: list[int], count: int) -> None:
    handovers = STREET.handovers(5)
    chosen = [handovers[at] for at in order[:count]]
    file = build_handovers(STREET.chain_id, chosen)
    try:
        verify_handovers(file, STREET.genesis)
        held = True
    except InputFault:
        held = False
    assert held == (order[:count] == list(range(count)))
