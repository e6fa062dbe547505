"""Planted bugs that the enumeration is asked to find, and what it cannot find.

Twins are honest code: they never say what no honest seat says. And all messages of one kind
between two instances share one fate in a round. Bugs that need a liar's own message, a restart
or the loss of one message of several are for directed stories and random lives.
"""

from collections.abc import Callable
from dataclasses import dataclass

from liandao_node.consensus import committee
from liandao_node.sim.mutants.bugs import people, views, voting
from liandao_node.sim.mutants.planting import Patches, Plant, planted
from liandao_node.sim.twins.census import Census, Count, Cut, Scope


def twins_live_on(patch: Patches) -> None:
    """A seat that sees its own key elsewhere goes on (P-6.7 is off)."""
    people.a_key_in_use_elsewhere_goes_unseen(patch)


def quorums_of_f_plus_1(patch: Patches) -> None:
    """Two quorums of four seats may have nothing but a liar in common."""
    patch.put(committee, "quorum_size", lambda seats: (seats - 1) // 3 + 1)


COARSE = tuple(Scope(twin, 3) for twin in (1, 0))
LATE = tuple(Scope(twin, 2, fine=1, cut=Cut.LATE) for twin in (1, 0))
COMMITS_LOST = tuple(Scope(twin, 2, fine=1) for twin in (1, 0))


@dataclass(frozen=True)
class Bug:
    plant: Plant
    scopes: tuple[Scope, ...]
    """Tried in turn."""
    why_not: str = ""
    """Why the enumeration does not find it, if it does not."""

    @property
    def name(self) -> str:
        return self.plant.__name__.replace("_", "-")


BUGS = (
    Bug(quorums_of_f_plus_1, COARSE),
    Bug(views.base_of_the_first_promise, COARSE),
    Bug(voting.commit_without_a_lock, COARSE),
    Bug(people.locks_are_not_compared, COMMITS_LOST),
    Bug(voting.votes_after_a_promise, LATE),
    Bug(
        views.base_of_the_greatest_height,
        COMMITS_LOST,
        "a split in two never leaves a lock to one honest seat alone, so no quorum gives one up",
    ),
    Bug(
        views.everything_below_the_base_is_prepared_again,
        COARSE,
        "PREPAREs of two blocks share one fate in a round, so the higher is locked, too",
    ),
    Bug(
        voting.one_seat_counts_twice,
        COARSE,
        "no seat says a thing twice; twins propose different blocks and each obeys one",
    ),
    Bug(
        voting.parents_are_not_looked_at,
        COARSE,
        "a leader's proposals share one fate in a round, so a second never comes without the first",
    ),
)


def search(bug: Bug, told: Callable[[Count], None] = lambda _: None) -> Count:
    """The first scope in which the bug shows, or the last that was tried."""
    with planted(bug.plant), planted(twins_live_on):
        for scope in bug.scopes:
            count = Census(scope).take()
            told(count)
            if count.broken:
                break
    return count


def take(scope: Scope, *, live_on: bool) -> Count:
    """The census of the code as it is; ``live_on`` switches P-6.7 off."""
    if not live_on:
        return Census(scope).take()
    with planted(twins_live_on):
        return Census(scope).take()
