"""The rules of page views, one by one, in their order, and on a real log to the line."""

import gzip
import random
import re
from collections import Counter
from dataclasses import replace

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # type: ignore[import-untyped]
from liandao_node.traffic import BotPatterns, EventClass, Filters, Judge, Networks, Verdict
from liandao_node.traffic import judge as judge_module
from liandao_node.types import Millis
from liandao_plugins.api import Options, WebHit
from liandao_plugins.builtin.access_log import plugin as access_log
from support.plugin_data import shared_data
from support.web_hits import BROWSER, SALT, Seen, judge

HIT = Seen()


def test_a_good_hit_counts() -> None:
    found = judge().page_view(HIT, SALT)
    assert (found.cls, found.verdict) == (EventClass.PAGE_VIEW, Verdict.COUNTED)
    assert found.at_ms == HIT.at_ms


@pytest.mark.parametrize(
    ("hit", "purpose", "verdict"),
    [
        (replace(HIT, method="HEAD"), "", Verdict.NOT_GET),
        (replace(HIT, status=404), "", Verdict.NOT_SERVED),
        (replace(HIT, path="/a.css"), "", Verdict.NOT_A_PAGE),
        (HIT, "prefetch", Verdict.PREFETCH),
        (HIT, "Prefetch;prerender", Verdict.PREFETCH),
        (HIT, "preview", Verdict.PREFETCH),
        (replace(HIT, user_agent=""), "", Verdict.NO_AGENT),
        (replace(HIT, user_agent="  "), "", Verdict.NO_AGENT),
        (replace(HIT, user_agent="curl/8.5"), "", Verdict.BOT_UA),
        (replace(HIT, user_agent="Mozilla (compatible; Googlebot/2.1)"), "", Verdict.BOT_UA),
        (replace(HIT, ip="198.51.100.9"), "", Verdict.DATACENTER_IP),
        (replace(HIT, ip="192.168.3.4"), "", Verdict.SELF),
        (replace(HIT, ip="no address"), "", Verdict.COUNTED),
    ],
)
def test_a_rule_without_memory(hit: Seen, purpose: str, verdict: Verdict) -> None:
    judging = judge()
    for _ in range(2):  # what does not count leaves no trace
        assert judging.page_view(hit, SALT, purpose).verdict in (verdict, Verdict.DUP)
    assert judge().page_view(hit, SALT, purpose).verdict is verdict


def test_the_first_rule_that_speaks_decides() -> None:
    worst = Seen(method="POST", status=500, path="/a.js", user_agent="curl", ip="198.51.100.1")
    steps = [
        ({"method": "GET"}, Verdict.NOT_SERVED),
        ({"status": 200}, Verdict.NOT_A_PAGE),
        ({"path": "/"}, Verdict.PREFETCH),
    ]
    assert judge().page_view(worst, SALT, "prefetch").verdict is Verdict.NOT_GET
    for change, verdict in steps:
        worst = replace(worst, **change)  # type: ignore[arg-type]
        assert judge().page_view(worst, SALT, "prefetch").verdict is verdict
    assert judge().page_view(worst, SALT).verdict is Verdict.BOT_UA
    assert judge().page_view(replace(worst, user_agent=BROWSER), SALT).verdict is (
        Verdict.DATACENTER_IP
    )


def test_the_same_page_in_the_same_second_counts_once() -> None:
    judging = judge()
    verdicts = [
        judging.page_view(hit, SALT).verdict
        for hit in (
            HIT,
            replace(HIT, at_ms=Millis(HIT.at_ms + 999)),
            replace(HIT, at_ms=Millis(HIT.at_ms + 1_000)),
            replace(HIT, path="/other"),
            replace(HIT, ip="203.0.113.6"),
            HIT,
        )
    ]
    assert [n for n, verdict in enumerate(verdicts) if verdict is Verdict.DUP] == [1, 5]
    assert verdicts.count(Verdict.COUNTED) == 4


