"""The demo's counter window: the real app on a shop of the running street."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import trio

from liandao_node.cli.demo.line import Line
from liandao_node.cli.run_command import screen_environment
from liandao_node.client import CASH, Enrolled, Sell
from liandao_node.errors import OperatorFault
from liandao_node.types import Amount, Millis

GIFT_GROSS = Amount(300_000)
"""A first sale that gives the customer at the window some points to use."""
REGISTER = 1
FIRST_REGISTER = 8

Step = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WindowRun:
    """What the cashier's script led to."""

    sales: int
    points_used: int
    earned: int
    certified_ms: list[float]
    screenshots: list[str]
    failed: str


async def first_points(line: Line) -> tuple[Enrolled, int]:
    """A customer with a card and some points; the points given are returned."""
    enrolled = await line.ask(lambda node: node.enrol(""))
    order = await line.ask(lambda node: node.next_order(FIRST_REGISTER))
    sale = Sell(order, enrolled.card.card, GIFT_GROSS, Amount(0), b"", Amount(0), CASH, Millis(0))
    sold = await line.ask(lambda node: node.sell(sale))
    return enrolled, sold.earned


def script(payload: str, languages: Sequence[str]) -> list[Step]:
    """Four digits, a scan, two keys; once in each language, with pictures of each state."""
    steps: list[Step] = [{"wait": "connected", "seconds": 30}]
    for language in languages:
        steps += [
            {"language": language},
            {"shot": f"counter-{language}-empty"},
            {"type": "2350"},
            {"scan": payload},
            {"wait": "hold"},
            {"pause": 1.5},
            {"key": "F4"},
            {"shot": f"counter-{language}"},
            {"key": "F5"},
            {"wait": "certified"},
            {"shot": f"counter-{language}-certified"},
            {"pause": 2.0},
        ]
    return steps


async def work_window(data: Path, steps: Sequence[Step], out: Path, lang: str) -> WindowRun:
    """Runs the app with a scripted cashier until the script is through."""
    script_file, report_file = out / "cashier.json", out / "cashier-report.json"
    script_file.write_bytes(msgspec.json.encode(steps))
    report_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "liandao_app", "--data", str(data)]
    command += ["--register", str(REGISTER), "--lang", lang]
    command += ["--script", str(script_file), "--screenshots", str(out)]
    command += ["--report", str(report_file)]
    done = await trio.run_process(
        command, check=False, capture_stderr=True, env=screen_environment()
    )
    if not report_file.exists():
        detail = done.stderr.decode(errors="replace").strip()[-500:]
        raise OperatorFault("DEMO_WINDOW_FAILED", detail=detail)
    seen = msgspec.json.decode(report_file.read_bytes(), type=_Seen)
    certified = [sale for sale in seen.sales if sale.state == "certified"]
    return WindowRun(
        sales=len(certified),
        points_used=sum(sale.points_used for sale in certified),
        earned=sum(sale.earned for sale in certified),
        certified_ms=[sale.certified_ms for sale in certified],
        screenshots=seen.shots,
        failed=seen.failed,
    )


def manual_window(data: Path, lang: str) -> subprocess.Popen[bytes]:
    """Opens the window for a person; it runs until that person closes it."""
    command = [sys.executable, "-m", "liandao_app", "--data", str(data)]
    command += ["--register", str(REGISTER), "--lang", lang]
    return subprocess.Popen(command, env=screen_environment())


class _SaleSeen(msgspec.Struct):
    """The part of the app's report that the demo reads."""

    state: str
    points_used: int
    earned: int
    certified_ms: float


class _Seen(msgspec.Struct):
    sales: list[_SaleSeen]
    shots: list[str]
    failed: str
