"""voter.mark: how many saves of voter.db were acknowledged, kept outside of it.

Written after each save and never synced, so it costs a few microseconds. It can lag behind
voter.db, never be ahead of it: a voter.db with fewer saves than its mark is an older copy
put back, or has lost its log. A mark that is missing, or another key's, says nothing.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

NUMBER_BYTES: Final = 8
CHECK_BYTES: Final = 8


class VoterMark:
    """The mark of one data directory. Its methods raise OSError."""

    def __init__(self, path: Path) -> None:
        # Windows would take byte 10 for the end of a line.
        binary = getattr(os, "O_BINARY", 0)
        self._opened = os.open(path, os.O_RDWR | os.O_CREAT | binary, 0o600)

    def read(self, identity: bytes) -> int:
        """Saves noted for the key that ``identity`` names, 0 when none are."""
        os.lseek(self._opened, 0, os.SEEK_SET)
        return noted_saves(os.read(self._opened, NUMBER_BYTES + CHECK_BYTES), identity)

    def write(self, identity: bytes, saves: int) -> None:
        """Notes that save number ``saves`` is on the disk."""
        os.lseek(self._opened, 0, os.SEEK_SET)
        os.write(self._opened, _record(identity, saves))

    def close(self) -> None:
        os.close(self._opened)


def noted_saves(record: bytes, identity: bytes) -> int:
    """Saves that a mark's bytes note for the key that ``identity`` names, 0 when none."""
    saves = int.from_bytes(record[:NUMBER_BYTES], "big")
    return saves if record == _record(identity, saves) else 0


def _record(identity: bytes, saves: int) -> bytes:
    number = saves.to_bytes(NUMBER_BYTES, "big")
    return number + sha256(identity + number).digest()[:CHECK_BYTES]
