"""``liandao demo``: a street of shops on this machine, with real purchases and web traffic."""

import argparse
import shutil
import tempfile
from pathlib import Path

import msgspec
import trio

from liandao_node.cli.console import say, tell
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.report import Report, table
from liandao_node.cli.demo.story import Story
from liandao_node.cli.node_command import can_be_written, whole_number
from liandao_node.errors import OperatorFault

SHOPS = 4
SECONDS_MAX = 86_400
MARK = ".liandao-demo"
"""Stands in a directory that a demo made, and that a demo may therefore empty."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("demo", help="run a street of four shops here, on real purchases")
    parser.add_argument("--headless", action="store_true", help="leave the counter window out")
    parser.add_argument("--manual", action="store_true", help="leave the window to you")
    parser.add_argument("--receipts", type=Path, help="CSV file or directory of purchases")
    parser.add_argument("--mapping", type=Path, help="what the columns of --receipts mean")
    parser.add_argument("--access-log", type=Path, help="a web server's log")
    parser.add_argument("--customers", type=whole_number, default=100, help="cards (%(default)s)")
    parser.add_argument(
        "--seconds", type=_seconds, default=60, help="how long customers come (%(default)s)"
    )
    parser.add_argument(
        "--pause-ms",
        type=whole_number,
        default=150,
        help="a cashier's pause between sales (%(default)s)",
    )
    parser.add_argument(
        "--kill",
        action="append",
        default=[],
        choices=("leader", "follower"),
        help="kill -9 that node mid-run and bring it back; may be given twice",
    )
    parser.add_argument("--report", type=Path, help="write the figures as JSON")
    parser.add_argument("--data", type=Path, help="keep the shops' data here")
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), help="pictures go here (%(default)s)"
    )
    parser.add_argument("--lang", help="language of the window: en, zh-Hans or ja")
    parser.set_defaults(handler=run)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {SECONDS_MAX}")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Plays the demo; 0 when all that must be equal is equal."""
    if options.report is not None:
        can_be_written(options.report)
    if not options.headless:
        options.out.mkdir(parents=True, exist_ok=True)
    root = _fresh(options.data)
    fleet = Fleet(root, SHOPS)
    try:
        report = trio.run(Story(options, fleet).play)
    finally:
        fleet.stop()
        if options.data is None:
            shutil.rmtree(root, ignore_errors=True)
    _tell(report, options.report)
    return 1 if report.problems else 0


def _fresh(data: Path | None) -> Path:
    """An empty directory. One that no demo made is never emptied."""
    if data is None:
        return Path(tempfile.mkdtemp(prefix="liandao-demo-"))
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            raise OperatorFault("DEMO_DATA_NOT_EMPTY", path=str(data))
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).touch()
    return data


def _tell(report: Report, file: Path | None) -> None:
    for line in table(report):
        say(line)
    if file is not None:
        document = msgspec.json.format(msgspec.json.encode(report), indent=2)
        file.write_bytes(document + b"\n")
        tell(f"The figures are in {file}.")
