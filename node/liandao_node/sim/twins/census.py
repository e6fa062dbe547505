"""The census: all worlds that partitions can lead to, round by round.

A world is five states and what is under way. Each round is a view: a split of the five in two
is drawn for each of its phases, what a side says stays on that side, and at the end everybody
loses patience. Every split is tried in every world; worlds that are equal are one, with the
number of ways that lead to it.
"""

import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from itertools import combinations
from typing import Final

from liandao_node.sim.twins import essence
from liandao_node.sim.twins.instance import ALL, SHOPS, Instance, Letter, born
from liandao_node.types import ShopId
from liandao_node.wire.messages import Commit, Prepare, PrePrepare, Suspect

World = tuple[list[Instance], list[Letter], list[Letter]]
"""Five instances; what falls under the next split; what a split keeps back."""
Name = bytes
"""Digest of what matters in a world."""
Worlds = dict[Name, tuple[int, bytes]]
"""How many ways lead to a world, and the world."""
WAVES_MAX: Final = 60
"""Within which all that follows from a split has been said."""


class Cut(Enum):
    """What becomes of a message from one side to the other."""

    LOST = "lost"
    LATE = "late"
    """It comes when its receiver has promised the next view."""


@dataclass(frozen=True)
class Scope:
    """What is enumerated."""

    twin: int
    """The seat on two computers. It leads every fourth view, from this one."""
    views: int
    fine: int = 0
    """First views with three splits each: for proposals, for PREPAREs, for COMMITs. The others
    have one."""
    cut: Cut = Cut.LOST

    def levels(self) -> list[tuple[int, int, int]]:
        """View, phase and number of phases of each split in turn."""
        return [
            (view, phase, phases)
            for view in range(self.views)
            for phases in [3 if view < self.fine else 1]
            for phase in range(phases)
        ]


@dataclass
class Count:
    """What a census found."""

    scope: Scope
    scenarios: int = 0
    worlds: int = 1
    """Different ones in which splits were tried."""
    rounds: int = 0
    """Rounds, or phases of one, that were played."""
    halted: int = 0
    """Scenarios at whose end a twin had seen the other and stopped (P-6.7)."""
    final: int = 0
    """Those at whose end some block was final for an honest seat."""
    ends: Counter[tuple[int, ...]] = field(default_factory=Counter)
    """Scenarios by the heights of the honest seats at their end."""
    broken: str = ""
    """What fell, and the splits that lead there."""


def splits() -> list[int]:
    """All ways to cut the five in two, the whole among them; bit: who is apart."""
    return [2 * apart for apart in range(2**SHOPS)]


class Census:
    """Goes through one scope."""

    def __init__(self, scope: Scope, *, merge: bool = True) -> None:
        """Without ``merge`` every scenario is played by itself: slow, and a check of `essence`."""
        self.scope = scope
        self.merge = merge
        self.shops = [*range(SHOPS), scope.twin]
        """By instance; the last is the twin's second computer."""
        self.names = [*"ABCD"[:SHOPS], "ABCD"[scope.twin] + "'"]
        self.count = Count(scope)
        self._honest = [at for at in range(SHOPS) if at != scope.twin]
        self._levels = scope.levels()
        self._came: list[dict[Name, tuple[Name, int]]] = []
        """By level: from which world and split each first came."""

    def take(self) -> Count:
        """The census, up to the first world in which something is broken."""
        names = zip(self.names, self.shops, strict=True)
        first = [born(name, shop, self.scope.twin) for name, shop in names]
        worlds = {b"": (1, _frozen((first, [], [])))}
        for level in range(len(self._levels)):
            worlds = self._level(worlds, level, last=level == len(self._levels) - 1)
            if self.count.broken:
                return self.count
        return self.count

    # --- one level ---

    def _level(self, worlds: Worlds, level: int, *, last: bool) -> Worlds:
        came: dict[Name, tuple[Name, int]] = {}
        self._came.append(came)
        after: Worlds = {}
        for name, (ways, frozen) in worlds.items():
            for split in splits():
                world = self._play(_thawed(frozen), level, split)
                following = b"" if last else self._name(world)
                known = after.get(following)
                if known is not None:
                    after[following] = (known[0] + ways, known[1])
                    continue
                came[following] = (name, split)
                self._look_at(world, following)
                if self.count.broken:
                    return after
                if last:
                    self._note_end(world, ways)
                else:
                    after[following] = (ways, _frozen(world))
        self.count.worlds += len(after)
        return after

    def _play(self, world: World, level: int, split: int) -> World:
        self.count.rounds += 1
        view, phase, phases = self._levels[level]
        run = _Run(self, world, split, _kept_for_later(phase, phases))
        if phase == 0:
            for at, instance in enumerate(run.instances):
                instance.propose(view)
                run.post(at)
            run.waves()
        if phase < phases - 1:
            return run.instances, run.waiting, run.late
        return run.end()

    def _name(self, world: World) -> Name:
        if not self.merge:
            return b"%d" % self.count.rounds
        instances, *letters = world
        whole = essence.of_world(instances, letters, ShopId(self.scope.twin))
        return sha256(repr(_ordered(whole)).encode()).digest()

    # --- what must hold ---

    def _look_at(self, world: World, name: Name) -> None:
        instances = world[0]
        honest = [instances[at] for at in self._honest]
        why = next((instance.broken for instance in honest if instance.broken), "")
        for one, other in combinations(honest, 2):
            pairs = zip(one.chain, other.chain, strict=False)
            if any(a.block.header != b.block.header for a, b in pairs):
                why = "fork: two honest seats delivered different blocks at one height"
        if why:
            self.count.broken = f"{why}; {self._way(name)}"

    def _note_end(self, world: World, ways: int) -> None:
        instances = world[0]
        heights = tuple(len(instances[at].chain) for at in self._honest)
        self.count.scenarios += ways
        self.count.halted += ways * any(one.replica.halted is not None for one in instances)
        self.count.final += ways * any(heights)
        self.count.ends[heights] += ways

    def _way(self, name: Name) -> str:
        """The splits that lead to a world, in the order of rounds."""
        words = []
        for came in reversed(self._came):
            name, split = came[name]
            words.append(self._named(split))
        return " ".join(reversed(words))

    def _named(self, split: int) -> str:
        sides: tuple[list[str], list[str]] = ([], [])
        for at, name in enumerate(self.names):
            sides[split >> at & 1].append(name)
        return "|".join("".join(side) for side in sides if side)