def test_a_visitors_views_in_a_minute_are_limited_and_each_minute_is_new() -> None:
    judging = judge(views_per_minute=5)
    start = Millis(1_700_000_040_000)
    assert start % 60_000 == 0
    views = [replace(HIT, at_ms=Millis(start + second * 1_000)) for second in range(61)]
    verdicts = [judging.page_view(view, SALT).verdict for view in views]
    assert verdicts[:5] == [Verdict.COUNTED] * 5
    assert verdicts[5:60] == [Verdict.RATE] * 55
    assert verdicts[60] is Verdict.COUNTED
    assert judging.page_view(replace(views[59], ip="203.0.113.9"), SALT).verdict is Verdict.COUNTED


def test_counts_do_not_depend_on_the_order_of_the_log() -> None:
    chance = random.Random(3)
    hits = [
        Seen(
            at_ms=Millis(1_700_000_000_000 + chance.randrange(240) * 1_000),
            ip=f"203.0.113.{chance.randrange(4)}",
            path=chance.choice(["/", "/a", "/b", "/c.css"]),
        )
        for _ in range(1_500)
    ]
    counts = set()
    for _ in range(5):
        chance.shuffle(hits)
        judging = judge(views_per_minute=12)
        found = Counter(judging.page_view(hit, SALT).verdict for hit in hits)
        counts.add(tuple(sorted(found.items())))
    assert len(counts) == 1
    assert {verdict for verdict, _ in counts.pop()} == {
        Verdict.COUNTED,
        Verdict.RATE,
        Verdict.DUP,
        Verdict.NOT_A_PAGE,
    }


def test_memory_is_bounded_and_the_minutes_in_use_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "VIEWS_REMEMBERED_MAX", 50)
    judging = judge()
    judging.page_view(HIT, SALT)
    for number in range(1, 200):
        later = Millis(HIT.at_ms + number * 60_000)
        assert judging.page_view(replace(HIT, at_ms=later), SALT).verdict is Verdict.COUNTED
        assert judging.page_view(HIT, SALT).verdict is Verdict.DUP
        assert judging._remembered == sum(len(m.seen) for m in judging._minutes.values()) <= 50


def test_the_version_tells_lists_apart_and_not_their_order() -> None:
    def version(bots: list[str], nets: list[str], rate: int = 30) -> bytes:
        return Filters(BotPatterns(bots), Networks(nets), rate).version

    base = version(["a", "b"], ["10.0.0.0/8"])
    assert base == version(["b", "a", "a"], ["10.0.0.0/9", "10.128.0.0/9"])
    others = [
        version(["a"], ["10.0.0.0/8"]),
        version(["a", "b"], []),
        version(["a", "b"], ["10.0.0.0/8"], 31),
    ]
    assert len({base, *others}) == 4
    assert len(base) == 32


def test_a_real_log_to_the_line() -> None:
    path = shared_data("web", "apache_logs_lines_1-7421.log.gz")
    patterns = [entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA]
    judging = Judge(Filters(BotPatterns(patterns), Networks([])), "site", Networks([]))
    source = access_log.hit_source(Options(access_log.manifest, {"log": str(path)}))
    found = Counter(
        judging.page_view(hit, SALT).verdict.name for hit in source if isinstance(hit, WebHit)
    )

    expected: Counter[str] = Counter()
    lists = [re.compile(pattern) for pattern in patterns]
    crawlers: dict[str, bool] = {}
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        _, request, answer, _, _, agent, *_ = line.split('"')
        method, target, _ = request.split(" ")
        name = target.split("?")[0].rstrip("/").split("/")[-1]
        kind = re.findall(r"\.([a-z][a-z0-9]{0,9})$", name.lower())
        if agent not in crawlers:
            crawlers[agent] = any(pattern.search(agent) for pattern in lists)
        expected[
            "NOT_GET" if method != "GET"
            else "NOT_SERVED" if answer.split()[0] not in ("200", "304")
            else "NOT_A_PAGE" if (kind and kind[0] not in ("html", "htm", "xhtml", "php"))
            or name in ("feed", "rss", "atom") or re.search("flav=(rss|atom)", target)
            else "NO_AGENT" if agent == "-"
            else "BOT_UA" if crawlers[agent]
            else "COUNTED"
        ] += 1  # fmt: skip
    assert found == expected
    assert found == {
        "NOT_A_PAGE": 4_830,
        "COUNTED": 1_330,
        "BOT_UA": 857,
        "NOT_SERVED": 333,
        "NO_AGENT": 40,
        "NOT_GET": 31,
    }
