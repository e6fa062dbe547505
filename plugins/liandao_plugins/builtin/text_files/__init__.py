"""Files read line by line in bounded memory: plain or gzipped, one or a directory of them.

Knows nothing of what the lines mean. A line that is too long and a file that is damaged come
out as lines with a fault, so that whoever counts lines counts these too.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, Final, cast

from liandao_plugins.api import OperatorFault

_SKIP_BYTES: Final = 64 * 1024


class LineFault(Enum):
    """Why a line has no content."""

    TOO_LONG = auto()
    DAMAGED = auto()
    """The compressed data ends or breaks here; nothing of the file comes after it."""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A physical line with its line end, or the reason why there is none."""

    number: int
    """From 1 up in its file."""
    data: bytes
    fault: LineFault | None = None


def find_files(path: Path, pattern: str = "*") -> list[Path]:
    """``path`` itself, or the files in the directory ``path`` in order of their names.

    Hidden files and names that do not match ``pattern`` are left out; folders in it are not
    entered. Raises OperatorFault ``FILE_MISSING``, ``FILE_NONE_MATCHES``.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise OperatorFault("FILE_MISSING", path=str(path))
    found = sorted(
        file
        for file in path.iterdir()
        if file.is_file() and not file.name.startswith(".") and fnmatchcase(file.name, pattern)
    )
    if not found:
        raise OperatorFault("FILE_NONE_MATCHES", path=str(path), pattern=pattern)
    return found


class LineReader:
    """The lines of some files one after the other, and how far the reading is."""

    def __init__(self, files: list[Path], line_bytes_max: int) -> None:
        self.files = files
        self.bytes_total = sum(_size(file) for file in files)
        self._line_bytes_max = line_bytes_max
        self._finished_bytes = 0
        self._open: BinaryIO | None = None

    @property
    def bytes_done(self) -> int:
        """Bytes on disk that were read, compressed ones as they lie there."""
        return self._finished_bytes + (self._open.tell() if self._open else 0)

    def lines(self, file: Path) -> Iterator[RawLine]:
        """The lines of one of the files.

        Raises OperatorFault ``FILE_UNREADABLE`` when the disk or the rights are at fault.
        """
        try:
            with file.open("rb") as on_disk:
                self._open = cast("BinaryIO", on_disk)
                if file.suffix == ".gz":
                    with gzip.GzipFile(fileobj=on_disk) as unpacked:
                        yield from self._gunzip(cast("BinaryIO", unpacked))
                else:
                    yield from self._split(self._open)
        except OSError as error:
            raise OperatorFault(
                "FILE_UNREADABLE", path=str(file), detail=str(error)[:200]
            ) from error
        finally:
            self._open = None
        self._finished_bytes += _size(file)

    def _gunzip(self, unpacked: BinaryIO) -> Iterator[RawLine]:
        number = 0
        try:
            for line in self._split(unpacked):
                number = line.number
                yield line
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield RawLine(number + 1, b"", LineFault.DAMAGED)

    def _split(self, stream: BinaryIO) -> Iterator[RawLine]:
        number = 0
        while data := stream.readline(self._line_bytes_max + 1):
            number += 1
            if len(data) > self._line_bytes_max and not data.endswith(b"\n"):
                _skip_rest(stream)
                yield RawLine(number, b"", LineFault.TOO_LONG)
            else:
                yield RawLine(number, data)


def _skip_rest(stream: BinaryIO) -> None:
    while (data := stream.readline(_SKIP_BYTES)) and not data.endswith(b"\n"):
        pass


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
