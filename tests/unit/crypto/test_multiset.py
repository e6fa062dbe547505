"""The additive multiset hash: vectors of ADR 0001 and the laws that the state root needs."""

from hashlib import sha256, shake_256

import pytest
from liandao_node.crypto import multiset

RECORDS = [(b"a", b"1"), (b"b", b"2"), (b"c", b""), (b"", b"x")]


def _sum(records: list[tuple[bytes, bytes]]) -> int:
    total = multiset.EMPTY
    for key, value in records:
        total = multiset.add(total, key, value)
    return total


@pytest.mark.rule("L-9.3")
@pytest.mark.parametrize(
    ("records", "digest"),
    [
        ([], "ae8cb394f6480db9c38716e1a5f7d5589ab402007f49d1e80ec67288a50ed07b"),
        ([(b"", b"")], "0a9641a49108c406d87d6eb9946fdc5ea20d951a07decc76d182de839319cb2d"),
        ([(b"key", b"value")], "ff41280aabdbcdaea772df8b4bfbf02e34eccfa9e1023c5dcc643da0f1035823"),
        (
            [(b"key", b"value"), (b"\x00\x01", b"\xff" * 300)],
            "b37c906fa21b8b97f1d7460b4b59317614b0d471f97bd4a6cea30adbe57e3427",
        ),
    ],
)
def test_vectors(records: list[tuple[bytes, bytes]], digest: str) -> None:
    assert multiset.digest(_sum(records)).hex() == digest


@pytest.mark.rule("L-9.3")
def test_element_is_as_the_decision_describes_it() -> None:
    expanded = shake_256(b"liandao/record/1\0" + b"\0\0\0\3" + b"keyvalue").digest(512)
    assert multiset.element(b"key", b"value") == int.from_bytes(expanded, "big")
    total = multiset.element(b"key", b"value")
    digest = sha256(b"liandao/state/1\0" + total.to_bytes(512, "big")).digest()
    assert multiset.digest(total) == digest


def test_order_does_not_matter() -> None:
    assert _sum(RECORDS) == _sum(RECORDS[::-1])


def test_a_removed_record_leaves_no_trace() -> None:
    with_all = _sum(RECORDS)
    without = multiset.remove(with_all, *RECORDS[1])
    assert without == _sum([RECORDS[0], *RECORDS[2:]])
    assert multiset.remove(multiset.EMPTY, b"a", b"1") == -multiset.element(b"a", b"1") % 2**4096


def test_sum_stays_below_the_modulus() -> None:
    total = multiset.MASK
    assert 0 <= multiset.add(total, b"a", b"1") <= multiset.MASK


@pytest.mark.parametrize(
    ("one", "other"),
    [((b"ab", b"c"), (b"a", b"bc")), ((b"a", b""), (b"", b"a")), ((b"a", b"b"), (b"b", b"a"))],
)
def test_key_and_value_do_not_flow_together(
    one: tuple[bytes, bytes], other: tuple[bytes, bytes]
) -> None:
    assert multiset.element(*one) != multiset.element(*other)


def test_the_same_record_twice_is_not_nothing() -> None:
    """As an exclusive-or would have it."""
    assert _sum([RECORDS[0]] * 2) not in (multiset.EMPTY, _sum([RECORDS[0]]))
