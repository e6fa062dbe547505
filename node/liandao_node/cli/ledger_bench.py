"""``liandao bench ledger``: what a block costs once its signatures are checked."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.cli.bench.calibration import Calibration, calibrate
from liandao_node.cli.bench.figures import Figure, figure, figure_lines, source_line
from liandao_node.cli.bench.ledger_cases import Measured, Work, measure
from liandao_node.cli.bench.machine import Machine, Source, machine, source
from liandao_node.cli.bench.street import fresh_directory
from liandao_node.cli.console import progress, progress_done, say, tell
from liandao_node.cli.node_command import can_be_written, whole_number

PER_S: Final = 4_000
CARDS_RATIO_MAX: Final = 1.3
HEIGHT_RATIO_MAX: Final = 1.2
QUICK: Final = Work(blocks=1, cards=800, early=2_000, late=4_000)
CALIBRATION_S: Final = 2.0


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """A run of ``liandao bench ledger``."""

    source: Source
    machine: Machine
    quick: bool
    calibration: Calibration
    work: Work
    measured: Measured
    figures: list[Figure]


def add_to(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = kinds.add_parser("ledger", help="blocks of sales through the ledger, on one core")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--quick", action="store_true", help="every case for a moment")
    parser.add_argument(
        "--blocks", type=whole_number, default=20, help="of 500, each case (%(default)s)"
    )
    parser.add_argument(
        "--cards", type=whole_number, default=1_000_000, help="on the large street (%(default)s)"
    )
    parser.add_argument(
        "--height", type=whole_number, default=1_200_000, help="of the old ledger (%(default)s)"
    )
    parser.add_argument("--data", type=Path, help="a directory on the disk to be measured")
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Measures; 0 when it could, whatever the figures."""
    if options.json is not None:
        can_be_written(options.json)
    early = options.height // 6
    work = Work(blocks=options.blocks, cards=options.cards, early=early, late=options.height)
    with fresh_directory(options.data) as root:
        found = machine(root)
        calibration = calibrate(root, CALIBRATION_S)
        measured = measure(root, QUICK if options.quick else work, progress)
    progress_done()
    report = LedgerReport(
        source=source(),
        machine=found,
        quick=options.quick,
        calibration=calibration,
        work=QUICK if options.quick else work,
        measured=measured,
        figures=list(figures(measured)),
    )
    for line in figure_lines(report.figures):
        say(line)
    say(source_line(report.machine, report.source))
    if report.quick:
        say("A quick run: it shows that all cases work, and no figure of it counts.")
    if options.json is not None:
        document = msgspec.json.format(msgspec.json.encode(report), indent=2)
        options.json.write_bytes(document + b"\n")
        tell(f"The figures are in {options.json}.")
    return 0


def figures(measured: Measured) -> Iterator[Figure]:
    """Goals beside what was measured."""
    for rate in measured.rates:
        name = f"{rate.name}, blocks of 500, durable"
        yield figure(name, "tx/s", rate.per_s, (PER_S, None), better="more")
        yield figure(f"{rate.name}, CPU", "us/tx", rate.cpu_us)
    for growth, goal in zip(measured.growth, (CARDS_RATIO_MAX, HEIGHT_RATIO_MAX), strict=True):
        name = f"CPU of a sale, {growth.large:,} {growth.name} against {growth.small:,}"
        yield figure(name, "x", growth.ratio, (goal, None))
    yield figure("bytes of ledger.db", "B/tx", measured.disk.bytes_per_tx)
