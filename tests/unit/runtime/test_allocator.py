"""Large pieces of memory go back to the system, whatever came before them."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys
from liandao_node.runtime.allocator import LARGE_BYTES, give_large_pieces_back

class Mallinfo2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost")]

library = ctypes.CDLL(None)
if not hasattr(library, "mallinfo2"):
    sys.exit("no glibc")
library.mallinfo2.restype = Mallinfo2
if sys.argv[1] == "told":
    assert give_large_pieces_back()
bytearray(64 * LARGE_BYTES)  # comes and goes; glibc learns from it
before = library.mallinfo2().hblks
pieces = [bytes(2 * LARGE_BYTES) for _ in range(10)]
print(library.mallinfo2().hblks - before)
"""


def _apart(told: str) -> int:
    """How many of ten pieces lie outside the heap."""
    command = [sys.executable, "-c", PROGRAM, told]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.stderr.strip() == "no glibc":
        pytest.skip("this C library is not glibc")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is Linux's")
def test_large_pieces_lie_outside_the_heap_after_a_larger_one() -> None:
    assert _apart("told") == 10
    assert _apart("not told") == 0
