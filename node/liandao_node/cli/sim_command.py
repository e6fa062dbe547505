"""``liandao sim``: streets under faults and liars, a seed each; one replayed, one made small."""

import argparse
import os
import time
from pathlib import Path

from liandao_node.cli import sim_proofs
from liandao_node.cli.console import progress, progress_done, say
from liandao_node.cli.node_command import whole_number
from liandao_node.sim import fleet, regression
from liandao_node.sim.plan import Plan, draw
from liandao_node.sim.shrinking import shrink
from liandao_node.sim.story import Outcome, live
from liandao_node.sim.table import HEADING, Table

FAILURES = Path("sim-failures")
SHRUNK_MAX = 3
"""Failing seeds that are made small after a run; each takes a while."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("sim", help="simulate streets under faults and liars")
    parser.add_argument("--seeds", type=whole_number, default=100, help="how many (100)")
    parser.add_argument("--from", type=whole_number, default=0, dest="first", help="the first (0)")
    parser.add_argument("--jobs", type=whole_number, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--seed", type=whole_number, help="this one alone, event by event")
    parser.add_argument("--replay", type=Path, help="a file of a failure, event by event")
    parser.add_argument("--failures", type=Path, default=FAILURES, help="folder for failures")
    parser.add_argument("--mutants", action="store_true", help="plant bugs; all must be found")
    parser.add_argument("--twins", action="store_true", help="all splits of four with one twin")
    parser.set_defaults(handler=_run)


def _run(options: argparse.Namespace) -> int:
    if options.mutants:
        return sim_proofs.mutants(max(1, options.jobs), options.first)
    if options.twins:
        return sim_proofs.twins(max(1, options.jobs))
    if options.replay is not None:
        return _replay(regression.read(options.replay).plan)
    if options.seed is not None:
        return _replay(draw(options.seed))
    seeds = range(options.first, options.first + options.seeds)
    began = time.monotonic()

    def told(outcome: Outcome, done: int) -> None:
        if outcome.failure:
            progress_done()
            say(f"seed {outcome.seed} FAILED: {outcome.failure}")
        progress(f"{done} of {len(seeds)} seeds")

    summary = fleet.run(seeds, max(1, options.jobs), told)
    progress_done()
    for line in summary.lines(time.monotonic() - began):
        say(line)
    for seed in sorted(summary.failed)[:SHRUNK_MAX]:
        _keep(seed, options.failures)
    return 1 if summary.failed else 0


def _replay(plan: Plan) -> int:
    say(HEADING)
    outcome = live(plan, Table(say))
    say(
        f"{outcome.commits} commits, {outcome.view_changes} view changes, {outcome.epochs}"
        f" hand-overs, {outcome.steps} steps, {outcome.virtual_ms / 1_000:.1f} virtual s,"
        f" trace {outcome.trace}"
    )
    say(f"FAILED: {outcome.failure}" if outcome.failure else "nothing was broken")
    return 1 if outcome.failure else 0


def _keep(seed: int, folder: Path) -> None:
    """Makes the failing plan small and writes it to a file."""
    plan = draw(seed)
    failure = live(plan).failure
    if not failure:
        return  # its two lives differ, and no plan shows that
    plan = shrink(plan, lambda smaller: bool(live(smaller).failure))
    path = folder / f"seed-{seed}.json"
    regression.write(path, live(plan).failure, plan)
    say(
        f"seed {seed} made small: {plan.shops} shops, {len(plan.happenings)} happenings,"
        f" {len(plan.trades)} trades, in {path}; see it with: liandao sim --replay {path}"
    )
