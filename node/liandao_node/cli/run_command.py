"""``liandao run``: this shop's counter for real; the window with its node beside it."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import trio

from liandao_node.cli.console import tell
from liandao_node.cli.node_command import add_data, make_lone_street, whole_number
from liandao_node.client import connect
from liandao_node.errors import OperatorFault, Unavailable

STOP_S_MAX = 10
LOG_FILE = "node.log"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("run", help="open this shop's counter")
    add_data(parser)
    parser.add_argument("--lang", help="zh-Hans, ja or en; default: the system's language")
    parser.add_argument("--register", type=whole_number, default=1, help="number of this register")
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    data: Path = options.data
    if not (data / "genesis.json").exists():
        tell(f"A street of one shop is founded in {data}.")
        make_lone_street(data, street="My street", shop="My shop", currency="CNY", exponent=2)
    with node_beside(data):
        return window(data, lang=options.lang, register=options.register)


def window(data: Path, *, lang: str | None, register: int) -> int:
    """Runs the counter window until it is closed; returns its exit code."""
    if find_spec("PySide6") is None:
        raise OperatorFault("WINDOW_MISSING")
    command = [sys.executable, "-m", "liandao_app", "--data", str(data)]
    command += ["--register", str(register)]
    if lang:
        command += ["--lang", lang]
    process = subprocess.Popen(command, env=screen_environment())
    try:
        return process.wait()
    finally:
        end(process)


def screen_environment() -> dict[str, str]:
    """The environment for Qt: drawn in memory where there is no screen."""
    environment = dict(os.environ)
    has_screen = sys.platform in ("win32", "darwin") or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not has_screen:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


@contextmanager
def node_beside(data: Path) -> Iterator[None]:
    """Starts the shop's node unless one runs already, and ends only the one it started."""
    if trio.run(_answers, data):
        yield
        return
    with (data / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "liandao_node.cli.main", "node", "--data", str(data)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Asks a program of ours to end, and ends it if it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def _answers(data: Path) -> bool:
    try:
        async with connect(data, client="liandao run"):
            return True
    except Unavailable:
        return False
