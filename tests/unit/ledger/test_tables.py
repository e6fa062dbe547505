"""Typed tables: keys in order, values as they were, no two keys alike."""

import struct

import pytest
from liandao_node.ledger.state import MemoryReader, View
from liandao_node.ledger.tables import Table
from liandao_node.wire.codec import Canonical


class Note(Canonical, frozen=True):
    text: str


notes = Table(7, 1, ("u16", 4), Note)
others = Table(7, 2, (), Note)


@pytest.fixture
def view() -> View:
    return View(MemoryReader())


@pytest.mark.rule("L-1.2")
def test_key_is_module_table_and_parts_in_big_endian() -> None:
    key = notes.key(258, b"abcd")
    assert key == b"\x07\x01\x01\x02abcd"
    assert notes.parts(key) == (258, b"abcd")
    assert others.key() == b"\x07\x02"


@pytest.mark.rule("L-1.2")
def test_order_of_keys_is_order_of_parts(view: View) -> None:
    for shop in (256, 1, 65_535, 255):
        notes.put(view, shop, b"same", value=Note(str(shop)))
    others.put(view, value=Note("not mine"))
    assert [note.text for _, note in notes.rows(view)] == ["1", "255", "256", "65535"]
    assert [parts for parts, _ in notes.first(view, 2)] == [(1, b"same"), (255, b"same")]
    assert len(notes.first(view, 9, before=(256, b"same"))) == 2


def test_what_was_put_is_got_deleted_and_gone(view: View) -> None:
    assert notes.get(view, 1, b"abcd") is None
    notes.put(view, 1, b"abcd", value=Note("x"))
    assert notes.get(view, 1, b"abcd") == Note("x")
    assert notes.has(view, 1, b"abcd")
    notes.delete(view, 1, b"abcd")
    assert not notes.has(view, 1, b"abcd")


def test_a_rolled_back_value_is_not_remembered(view: View) -> None:
    notes.put(view, 1, b"abcd", value=Note("old"))
    mark = view.mark()
    notes.put(view, 1, b"abcd", value=Note("new"))
    view.rollback(mark)
    assert notes.get(view, 1, b"abcd") == Note("old")


@pytest.mark.parametrize("part", [b"abc", b"abcde", b""])
def test_bytes_of_another_width_make_no_key(part: bytes) -> None:
    with pytest.raises(AssertionError):
        notes.key(1, part)


@pytest.mark.parametrize("number", [-1, 65_536])
def test_integers_out_of_width_make_no_key(number: int) -> None:
    with pytest.raises(struct.error):
        notes.key(number, b"abcd")
