"""Whether a write-ahead log ends where a power cut ended it, or was damaged later.

SQLite takes the first frame that does not check for the end of the log and goes on with an
older state, without a word. For a torn last transaction that is right: it was never
acknowledged, so no vote left on it. Anywhere else it would be amnesia, and a seat with
amnesia can help to fork the street.

What tells the two apart: voter.db is synced at each commit, so at most one transaction is
ever unsynced. A broken frame with a frame of a later transaction behind it had been synced.
The format is that of "WAL-Format Details" in SQLite's fileformat2.html, section 4.
"""

from array import array
from struct import Struct as Layout
from sys import byteorder
from typing import Final, NamedTuple

HEADER_BYTES: Final = 32
FRAME_HEADER_BYTES: Final = 24
MAGIC_LITTLE: Final = 0x377F0682
MAGIC_BIG: Final = 0x377F0683

_header = Layout(">8I").unpack
_frame = Layout(">6I").unpack

Checksum = tuple[int, int]


class Frame(NamedTuple):
    salts: Checksum
    commits: bool
    """Whether a transaction ends with this frame."""
    checks: bool
    """Whether it is of this log and continues the frame before it, by what that one says."""


def damage(log: bytes) -> str:
    """What is wrong with the log of a database that syncs at every commit; empty when nothing.

    ``log`` is the whole -wal file. A torn tail is not wrong.
    """
    if len(log) < HEADER_BYTES or not any(log[:HEADER_BYTES]):
        return ""  # new: nothing was ever synced into it
    magic, _, page_bytes, _, *rest = _header(log[:HEADER_BYTES])
    salts, stored = (rest[0], rest[1]), (rest[2], rest[3])
    if magic not in (MAGIC_LITTLE, MAGIC_BIG):
        return "the log's header is not one"
    order = "big" if magic == MAGIC_BIG else "little"
    # The header is written and synced before any frame, and lies within one sector.
    if _sum(log[: HEADER_BYTES - 8], (0, 0), order) != stored:
        return "the log's header does not check"
    return _damaged_frame(_frames(log, page_bytes, salts, stored, order), salts)


def _damaged_frame(frames: list[Frame], salts: Checksum) -> str:
    """The first frame that breaks the chain, if a later transaction stands behind it."""
    broken = -1
    for number, frame in enumerate(frames):
        if frame.checks:
            # Whole by itself. Behind a break and a commit, it can only have come later.
            if broken >= 0 and any(_ends(f, salts) for f in frames[broken:number]):
                return f"frame {broken} of the log does not check"
        elif broken < 0:
            broken = number
    return ""


def _ends(frame: Frame, salts: Checksum) -> bool:
    """Whether a frame of this log ends a transaction. One salt is enough, as the other may be
    what was damaged; a frame left over from before the log's last restart has neither."""
    return frame.commits and (frame.salts[0] == salts[0] or frame.salts[1] == salts[1])


def _frames(
    log: bytes, page_bytes: int, salts: Checksum, seed: Checksum, order: str
) -> list[Frame]:
    size = FRAME_HEADER_BYTES + page_bytes
    frames = []
    for start in range(HEADER_BYTES, len(log) - size + 1, size):
        _, database_pages, *rest = _frame(log[start : start + FRAME_HEADER_BYTES])
        found, stored = (rest[0], rest[1]), (rest[2], rest[3])
        checks = False
        if found == salts:
            head = _sum(log[start : start + 8], seed, order)
            page = log[start + FRAME_HEADER_BYTES : start + size]
            checks = _sum(page, head, order) == stored
        frames.append(Frame(found, database_pages != 0, checks))
        seed = stored
    return frames


def _sum(data: bytes, seed: Checksum, order: str) -> Checksum:
    """SQLite's running checksum over 32-bit words, taken in pairs."""
    words = array("I", data)
    assert words.itemsize == 4
    if order != byteorder:
        words.byteswap()
    first, second = seed
    pairs = iter(words)
    for even, odd in zip(pairs, pairs, strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
