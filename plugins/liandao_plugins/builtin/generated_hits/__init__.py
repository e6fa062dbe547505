"""Plugin: invented web visits, for demonstrations, and called generated wherever they show.

The bots among them are real: their user agents come from crawler-user-agents. The addresses
are those that RFC 5737 and RFC 3849 reserve for documentation. The same seed gives the same
visits, whatever the machine.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # type: ignore[import-untyped]

from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    HitSource,
    Manifest,
    OperatorFault,
    Option,
    OptionKind,
    Options,
    Rejected,
    WebHit,
)

_BROWSERS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.6 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
)
_PAGES: Final = ("/", "/menu", "/opening-hours", "/offers.html", "/shop/tea", "/shop/bread")
_ASSETS: Final = ("/style.css", "/logo.svg", "/favicon.ico", "/shop.js")
_NETS: Final = ("192.0.2.", "198.51.100.", "203.0.113.")
_REFERRERS: Final = ("", "", "https://example.org/street")
_BOTS_PERCENT: Final = 30
_MISSING_PERCENT: Final = 4
_PAUSE_MS_MAX: Final = 40_000


class GeneratedHits:
    """A `HitSource` of ``count`` hits from ``from_ms`` on, in order of time."""

    name: Final = "generated_hits"
    bytes_total: Final = 0
    bytes_done: Final = 0

    def __init__(self, count: int, from_ms: int, seed: int) -> None:
        self._count = count
        self._from_ms = from_ms
        self._seed = seed

    def __iter__(self) -> Iterator[WebHit | Rejected]:
        chance = Random(self._seed)  # noqa: S311 - repeatable, not secret
        at_ms = self._from_ms
        bots = real_bot_agents()
        left = self._count
        while left > 0:
            at_ms += chance.randrange(1, _PAUSE_MS_MAX)
            for hit in _visit(chance, bots, at_ms):
                if left == 0:
                    return
                left -= 1
                at_ms = hit.at_ms
                yield hit


def real_bot_agents() -> list[str]:
    """User agents that crawlers were seen with, as crawler-user-agents lists them."""
    return [agent for bot in CRAWLER_USER_AGENTS_DATA for agent in bot.get("instances", ())]


def _visit(chance: Random, bots: list[str], at_ms: int) -> Iterator[WebHit]:
    """A person who looks at pages with what belongs to them, or a bot that walks through."""
    is_bot = chance.randrange(100) < _BOTS_PERCENT
    agent = chance.choice(bots if is_bot else _BROWSERS)
    ip = _address(chance)
    referrer = chance.choice(_REFERRERS)
    for page in chance.sample(_PAGES, chance.randrange(1, len(_PAGES) + 1)):
        status = 404 if chance.randrange(100) < _MISSING_PERCENT else 200
        yield WebHit(at_ms, ip, agent, "GET", page, status, referrer)
        if not is_bot:
            asset = chance.choice(_ASSETS)
            yield WebHit(at_ms + 1, ip, agent, "GET", asset, 200, page)
        at_ms += chance.randrange(2_000, 30_000)


def _address(chance: Random) -> str:
    if chance.randrange(4) == 0:
        return f"2001:db8:{chance.randrange(0xFFFF):x}::{chance.randrange(1, 0xFFFF):x}"
    return f"{chance.choice(_NETS)}{chance.randrange(1, 255)}"


class GeneratedHitsPlugin:
    """Asks for no permission: it reads nothing and reaches nothing."""

    manifest: Final = Manifest(
        identifier="generated_hits",
        name="Generated web visits",
        version="1.0",
        api_version=API_VERSION,
        offers=(ExtensionPoint.HIT_SOURCE,),
        permissions=frozenset(),
        options=(
            Option("count", OptionKind.INTEGER, "how many hits", default="2000"),
            Option("from_ms", OptionKind.INTEGER, "time of the first, ms since 1970"),
            Option("seed", OptionKind.INTEGER, "the same seed, the same visits", default="1"),
        ),
    )

    def hit_source(self, options: Options) -> HitSource:
        """Raises OperatorFault ``GENERATED_BAD_OPTION`` for a negative count or time."""
        for name in ("count", "from_ms"):
            if options.integer(name) < 0:
                raise OperatorFault("GENERATED_BAD_OPTION", option=name)
        return GeneratedHits(
            options.integer("count"), options.integer("from_ms"), options.integer("seed")
        )


plugin: Final = GeneratedHitsPlugin()
