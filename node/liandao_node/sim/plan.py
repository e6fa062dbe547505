"""The plan of a simulated life: everything that a seed decides, in a form that can be cut.

A plan says which faults exist and what happens when. The small chances in between (which
message is lost, how long a write takes) come from generators of their own, named after the
seed, so that a plan with fewer happenings is still a life much like the whole one.
"""

import random
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from liandao_node.consensus.quorum import faults_tolerated
from liandao_node.sim.liars import LIES, SNAPSHOT_LIES, Lie
from liandao_node.sim.network import Weather

SIZES: Final = {4: 38, 5: 12, 6: 10, 7: 24, 8: 3, 9: 2, 10: 6, 13: 3, 16: 1, 19: 1}
"""Shops of a street, with the weight of each size."""
CALLS_OFF: Final = 0.5
"""Part of the fault kinds that a seed leaves out, so that none hides the others."""


PRUNING: Final = 0.2
"""Part of the streets that drop old blocks and make snapshots."""
NEW_KEYS: Final = 0.4
"""Part of the streets in which owners may give their shops other keys. Where liars are f, none
does: a shop is out until its epoch comes."""
UPDATES: Final = 0.1
"""Part of the streets that are brought up to date, shop by shop."""
LEAP_MS_MIN: Final = 1_000
"""From which on a clock is wrong, and not merely a bit off."""


class Kind(StrEnum):
    """What can happen. Comments say what the numbers of a happening mean."""

    SPLIT = "split"
    """Side of each place (0 or 1), ..."""
    ONE_WAY = "one-way"
    """Sender, receiver, sender, receiver, ..."""
    ISOLATE = "isolate"
    """Place; 1 if its channels break."""
    DEAFEN = "deafen"
    """Place that can speak and not hear."""
    HEAL = "heal"
    CRASH = "crash"
    """Place; records that still reach the disk."""
    CRASH_LEADER = "crash-leader"
    """Records that still reach the disk."""
    POWER_CUT = "power-cut"
    """Records that still reach each disk."""
    BOOT = "boot"
    """Place."""
    BOOT_ALL = "boot-all"
    PAUSE = "pause"
    """Place."""
    PAUSE_LEADER = "pause-leader"
    RESUME_ALL = "resume-all"
    CLOCK = "clock"
    """Place; milliseconds that its monotonic clock leaps."""
    DISK_FULL = "disk-full"
    """Place; 1 if the node notices before."""
    DISK_FREE = "disk-free"
    DAMAGE = "damage"
    """Place whose voter.db does not check any more."""
    LOSE_DISK = "lose-disk"
    """Place that comes back with an empty disk, as a follower."""
    BACKUP = "backup"
    """Place of a liar that puts back an older disk."""
    AWAY = "away"
    """Place whose computer is off; for how many milliseconds nobody is there to start it."""
    NEW_KEY = "new-key"
    """Place whose owner gives it another node key, and the voter's disk that goes with it."""
    UPDATE = "update"
    """Place whose program is replaced by one that speaks a newer protocol."""


WEIGHTS: Final[dict[Kind, int]] = {
    Kind.SPLIT: 10,
    Kind.ONE_WAY: 6,
    Kind.ISOLATE: 5,
    Kind.DEAFEN: 4,
    Kind.CRASH: 10,
    Kind.CRASH_LEADER: 10,
    Kind.POWER_CUT: 4,
    Kind.PAUSE: 5,
    Kind.PAUSE_LEADER: 6,
    Kind.CLOCK: 4,
    Kind.DISK_FULL: 5,
    Kind.BACKUP: 5,
}
CURES: Final[dict[Kind, int]] = {
    Kind.HEAL: 16,
    Kind.BOOT: 12,
    Kind.BOOT_ALL: 10,
    Kind.RESUME_ALL: 10,
    Kind.DISK_FREE: 5,
}
"""Always there: without them everything would soon be broken."""


