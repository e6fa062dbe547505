"""Goals, what was measured, and how both are told: JSON for machines, a table for people."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from liandao_node.cli.bench.calibration import Calibration
from liandao_node.cli.bench.cases import Case, Idle, Kills, Soak
from liandao_node.cli.bench.machine import Machine, Source

Better = Literal["less", "more"]

SINGLE: Final = "one outstanding"
SIGNED: Final = "a signature each"
SIGNED_OPEN: Final = "a signature each, at a fixed rate"
BATCHED: Final = "batches signed once"
BATCHED_OPEN: Final = "batches signed once, at a fixed rate"

SIGNED_PER_S: Final = 3_000
BATCHED_PER_S: Final = 15_000
LOADED_P99_MS: Final = 250
LATENCY_GOALS: Final = {4: ((8, 5), (25, 12)), 7: ((15, 10), None), 10: ((25, 15), None)}
"""By seats: goal and stretch of p50 and of p99, milliseconds."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table."""

    name: str
    unit: str
    measured: float
    goal: float | None = None
    stretch: float | None = None
    better: Better = "less"

    @property
    def met(self) -> bool | None:
        """None where nothing was to be reached."""
        if self.goal is None:
            return None
        return self.measured <= self.goal if self.better == "less" else self.measured >= self.goal


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A run of ``liandao bench consensus``."""

    source: Source
    machine: Machine
    quick: bool
    """Too short for its figures to mean anything."""
    calibration: Calibration
    cases: list[Case]
    idle: Idle | None
    kills: Kills | None
    soak: Soak | None
    ratios: dict[str, float]
    """Commit latency and CPU in units of the calibration."""
    figures: list[Figure]


def ratios(cases: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    found: dict[str, float] = {}
    for case in cases:
        if case.name == SINGLE:
            p50_us = case.commit_ms.p50 * 1_000
            seats = f"n={case.seats}"
            found[f"{seats} p50 / ping-pong"] = p50_us / calibration.ping_pong_us
            found[f"{seats} p50 / fdatasync"] = p50_us / calibration.fdatasync_us
            # A commit's own path: five hops, a sync, three signatures and four checks.
            path_us = (
                5 * calibration.ping_pong_us / 2
                + calibration.fdatasync_us
                + 3 * calibration.sign_us
                + 4 * calibration.verify_us
            )
            found[f"{seats} p50 / hops + sync + signatures"] = p50_us / path_us
            found[f"{seats} node CPU / verify"] = case.node_cpu_us / case.verify_us
        else:
            # By the price of the same minutes.
            found[f"{case.name}: node CPU / verify"] = case.node_cpu_us / case.verify_us
    return {name: round(value, 2) for name, value in found.items()}


def figures(
    cases: Sequence[Case], idle: Idle | None, kills: Kills | None, soak: Soak | None
) -> list[Figure]:
    found: list[Figure] = []
    for case in cases:
        found += _latency(case) if case.name == SINGLE else _throughput(case)
    if cases:
        loaded = max(case.rss_mb for case in cases)
        found.append(figure("RSS of a loaded node", "MB", loaded, (120, 90)))
    found += _quiet(idle, cases)
    if kills is not None:
        name = f"leader killed, next commit ({kills.count} times), "
        found.append(figure(name + "p50", "ms", kills.recovery_ms.p50))
        found.append(figure(name + "p99", "ms", kills.recovery_ms.p99, (1_000, None)))
        found.append(figure(name + "max", "ms", kills.recovery_ms.max))
    if soak is not None:
        name = f"RSS growth from a tenth to {soak.calls:,} transactions"
        found.append(figure(name, "%", soak.growth_percent, (20, None)))
        found.append(figure("RSS after the worst tenth", "MB", max(soak.rss_mb), (120, 90)))
    return found


def _latency(case: Case) -> Iterator[Figure]:
    p50_goals, p99_goals = LATENCY_GOALS.get(case.seats, (None, None))
    name = f"commit, n={case.seats}, one outstanding, "
    yield figure(name + "p50", "ms", case.commit_ms.p50, p50_goals)
    yield figure(name + "p99", "ms", case.commit_ms.p99, p99_goals)
    yield figure(name + "p99.9", "ms", case.commit_ms.p999)
    # The same with the way to the node and back, and what the shop keeps for itself.
    name = f"answer to the counter, n={case.seats}, "
    yield figure(name + "p50", "ms", case.latency_ms.p50, p50_goals)
    yield figure(name + "p99", "ms", case.latency_ms.p99, p99_goals)
    yield figure(name + "p99.9", "ms", case.latency_ms.p999)
    yield figure(f"CPU per node, n={case.seats}, one outstanding", "us/tx", case.node_cpu_us)


def _throughput(case: Case) -> Iterator[Figure]:
    goal: tuple[float, float | None] = (
        (BATCHED_PER_S, 30_000) if case.name.startswith(BATCHED) else (SIGNED_PER_S, 6_000)
    )
    yield figure(f"{case.name}, {case.load}", "tx/s", case.calls_per_s, goal, better="more")
    yield figure(f"{case.name}, p99", "ms", case.latency_ms.p99, (LOADED_P99_MS, None))
    yield figure(f"{case.name}, CPU per node", "us/tx", case.node_cpu_us)
    yield figure(f"{case.name}, transactions a block", "", case.transactions / max(1, case.blocks))


def _quiet(idle: Idle | None, cases: Sequence[Case]) -> Iterator[Figure]:
    if idle is None:
        return
    yield figure(f"blocks in {idle.seconds:g} idle seconds", "", idle.blocks, (0, None))
    yield figure("traffic roots of the sales before the pauses", "", idle.roots)
    p99 = next((c.latency_ms.p99 for c in cases if c.name == SINGLE and c.seats == 4), None)
    goal = None if p99 is None else (p99, None)
    yield figure("first transaction after a pause, median", "ms", _median(idle.first_ms), goal)
    yield figure("CPU of an idle node, of one core", "%", idle.node_cpu_percent)
    yield figure("RSS of an idle node", "MB", idle.rss_mb)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def figure(
    name: str,
    unit: str,
    measured: float,
    goals: tuple[float, float | None] | None = None,
    *,
    better: Better = "less",
) -> Figure:
    goal, stretch = goals or (None, None)
    return Figure(
        name=name, unit=unit, measured=measured, goal=goal, stretch=stretch, better=better
    )


def table(report: Report) -> Iterator[str]:
    """Lines for people: goal, stretch, measured."""
    yield from figure_lines(report.figures)
    yield ""
    c = report.calibration
    yield (
        f"Calibration: ping-pong {c.ping_pong_us:g} us, fdatasync {c.fdatasync_us:g} us, fsync"
        f" {c.fsync_us:g} us, sign {c.sign_us:g} us, verify {c.verify_us:g} us."
    )
    for name, value in report.ratios.items():
        yield f"{name}: {value:g}"
    yield source_line(report.machine, report.source)
    if report.quick:
        yield "A quick run: it shows that all cases work, and no figure of it counts."


def figure_lines(figures: Sequence[Figure]) -> Iterator[str]:
    width = max((len(one.name) for one in figures), default=20)
    yield f"{'':{width}}  {'goal':>9} {'stretch':>9} {'measured':>10}"
    for one in figures:
        mark = {True: "met", False: "MISSED", None: ""}[one.met]
        yield (
            f"{one.name:{width}}  {_number(one.goal):>9} {_number(one.stretch):>9}"
            f" {_number(one.measured):>10} {one.unit:5} {mark}".rstrip()
        )


def source_line(m: Machine, build: Source) -> str:
    """On what it was measured."""
    return (
        f"{m.cores} cores of {m.cpu}, Python {m.python}, {m.system} {m.kernel}, {m.file_system},"
        f" load {m.load_before:g} before; version {build.version}"
        f" {build.git[:12]}{' with changes' if build.changed else ''}"
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:g}"
