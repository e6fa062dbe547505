"""Plugin: page views from a web server's access log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from liandao_plugins.api import (
    API_VERSION,
    LOG_LINE_BYTES_MAX,
    ExtensionPoint,
    HitSource,
    Line,
    Manifest,
    Option,
    OptionKind,
    Options,
    Permission,
    Rejected,
    WebHit,
)
from liandao_plugins.builtin.access_log.line_format import Reason, parse_line
from liandao_plugins.builtin.text_files import LineFault, LineReader, RawLine, find_files


class AccessLogFiles:
    """A `HitSource` over log files, line by line. Blank lines are none."""

    name: Final = "access_log"

    def __init__(self, files: list[Path]) -> None:
        self._lines = LineReader(files, LOG_LINE_BYTES_MAX)

    @property
    def bytes_total(self) -> int:
        return self._lines.bytes_total

    @property
    def bytes_done(self) -> int:
        return self._lines.bytes_done

    def __iter__(self) -> Iterator[WebHit | Rejected]:
        for file in self._lines.files:
            for line in self._lines.lines(file):
                if line.fault is not None or line.data.strip():
                    hit = _read(line)
                    if isinstance(hit, WebHit):
                        yield hit
                    else:
                        # Without an excerpt: a line of a log begins with somebody's address.
                        yield Rejected(Line(file.name, line.number), hit, "")


def _read(line: RawLine) -> WebHit | Reason:
    """What the line is."""
    if line.fault is not None:
        too_long = line.fault is LineFault.TOO_LONG
        return Reason.TOO_LONG if too_long else Reason.FILE_DAMAGED
    try:
        return parse_line(line.data.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Reason.ENCODING


class AccessLog:
    """Reads logs, plain or .gz, one or a directory of them in order of their names."""

    manifest: Final = Manifest(
        identifier="access_log",
        name="Access log import",
        version="1.0",
        api_version=API_VERSION,
        offers=(ExtensionPoint.HIT_SOURCE,),
        permissions=frozenset({Permission.FILES_READ}),
        options=(
            Option("log", OptionKind.PATH, "access log, .gz, or a directory of them"),
            Option("pattern", OptionKind.TEXT, "which files of a directory", default="*"),
        ),
    )

    def hit_source(self, options: Options) -> HitSource:
        """Raises OperatorFault ``FILE_MISSING``, ``FILE_NONE_MATCHES``."""
        return AccessLogFiles(find_files(options.path("log"), options.text("pattern")))


plugin: Final = AccessLog()
