"""Physical lines into CSV records, so that one bad line costs one row and not the file.

A stray quote would make a plain CSV reader swallow everything up to the next one. Here a
record that does not close within `ROW_LINES_MAX` lines is given up: its first line is one bad
row, and the lines after it are read anew.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from liandao_plugins.api import CSV_FIELD_CHARS_MAX
from liandao_plugins.builtin.receipt_import.bounds import ROW_LINES_MAX
from liandao_plugins.builtin.receipt_import.mapping import WHITESPACE, FileForm
from liandao_plugins.builtin.receipt_import.reasons import Reason
from liandao_plugins.builtin.text_files import LineFault, RawLine

_FAULTS: Final = {
    LineFault.TOO_LONG: Reason.TOO_LONG,
    LineFault.DAMAGED: Reason.FILE_DAMAGED,
}
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Record:
    """One row's cells, or the reason why they cannot be told apart."""

    number: int
    """The physical line where the row begins."""
    cells: list[str]
    fault: Reason | None
    text: str
    """The row as it stands in the file, for an excerpt."""


def read_records(lines: Iterator[RawLine], form: FileForm) -> Iterator[Record]:
    """The records in ``lines``; blank lines are none."""
    return _Reader(lines, form).records()


class _Reader:
    def __init__(self, lines: Iterator[RawLine], form: FileForm) -> None:
        self._lines = lines
        self._again: deque[RawLine] = deque()
        self._form = form

    def records(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            if line.fault is not None:
                yield _faulty(line.number, _FAULTS[line.fault], "")
                continue
            text = self._text(line)
            if text is None:
                shown = line.data.decode("ascii", "replace")
                yield _faulty(line.number, Reason.ENCODING, shown)
            elif text.strip():
                yield self._record(line, text)

    def _record(self, line: RawLine, text: str) -> Record:
        form = self._form
        if form.delimiter == WHITESPACE:
            cells: list[str] | None = text.split()
        elif not form.quote or form.quote not in text:
            cells = text.split(form.delimiter)
        else:
            cells = self._quoted(text)
        if cells is None:
            return _faulty(line.number, Reason.QUOTES, text)
        if len(text) > CSV_FIELD_CHARS_MAX and max(map(len, cells)) > CSV_FIELD_CHARS_MAX:
            return _faulty(line.number, Reason.TOO_LONG, text)
        return Record(line.number, cells, None, text)

    def _quoted(self, first: str) -> list[str] | None:
        taken: list[RawLine] = []
        rows = csv.reader(
            self._following(first, taken),
            delimiter=self._form.delimiter,
            quotechar=self._form.quote,
            strict=True,
        )
        try:
            return next(rows)
        except csv.Error:
            self._again.extendleft(reversed(taken))
            return None

    def _following(self, first: str, taken: list[RawLine]) -> Iterator[str]:
        """``first`` and the lines after it, as far as the CSV reader asks for them."""
        yield first + "\n"
        while len(taken) < ROW_LINES_MAX - 1 and (line := self._next()) is not None:
            taken.append(line)
            text = self._text(line) if line.fault is None else None
            if text is None:
                return
            yield text + "\n"

    def _next(self) -> RawLine | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _text(self, line: RawLine) -> str | None:
        try:
            text = line.data.decode(self._form.encoding)
        except UnicodeError:
            return None
        if line.number == 1:
            text = text.removeprefix(_BOM)
        return text.removesuffix("\n").removesuffix("\r")


def _faulty(number: int, fault: Reason, text: str) -> Record:
    return Record(number, [], fault, text)
