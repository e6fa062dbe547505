"""No bytes of others bring a reader down, and one value has one form (P-2.1, P-2.5; T18, T39).

Hypothesis plays the stranger; the readers and what they may raise are `support.fuzz_targets`.
"""

import tracemalloc
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.errors import InputFault
from liandao_node.limits import COMMITTEE_SEATS_MAX, FRAME_BYTES_MAX
from liandao_node.wire.codec import NUMBER_MAX, encode
from liandao_node.wire.messages import decode_message
from support.consensus_forms import GENESIS, commit, lock, make_block, status, view_change
from support.fuzz_seeds import valid_inputs
from support.fuzz_targets import DECODERS, TARGETS, type_of
from support.wire_values import NASTY, NONE_OF_OURS, members_of, mutated

CANONICAL = sorted(DECODERS)
BLOCK = make_block(GENESIS, 1, 0, [b"sale"])


@pytest.mark.parametrize("name", sorted(TARGETS))
@given(data=st.binary(max_size=400))
@settings(max_examples=30)
def test_any_bytes_get_a_named_answer(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.rule("P-2.1")
@pytest.mark.parametrize("name", sorted(TARGETS))
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_nearly_right_bytes_get_a_named_answer(name: str, chance: Random) -> None:
    """Right inputs with one to three lies in them; what still decodes is its own encoding."""
    for raw in valid_inputs(name, chance)[:20]:
        TARGETS[name](mutated(raw, chance))


@pytest.mark.rule("P-2.1")
@pytest.mark.parametrize("name", CANONICAL)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_what_is_encoded_comes_back_and_nothing_may_follow_it(name: str, chance: Random) -> None:
    decode = DECODERS[name]
    for raw in valid_inputs(name, chance):
        assert encode(decode(raw)) == raw
        for changed in (raw + b"\0", raw + raw, raw[:-1], b"\x91" + raw):
            assert _refused(decode, changed)


def _refused(decode: Callable[[bytes], object], data: bytes) -> bool:
    try:
        decode(data)
    except InputFault as fault:
        return fault.code in ("MALFORMED", "NOT_CANONICAL")
    return False


# --- every place of every message, with everything that does not belong there ---


def _places(tree: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield path
    if isinstance(tree, list):
        for at, part in enumerate(tree):
            yield from _places(part, (*path, at))


def _with(tree: Any, path: tuple[int, ...], other: object) -> Any:
    if not path:
        return other
    at, *rest = path
    return [*tree[:at], _with(tree[at], tuple(rest), other), *tree[at + 1 :]]


@pytest.mark.rule("P-2.1")
@pytest.mark.parametrize("name", CANONICAL)
def test_floats_maps_extensions_and_truth_values_are_refused_in_every_place(name: str) -> None:
    """T18, also NaN, minus zero, timestamps."""
    decode = DECODERS[name]
    kinds = [msgspec.inspect.type_info(kind) for kind in members_of(type_of(decode))]
    truths = "BoolType" in repr(kinds)
    for raw in valid_inputs(name, Random(7)):
        tree = msgspec.msgpack.decode(raw)
        for path in _places(tree):
            for other in NONE_OF_OURS:
                if isinstance(other, bool) and truths:
                    continue
                assert _refused(decode, msgspec.msgpack.encode(_with(tree, path, other))), path


@pytest.mark.rule("P-2.5")
@pytest.mark.parametrize("number", [NUMBER_MAX + 1, 2**63 - 1, 2**63, 2**64 - 1, -2, -(2**63)])
@pytest.mark.parametrize("kind", ["commit", "view-change", "status", "block"])
def test_views_heights_and_times_beyond_the_bounds_are_refused(kind: str, number: int) -> None:
    """T39: a member sends 2^63."""
    cases: dict[str, tuple[object, list[tuple[int, ...]]]] = {
        "commit": (commit(1, 0, BLOCK), [(1,), (2,), (3,)]),
        "view-change": (view_change(1, 2, lock(0, BLOCK)), [(1,), (2,), (4, 1), (4, 2), (4, 3)]),
        "status": (status(0), [(1,), (2,), (3,), (4,), (7,), (8,)]),
        "block": (BLOCK, [(0, 0), (0, 2), (0, 3), (0, 8), (0, 9), (0, 11)]),
    }
    message, places = cases[kind]
    decode = DECODERS["decode_block" if kind == "block" else "decode_message"]
    tree = msgspec.msgpack.decode(encode(message))
    assert decode(encode(tree)) == message
    for path in places:
        assert _refused(decode, encode(_with(tree, path, number))), path


# --- time and memory ---


def _peak_bytes(read: Callable[[bytes], object], data: bytes) -> int:
    tracemalloc.start()
    try:
        read(data)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


@pytest.mark.rule("P-2.5")
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_length_that_lies_costs_nothing(name: str) -> None:
    """Counts of four billion, with nothing behind them; lists in lists to any depth."""
    chance = Random(5)
    for raw in valid_inputs(name, chance):
        at = chance.randrange(len(raw))
        for token in (*NASTY, b"\x91" * 60_000, b"\xdd\0\0\0\1" * 20_000):
            data = raw[:at] + token
            assert _peak_bytes(TARGETS[name], data) < 2**20 + 16 * len(data)


_EMPTY_HEADER = [1, b"", 0, 1, b"", b"", b"", b"", 1, 1, 0, 0, b""]


@pytest.mark.rule("P-2.5")
@pytest.mark.parametrize(
    "message",
    [
        [11, [[[_EMPTY_HEADER, []], None]] * (FRAME_BYTES_MAX // 25)],
        [6, 0, 1, [[5, 0, 1, 0, None, None, b""]] * (FRAME_BYTES_MAX // 10), b""],
        [12, [b""] * (FRAME_BYTES_MAX // 3)],
        [7, 0, 0, 0, 0, b"", [2, 0, 0, 1, b"", 1, [b""] * (FRAME_BYTES_MAX // 3)], 0, 0],
        [9, [_EMPTY_HEADER, [b""] * (FRAME_BYTES_MAX // 3)]],
    ],
    ids=["range", "new-view", "requests", "certificate", "body"],
)
def test_a_full_frame_of_tiny_parts_is_refused_by_its_count(message: list[object]) -> None:
    """T39: each was read to its end once, 32 MiB of objects and a quarter of a second each."""
    frame = msgspec.msgpack.encode(message)
    assert FRAME_BYTES_MAX // 2 < len(frame) <= FRAME_BYTES_MAX
    assert _refused(decode_message, frame)
    assert _peak_bytes(lambda data: _refused(decode_message, data), frame) < 2**16


@pytest.mark.rule("P-2.5")
@pytest.mark.parametrize("size", [65, FRAME_BYTES_MAX // 2])
def test_a_vote_carries_no_more_than_a_signature(size: int) -> None:
    """T39: votes are kept unchecked (P-4.5). Sixty-four of them with a megabyte each in place
    of a signature would be kept, too."""
    good = commit(1, 0, BLOCK)
    for place in (4, 5):
        tree = msgspec.msgpack.decode(encode(good))
        assert _refused(decode_message, encode(_with(tree, (place,), bytes(size))))


def test_no_certificate_has_more_signatures_than_a_committee_has_seats() -> None:
    good = lock(0, BLOCK, range(COMMITTEE_SEATS_MAX))
    assert DECODERS["decode_certificate"](encode(good)) == good
    tree = msgspec.msgpack.decode(encode(good))
    assert _refused(DECODERS["decode_certificate"], encode(_with(tree, (6,), [*tree[6], b""])))
