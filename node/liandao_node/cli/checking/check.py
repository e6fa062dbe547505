"""The whole check of a module: its source, its fields, its place in a street, and its runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.cli.checking.bodies import check_bounds
from liandao_node.cli.checking.finding_modules import load, resolve
from liandao_node.cli.checking.findings import Broken, Fault, Finding
from liandao_node.cli.checking.sources import check_sources
from liandao_node.cli.checking.streets import check_fit, modules_for
from liandao_node.cli.checking.trial import Told, Way
from liandao_node.ledger.module_api import Module

HASH_SEEDS: Final = {Way.PLAIN: "0", Way.REHEARSED: "1", Way.ANEW: "4294967295"}
RUN_S_MAX: Final = 300
_STOPS: Final = frozenset({Fault.MISFIT, Fault.NUMBER, Fault.FIELD})
"""With these there is nothing to run."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and on how much it rests."""

    path: str
    module: str
    version: int
    blocks: int
    """Of each run; 0 when there was none."""
    runs: int
    applied: dict[str, int] = field(default_factory=dict)
    """By name of the call, in one run."""
    refused: dict[str, int] = field(default_factory=dict)
    """By name of the call and of the refusal."""
    findings: tuple[Finding, ...] = ()

    @property
    def untried(self) -> list[str]:
        """Calls that were never applied: of those the check says little."""
        return [name for name, count in self.applied.items() if not count]


def check(package: str, *, blocks: int, seed: int, progress: Callable[[int, int], None]) -> Report:
    """Checks the module that ``package`` means. ``progress`` hears which run of how many.

    Without ``blocks`` it is read only and not run.

    Raises OperatorFault ``MODULE_NOT_FOUND`` or ``MODULE_AMBIGUOUS``.
    """
    path = resolve(package)
    module = load(path)
    findings = check_sources(path)
    for body in module.calls:
        findings += check_bounds(body)
    findings += _fit(module)
    applied = {body.__name__: 0 for body in module.calls}
    about = (path, module.name, module.version)
    if not blocks or not module.calls or _STOPS & {finding.fault for finding in findings}:
        return Report(*about, 0, 0, applied, {}, tuple(findings))
    runs = []
    for way, hash_seed in HASH_SEEDS.items():
        progress(way, len(HASH_SEEDS))
        runs.append(_run(path, seed, blocks, way, hash_seed))
        if runs[-1].findings:
            break  # it broke off, and the next one would do so, too
    broke_off = [finding for told in runs for finding in told.findings]
    findings += broke_off or _compare(runs)
    applied |= runs[0].applied
    return Report(*about, blocks, len(runs), applied, runs[0].refused, tuple(findings))


def _fit(module: Module) -> list[Finding]:
    try:
        modules_for(module)
        check_fit(module)
    except Broken as broken:
        return [broken.finding]
    return []


def _run(path: str, seed: int, blocks: int, way: Way, hash_seed: str) -> Told:
    """One run in a process of its own, as nodes are on computers of their own."""
    with tempfile.TemporaryDirectory(prefix="ld-check-") as folder:
        account = Path(folder) / "account.json"
        environment = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        command = [sys.executable, "-m", "liandao_node.cli.checking.trial"]
        command += [path, str(seed), str(blocks), str(int(way)), str(account)]
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, timeout=RUN_S_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            words = f"A run of {blocks} blocks did not come to an end within {RUN_S_MAX} s."
            return Told([], {}, {}, [Finding(Fault.ENDLESS, words)])
        if not account.exists():
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            words = f"A run ended without a word (exit code {done.returncode}): {' '.join(last)}"
            return Told([], {}, {}, [Finding(Fault.RAISED, words)])
        return msgspec.json.decode(account.read_bytes(), type=Told)


def _compare(runs: list[Told]) -> list[Finding]:
    for height, roots in enumerate(zip_longest(*(told.roots for told in runs))):
        if len(set(roots)) > 1:
            states = {root.partition(" ")[0] if root else "" for root in roots}
            what = "another state" if len(states) > 1 else "other answers"
            ways = "hash seeds, orders of sets, dropped blocks and restarts"
            words = f"Block {height} led to {what} under other {ways}: two nodes would disagree."
            return [Finding(Fault.DIFFERS, words)]
    return []
