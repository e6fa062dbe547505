"""What `liandao bench` makes of its samples: quantiles, counts, goals met and missed."""

import msgspec
import pytest
import trio
from liandao_node.cli.bench import figures, loops
from liandao_node.cli.bench.cases import Soak
from liandao_node.cli.bench.figures import Figure
from liandao_node.cli.bench.samples import Tally, quantile
from liandao_node.cli.bench.workload import Done
from trio.testing import MockClock

HUNDRED = [float(number) for number in range(1, 101)]


@pytest.mark.parametrize(
    ("part", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.999, 100), (1.0, 100)]
)
def test_a_quantile_is_a_sample_that_so_many_do_not_exceed(part: float, expected: float) -> None:
    assert quantile(HUNDRED, part) == expected


def test_a_quantile_of_one_sample_is_that_sample() -> None:
    assert [quantile([7.0], part) for part in (0.0, 0.5, 0.999)] == [7.0, 7.0, 7.0]


def test_a_tally_counts_transactions_and_their_calls() -> None:
    tally = Tally()
    tally.add(2_000_000, 100, 1_500)
    tally.add(4_000_000, 50, 3_500)
    assert (tally.transactions, tally.calls) == (2, 150)
    assert (tally.latency().p50, tally.latency().max) == (2.0, 4.0)
    assert (tally.commit().p50, tally.commit().max) == (1.5, 3.5)
    assert Tally().latency().max == 0


def test_a_figure_is_held_against_its_goal_in_its_own_direction() -> None:
    less = Figure(name="p50", unit="ms", measured=8.0, goal=8.0)
    more = Figure(name="rate", unit="tx/s", measured=2_999.0, goal=3_000.0, better="more")
    assert (less.met, more.met) == (True, False)
    assert msgspec.structs.replace(less, measured=8.1).met is False
    assert msgspec.structs.replace(less, goal=None).met is None


def test_growth_counts_to_the_end_and_memory_where_it_was_most() -> None:
    soak = Soak(calls=1_000, seconds=1.0, rss_mb=[50.0, 70.0, 55.0], growth_percent=10.0)
    growth, most = figures.figures([], None, None, soak)
    assert (growth.measured, growth.met) == (10.0, True)
    assert (most.measured, most.goal) == (70.0, 120)


class Steady:
    """A street that takes a tenth of a second for everything."""

    def __init__(self) -> None:
        self.done = 0

    async def prepare(self) -> None:
        pass

    async def once(self) -> Done:
        await trio.sleep(0.1)
        self.done += 1
        return Done(2, 1)


async def test_closed_load_ends_with_its_calls_and_counts_all_that_was_begun(
    autojump_clock: MockClock,
) -> None:
    workers = [Steady(), Steady()]
    tally = await loops.closed(workers, calls=6)
    assert tally.transactions == sum(worker.done for worker in workers) == 4
    assert tally.calls == 8


async def test_open_load_that_cannot_be_kept_up_with_counts_the_delay(
    autojump_clock: MockClock,
) -> None:
    """One worker, due at 0, 20, 40 ms and so on, each takes 100: the third is not begun."""
    tally = await loops.opened([Steady()], per_second=50, seconds=0.19)
    assert tally.transactions == 2
    assert tally.latency().p50 == pytest.approx(100)
    assert tally.latency().max == pytest.approx(180)


def test_every_size_with_a_goal_has_it_in_the_table() -> None:
    assert set(figures.LATENCY_GOALS) == {4, 7, 10}
