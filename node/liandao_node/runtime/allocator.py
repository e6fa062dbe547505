"""The C library's allocator, told to give large pieces of memory back (glibc).

Messages, blocks and state roots come and go as pieces of 100 KB and more. glibc hands the first of
them back to the system, learns from each that such sizes are usual, and keeps the later ones
among the small ones in the heap, where what outlives them holds their room: mallopt(3),
M_MMAP_THRESHOLD. A node grew by a quarter over a million transactions with no object more alive.
"""

import ctypes
import sys
from typing import Final

LARGE_BYTES: Final = 128 * 1024
"""glibc's own first threshold; setting it keeps it."""
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8


def give_large_pieces_back() -> bool:
    """For a process that runs long, before its first thread. False where there is no glibc."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    settings = {
        _M_MMAP_THRESHOLD: LARGE_BYTES,
        _M_TRIM_THRESHOLD: LARGE_BYTES,
        # One heap: its threads take turns at the interpreter anyway.
        _M_ARENA_MAX: 1,
    }
    return all(mallopt(name, value) == 1 for name, value in settings.items())
