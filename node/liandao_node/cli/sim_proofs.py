"""``liandao sim --mutants`` and ``--twins``: do the checks bite, and does the protocol hold."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Final, TypeVar

from liandao_node.cli.console import progress, progress_done, say
from liandao_node.sim.mutants import hunt
from liandao_node.sim.mutants.catalogue import MUTANTS
from liandao_node.sim.twins import bugs
from liandao_node.sim.twins.census import Count, Cut, Scope

T = TypeVar("T")

SEATS: Final = range(4)
SCOPES: Final[tuple[tuple[Scope, bool], ...]] = (
    *((Scope(twin, 4), True) for twin in SEATS),
    *((Scope(twin, 3), False) for twin in SEATS),
    *((Scope(twin, 3, cut=Cut.LATE), True) for twin in SEATS),
    *((Scope(twin, 2, fine=1, cut=Cut.LATE), True) for twin in SEATS),
)
"""What `--twins` enumerates: scope, and whether twins that see each other live on."""


def mutants(jobs: int, first: int) -> int:
    """Prints the table; 1 if a mutant survives, or its own story does not find it."""
    done = 0

    def told(_: hunt.Verdict) -> None:
        nonlocal done
        done += 1
        progress(f"{done} of {len(MUTANTS)} mutants")

    verdicts = hunt.run(jobs, range(first, first + hunt.LIVES_MAX), told)
    progress_done()
    for line in hunt.lines(verdicts):
        say(line)
    return 0 if all(verdict.told for verdict in verdicts) else 1


def twins(jobs: int) -> int:
    """Prints what was enumerated and which planted bugs that finds; 1 if something fell."""
    began = time.monotonic()
    counts = _spread(jobs, _census, SCOPES)
    say("twin  views  cut   fine  P-6.7   scenarios  worlds  rounds   final  halted      s")
    for (scope, live_on), (count, seconds) in zip(SCOPES, counts, strict=True):
        say(
            f"{'ABCD'[scope.twin]:<6}{scope.views:<7}{scope.cut.value:<6}{scope.fine:<6}"
            f"{'off' if live_on else 'on':<7}{count.scenarios:>10}{count.worlds:>8}"
            f"{count.rounds:>8}{count.final:>8}{count.halted:>8}{seconds:>7.1f}"
        )
        if count.broken:
            say(f"    BROKEN: {count.broken}")
    found = _spread(jobs, _search, range(len(bugs.BUGS)))
    for bug, (count, seconds) in zip(bugs.BUGS, found, strict=True):
        say(f"{bug.name}: {count.broken or f'not found: {bug.why_not}'} ({seconds:.1f} s)")
    total = sum(count.scenarios for count, _ in counts)
    say(f"{total} scenarios, {time.monotonic() - began:.0f} s")
    fallen = any(count.broken for count, _ in counts)
    missed = any(
        bool(count.broken) == bool(bug.why_not)
        for bug, (count, _) in zip(bugs.BUGS, found, strict=True)
    )
    return 1 if fallen or missed else 0


def _census(work: tuple[Scope, bool]) -> tuple[Count, float]:
    began = time.process_time()
    return bugs.take(work[0], live_on=work[1]), time.process_time() - began


def _search(place: int) -> tuple[Count, float]:
    began = time.process_time()
    return bugs.search(bugs.BUGS[place]), time.process_time() - began


def _spread(
    jobs: int, work: Callable[[T], tuple[Count, float]], items: Sequence[T]
) -> list[tuple[Count, float]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as workers:
        futures = [workers.submit(work, item) for item in items]
        for done, _ in enumerate(as_completed(futures), 1):
            progress(f"{done} of {len(items)}")
        progress_done()
        return [future.result() for future in futures]
