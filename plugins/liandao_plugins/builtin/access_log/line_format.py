r"""One line of a web server's access log: common or combined format of Apache and nginx.

    192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 203 "-" "Mozilla/5.0"

Also with a virtual host in front (Apache's vhost_combined) and with more fields behind
(nginx with times, Traefik), which are left unread. Quotes within a field are escaped as
``\"`` by Apache and ``\x22`` by nginx.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final

from liandao_plugins.api import WebHit


class Reason(StrEnum):
    """Why a line of a log is no hit."""

    FORMAT = "LINE_FORMAT"
    """Not the form above: an error log, a torn line, another format."""
    ADDRESS = "LINE_ADDRESS"
    """The client is no IP address, so nobody can tell visitors apart."""
    TIME = "LINE_TIME"
    REQUEST = "LINE_REQUEST"
    """What the client sent was not HTTP: a TLS hello on the plain port, noise of scanners."""
    TOO_LONG = "LINE_TOO_LONG"
    ENCODING = "LINE_ENCODING"
    """Bytes that are not UTF-8."""
    FILE_DAMAGED = "LINE_FILE_DAMAGED"
    """The compressed file breaks off; one line stands for the rest of it."""


# Possessive: no line, however hostile, makes the expression go back.
_QUOTED: Final = r'"((?:[^"\\]++|\\.)*+)"'
_LINE: Final = re.compile(
    r"([^\[\"]++)\[([^\]]*+)\] "
    + _QUOTED
    + r" ([0-9]{3}) (?:[0-9]++|-)(?: "
    + _QUOTED
    + " "
    + _QUOTED
    + r"(?: .*)?)?"
)
_REQUEST: Final = re.compile(r"([A-Z][A-Z-]{0,19}) (\S+)(?: HTTP/[0-9](?:\.[0-9])?)?")
_TIME: Final = re.compile(
    r"([0-3][0-9])/([A-Z][a-z]{2})/([0-9]{4}):([0-2][0-9]):([0-5][0-9]):([0-6][0-9])"
    r" ([+-])([01][0-9])([0-5][0-9])"
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_PLAIN_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "v": "\v", "f": "\f"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse_line(line: str) -> WebHit | Reason:
    """The hit that ``line`` (without its line end) tells of, or why it tells of none."""
    match = _LINE.fullmatch(line)
    if match is None:
        return Reason.FORMAT
    head, time, request, status, referrer, agent = match.groups()
    client = _client(head.split())
    if client is None:
        return Reason.ADDRESS
    at_ms = _time(time)
    if at_ms is None:
        return Reason.TIME
    asked = _REQUEST.fullmatch(request)
    if asked is None:
        return Reason.REQUEST
    return WebHit(
        at_ms=at_ms,
        ip=client,
        user_agent=_field(agent),
        method=asked.group(1),
        path=asked.group(2),
        status=int(status),
        referrer=_field(referrer),
    )


def _client(head: list[str]) -> str | None:
    """Of ``client ident user``, or ``virtual-host client ident user``."""
    if len(head) > 3 and _is_address(head[1]):
        return head[1]
    return head[0] if head and _is_address(head[0]) else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _time(text: str) -> int | None:
    match = _TIME.fullmatch(text)
    if match is None or match.group(2) not in _MONTHS:
        return None
    day, month, year, hour, minute, second, sign, ahead_hours, ahead_minutes = match.groups()
    try:
        # Second 60 is a leap second: the instant that the next minute begins with.
        moment = datetime(
            int(year), _MONTHS[month], int(day), int(hour), int(minute), tzinfo=UTC
        ) + timedelta(seconds=int(second))
        ahead = timedelta(hours=int(ahead_hours), minutes=int(ahead_minutes))
        since = moment - (ahead if sign == "+" else -ahead) - _EPOCH
    except (ValueError, OverflowError):
        return None
    at_ms = (since.days * 86_400 + since.seconds) * 1_000
    return at_ms if at_ms >= 0 else None


def _field(quoted: str | None) -> str:
    """A field's text; empty for the ``-`` that servers write when there is none."""
    if quoted is None or quoted == "-":
        return ""
    return _ESCAPE.sub(_unescape, quoted) if "\\" in quoted else quoted


def _unescape(match: re.Match[str]) -> str:
    if match.group(1):
        return chr(int(match.group(1), 16))
    return _PLAIN_ESCAPES.get(match.group(2), match.group(2))
