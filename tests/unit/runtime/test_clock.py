"""Street time is the median of the street's clocks (D-15)."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from liandao_node.runtime.clock import StreetClock
from liandao_node.types import Millis, ShopId


@dataclass
class Ticks:
    ms: int = 1_000

    def __call__(self) -> Millis:
        return Millis(self.ms)


def _clock(wall_ms: int) -> tuple[StreetClock, Ticks]:
    ticks = Ticks()
    return StreetClock(lambda: Millis(wall_ms), ticks), ticks


def test_alone_the_street_has_this_computers_time() -> None:
    clock, ticks = _clock(50_000)
    assert (clock.street_ms(), clock.skew_ms) == (50_000, 0)
    ticks.ms += 250
    assert clock.street_ms() == 50_250


def test_a_wrong_clock_follows_the_street() -> None:
    clock, _ = _clock(360_000)  # six minutes fast
    for shop in (1, 2, 3):
        clock.heard(ShopId(shop), Millis(0))
    assert clock.skew_ms == 360_000
    assert clock.street_ms() == 0


def test_one_liar_among_four_moves_nothing_out_of_the_honest_range() -> None:
    clock, _ = _clock(100_000)
    clock.heard(ShopId(1), Millis(100_010))
    clock.heard(ShopId(2), Millis(100_020))
    clock.heard(ShopId(3), Millis(10**12))
    assert 100_000 <= clock.street_ms() <= 100_020
    clock.heard(ShopId(3), Millis(0))
    assert 100_000 <= clock.street_ms() <= 100_020


def test_a_seat_that_left_no_longer_counts() -> None:
    clock, _ = _clock(0)
    clock.heard(ShopId(1), Millis(9_000))
    clock.heard(ShopId(2), Millis(9_000))
    assert clock.street_ms() == 9_000
    clock.forget(ShopId(1))
    clock.forget(ShopId(2))
    assert clock.street_ms() == 0


@given(st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=12), st.data())
def test_fewer_liars_than_honest_cannot_move_the_street(
    honest: list[int], data: st.DataObject
) -> None:
    """f < n/3 is far fewer; the own clock (0) is honest too."""
    clock, _ = _clock(0)
    for at, offset in enumerate(honest):
        clock.heard(ShopId(at + 1), Millis(offset))
    for at in range(data.draw(st.integers(0, len(honest) // 2))):
        lie = data.draw(st.integers(-(10**15), 10**15))
        clock.heard(ShopId(100 + at), Millis(lie))
    assert min([0, *honest]) <= clock.street_ms() <= max([0, *honest])
