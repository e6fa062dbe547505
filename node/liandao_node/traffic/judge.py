"""Judges page views: one verdict for each, by rules that are the same in every shop.

The rules come in this order, and the first that speaks decides (docs/traffic.md):
page (method, status, address), prefetch, agent, crawler, data centre, own network, duplicate,
rate.

Duplicates and rate look at nothing but the hit's own second and minute, so the counts do not
depend on the order in which hits arrive: servers write lines when answers are done, and logs
of several machines are merged. Where all of an hour's lines carry the same minute, as in some
published logs, the rate rule is a limit for the hour; it never counts more, only less.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from liandao_node.crypto.digest import tagged
from liandao_node.limits import USER_AGENT_CHARS_MAX, VIEWS_PER_MINUTE_MAX, VIEWS_REMEMBERED_MAX
from liandao_node.traffic.bots import BotPatterns
from liandao_node.traffic.events import EventClass, Hit, Judgement, Verdict
from liandao_node.traffic.networks import Networks, parse_address
from liandao_node.traffic.pages import RULE_VERSION, page_verdict
from liandao_node.traffic.visitors import subject_key, visitor_key
from liandao_node.types import Millis
from liandao_node.wire.codec import encode

FILTERS_TAG: Final = b"liandao/traffic/filters/1"
_ADVANCE_PURPOSES: Final = ("prefetch", "prerender", "preview")
_MINUTE_MS: Final = 60_000


class Filters:
    """The lists and numbers that every shop of a street judges by."""

    def __init__(
        self,
        bots: BotPatterns,
        datacenters: Networks,
        views_per_minute: int = VIEWS_PER_MINUTE_MAX,
    ) -> None:
        self.bots = bots
        self.datacenters = datacenters
        self.views_per_minute = views_per_minute
        self.version = tagged(
            FILTERS_TAG, encode((RULE_VERSION, views_per_minute, bots.patterns, datacenters.ranges))
        )
        """32 bytes: two shops with the same version judge alike."""


@dataclass(slots=True)
class _Minute:
    views: dict[bytes, int] = field(default_factory=dict)
    """Counted views by visitor."""
    seen: set[tuple[bytes, bytes, int]] = field(default_factory=set)
    """Visitor, page, second."""


class Judge:
    """Judges one site's page views. Remembers a bounded number of them."""

    def __init__(self, filters: Filters, site: str, own: Networks) -> None:
        """``own``: networks of the shop itself, not part of the street's lists."""
        self.filters = filters
        self._site = site
        self._own = own
        self._minutes: OrderedDict[int, _Minute] = OrderedDict()
        """Touched last at the end."""
        self._remembered = 0

    def page_view(self, hit: Hit, salt: bytes, purpose: str = "") -> Judgement:
        """The verdict on ``hit``.

        ``salt``: the day's, 32 bytes. ``purpose``: the request's Sec-Purpose header, for hits
        that have one; a log has not.
        """
        visitor = visitor_key(salt, hit.ip, hit.user_agent, self._site)
        subject = subject_key(salt, self._site, hit.path)
        verdict = self._rules_without_memory(hit, purpose)
        if verdict is Verdict.COUNTED:
            verdict = self._rules_with_memory(visitor, subject, hit.at_ms)
        return Judgement(EventClass.PAGE_VIEW, verdict, visitor, Millis(hit.at_ms), subject)

    def _rules_without_memory(self, hit: Hit, purpose: str) -> Verdict:
        verdict = page_verdict(hit.method, hit.path, hit.status)
        if verdict is not Verdict.COUNTED:
            return verdict
        if any(word in purpose.lower() for word in _ADVANCE_PURPOSES):
            return Verdict.PREFETCH
        if not hit.user_agent.strip():
            return Verdict.NO_AGENT
        if self.filters.bots.match(hit.user_agent[:USER_AGENT_CHARS_MAX]):
            return Verdict.BOT_UA
        address = parse_address(hit.ip)
        if address is not None and address in self.filters.datacenters:
            return Verdict.DATACENTER_IP
        if address is not None and address in self._own:
            return Verdict.SELF
        return Verdict.COUNTED

    def _rules_with_memory(self, visitor: bytes, subject: bytes, at_ms: int) -> Verdict:
        minute = self._minute(at_ms // _MINUTE_MS)
        view = (visitor, subject, at_ms // 1_000)
        if view in minute.seen:
            return Verdict.DUP
        minute.seen.add(view)
        self._remembered += 1
        self._forget()
        views = minute.views.get(visitor, 0)
        if views >= self.filters.views_per_minute:
            return Verdict.RATE
        minute.views[visitor] = views + 1
        return Verdict.COUNTED

    def _minute(self, number: int) -> _Minute:
        minute = self._minutes.get(number)
        if minute is None:
            minute = self._minutes[number] = _Minute()
        else:
            self._minutes.move_to_end(number)
        return minute

    def _forget(self) -> None:
        """Drops the minutes untouched for longest, never the one in use."""
        while self._remembered > VIEWS_REMEMBERED_MAX and len(self._minutes) > 1:
            _, minute = self._minutes.popitem(last=False)
            self._remembered -= len(minute.seen)
