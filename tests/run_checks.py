"""`./liandao test`: every check of the project, in one command.

    ./liandao test            everything, as CI does it
    ./liandao test ARGUMENTS  only pytest, with these arguments

One failed check does not stop the others: a person repairs all of them in one go. The tests
run in two parts. Those marked ``alone`` start real processes and need the machine for
themselves; the others share it between two workers. Two files of the first kind at a time are
as much as the machine bears: they mostly wait.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import SystemRandom
from typing import Final
from xml.etree import ElementTree as ET

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
WORKERS: Final = 2
PART_SECONDS_MAX: Final = 15 * 60
"""After this long a part hangs in a way that pytest's own timeout of each test cannot end."""

FRESH_SEEDS: Final = "LIANDAO_FRESH_SEEDS"
"""tests/simulation takes its never seen lives from here on; a worker's own print is not shown."""
FRESH_FROM: Final = 1_000_000

OK: Final = 0
FAILED: Final = 1
NO_TESTS: Final = 5
"""pytest's own exit code for an empty selection."""

STATIC_CHECKS: Final = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
)
PYTEST_PARTS: Final = (
    ("tests", ["-n", str(WORKERS), "-m", "not alone"]),
    ("tests alone", ["-n", str(WORKERS), "--dist", "loadfile", "-m", "alone"]),
)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def verdict(name: str, ok: bool, started: float) -> None:
    say(f"{name:<14} {'ok' if ok else 'FAILED':<6} {time.monotonic() - started:6.1f} s")


def static_check(name: str, command: list[str]) -> bool:
    """Runs one check; its output is shown only when it found something."""
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict(name, done.returncode == OK, started)
    if done.returncode != OK:
        say(done.stdout.rstrip())
    return done.returncode == OK


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


def pytest_part(arguments: list[str], record: Path) -> tuple[bool, Counter[str]]:
    """Runs one part; whether it passed, and its counts as pytest's own record has them."""
    code = pytest([*arguments, f"--junitxml={record}"])
    counts: Counter[str] = Counter()
    if record.exists():
        root = ET.parse(record).getroot()  # noqa: S314 - our own pytest wrote it
        for suite in root.iter("testsuite"):
            counts.update({word: int(suite.get(word, 0)) for word in ("tests", "skipped")})
            counts["failed"] += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return code in (OK, NO_TESTS), counts


def draw_fresh_seeds() -> None:
    """Says before anything else which lives are new in this run: a lost worker tells nothing."""
    first = FRESH_FROM + SystemRandom().randrange(2**31)
    os.environ[FRESH_SEEDS] = str(first)
    say(f"fresh seeds from {first}")


def main(arguments: list[str]) -> int:
    draw_fresh_seeds()
    if arguments:
        return pytest(arguments)
    failed = [name for name, command in STATIC_CHECKS if not static_check(name, command)]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="liandao-test-") as folder:
        for name, options in PYTEST_PARTS:
            started = time.monotonic()
            ok, found = pytest_part(options, Path(folder) / f"{name}.xml")
            verdict(name, ok, started)
            failed += [] if ok else [name]
            counts += found
    passed = counts["tests"] - counts["failed"] - counts["skipped"]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nEvery check passed.")
    say(f"{passed} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return FAILED if failed or passed == 0 else OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
