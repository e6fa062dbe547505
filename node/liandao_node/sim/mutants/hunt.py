"""The hunt: each mutant against its story, and against random lives until one finds it."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from liandao_node.sim.mutants.catalogue import MUTANTS, Mutant
from liandao_node.sim.mutants.planting import planted
from liandao_node.sim.plan import draw
from liandao_node.sim.story import live

LIVES_MAX = 12
"""Random lives that are tried on a mutant."""
CPU_SECONDS_MAX = 20.0
"""In which a mutant's random lives must end: some bugs make every life slow."""


@dataclass(frozen=True)
class Verdict:
    """What found a mutant. Empty words: nothing did."""

    name: str
    breaks: str
    rule: str
    story: str
    told: str
    """What fell in the story."""
    lives: int
    """Random lives that were tried."""
    seed: int
    found: str
    """What fell in the life of the seed."""
    seconds: float

    @property
    def dead(self) -> bool:
        return bool(self.told or self.found)


def tell(story: Callable[[], None]) -> str:
    """What fell in a story; nothing if it passed."""
    try:
        story()
    except Exception as error:  # noqa: BLE001  # a core that fails in any way is found
        return _words(error)
    return ""


def try_lives(seeds: Sequence[int]) -> tuple[int, int, str]:
    """Lives seeds until one fails: how many were lived, the last one, what fell."""
    began, lived, last = time.process_time(), 0, 0
    for seed in seeds:
        if time.process_time() - began > CPU_SECONDS_MAX:
            break
        outcome = live(draw(seed))
        lived, last = lived + 1, seed
        if outcome.failure:
            return lived, seed, outcome.failure
    return lived, last, ""


def hunt(place: int, seeds: Sequence[int]) -> Verdict:
    """One mutant, by its place in the catalogue."""
    mutant = MUTANTS[place]
    began = time.process_time()
    passes = tell(mutant.story)
    assert not passes, f"the story fails without any bug: {mutant.told}: {passes}"
    with planted(mutant.plant):
        told = tell(mutant.story)
        lives, seed, found = try_lives(seeds)
    if found:
        sound = live(draw(seed)).failure
        assert not sound, f"seed {seed} fails without any bug: {sound}"
    return Verdict(
        name=mutant.name,
        breaks=mutant.breaks,
        rule=mutant.rule,
        story=mutant.told,
        told=told,
        lives=lives,
        seed=seed,
        found=found,
        seconds=time.process_time() - began,
    )


def run(jobs: int, seeds: Sequence[int], told: Callable[[Verdict], None]) -> list[Verdict]:
    """All mutants on so many processes; ``told`` hears of each as it is done."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as workers:
        hunts: dict[Future[Verdict], Mutant] = {
            workers.submit(hunt, place, seeds): mutant for place, mutant in enumerate(MUTANTS)
        }
        verdicts = []
        for done in as_completed(hunts):
            verdicts.append(done.result())
            told(verdicts[-1])
    order = {mutant.name: place for place, mutant in enumerate(MUTANTS)}
    return sorted(verdicts, key=lambda verdict: order[verdict.name])


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """The table for people."""
    rows = [f"{'mutant':<46}{'rule':<8}{'seed':<22}{'s':>6}  what fell"]
    for verdict in verdicts:
        if verdict.found:
            seed = f"{verdict.seed} after {verdict.lives}"
        else:
            seed = f"none of {verdict.lives}"
        rows.append(
            f"{verdict.name:<46}{verdict.rule:<8}{seed:<22}{verdict.seconds:>6.1f}"
            f"  {verdict.found}".rstrip()
        )
        rows.append(f"    {verdict.breaks}")
        rows.append(f"    story: {verdict.story}: {verdict.told or 'passed'}")
    alive = [verdict.name for verdict in verdicts if not verdict.dead]
    untold = [verdict.name for verdict in verdicts if not verdict.told]
    both = sum(bool(verdict.found) for verdict in verdicts)
    rows.append(
        f"{len(verdicts)} mutants, {len(verdicts) - len(alive)} dead: {len(verdicts) - len(untold)}"
        f" by their stories, {both} by random lives"
    )
    rows += [f"SURVIVES: {name}" for name in alive]
    rows += [f"NOT FOUND BY ITS STORY: {name}" for name in untold]
    return rows


def _words(error: Exception) -> str:
    words = str(error).split("\n", maxsplit=1)[0][:160]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