AT_A_PLACE: Final = frozenset(
    (
        Kind.ISOLATE,
        Kind.DEAFEN,
        Kind.CRASH,
        Kind.BOOT,
        Kind.PAUSE,
        Kind.CLOCK,
        Kind.DISK_FULL,
        Kind.DAMAGE,
        Kind.LOSE_DISK,
        Kind.BACKUP,
        Kind.AWAY,
        Kind.NEW_KEY,
        Kind.UPDATE,
    )
)
"""Their first number is a place."""


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at_ms: int
    kind: Kind
    numbers: list[int]


class LiarPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    place: int
    lies: list[Lie]


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One life of one street."""

    seed: int
    shops: int
    seated: int
    """Shops that vote in epoch 0; the rest follows."""
    epoch_blocks: int
    before_midnight_ms: int
    """How long after the start the ledger's day changes."""
    weather: Weather
    write_ms_max: int
    ledger_ms_max: int
    eager_blocks: int
    """Blocks that a leader has in flight at once."""
    attendance_blocks_min: int
    """Blocks of a proposer from which its word about absentees counts."""
    block_txs_max: int
    real_keys: bool
    """Ed25519 instead of cheap signatures."""
    wire: bool
    """Messages pass through their encoding."""
    shared: bool
    """Nodes take executions over from each other; else each computes for itself."""
    liars: list[LiarPlan]
    twin: list[int]
    """A place with a second computer, then those that hear this one; the others hear the first."""
    wall_ms: list[int]
    """By how much the wall clock of each place is off."""
    happenings: list[Happening]
    trades: list[int]
    """When the shops order, in milliseconds from the start."""
    keep_epochs: int = 0
    """Epochs whose blocks are kept, by nodes that make snapshots; 0: all blocks, and none."""

    @property
    def faults(self) -> int:
        return faults_tolerated(self.seated)


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    plan = _draw(seed)
    rng = random.Random(f"long run {seed}")  # noqa: S311
    if rng.random() < PRUNING:
        plan = _pruning(rng, plan)
    if rng.random() < NEW_KEYS:
        plan = _with_new_keys(rng, plan)
    if rng.random() < UPDATES:
        plan = _with_updates(rng, plan)
    return replace(plan, attendance_blocks_min=16) if len(at_fault(plan)) > 1 else plan


def _draw(seed: int) -> Plan:
    """A life of a street that keeps all of its blocks and all of its keys."""
    rng = random.Random(f"plan {seed}")  # noqa: S311
    shops = rng.choices(list(SIZES), list(SIZES.values()))[0]
    seated = shops if rng.random() < 0.7 else max(n for n in (4, 7, 10, 13, 16, 19) if n <= shops)
    budget = faults_tolerated(max(n for n in (4, 7, 10, 13, 16, 19) if n <= shops))
    liars, twin, budget = _liars(rng, shops, budget)
    broken = {liar.place for liar in liars} | set(twin[:1])
    lost = _lost(rng, shops, budget, broken)
    budget -= len(lost)
    wrong = rng.sample(range(shops), budget) if rng.random() < 0.3 else []
    stressed = len(broken) > 1
    return Plan(
        seed=seed,
        shops=shops,
        seated=seated,
        epoch_blocks=rng.choice((8, 12, 20, 30, 40)),
        before_midnight_ms=rng.choice((86_400_000, 86_400_000, 5_000, 15_000)),
        weather=_weather(rng),
        write_ms_max=rng.choice((1, 5, 5, 60)),
        ledger_ms_max=rng.choice((5, 50, 1_000)),
        eager_blocks=rng.choice((1, 1, 2, 4)),
        # Jail makes a committee smaller, and who is at fault counts among the f of what is left.
        attendance_blocks_min=16 if stressed else rng.choice((2, 4, 16)),
        block_txs_max=rng.choice((1, 2, 100)),
        real_keys=rng.random() < 0.01,
        wire=rng.random() < 0.1,
        shared=rng.random() > 0.1,
        liars=liars,
        twin=twin,
        wall_ms=_clocks(rng, shops, wrong),
        happenings=_in_order([*_happenings(rng, shops, broken, wrong), *lost]),
        trades=_trades(rng),
    )


