"""Lines of access logs become hits, or are refused by name."""

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from liandao_plugins.api import LOG_LINE_BYTES_MAX, Line, Options, Rejected, WebHit
from liandao_plugins.builtin.access_log import plugin
from liandao_plugins.builtin.access_log.line_format import Reason, parse_line
from support.plugin_data import shared_data

COMMON = '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 200 203'
TAIL = ' "https://example.org/" "Mozilla/5.0 (X11)"'


def _source(path: Path) -> list[WebHit | Rejected]:
    return list(plugin.hit_source(Options(plugin.manifest, {"log": str(path)})))


def test_combined_format() -> None:
    assert parse_line(COMMON + TAIL) == WebHit(
        at_ms=1_431_857_103_000,
        ip="192.0.2.7",
        user_agent="Mozilla/5.0 (X11)",
        method="GET",
        path="/a?b=1",
        status=200,
        referrer="https://example.org/",
    )


def test_common_format_has_neither_agent_nor_referrer() -> None:
    hit = parse_line(COMMON)
    assert isinstance(hit, WebHit)
    assert (hit.user_agent, hit.referrer) == ("", "")


@pytest.mark.parametrize(
    ("line", "ip"),
    [
        (COMMON.replace("192.0.2.7", "2001:db8::7"), "2001:db8::7"),
        (COMMON.replace("192.0.2.7", "::ffff:192.0.2.7"), "::ffff:192.0.2.7"),
        ("shop.example:443 " + COMMON, "192.0.2.7"),
        ("10.0.0.1 " + COMMON, "192.0.2.7"),
        (COMMON.replace("- - [", "- john [", 1), "192.0.2.7"),
        (COMMON.replace("- - [", "- john smith [", 1), "192.0.2.7"),
        (COMMON.replace("- - [", "- [", 1), "192.0.2.7"),
        (COMMON + TAIL + ' 0.003 "upstream"', "192.0.2.7"),
        (COMMON.replace(" 203", " -"), "192.0.2.7"),
        (COMMON.replace("HTTP/1.1", "HTTP/2"), "192.0.2.7"),
    ],
)
def test_variants_of_servers(line: str, ip: str) -> None:
    hit = parse_line(line)
    assert isinstance(hit, WebHit)
    assert (hit.ip, hit.path, hit.at_ms) == (ip, "/a?b=1", 1_431_857_103_000)


@pytest.mark.parametrize(
    ("written", "agent"),
    [
        (r"say \"hi\"", 'say "hi"'),
        (r"say \x22hi\x22", 'say "hi"'),
        (r"back\\slash", "back\\slash"),
        (r"\\", "\\"),
        ("-", ""),
        ("", ""),
        ("- -", "- -"),
        ("茶", "茶"),
        (r"a\tb", "a\tb"),
        (r"\x2", "x2"),
    ],
)
def test_escapes_in_quoted_fields(written: str, agent: str) -> None:
    hit = parse_line(f'{COMMON} "-" "{written}"')
    assert isinstance(hit, WebHit)
    assert (hit.user_agent, hit.referrer) == (agent, "")


