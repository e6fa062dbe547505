"""``liandao bench``: what a street of this build does on this machine, against its goals.

``bench consensus`` starts node processes that share this machine's cores: durable, over
their real channels on loopback, asked through the local API by a real client. It prints the
goals beside what it measured, CPU time per transaction, and ratios to what the machine
charges for a hop, a sync and a signature in the same run.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import trio

from liandao_node.cli import ledger_bench, race_bench
from liandao_node.cli.bench import cases, figures
from liandao_node.cli.bench.calibration import calibrate
from liandao_node.cli.bench.cases import Case, Idle, Kills, Load, Soak
from liandao_node.cli.bench.figures import Report
from liandao_node.cli.bench.machine import machine, source
from liandao_node.cli.bench.street import BenchStreet, bench_street, fresh_directory
from liandao_node.cli.console import say, tell
from liandao_node.cli.node_command import can_be_written, whole_number

SEATS_MAX: Final = 32
SECONDS_MAX: Final = 3_600
SOAK_OUTSTANDING: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does."""

    quick: bool
    data: Path | None
    seats: list[int]
    seconds: float
    signed: int
    """Transactions outstanding."""
    batched: int
    """Batches outstanding."""
    kills: int
    idle_s: float
    soak: int
    only: str


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bench = commands.add_parser("bench", help="measure this build on this machine")
    kinds = bench.add_subparsers(dest="kind", required=True, metavar="WHAT")
    parser = kinds.add_parser("consensus", help="commits of a street of node processes")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--quick", action="store_true", help="every case for a moment")
    parser.add_argument(
        "--seats", type=_seats, default=[4, 7, 10], help="sizes, the first for all cases (4,7,10)"
    )
    parser.add_argument("--seconds", type=_seconds, default=10.0, help="of each case (%(default)s)")
    parser.add_argument("--signed", type=whole_number, default=320, help=argparse.SUPPRESS)
    parser.add_argument("--batched", type=whole_number, default=12, help=argparse.SUPPRESS)
    parser.add_argument(
        "--kills", type=whole_number, default=20, help="of the leader (%(default)s)"
    )
    parser.add_argument(
        "--idle", type=_seconds, default=20.0, help="seconds of pauses (%(default)s)"
    )
    parser.add_argument(
        "--soak", type=whole_number, default=0, help="transactions to compare memory over"
    )
    parser.add_argument(
        "--only",
        choices=("", "latency", "throughput", "idle", "kills", "soak"),
        default="",
        help="one kind of case",
    )
    parser.add_argument("--data", type=Path, help="a directory on the disk to be measured")
    parser.set_defaults(handler=run)
    ledger_bench.add_to(kinds)
    race_bench.add_to(kinds)


def _seats(text: str) -> list[int]:
    seats = [int(part) for part in text.split(",")]
    if not all(1 <= number <= SEATS_MAX for number in seats):
        raise argparse.ArgumentTypeError(f"{text} is no list of sizes from 1 to {SEATS_MAX}")
    return seats


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {SECONDS_MAX}")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Measures; 0 when it could, whatever the figures."""
    if options.json is not None:
        can_be_written(options.json)
    report = _measure(_plan(options))
    for line in figures.table(report):
        say(line)
    if options.json is not None:
        document = msgspec.json.format(msgspec.json.encode(report), indent=2)
        options.json.write_bytes(document + b"\n")
        tell(f"The figures are in {options.json}.")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    quick: bool = options.quick
    return Plan(
        quick=quick,
        data=options.data,
        seats=options.seats[:1] if quick else options.seats,
        seconds=1.0 if quick else options.seconds,
        signed=32 if quick else options.signed,
        batched=4 if quick else options.batched,
        kills=min(1, options.kills) if quick else options.kills,
        idle_s=1.0 if quick else options.idle,
        soak=options.soak,
        only=options.only,
    )


@dataclass(slots=True)
class _Run:
    """Cases as they come."""

    plan: Plan
    cases: list[Case]
    idle: Idle | None = None
    kills: Kills | None = None
    soak: Soak | None = None

    def wants(self, kind: str) -> bool:
        return self.plan.only in ("", kind)

    async def all(self, root: Path) -> None:
        for at, seats in enumerate(self.plan.seats):
            if at and not self.wants("latency"):
                continue
            tell(f"{seats} nodes start.")
            async with bench_street(root / f"n{seats}-{at}", seats) as street:
                await self._on(street, whole=at == 0)

    async def _on(self, street: BenchStreet, *, whole: bool) -> None:
        plan = self.plan
        if self.wants("latency"):
            await self._case(street, figures.SINGLE, Load(outstanding=1, seconds=plan.seconds))
        if whole and self.wants("idle"):
            tell("Nobody asks for anything.")
            self.idle = await cases.idle(street, plan.idle_s, pauses=1 if plan.quick else 5)
        if whole and self.wants("throughput"):
            await self._throughput(street)
        if whole and plan.soak and self.wants("soak"):
            tell(f"{plan.soak:,} transactions.")
            self.soak = await cases.soak(street, plan.soak, SOAK_OUTSTANDING)
        if whole and plan.kills and street.seats > 3 and self.wants("kills"):
            tell(f"The leader is killed, {plan.kills} times.")
            self.kills = await cases.kills(street, plan.kills)

    async def _throughput(self, street: BenchStreet) -> None:
        plan = self.plan
        signed = Load(outstanding=plan.signed, seconds=plan.seconds)
        batched = Load(outstanding=plan.batched, seconds=plan.seconds, batches=True)
        await self._case(street, figures.SIGNED, signed)
        await self._case(street, figures.BATCHED, batched)
        if plan.quick:
            return
        due = figures.SIGNED_PER_S
        steady = Load(outstanding=plan.signed * 2, seconds=plan.seconds, per_second=due)
        await self._case(street, figures.SIGNED_OPEN, steady)
        due = figures.BATCHED_PER_S // cases.CALLS_PER_BATCH
        steady = Load(
            outstanding=plan.batched * 2, seconds=plan.seconds, batches=True, per_second=due
        )
        await self._case(street, figures.BATCHED_OPEN, steady)

    async def _case(self, street: BenchStreet, name: str, load: Load) -> None:
        tell(f"{name}: {load}, {load.seconds:g} s.")
        self.cases.append(await cases.measure(street, name, load))


def _measure(plan: Plan) -> Report:
    with fresh_directory(plan.data) as root:
        found = machine(root)
        calibration = calibrate(root, min(5.0, plan.seconds))
        work = _Run(plan, [])
        trio.run(work.all, root)
    return Report(
        source=source(),
        machine=found,
        quick=plan.quick,
        calibration=calibration,
        cases=work.cases,
        idle=work.idle,
        kills=work.kills,
        soak=work.soak,
        ratios=figures.ratios(work.cases, calibration),
        figures=figures.figures(work.cases, work.idle, work.kills, work.soak),
    )