def _pruning(rng: random.Random, plan: Plan) -> Plan:
    """Short epochs whose blocks go soon, shops that are away for longer, and sources that lie."""
    broken = _broken(plan)
    honest = [place for place in range(plan.shops) if place not in broken]
    away = [
        Happening(
            rng.randrange(300, 3_000), Kind.AWAY, [place, rng.choice((6_000, 10_000, 15_000))]
        )
        for place in rng.sample(honest, min(len(honest), rng.choice((1, 1, 2))))
    ]
    lies = [LiarPlan(liar.place, [*liar.lies, *_about_snapshots(rng, liar)]) for liar in plan.liars]
    return replace(
        plan,
        keep_epochs=rng.choice((2, 2, 3)),
        epoch_blocks=rng.choice((3, 4, 6)),
        liars=lies,
        happenings=_in_order([*plan.happenings, *away]),
    )


def _about_snapshots(rng: random.Random, liar: LiarPlan) -> list[Lie]:
    lies = rng.sample(SNAPSHOT_LIES, rng.choice((0, 1, 1, 2)))
    return [lie for lie in lies if lie not in liar.lies]


def _with_new_keys(rng: random.Random, plan: Plan) -> Plan:
    """Owners give another key to shops that lost their disk, and to as many others as the street
    can do without meanwhile."""
    lost = sorted(
        {h.numbers[0] for h in plan.happenings if h.kind in (Kind.DAMAGE, Kind.LOSE_DISK)}
    )
    broken = _broken(plan)
    whole = [place for place in range(plan.shops) if place not in broken]
    others = rng.sample(whole, min(len(whole), max(0, plan.faults - len(broken))))
    renewed = [
        Happening(rng.randrange(2_000, 18_000), Kind.NEW_KEY, [place])
        for place in lost + others
        if rng.random() < 0.8
    ]
    return replace(plan, happenings=_in_order([*plan.happenings, *renewed]))


def _with_updates(rng: random.Random, plan: Plan) -> Plan:
    """Most shops have the newer program sooner or later; the last ones wait for the healing."""
    updates = [
        Happening(rng.randrange(500, 18_000), Kind.UPDATE, [place])
        for place in range(plan.shops)
        if rng.random() < 0.9
    ]
    return replace(plan, happenings=_in_order([*plan.happenings, *updates]))


def at_fault(plan: Plan) -> set[int]:
    """Places that count among the f: the broken ones, and those that wait for a new key."""
    return _broken(plan) | {h.numbers[0] for h in plan.happenings if h.kind is Kind.NEW_KEY}


def _broken(plan: Plan) -> set[int]:
    """Places that lie, lose what they promised, or have wrong clocks."""
    gone = {h.numbers[0] for h in plan.happenings if h.kind in (Kind.DAMAGE, Kind.LOSE_DISK)}
    leapt = {
        h.numbers[0]
        for h in plan.happenings
        if h.kind is Kind.CLOCK and h.numbers[1] >= LEAP_MS_MIN
    }
    wrong = {at for at, wall_ms in enumerate(plan.wall_ms) if abs(wall_ms) >= LEAP_MS_MIN}
    return gone | leapt | wrong | {liar.place for liar in plan.liars} | set(plan.twin[:1])


