"""A view over any layers behaves as one dictionary with savepoints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.ledger.state import MemoryReader, View, accumulate, recompute

KEYS = st.binary(min_size=1, max_size=2).map(lambda key: bytes(b & 3 for b in key))
VALUES = st.binary(max_size=2)
LAYERS = st.lists(st.dictionaries(KEYS, st.none() | VALUES, max_size=6), max_size=4)
WRITES = st.lists(st.tuples(KEYS, st.none() | VALUES), max_size=12)


def _flat(base: dict[bytes, bytes], layers: list[dict[bytes, bytes | None]]) -> dict[bytes, bytes]:
    whole: dict[bytes, bytes | None] = dict(base)
    for layer in layers:
        whole.update(layer)
    return {key: value for key, value in whole.items() if value is not None}


def _write(view: View, writes: list[tuple[bytes, bytes | None]]) -> None:
    for key, value in writes:
        if value is None:
            view.delete(key)
        else:
            view.put(key, value)


@pytest.mark.rule("L-1.1")
@pytest.mark.rule("L-1.3")
@given(
    st.dictionaries(KEYS, VALUES, max_size=8),
    LAYERS,
    WRITES,
    WRITES,
    KEYS,
    KEYS,
    st.integers(0, 6),
)
def test_view_is_a_dictionary(
    base: dict[bytes, bytes],
    layers: list[dict[bytes, bytes | None]],
    kept: list[tuple[bytes, bytes | None]],
    undone: list[tuple[bytes, bytes | None]],
    first: bytes,
    end: bytes,
    limit: int,
) -> None:
    before = _flat(base, layers)
    after = _flat(before, [dict(kept)])
    view = View(MemoryReader(base), layers)
    _write(view, kept)
    mark = view.mark()
    _write(view, undone)
    view.rollback(mark)
    assert {key: view.get(key) for key in after} == after
    rows = sorted((key, value) for key, value in after.items() if first <= key < end)
    assert view.scan(first, end, limit) == rows[:limit]
    deltas = list(view.deltas())
    assert {d.key for d in deltas} == {
        key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
    }
    start = recompute(MemoryReader(before))
    assert accumulate(start, deltas) == recompute(MemoryReader(after))
