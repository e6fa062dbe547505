"""The data directory of one node: what lies where, and that one process alone uses it.

The lock belongs to the open file and dies with its process, however that ends; a lock file
left behind means nothing.
"""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from liandao_node.errors import OperatorFault

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_BYTE: Final = 1 << 30
"""Windows locks bytes and keeps others from reading them; so the lock lies far behind the
process id that stands at the head of the file."""
PID_BYTES_MAX: Final = 20


class DataDirectory:
    """The directory, locked for this process from `open` to `close`."""

    def __init__(self, root: Path, lock: int) -> None:
        self.root = root
        self._lock = lock
        self.genesis = root / "genesis.json"
        self.voter = root / "voter.db"
        self.ledger = root / "ledger.db"
        self.outbox = root / "outbox.db"
        self.traffic = root / "traffic.db"
        self.people = root / "people.db"
        self.people_keys = root / "people-keys.db"

    @classmethod
    def open(cls, root: Path) -> Self:
        """Makes the directory where there is none and locks it.

        Raises OperatorFault ``DATA_IN_USE`` with the path and the other's process id (0 when
        it is not known), ``DATA_UNREACHABLE`` when the directory cannot be used.
        """
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(root / "node.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            detail = error.strerror or str(error)
            raise OperatorFault("DATA_UNREACHABLE", file=str(root), detail=detail) from error
        try:
            _lock(lock)
        except OSError as error:
            pid = _pid(lock)
            os.close(lock)
            raise OperatorFault("DATA_IN_USE", path=str(root), pid=pid) from error
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        return cls(root, lock)

    def close(self) -> None:
        """Gives the directory free. Its databases must be closed already."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def sync_directory(path: Path) -> None:
    """Makes names that were created, renamed or removed in ``path`` survive a power cut."""
    if sys.platform == "win32":
        return  # NTFS journals names by itself, and a directory cannot be opened there.
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lock(opened: int) -> None:
    if sys.platform == "win32":
        os.lseek(opened, LOCK_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(opened, 0, os.SEEK_SET)
    else:
        # flock and not lockf: a POSIX record lock is lost as soon as any part of the process
        # closes the same file.
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _pid(opened: int) -> int:
    try:
        return int(os.read(opened, PID_BYTES_MAX))
    except (OSError, ValueError):
        return 0
