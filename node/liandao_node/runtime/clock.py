"""Street time (D-15): this node's monotonic clock, put right by the median of the street.

Shop PCs have wrong clocks every week. Heartbeats carry each seat's own clock; the median of
all seats cannot be moved out of the honest range by f liars. The wall clock is read once, at
start: a jump of it later moves nothing.
"""

import time
from collections.abc import Callable
from statistics import median_low

from liandao_node.types import Millis, ShopId


def monotonic_ms() -> Millis:
    return Millis(time.monotonic_ns() // 1_000_000)


def wall_ms() -> Millis:
    return Millis(time.time_ns() // 1_000_000)


class StreetClock:
    """Own clock and street time, in milliseconds since the Unix epoch."""

    def __init__(
        self,
        wall: Callable[[], Millis] = wall_ms,
        monotonic: Callable[[], Millis] = monotonic_ms,
    ) -> None:
        self._monotonic = monotonic
        self._start_ms = wall() - monotonic()
        self._offsets: dict[ShopId, int] = {}

    def own_ms(self) -> Millis:
        """This computer's clock, as it stood at start and ran since."""
        return Millis(self._start_ms + self._monotonic())

    def heard(self, shop: ShopId, clock_ms: Millis) -> None:
        """A seat told its own clock just now."""
        self._offsets[shop] = clock_ms - self.own_ms()

    def forget(self, shop: ShopId) -> None:
        """The seat is away; its clock no longer counts."""
        self._offsets.pop(shop, None)

    @property
    def skew_ms(self) -> int:
        """Own clock minus street time: positive when this computer is fast."""
        return -median_low([0, *self._offsets.values()])

    def street_ms(self) -> Millis:
        return Millis(self.own_ms() - self.skew_ms)