def _in_order(happenings: list[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda happening: happening.at_ms)


def _weather(rng: random.Random) -> Weather:
    return Weather(
        lost=rng.choice((0.0, 0.0, 0.02, 0.1, 0.3)),
        repeated=rng.choice((0.0, 0.03)),
        late=rng.choice((0.0, 0.0, 0.02, 0.1)),
        delay_ms_max=rng.choice((1, 3, 3, 10, 60)),
    )


def _liars(rng: random.Random, shops: int, budget: int) -> tuple[list[LiarPlan], list[int], int]:
    """No liars, a twin, or up to f liars; and how many faults of that kind are left."""
    chance = rng.random()
    if chance < 0.5:
        return [], [], budget
    if chance < 0.6:
        place, *others = rng.sample(range(shops), shops)
        return [], [place, *others[: rng.randint(1, len(others) - 1)]], budget - 1
    count = rng.randint(1, budget)
    liars = [
        LiarPlan(place, rng.sample(LIES, rng.randint(1, 4)))
        for place in sorted(rng.sample(range(shops), count))
    ]
    return liars, [], budget - count


def _lost(rng: random.Random, shops: int, budget: int, broken: set[int]) -> list[Happening]:
    """Disks that are damaged or lost for good: of seats that do not lie, f with the liars."""
    lost: list[Happening] = []
    places = [place for place in range(shops) if place not in broken]
    for place in rng.sample(places, min(budget, len(places))):
        if rng.random() < 0.15:
            kind = rng.choice((Kind.DAMAGE, Kind.LOSE_DISK))
            lost.append(Happening(rng.randrange(1_000, 15_000), kind, [place]))
            broken.add(place)
    return lost


def _clocks(rng: random.Random, shops: int, wrong: list[int]) -> list[int]:
    """Mostly nearly right; far off only as many as the street bears beside its liars (D-15)."""
    clocks = [rng.randint(-400, 400) for _ in range(shops)]
    for place in wrong:
        clocks[place] = rng.choice((-86_400_000, 3_600_000, 20_000))
    return clocks


def _happenings(
    rng: random.Random, shops: int, broken: set[int], wrong: list[int]
) -> list[Happening]:
    weights = {kind: weight for kind, weight in WEIGHTS.items() if rng.random() > CALLS_OFF}
    liars = sorted(broken)
    if not liars:
        weights.pop(Kind.BACKUP, None)
    weights |= CURES
    happenings: list[Happening] = []
    at_ms = rng.randint(200, 1_500)
    for _ in range(rng.randint(20, 45)):
        kind = rng.choices(list(weights), list(weights.values()))[0]
        happenings.append(Happening(at_ms, kind, _numbers(rng, kind, shops, liars, wrong)))
        at_ms += rng.choice((1, 10, 100, 400, 700, 1_000, 1_500))
    return happenings


def _numbers(
    rng: random.Random, kind: Kind, shops: int, liars: list[int], wrong: list[int]
) -> list[int]:
    place = rng.randrange(shops)
    match kind:
        case Kind.SPLIT:
            return [rng.randrange(2) for _ in range(shops + 1)]
        case Kind.ONE_WAY:
            return [rng.randrange(shops) for _ in range(2 * rng.randint(1, shops))]
        case Kind.CRASH:
            return [place, rng.randint(0, 3)]
        case Kind.CRASH_LEADER | Kind.POWER_CUT:
            return [rng.randint(0, 3)]
        case Kind.CLOCK:
            # All small leaps of a life together stay below what the street's rule of time allows.
            if not wrong or rng.random() < 0.5:
                return [place, rng.choice((50, 300))]
            return [rng.choice(wrong), rng.choice((5_000, 3_600_000))]
        case Kind.ISOLATE | Kind.DISK_FULL:
            return [place, rng.randrange(2)]
        case Kind.BACKUP:
            return [rng.choice(liars)]
        case Kind.DEAFEN | Kind.BOOT | Kind.PAUSE:
            return [place]
        case _:
            return []


def _trades(rng: random.Random) -> list[int]:
    trades: list[int] = []
    at_ms = 50
    for _ in range(rng.randint(60, 100)):
        trades.append(at_ms)
        at_ms += rng.choice((1, 20, 100, 300, 700))
    return trades
