"""``liandao earn-rule``: by what this shop's orders earn, and publishing another rule (L-7.9).

A rule takes effect with the next clearing period and never earlier. Amounts are minor units, rates
hundredths of a per cent.
"""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import trio

from liandao_node.cli.console import say
from liandao_node.cli.missing_command import as_document
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.client import EarnHours, EarnRuleTerms, EarnRuleTold, EarnRuleView, connect
from liandao_node.types import Amount, Millis
from liandao_node.wording import sentence

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BPS_MAX: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOURS: Final = re.compile(
    r"([a-z]{3})(?:-([a-z]{3}))?@([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})=([0-9]{1,5})"
)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rule = commands.add_parser("earn-rule", help="by what this shop's orders earn")
    kinds = rule.add_subparsers(dest="kind", required=True, metavar="KIND")
    show = kinds.add_parser("show", help="the rule in force, and the one that comes")
    add_data(show)
    show.add_argument("--json", action="store_true", help="for programs: one JSON document")
    show.set_defaults(handler=lambda options: trio.run(_show, options))
    publish = kinds.add_parser("set", help="publish a rule for the next clearing period")
    add_data(publish)
    publish.add_argument("bps", type=rate, metavar="RATE", help="300 is 3 %% of what was paid")
    publish.add_argument("--per-visit", type=whole_number, default=0, help="once per card and day")
    publish.add_argument("--per-online", type=whole_number, default=0, help="per order online")
    publish.add_argument("--minimum", type=whole_number, default=0, help="less earns nothing")
    publish.add_argument("--card-day-max", type=whole_number, default=0, help="0: no cap")
    publish.add_argument(
        "--hours",
        type=hours,
        action="append",
        default=[],
        metavar="DAYS@FROM-TO=RATE",
        help="another rate, like mon-fri@15:00-18:00=600; the first that fits counts",
    )
    publish.set_defaults(handler=lambda options: trio.run(_publish, options))


def rate(text: str) -> int:
    """A rate of the command line."""
    if not (text.isascii() and text.isdigit()) or len(text) > 5 or int(text) > BPS_MAX:
        raise argparse.ArgumentTypeError(sentence("BPS_BAD", {"text": text, "limit": BPS_MAX}))
    return int(text)


def hours(text: str) -> EarnHours:
    """Hours of the command line. Days may go round the end of the week."""
    bad = argparse.ArgumentTypeError(sentence("EARN_HOURS_BAD", {"text": text}))
    found = _HOURS.fullmatch(text.strip().lower())
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise bad
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    weekdays = sum(1 << (first + n) % 7 for n in range((last - first) % 7 + 1))
    begin, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (3, 5))
    # What ends before it begins is the ledger's to refuse, what is no time of day ours.
    if max(int(found[4]), int(found[6])) > 59 or begin > 1_439 or not 1 <= end <= 1_440:
        raise bad
    return EarnHours(weekdays, begin, end, rate(found[7]))


async def _show(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao earn-rule") as node:
        told = await node.earn_rule()
    if options.json:
        say(as_document(told))
        return 0
    for line in describe(told):
        say(line)
    return 0


async def _publish(options: argparse.Namespace) -> int:
    terms = EarnRuleTerms(
        bps=options.bps,
        per_visit=Amount(options.per_visit),
        per_online=Amount(options.per_online),
        minimum=Amount(options.minimum),
        card_day_max=Amount(options.card_day_max),
        hours=options.hours,
    )
    async with connect(options.data, client="liandao earn-rule") as node:
        done = await node.publish_earn_rule(terms)
        told = await node.earn_rule()
    day = _day(done.from_ms, told.utc_offset_minutes)
    say(f"Rule {done.version} is published, in force from {day} on. Until then nothing changes.")
    return 0


def describe(told: EarnRuleTold) -> Iterator[str]:
    """The rules in lines for a terminal."""
    yield from _rule_words("in force", told.now, told.utc_offset_minutes)
    if told.coming is not None:
        yield from _rule_words("coming", told.coming, told.utc_offset_minutes)
    else:
        day = _day(told.next_period_ms, told.utc_offset_minutes)
        yield f"nothing else is published; a rule that is set now takes effect on {day}"


def _rule_words(name: str, rule: EarnRuleView, offset: int) -> Iterator[str]:
    since = f", from {_day(rule.from_ms, offset)} on" if rule.version else " (the street's rate)"
    yield f"{name}: rule {rule.version}{since}"
    terms = rule.terms
    yield f"  {_percent(terms.bps)} of what was paid"
    for words, amount in (
        ("besides, once per card and day", terms.per_visit),
        ("besides, for an order online", terms.per_online),
        ("nothing for less than", terms.minimum),
        ("at most, per card and day", terms.card_day_max),
    ):
        if amount:
            yield f"  {words}: {amount}"
    for one in terms.hours:
        days = " ".join(day for at, day in enumerate(DAYS) if one.weekdays >> at & 1)
        span = f"{_clock(one.from_minute)}-{_clock(one.to_minute)}"
        yield f"  {_percent(one.bps)} on {days} {span}"


def _percent(bps: int) -> str:
    return f"{bps // 100}.{bps % 100:02} %"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(time_ms: Millis, offset: int) -> str:
    local = _EPOCH + timedelta(milliseconds=time_ms, minutes=offset)
    return local.date().isoformat()
