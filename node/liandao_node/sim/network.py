"""Links between nodes that lose, repeat, delay and reorder, and that can be cut one way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from liandao_node.sim.timeline import Timeline
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import FetchSnapshot, Message, Snapshot, decode_message

if TYPE_CHECKING:
    from liandao_node.sim.node import Node

Link = tuple[int, int]
"""Places of sender and receiver among the street's nodes."""


class Weather(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How bad all links are."""

    lost: float = 0.0
    repeated: float = 0.0
    late: float = 0.0
    """Part of the messages that take up to ``late_ms_max`` more, whatever came since."""
    late_ms_max: int = 5_000
    delay_ms_max: int = 3


CALM: Final = Weather()


class Network:
    """Carries messages from node to node."""

    def __init__(self, timeline: Timeline, seed: str, *, wire: bool = False) -> None:
        self.weather = CALM
        self.cuts: set[Link] = set()
        self.strangers: set[Link] = set()
        """Links between nodes that do not know each other's keys."""
        self.filter: Callable[[Node, Node, Message], bool] | None = None
        """A test's own: True loses the message."""
        self._timeline = timeline
        self._random = random.Random(seed).random  # noqa: S311
        self._wire = wire
        self._streams: dict[Link, int] = {}
        """When the last piece of a snapshot arrives, by link."""
        self.lost = 0
        self.repeated = 0
        self.late = 0
        self.stopped = 0
        """Messages that met a cut."""

    def post(self, source: Node, target: Node, message: Message) -> None:
        """Sends; what arrives, when and how often is up to the weather."""
        link = (source.place, target.place)
        if link in self.cuts or link in self.strangers:
            self.stopped += 1
            return
        if self.filter is not None and self.filter(source, target, message):
            return
        if self._wire:
            message = decode_message(encode(message))
        weather, chance = self.weather, self._random
        if type(message) is FetchSnapshot or type(message) is Snapshot:
            self._stream(link, source, target, message)
            return
        copies = 1
        if weather.repeated and chance() < weather.repeated:
            copies = 2
            self.repeated += 1
        for _ in range(copies):
            if weather.lost and chance() < weather.lost:
                self.lost += 1
                continue
            delay_ms = 1 + int(chance() * weather.delay_ms_max)
            if weather.late and chance() < weather.late:
                delay_ms += 1 + int(chance() * weather.late_ms_max)
                self.late += 1
            self._timeline.after(delay_ms, target.receive, source.shop, message)

    def _stream(self, link: Link, source: Node, target: Node, message: Message) -> None:
        """As a channel does: in order and once, or not at all. Whoever fetches a snapshot counts
        on that, where consensus expects nothing."""
        if self._random() < self.weather.lost:
            self.lost += 1
            return
        delay_ms = 1 + int(self._random() * self.weather.delay_ms_max)
        at_ms = max(self._timeline.now + delay_ms, self._streams.get(link, 0))
        self._streams[link] = at_ms
        self._timeline.after(at_ms - self._timeline.now, target.receive, source.shop, message)

    def cut(self, links: Iterable[Link]) -> None:
        self.cuts.update(links)

    def split(self, *sides: Iterable[int]) -> None:
        """Cuts every link between places of different sides, and no other."""
        groups = [set(side) for side in sides]
        self.cuts = {
            link
            for at, one in enumerate(groups)
            for other in groups[at + 1 :]
            for a in one
            for b in other
            for link in ((a, b), (b, a))
        }

    def heal(self) -> None:
        self.cuts.clear()
