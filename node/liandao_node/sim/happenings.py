"""Carrying out what a plan says happens. What cannot happen any more does not: a node that is
down cannot crash, so a plan from which something was cut is a plan still."""

from collections.abc import Callable, Iterable
from typing import Final

from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.disks import End, LedgerDisk, VoterDisk
from liandao_node.sim.liars import Liar
from liandao_node.sim.node import Node
from liandao_node.sim.owners import Owners
from liandao_node.sim.plan import Happening, Kind
from liandao_node.sim.street import Street
from liandao_node.wire.protocol import PROTOCOL

NEWER: Final = PROTOCOL + 1
"""Another number for the same rules: what differs is who may vote and when."""


class Fate:
    """Lets things happen to a street."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.twin_cuts: set[tuple[int, int]] = set()
        """Who never hears which of two twins."""
        self.owners: Owners | None = None
        self.updated: Callable[[Node], object] = lambda _: None
        """Hears of a shop whose program speaks a newer protocol from now on."""
        self._backups: dict[int, tuple[VoterDisk, LedgerDisk]] = {}
        self._acts: dict[Kind, Callable[[list[int]], bool]] = {
            Kind.SPLIT: self._split,
            Kind.ONE_WAY: self._one_way,
            Kind.ISOLATE: self._isolate,
            Kind.DEAFEN: self._deafen,
            Kind.HEAL: self._heal,
            Kind.CRASH: self._crash,
            Kind.CRASH_LEADER: self._crash_leader,
            Kind.POWER_CUT: self._power_cut,
            Kind.BOOT: self._boot,
            Kind.BOOT_ALL: self._boot_all,
            Kind.PAUSE: self._pause,
            Kind.PAUSE_LEADER: self._pause_leader,
            Kind.RESUME_ALL: self._resume_all,
            Kind.CLOCK: self._clock,
            Kind.DISK_FULL: self._disk_full,
            Kind.DISK_FREE: self._disk_free,
            Kind.DAMAGE: self._damage,
            Kind.LOSE_DISK: self._lose_disk,
            Kind.BACKUP: self._backup,
            Kind.AWAY: self._away,
            Kind.NEW_KEY: self._new_key,
            Kind.UPDATE: self._update,
        }

    def strike(self, happening: Happening) -> None:
        self.street.tells(None, happening.kind, " ".join(map(str, happening.numbers)))
        if self._acts[happening.kind](happening.numbers):
            self.street.counts[happening.kind] += 1

    def _honest(self, places: Iterable[int]) -> list[Node]:
        """Those of the places whose node runs and does not lie."""
        nodes = self.street.nodes
        return [nodes[at] for at in places if nodes[at].up and nodes[at].honest]

    def _leader(self) -> list[Node]:
        """Who leads the highest view that an honest seat is in."""
        places = [
            (node.replica.committee.epoch, node.replica.views.promised, node.replica.leader)
            for node in self.street.awake
            if node.replica is not None and node.replica.views.promised > NEVER_VOTED
        ]
        if not places:
            return []
        return [n for n in self.street.places_of[max(places)[2]] if n.up and n.honest]

    # --- links ---

    def _cut(self, links: Iterable[tuple[int, int]], *, breaks: bool = False) -> bool:
        links = list(links)
        self.street.network.cut(links)
        nodes = self.street.nodes
        for a, b in links if breaks else ():
            if nodes[b].up and nodes[a].shop != nodes[b].shop:
                nodes[b].link(nodes[a].shop, up=False)
        return bool(links)

    def _split(self, sides: list[int]) -> bool:
        """The last number says whether channels break."""
        *sides, breaks = sides
        count = len(self.street.nodes)
        side = [sides[at] if at < len(sides) else 0 for at in range(count)]
        links = [(a, b) for a in range(count) for b in range(count) if side[a] != side[b]]
        return self._cut(links, breaks=bool(breaks))

    def _one_way(self, links: list[int]) -> bool:
        pairs = zip(links[::2], links[1::2], strict=False)
        return self._cut((a, b) for a, b in pairs if a != b)

    def _isolate(self, numbers: list[int]) -> bool:
        place, breaks = numbers
        others = [at for at in range(len(self.street.nodes)) if at != place]
        links = [link for at in others for link in ((at, place), (place, at))]
        return self._cut(links, breaks=bool(breaks))

    def _deafen(self, numbers: list[int]) -> bool:
        (place,) = numbers
        return self._cut((at, place) for at in range(len(self.street.nodes)) if at != place)

    def _heal(self, _: list[int]) -> bool:
        if not self.street.network.cuts - self.twin_cuts:
            return False
        self.heal()
        return True

    def heal(self) -> None:
        self.street.network.cuts = set(self.twin_cuts)
        self.street.reconnect()

    # --- lives ---

    def _crash(self, numbers: list[int]) -> bool:
        place, writes = numbers
        return self._kill(self._honest([place]), End.KILLED, writes)

    def _crash_leader(self, numbers: list[int]) -> bool:
        return self._kill(self._leader(), End.KILLED, numbers[0])

    def _power_cut(self, numbers: list[int]) -> bool:
        return self._kill([n for n in self.street.nodes if n.up], End.POWER, numbers[0])

    def _kill(self, nodes: list[Node], how: End, writes: int) -> bool:
        for node in nodes:
            node.crash(how, writes)
        return bool(nodes)

    def _boot(self, numbers: list[int]) -> bool:
        node = self.street.nodes[numbers[0]]
        was_up = node.up
        node.boot()
        return node.up and not was_up

    def _boot_all(self, _: list[int]) -> bool:
        down = [node for node in self.street.nodes if not node.up]
        for node in down:
            node.boot()
        return bool(down)

    def _pause(self, numbers: list[int]) -> bool:
        return self._stop(self._honest(numbers))

    def _pause_leader(self, _: list[int]) -> bool:
        return self._stop(self._leader())

    def _stop(self, nodes: list[Node]) -> bool:
        for node in nodes:
            node.pause()
        return bool(nodes)

    def _resume_all(self, _: list[int]) -> bool:
        asleep = [node for node in self.street.nodes if node.paused]
        for node in asleep:
            node.resume()
        return bool(asleep)

    # --- computers ---

    def _clock(self, numbers: list[int]) -> bool:
        """Forward: a computer slept. A monotonic clock never goes back."""
        place, leap_ms = numbers
        self.street.nodes[place].mono_ms += leap_ms
        return True

    def _disk_full(self, numbers: list[int]) -> bool:
        place, noticed = numbers
        node = self.street.nodes[place]
        if node.voter.full or not node.honest:
            return False
        node.disk_full(full=True, noticed=bool(noticed))
        return True

    def _disk_free(self, _: list[int]) -> bool:
        full = [node for node in self.street.nodes if node.voter.full]
        for node in full:
            node.disk_full(full=False)
        return bool(full)

    def _damage(self, numbers: list[int]) -> bool:
        """The node finds it when it starts again, and stays out."""
        node = self.street.nodes[numbers[0]]
        node.crash(End.POWER)
        node.voter.damaged = True
        return True

    def _lose_disk(self, numbers: list[int]) -> bool:
        """All of it: whoever comes back may follow, until its owner gives it a new key."""
        node = self.street.nodes[numbers[0]]
        node.crash(End.POWER)
        node.honest, node.mute = False, True
        node.voter = VoterDisk()
        node.books.lose()
        node.boot()
        return True

    def _backup(self, numbers: list[int]) -> bool:
        """A liar's disk is what it was some time ago."""
        node = self.street.nodes[numbers[0]]
        if node.honest or not node.up or not isinstance(node.books, LedgerBooks):
            return False
        now = (node.voter.copy(), node.books.disk.copy())
        old = self._backups.setdefault(node.place, now)
        node.crash(End.POWER)
        node.voter, node.books.disk = old[0].copy(), old[1].copy()
        node.boot()
        return True

    def _away(self, numbers: list[int]) -> bool:
        """Nobody is in the shop: its computer is off, and nothing starts it before the time."""
        place, duration_ms = numbers
        node = self.street.nodes[place]
        if not node.honest:
            return False
        node.crash()
        node.away_until = self.street.timeline.now + duration_ms
        self.street.timeline.after(duration_ms, node.boot)
        return True

    def _new_key(self, numbers: list[int]) -> bool:
        """Whoever lies keeps the key it lies with."""
        node = self.street.nodes[numbers[0]]
        alone = len(self.street.places_of[node.shop]) == 1
        if self.owners is None or isinstance(node, Liar) or not alone:
            return False
        self.owners.renew(node)
        return True

    def _update(self, numbers: list[int]) -> bool:
        node = self.street.nodes[numbers[0]]
        if node.speaks == NEWER:
            return False
        for each in self.street.places_of[node.shop]:
            each.crash()
            each.speaks = NEWER
            each.boot()
        self.updated(node)
        return True

    def update_all(self) -> None:
        for place in range(len(self.street.nodes)):
            self._update([place])
