"""Receipt files as a stream of orders, refunds and rejected rows."""

from collections.abc import Iterator
from pathlib import Path

from liandao_plugins.api import Line, OperatorFault, Order, Refund, Rejected
from liandao_plugins.builtin.receipt_import.bounds import ROW_BYTES_MAX
from liandao_plugins.builtin.receipt_import.grouping import Grouper
from liandao_plugins.builtin.receipt_import.mapping import Mapping
from liandao_plugins.builtin.receipt_import.records import Record, read_records
from liandao_plugins.builtin.receipt_import.rows import BadRow, RowReader
from liandao_plugins.builtin.text_files import LineReader


class ReceiptFiles:
    """A `ReceiptSource` over files that one mapping describes; an order may go on in the next."""

    def __init__(self, files: list[Path], mapping: Mapping) -> None:
        """Reads every file's header, so that a file of another kind is found before the first
        order goes out.

        Raises OperatorFault ``MAPPING_COLUMN``, ``FILE_UNREADABLE``.
        """
        self._mapping = mapping
        self._lines = LineReader(files, ROW_BYTES_MAX)
        for file in files:
            self._begin(file)

    @property
    def name(self) -> str:
        return self._mapping.name

    @property
    def bytes_total(self) -> int:
        return self._lines.bytes_total

    @property
    def bytes_done(self) -> int:
        return self._lines.bytes_done

    def __iter__(self) -> Iterator[Order | Refund | Rejected]:
        grouper = Grouper(self._mapping)
        for file in self._lines.files:
            rows, records = self._begin(file)
            for record in records:
                row = (
                    BadRow(record.fault, "")
                    if record.fault is not None
                    else rows.read(record.cells)
                )
                yield from grouper.add(row, Line(file.name, record.number), record.text)
        yield from grouper.finish()

    def _begin(self, file: Path) -> tuple[RowReader, Iterator[Record]]:
        """Reader and records of a file, the header taken off."""
        records = read_records(self._lines.lines(file), self._mapping.file)
        if self._mapping.file.columns:
            return RowReader(self._mapping, list(self._mapping.file.columns), file.name), records
        header = next(records, None)
        if header is None or header.fault is not None:
            reason = "empty" if header is None else header.fault
            raise OperatorFault("FILE_NO_HEADER", path=str(file), reason=str(reason))
        return RowReader(self._mapping, header.cells, file.name), records
