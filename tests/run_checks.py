"""`./liandao test`: every check of the project, in one command.

    ./liandao test            everything, as CI does it
    ./liandao test ARGUMENTS  only pytest, with these arguments

One failed check does not stop the others: a person repairs all of them in one go. The tests
run in two parts. Those marked ``alone`` start real processes and need the machine for
themselves; the others share it between two workers. Two files of the first kind at a time are
as much as the machine bears: they mostly wait.

mypy takes a minute of one core when its cache is cold. It runs beside everything up to the
tests that need the machine for themselves, and says what it found when it ends.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom
from threading import Thread
from types import TracebackType
from typing import Final, Self
from xml.etree import ElementTree as ET

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
WORKERS: Final = 2
PART_SECONDS_MAX: Final = 30 * 60
"""After this long a part hangs in a way that pytest's own timeout of each test cannot end."""

FRESH_SEEDS: Final = "LIANDAO_FRESH_SEEDS"
"""tests/simulation takes its never seen lives from here on; a worker's own print is not shown."""
FRESH_FROM: Final = 1_000_000

OK: Final = 0
FAILED: Final = 1
NO_TESTS: Final = 5
"""pytest's own exit code for an empty selection."""

NO_BYTECODE: Final = "PYTHONDONTWRITEBYTECODE"
BYTECODE_FOLDER: Final = "PYTHONPYCACHEPREFIX"

Parts = tuple[tuple[str, list[str]], ...]
"""Names, each with the words of its command or the arguments of pytest."""

BACKGROUND_CHECKS: Final[Parts] = (("mypy", ["mypy"]),)
STATIC_CHECKS: Final[Parts] = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("import-linter", ["lint-imports", "--no-logo"]),
)
ALONE: Final = "tests/integration"
"""Whoever is alone lies here (tests/tidy holds that): no part loads the tests of the other."""
SHARED_PARTS: Final[Parts] = (
    # A worker takes half of the list and steals at its end: neighbours share what was prepared.
    ("tests", ["-n", str(WORKERS), "--dist", "worksteal", "-m", "not alone", "--ignore", ALONE]),
)
ALONE_PARTS: Final[Parts] = (
    ("tests alone", ["-n", str(WORKERS), "--dist", "loadfile", "-m", "alone", ALONE]),
)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def verdict(name: str, ok: bool, started: float) -> str:
    return f"{name:<14} {'ok' if ok else 'FAILED':<6} {time.monotonic() - started:6.1f} s"


class StaticCheck:
    """One check that runs from now on; says its verdict when it ends, and what it found, whole."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._interrupted = False
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        found, _ = self._process.communicate()
        if self._interrupted:
            return
        lines = [verdict(self.name, self._process.returncode == OK, self._started)]
        if self._process.returncode != OK:
            lines.append(found.rstrip())
        say("\n".join(lines))

    def passed(self) -> bool:
        """Waits for the end."""
        self._reader.join()
        return self._process.returncode == OK

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing runs on when the run was interrupted."""
        if kind is not None:
            self._interrupted = True
            self._process.kill()
        self._reader.join()


def pytest(arguments: list[str]) -> int:
    """Runs pytest on the terminal; its exit code, or FAILED when it hung."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            timeout=PART_SECONDS_MAX,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        say(f"pytest was stopped after {PART_SECONDS_MAX} s")
        return FAILED


def pytest_part(name: str, options: list[str], folder: Path) -> tuple[bool, Counter[str]]:
    """Runs one part; whether it passed, and its counts as pytest's own record has them."""
    started = time.monotonic()
    record = folder / f"{name}.xml"
    ok = pytest([*options, f"--junitxml={record}"]) in (OK, NO_TESTS)
    counts: Counter[str] = Counter()
    if record.exists():
        root = ET.parse(record).getroot()  # noqa: S314 - our own pytest wrote it
        for suite in root.iter("testsuite"):
            counts.update({word: int(suite.get(word, 0)) for word in ("tests", "skipped")})
            counts["failed"] += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    say(verdict(name, ok, started))
    return ok, counts


def draw_fresh_seeds() -> None:
    """Says before anything else which lives are new in this run: a lost worker tells nothing."""
    first = FRESH_FROM + SystemRandom().randrange(2**31)
    os.environ[FRESH_SEEDS] = str(first)
    say(f"fresh seeds from {first}")


def share_bytecode(folder: Path) -> None:
    """Compiles each module once a run, where Python may not leave bytecode beside the sources.

    Without that, each of some two hundred node processes compiles the whole product, and each
    pytest worker all the tests.
    """
    if os.environ.pop(NO_BYTECODE, ""):
        os.environ[BYTECODE_FOLDER] = str(folder)


def everything(folder: Path) -> tuple[list[str], Counter[str]]:
    """Runs all; names of what failed, and the counts of the tests."""
    failed: list[str] = []
    counts: Counter[str] = Counter()

    def run(parts: Parts) -> None:
        for name, options in parts:
            ok, found = pytest_part(name, options, folder)
            failed.extend([] if ok else [name])
            counts.update(found)

    with ExitStack() as stack:
        beside = [stack.enter_context(StaticCheck(*check)) for check in BACKGROUND_CHECKS]
        for check in STATIC_CHECKS:
            with StaticCheck(*check) as one:
                failed.extend([] if one.passed() else [one.name])
        run(SHARED_PARTS)
        failed.extend(one.name for one in beside if not one.passed())
        run(ALONE_PARTS)
    return failed, counts


def main(arguments: list[str]) -> int:
    draw_fresh_seeds()
    if arguments:
        return pytest(arguments)
    with tempfile.TemporaryDirectory(prefix="liandao-test-") as name:
        folder = Path(name)
        share_bytecode(folder / "bytecode")
        failed, counts = everything(folder)
    passed = counts["tests"] - counts["failed"] - counts["skipped"]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nEvery check passed.")
    say(f"{passed} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return FAILED if failed or passed == 0 else OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
