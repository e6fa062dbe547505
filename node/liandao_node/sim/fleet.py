"""Many seeds over several processes, and what came of them.

The workers are fresh interpreters with different hash seeds: a life that depends on the order
of a set differs between two of them, and every `TWICE_EVERY`-th seed is lived in two.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from liandao_node.sim.plan import draw
from liandao_node.sim.story import Outcome, live

TWICE_EVERY = 50


def live_seed(seed: int) -> Outcome:
    """The life of one seed."""
    return live(draw(seed))


@dataclass
class Summary:
    """What many lives led to."""

    seeds: int = 0
    twice: int = 0
    """Lives that were lived a second time, in another process, with the same trace."""
    commits: int = 0
    commits_min: int = 0
    view_changes: int = 0
    handovers: int = 0
    steps: int = 0
    virtual_ms: int = 0
    cpu_seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    lives: Counter[str] = field(default_factory=Counter)
    """In how many lives each of them came about."""
    failed: dict[int, str] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        first = self.seeds == 0
        self.seeds += 1
        self.commits += outcome.commits
        self.commits_min = outcome.commits if first else min(self.commits_min, outcome.commits)
        self.view_changes += outcome.view_changes
        self.handovers += outcome.epochs
        self.steps += outcome.steps
        self.virtual_ms += outcome.virtual_ms
        self.cpu_seconds += outcome.seconds
        self.faults.update(outcome.faults)
        self.lives.update(name for name, count in outcome.faults.items() if count)
        if outcome.failure:
            self.failed[outcome.seed] = outcome.failure

    def lines(self, seconds: float) -> list[str]:
        """The table at the end."""
        count = max(1, self.seeds)
        rows = [
            ("seeds", f"{self.seeds}", f"{self.seeds / max(seconds, 0.001):.1f} a second"),
            ("lived twice", f"{self.twice}", "each time the same trace"),
            (
                "commits",
                f"{self.commits}",
                f"{self.commits / count:.0f} a seed, at least {self.commits_min}",
            ),
            ("view changes", f"{self.view_changes}", f"{self.view_changes / count:.1f} a seed"),
            ("hand-overs", f"{self.handovers}", f"{self.handovers / count:.1f} a seed"),
            ("steps", f"{self.steps}", f"{self.steps / count:.0f} a seed"),
            ("virtual time", f"{self.virtual_ms // 1_000} s", ""),
            ("time", f"{seconds:.1f} s", f"{self.cpu_seconds:.1f} s of processors"),
        ]
        lines = [f"{name:<14}{value:>12}  {more}".rstrip() for name, value, more in rows]
        lines.append("what came about, and in how many lives:")
        lines += [
            f"  {kind:<28}{count:>10}{self.lives[kind]:>8}"
            for kind, count in sorted(self.faults.items())
        ]
        lines += [f"FAILED seed {seed}: {why}" for seed, why in sorted(self.failed.items())]
        lines.append(f"failing seeds: {' '.join(map(str, sorted(self.failed))) or 'none'}")
        return lines


def run(
    seeds: Sequence[int], jobs: int, told: Callable[[Outcome, int], None] = lambda *_: None
) -> Summary:
    """Lives all seeds on so many processes; ``told`` hears of each, with the count so far."""
    summary = Summary()
    again: dict[int, str] = {}
    for outcome, second in _lives(seeds, jobs):
        known = again.setdefault(outcome.seed, outcome.trace)
        if known != outcome.trace:
            summary.failed[outcome.seed] = "two lives of this seed differ"
        if second:
            summary.twice += 1
            continue
        summary.add(outcome)
        told(outcome, summary.seeds)
    return summary


def _lives(seeds: Sequence[int], jobs: int) -> Iterator[tuple[Outcome, bool]]:
    """Outcomes as they come; True for those of a second life."""
    twice = [seed for seed in seeds if seed % TWICE_EVERY == 0]
    with _workers("1", jobs) as workers, _workers("2", 1) as others:
        lives: dict[Future[Outcome], bool] = {
            workers.submit(live_seed, seed): False for seed in seeds
        }
        lives.update({others.submit(live_seed, seed): True for seed in twice})
        for done in as_completed(lives):
            yield done.result(), lives[done]


def _workers(hash_seed: str, count: int) -> ProcessPoolExecutor:
    """Processes whose sets and dicts of bytes are ordered by ``hash_seed``."""
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = hash_seed
    try:
        pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
        # A worker reads its environment when it is started, which the first task does.
        for future in [pool.submit(os.getpid) for _ in range(count)]:
            future.result()
    finally:
        if before is None:
            del os.environ["PYTHONHASHSEED"]
        else:
            os.environ["PYTHONHASHSEED"] = before
    return pool
