"""Puts a voting record out of use, for good and without deleting anything.

All files of one record go together into a folder with a date in its name; nothing of this
program opens such a folder. What stays behind would be dangerous: an old log beside a new
voter.db, or a voter.db without the log that holds its last votes.
"""

from pathlib import Path
from typing import Final

from liandao_node.store.files import sync_directory

FOLDER: Final = "voter-aside-"
_PARTS: Final = ("voter.db", "voter.db-wal", "voter.db-shm", "voter.db-journal", "voter.mark")
"""The record first: if the power fails in between, it is missing, and never one that lacks
its last votes. A mark speaks for its key alone and is the last that could tell of them."""
_DRAFTS: Final = ("voter.db.new", "voter.db.new-wal", "voter.db.new-shm")
"""Of a record that was never finished."""


def put_aside(data_dir: Path, stamp: str) -> Path | None:
    """Moves the voting record of ``data_dir`` into a folder of its own; None where there is none.

    ``stamp`` is the date for its name. The caller holds the directory's lock. What an earlier
    attempt left half done goes too. Raises OSError.
    """
    found = [data_dir / name for name in (*_PARTS, *_DRAFTS)]
    found = [path for path in found if path.exists() or path.is_symlink()]
    if not found:
        return None
    folder = _new_folder(data_dir, stamp)
    for path in found:
        path.rename(folder / path.name)
        sync_directory(data_dir)
    sync_directory(folder)
    return folder


def _new_folder(data_dir: Path, stamp: str) -> Path:
    attempt = 1
    while True:
        folder = data_dir / (f"{FOLDER}{stamp}" if attempt == 1 else f"{FOLDER}{stamp}-{attempt}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            attempt += 1
        else:
            return folder