def _kept_for_later(phase: int, phases: int) -> tuple[type, ...]:
    if phase == phases - 1:
        return ()
    return (Prepare, Commit) if phase == 0 else (Commit,)


def _frozen(world: World) -> bytes:
    return pickle.dumps(world, protocol=5)


def _thawed(frozen: bytes) -> World:
    world: World = pickle.loads(frozen)  # noqa: S301  # our own
    return world


def _ordered(value: object) -> object:
    """Sets in an order that is the same in every process."""
    match value:
        case frozenset():
            return sorted(map(repr, value))
        case tuple() | list():
            return [_ordered(item) for item in value]
        case _:
            return value


class _Run:
    """A world while messages move in it."""

    def __init__(self, census: Census, world: World, split: int, kept: tuple[type, ...]) -> None:
        self.instances, held, self.late = world
        self.shops = census.shops
        self.cut = census.scope.cut
        self.split = split
        self.kept = kept
        self.waiting: list[Letter] = []
        """For the next split."""
        self.under_way: list[Letter] = []
        for letter in held:
            self._post(letter)
        self.waves()

    def post(self, at: int) -> None:
        """What instance ``at`` has said goes on its way."""
        for letter in self._letters(at):
            self._post(letter)

    def _letters(self, at: int) -> list[Letter]:
        instance = self.instances[at]
        said, instance.said = instance.said, []
        return [
            (at, target, message)
            for to, message in said
            for target, shop in enumerate(self.shops)
            if shop == to or (to == ALL and shop != self.shops[at])
        ]

    def _post(self, letter: Letter) -> None:
        source, target, message = letter
        if self.kept and isinstance(message, self.kept):
            self.waiting.append(letter)
        elif not (self.split >> source ^ self.split >> target) & 1:
            self.under_way.append(letter)
        elif self.cut is Cut.LATE and isinstance(message, PrePrepare | Prepare | Commit):
            self.late.append(letter)

    def waves(self) -> None:
        """Everything that can be said is said."""
        for _ in range(WAVES_MAX):
            letters, self.under_way = self.under_way, []
            for source, target, message in letters:
                self.instances[target].receive(ShopId(self.shops[source]), message)
                self.post(target)
            if not self.under_way:
                return
        raise AssertionError("a round does not come to rest")

    def end(self) -> World:
        """Patience ends everywhere at once, and every suspicion is heard.

        What else is said then falls under the next split: promises, and whatever is asked for.
        """
        said: list[Letter] = []
        for at, instance in enumerate(self.instances):
            instance.lose_patience()
            said += self._letters(at)
        rest: list[Letter] = []
        while said:
            rest += [letter for letter in said if not isinstance(letter[2], Suspect)]
            said = self._told([letter for letter in said if isinstance(letter[2], Suspect)])
        # What the splits kept back reaches seats that have promised the next view.
        return self.instances, rest + self._told(self.late), []

    def _told(self, letters: Sequence[Letter]) -> list[Letter]:
        """Letters arrive; what is said then."""
        said: list[Letter] = []
        for source, target, message in letters:
            self.instances[target].receive(ShopId(self.shops[source]), message)
            said += self._letters(target)
        return said
