"""Scanner or person: a scan is never torn, a person's key is never swallowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_app.devices.burst import (
    ANNOUNCED_GAP_MS_MAX,
    GAP_MS_MAX,
    SCAN_CHARS_MAX,
    Act,
    BurstReader,
)

CARD = "LD1:C:" + "7ZK" * 17 + "42"


class Hands:
    """Feeds a reader and keeps what came through, as a field and a till would."""

    def __init__(self, reader: BurstReader) -> None:
        self.reader = reader
        self.at_ms = 0
        self.field = ""
        self.before = ""
        self.kept = ""
        self.scans: list[str] = []

    def strike(self, key: str, gap_ms: int) -> None:
        self.at_ms += gap_ms
        if key == "\n":
            reading = self.reader.end(self.at_ms)
        elif key == "F5":
            reading = self.reader.other()
        else:
            reading = self.reader.char(key, self.at_ms)
        if reading.play_kept:
            self.field += self.kept
            self.kept = ""
        if reading.begins:
            self.before = self.field
        if reading.act is Act.KEEP:
            self.kept += key
        elif reading.act is Act.SCAN:
            self.field, self.kept = self.before, ""
            self.scans.append(reading.payload)
        else:
            self.field += key

    def strike_all(self, keys: str, gap_ms: int) -> None:
        for key in keys:
            self.strike(key, gap_ms)

    def give_up(self) -> None:
        if self.reader.give_up():
            self.field += self.kept
            self.kept = ""


@pytest.mark.parametrize("gap_ms", [0, 1, 5, 15, GAP_MS_MAX])
@pytest.mark.parametrize("payload", [CARD, "40170001", "4006381333931"])
def test_a_burst_is_one_scan_and_leaves_the_field_as_it_was(payload: str, gap_ms: int) -> None:
    hands = Hands(BurstReader())
    hands.strike_all("2350", 150)
    hands.at_ms += 400
    hands.strike_all(payload + "\n", gap_ms)
    assert hands.scans == [payload]
    assert hands.field == "2350"


def test_two_scans_in_a_row_are_two() -> None:
    hands = Hands(BurstReader())
    hands.strike_all(CARD + "\n", 3)
    hands.strike_all("40170001\n", 3)
    assert hands.scans == [CARD, "40170001"]
    assert hands.field == ""


def test_a_code_of_ours_is_a_scan_even_when_the_scanner_stutters() -> None:
    hands = Hands(BurstReader())
    hands.strike_all(CARD + "\n", ANNOUNCED_GAP_MS_MAX)
    assert hands.scans == [CARD]
    assert hands.field == ""


def test_a_programmed_prefix_and_suffix_are_stripped() -> None:
    """The prefix is no part of the code."""
    for prefix, suffix in (("\x02", "\x03"), ("*", ""), ("9!", "#")):
        hands = Hands(BurstReader(prefix, suffix))
        hands.strike_all(prefix + "40170001" + suffix + "\n", 80)
        assert hands.scans == ["40170001"]
        assert hands.field == ""


def test_enter_after_digits_at_a_persons_pace_is_no_scan() -> None:
    hands = Hands(BurstReader())
    hands.strike_all("23501234\n", 80)
    assert hands.scans == []
    assert hands.field == "23501234\n"


def test_a_short_burst_is_a_persons() -> None:
    """Two keys struck at once, with Enter right behind them."""
    hands = Hands(BurstReader())
    hands.strike_all("235\n", 10)
    assert hands.scans == []
    assert hands.field == "235\n"


def test_another_key_ends_a_burst_and_plays_it() -> None:
    hands = Hands(BurstReader())
    hands.strike_all("23", 10)
    hands.strike("F5", 10)
    assert hands.field == "23F5"


def test_an_endless_burst_is_let_go() -> None:
    hands = Hands(BurstReader())
    hands.strike_all("L" + "D" * (2 * SCAN_CHARS_MAX), 1)
    assert len(hands.kept) <= SCAN_CHARS_MAX
    hands.give_up()
    assert len(hands.field) == 2 * SCAN_CHARS_MAX + 1


@given(st.lists(st.tuples(st.sampled_from("0123456789.\n"), st.integers(0, 400)), max_size=40))
def test_whatever_a_person_types_arrives_in_order_or_was_a_scan(
    keys: list[tuple[str, int]],
) -> None:
    """Only six digits and Enter within 30 ms of each other are ever used up."""
    hands = Hands(BurstReader())
    for key, gap_ms in keys:
        hands.strike(key, gap_ms)
    hands.give_up()
    typed = "".join(key for key, _ in keys)
    if not hands.scans:
        assert hands.field == typed
    for payload in hands.scans:
        assert len(payload) >= 6
        assert payload in typed


@given(st.text("0123456789", max_size=20), st.integers(GAP_MS_MAX + 1, 2_000))
def test_digits_slower_than_a_scanner_show_at_once(digits: str, gap_ms: int) -> None:
    hands = Hands(BurstReader())
    for number, digit in enumerate(digits):
        hands.strike(digit, gap_ms)
        assert hands.field == digits[: number + 1]
