"""The canonical codec against published MessagePack (kawanet/msgpack-test-suite).

Of the many encodings that MessagePack gives one value, the canonical one is the shortest
(P-2.1); of its types, floats, maps, extensions and timestamps are none of ours.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Final

import msgspec
import pytest
from liandao_node.errors import InputFault
from liandao_node.wire.codec import Decoder, encode

SUITE: Final = (
    Path(__file__).resolve().parents[4] / "shared/data/vectors/msgpack/msgpack-test-suite.json"
)
OURS: Final = ("nil", "binary", "number", "bignum", "string", "array")
"""Kinds of value that a canonical field may have."""

DECODERS: Final[tuple[Decoder[object], ...]] = tuple(
    Decoder(kind) for kind in (int, bytes, str, list[int], list[bytes], NoneType)
)
"""One for each type of field."""


def _cases() -> Iterator[tuple[str, dict[str, object]]]:
    if not SUITE.exists():
        pytest.skip("the published msgpack suite is not beside this repository")
    for group, cases in json.loads(SUITE.read_text(encoding="utf-8")).items():
        for case in cases:
            yield group, case


def _encodings(case: dict[str, object]) -> list[bytes]:
    listed = case["msgpack"]
    assert isinstance(listed, list)
    return [bytes.fromhex(text.replace("-", "")) for text in listed]


@pytest.mark.rule("P-2.1")
def test_of_all_encodings_of_a_value_one_is_taken() -> None:
    """T18: over-long integers, headers and counts are refused, whoever else takes them."""
    taken = refused = 0
    for group, case in _cases():
        if not any(kind in case for kind in OURS) or "float" in group:
            continue
        value = msgspec.msgpack.decode(_encodings(case)[0])
        if not _fits(value):
            continue
        canonical = encode(value)
        assert canonical in _encodings(case), (group, case)
        for raw in _encodings(case):
            answers = [_answer(decode, raw) for decode in DECODERS]
            if raw == canonical:
                assert value in answers
                taken += 1
            else:
                assert answers == ["refused"] * len(DECODERS), raw.hex()
                refused += 1
    assert taken >= 35
    assert refused >= 80


def _fits(value: object) -> bool:
    """Whether a field may hold it; of lists, those of numbers."""
    if isinstance(value, list):
        return all(isinstance(item, int) for item in value)
    return value is None or isinstance(value, int | str | bytes)


def _answer(decode: Decoder[object], raw: bytes) -> object:
    try:
        return decode(raw)
    except InputFault:
        return "refused"


@pytest.mark.rule("P-2.1")
@pytest.mark.parametrize("kind", ["bool", "float", "map", "timestamp", "ext"])
def test_a_type_that_is_none_of_ours_is_refused_in_every_encoding(kind: str) -> None:
    refused = 0
    for group, case in _cases():
        if kind not in group:
            continue
        for raw in _encodings(case):
            for data in (raw, b"\x91" + raw):
                assert {_answer(decode, data) for decode in DECODERS} == {"refused"}
            refused += 1
    assert refused >= 2


@pytest.mark.parametrize(
    "raw", [b"\xc1", b"\xcb\x7f\xf8" + bytes(6), b"\xcb\x80" + bytes(7), b"\xca\x7f\xc0\0\0"]
)
def test_the_unused_byte_nan_and_minus_zero_are_refused(raw: bytes) -> None:
    """T18; the tests run without the published suite, too."""
    for data in (raw, b"\x91" + raw):
        assert {_answer(decode, data) for decode in DECODERS} == {"refused"}
