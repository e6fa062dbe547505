"""Room on the disk: below a mark the seat stops voting, above another it goes on (P-6.6).

A vote that cannot be made durable must not be given, and a disk that fills up fills up for
everybody on it. So the seat steps back while there is still room for the orderly way, and
returns by itself.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import trio

from liandao_node.limits import DISK_ENOUGH_BYTES, DISK_LOW_BYTES

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write to the disk of ``folder``."""
    return shutil.disk_usage(folder).free


class DiskWatch:
    """Watches the free room of the data directory, and what the stores say of it."""

    def __init__(
        self,
        folder: Path,
        *,
        on_change: Callable[[bool], None],
        retry: Callable[[], bool],
        refusals: Callable[[], int],
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        """``on_change`` hears whether the disk is low. ``retry`` writes what had to wait and
        says whether all of it went; ``refusals`` counts what stores have told of a full disk.
        """
        self.low = False
        self._folder = folder
        self._on_change = on_change
        self._retry = retry
        self._refusals = refusals
        self._refused = 0
        self._free = free

    def full(self) -> None:
        """A store found no room."""
        self._set(low=True)

    def look(self) -> None:
        """Compares the free room with the marks. Called every `LOOK_S`."""
        free = self._free(self._folder)
        refused, self._refused = self._refused, self._refusals()
        if free < DISK_LOW_BYTES or self._refused > refused:
            self._set(low=True)
        elif self.low and free >= DISK_ENOUGH_BYTES and self._retry():
            self._set(low=False)

    async def run(self) -> None:
        while True:
            self.look()
            await trio.sleep(LOOK_S)

    def _set(self, *, low: bool) -> None:
        if low == self.low:
            return
        self.low = low
        log.warning("the disk is %s", "almost full: no votes" if low else "free enough again")
        self._on_change(low)