@pytest.mark.parametrize(
    ("time", "at_ms"),
    [
        ("01/Jan/1970:00:00:00 +0000", 0),
        ("01/Jan/1970:08:00:01 +0800", 1_000),
        ("31/Dec/1969:14:30:00 -0930", 0),
        ("29/Feb/2024:12:00:00 +0545", 1_709_187_300_000),
        ("30/Jun/2015:23:59:60 +0000", 1_435_708_800_000),
    ],
)
def test_time_is_read_with_its_offset(time: str, at_ms: int) -> None:
    hit = parse_line(COMMON.replace("17/May/2015:10:05:03 +0000", time))
    assert isinstance(hit, WebHit)
    assert hit.at_ms == at_ms


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", Reason.FORMAT),
        ("hello", Reason.FORMAT),
        ("[Thu Oct 13 12:24:49 2022] [error] [pid 10] AH01618: user not found: /", Reason.FORMAT),
        (COMMON.replace(" 200 ", " - "), Reason.FORMAT),
        (COMMON.replace(" 200 203", ""), Reason.FORMAT),
        (COMMON + ' "-" "torn', Reason.FORMAT),
        (COMMON + "7 x" * 5 + '"', Reason.FORMAT),
        (COMMON.replace("192.0.2.7", "host.example"), Reason.ADDRESS),
        (COMMON.replace("192.0.2.7", "unix:"), Reason.ADDRESS),
        (COMMON.replace("192.0.2.7", "192.0.2.777"), Reason.ADDRESS),
        (COMMON.replace("May", "Mai"), Reason.TIME),
        (COMMON.replace("17/May", "32/May"), Reason.TIME),
        (COMMON.replace("17/May", "31/Feb"), Reason.TIME),
        (COMMON.replace("10:05:03", "24:05:03"), Reason.TIME),
        (COMMON.replace(" +0000", ""), Reason.TIME),
        (COMMON.replace("2015", "1969"), Reason.TIME),
        (COMMON.replace("2015", "0000"), Reason.TIME),
        (COMMON.replace("GET /a?b=1 HTTP/1.1", "-"), Reason.REQUEST),
        (COMMON.replace("GET /a?b=1 HTTP/1.1", ""), Reason.REQUEST),
        (COMMON.replace("GET /a?b=1 HTTP/1.1", r"\x16\x03\x01\x02"), Reason.REQUEST),
        (COMMON.replace("GET /a?b=1 HTTP/1.1", "GET /a b HTTP/1.1"), Reason.REQUEST),
        (COMMON.replace("GET", "get"), Reason.REQUEST),
    ],
)  # fmt: skip
def test_what_is_no_hit_has_its_reason(line: str, reason: Reason) -> None:
    assert parse_line(line) is reason


def test_a_hostile_line_is_read_in_one_pass() -> None:
    """Escapes and quotes without end make the expression give up, not go back."""
    for hostile in ('"' * 8_000, '\\"' * 8_000, 'a "b" ' * 2_000, "[" * 16_000, " " * 16_000):
        assert isinstance(parse_line(hostile), Reason)
        assert isinstance(parse_line(COMMON + ' "-" "' + hostile), Reason | WebHit)


def test_files_are_read_line_by_line_with_every_fault_named(tmp_path: Path) -> None:
    good = (COMMON + TAIL + "\n").encode()
    long = b"x" * (LOG_LINE_BYTES_MAX + 1) + b"\n"
    data = good + long + b"\xff\xfe\n" + b"\r\n" + b"nonsense\x1b\n" + good
    (tmp_path / "access.log").write_bytes(data)
    (tmp_path / "access.log.1.gz").write_bytes(gzip.compress(good * 5_000)[:-20])
    found = _source(tmp_path)
    # No excerpt of any: a log line begins with its visitor's address.
    first = [x for x in found if isinstance(x, Rejected) and x.line.file == "access.log"]
    assert first == [
        Rejected(Line("access.log", 2), Reason.TOO_LONG, ""),
        Rejected(Line("access.log", 3), Reason.ENCODING, ""),
        Rejected(Line("access.log", 5), Reason.FORMAT, ""),
    ]
    last = found[-1]
    assert isinstance(last, Rejected)
    assert last.reason is Reason.FILE_DAMAGED
    assert last.line == Line("access.log.1.gz", sum(isinstance(x, WebHit) for x in found) - 1)


def test_every_line_of_a_real_log_is_a_hit() -> None:
    path = shared_data("web", "apache_logs_lines_1-7421.log.gz")
    with gzip.open(path, "rt") as lines:
        expected = Counter(
            (line.split(" ", 1)[0], re.split('"', line)[1].split(" ")[1]) for line in lines
        )
    found = _source(path)
    assert len(found) == 7_421
    assert Counter((x.ip, x.path) for x in found if isinstance(x, WebHit)) == expected


def test_real_scanner_lines_are_hits_or_named() -> None:
    path = shared_data("web", "crowdsec_tests")
    found = _source(path)
    rejected = {(x.line.file, x.line.number): x.reason for x in found if isinstance(x, Rejected)}
    assert len(found) == 132
    assert rejected == {
        ("apache2-logs.log", 8): Reason.FORMAT,
        ("apache2-logs.log", 9): Reason.FORMAT,
        ("nginx_http-logs.log", 9): Reason.FORMAT,
        ("traefik_clf.log", 5): Reason.FORMAT,
    }
