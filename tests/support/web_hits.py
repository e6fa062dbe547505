"""Web hits and judges for the tests of traffic."""

from dataclasses import dataclass

from liandao_node.traffic import BotPatterns, Filters, Judge, Networks
from liandao_node.types import Millis

SALT = bytes(range(32))
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


_NOON = Millis(1_700_000_000_000)


@dataclass(frozen=True)
class Seen:
    """A hit, good unless said otherwise."""

    at_ms: Millis = _NOON
    ip: str = "203.0.113.5"
    user_agent: str = BROWSER
    method: str = "GET"
    path: str = "/menu"
    status: int = 200
    referrer: str = ""


def judge(views_per_minute: int = 30) -> Judge:
    """Knows two crawlers, one data centre and one network of the shop's own."""
    filters = Filters(
        BotPatterns([r"Googlebot\/", "^curl"]), Networks(["198.51.100.0/24"]), views_per_minute
    )
    return Judge(filters, "tea.example", Networks(["192.168.0.0/16"]))
