"""A disk that fails on demand, as an apsw VFS over real files.

`FaultyDisk` remembers what was written since each file's last sync. `FaultyDisk.cut` writes
into a fresh directory what a power cut at this moment could have left: everything synced, and
of the rest any sectors, at the choice of a seeded random. Full disks and I/O errors are
planted by counting calls.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Final, Self

import apsw

SECTOR_BYTES: Final = 512
"""What a disk writes as a whole or not at all."""


@dataclass
class _Content:
    """A file as the platters have it, and what waits in caches."""

    synced: bytes | None
    """None: its name is not in the directory yet."""
    waiting: list[tuple[int, bytes] | int] = field(default_factory=list)
    """Writes (offset, data) and truncations (size), oldest first."""

    def after_cut(self, random: Random) -> bytes | None:
        if self.synced is None and random.random() < 0.5:
            return None
        content = bytearray(self.synced or b"")
        # Kinds of caches: one has written in order so far, others as they liked.
        keep = random.choice((None, random.random(), 0.9, 0.0, 1.0))
        in_order = random.randrange(len(self.waiting) + 1)
        for number, change in enumerate(self.waiting):
            if isinstance(change, int):
                if number < in_order if keep is None else random.random() < keep:
                    _resize(content, change)
                continue
            for start, sector in _sectors(*change):
                if number < in_order if keep is None else random.random() < keep:
                    _write(content, start, sector)
        return bytes(content)


class FaultyDisk:
    """A VFS by the name of ``vfs``, for files under one directory. Use as a context."""

    def __init__(self) -> None:
        self.vfs = f"faulty-{id(self):x}"
        self.on_event: Callable[[str], None] | None = None
        """Called before each write, truncation, deletion and sync, with its name."""
        self.room_bytes = -1
        """Bytes that files may still grow by; -1 for any number."""
        self.fail_at: dict[str, int] = {}
        """Calls of an event that still succeed; the one after fails with an I/O error."""
        self._content: dict[str, _Content] = {}
        self._registered: _FaultyVfs | None = None

    def __enter__(self) -> Self:
        self._registered = _FaultyVfs(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._registered is not None:
            self._registered.unregister()

    def cut(self, to: Path, random: Random) -> None:
        """Fills ``to`` with one possible aftermath of a power cut now."""
        to.mkdir()
        for path, content in self._content.items():
            if not path.endswith("-shm") and (left := content.after_cut(random)) is not None:
                (to / os.path.basename(path)).write_bytes(left)  # noqa: PTH119

    def opened(self, path: str) -> _Content:
        if path not in self._content:
            there = os.path.exists(path)  # noqa: PTH110
            self._content[path] = _Content(Path(path).read_bytes() if there else None)
        return self._content[path]

    def event(self, name: str, grows_bytes: int = 0) -> None:
        if self.on_event is not None:
            self.on_event(name)
        if name in self.fail_at:
            self.fail_at[name] -= 1
            if self.fail_at[name] < 0:
                raise apsw.exception_for(apsw.SQLITE_IOERR)
        if self.room_bytes >= 0 and grows_bytes > self.room_bytes:
            raise apsw.FullError("planted")
        if self.room_bytes >= 0:
            self.room_bytes -= grows_bytes

    def deleted(self, path: str) -> None:
        self._content.pop(path, None)


class _FaultyVfs(apsw.VFS):
    def __init__(self, disk: FaultyDisk) -> None:
        self._disk = disk
        super().__init__(disk.vfs, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _FaultyFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.event("delete")
        super().xDelete(filename, syncdir)
        # Of a deletion that is not synced either outcome is fine for a log: it is only
        # deleted when nothing in it is needed.
        self._disk.deleted(filename)


class _FaultyFile(apsw.VFSFile):
    def __init__(
        self, disk: FaultyDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._content = disk.opened(path) if path else _Content(None)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        grows = max(0, offset + len(data) - self.xFileSize())
        self._disk.event("write", grows)
        super().xWrite(data, offset)
        self._content.waiting.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.event("truncate")
        super().xTruncate(newsize)
        self._content.waiting.append(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.event("sync")
        super().xSync(flags)
        content = bytearray(self._content.synced or b"")
        for change in self._content.waiting:
            if isinstance(change, int):
                _resize(content, change)
            else:
                _write(content, *change)
        self._content.synced = bytes(content)
        self._content.waiting.clear()


def flip_bit(path: Path, bit: int) -> None:
    """Turns one bit of a file around."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def _sectors(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    found = []
    end = offset + len(data)
    start = offset
    while start < end:
        stop = min(end, (start // SECTOR_BYTES + 1) * SECTOR_BYTES)
        found.append((start, data[start - offset : stop - offset]))
        start = stop
    return found


def _write(content: bytearray, offset: int, data: bytes) -> None:
    _resize(content, max(len(content), offset + len(data)))
    content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))
