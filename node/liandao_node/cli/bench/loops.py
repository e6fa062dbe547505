"""Closed and open load: how long transactions take while so and so much is asked.

Closed: each worker asks again as soon as it has its answer, so the street sets the pace.
Open: transactions are due at a fixed rate whatever the street does, and latency counts from
the moment each was due; a street that falls behind shows it.
"""

from collections.abc import Sequence
from math import inf

import trio

from liandao_node.cli.bench.samples import Tally
from liandao_node.cli.bench.workload import Worker

PREPARING_MAX = 64


def _now_ns() -> int:
    return int(trio.current_time() * 1e9)


async def prepare(workers: Sequence[Worker]) -> None:
    """Brings all workers to where they can begin, some at a time."""
    limit = trio.CapacityLimiter(PREPARING_MAX)

    async def one(worker: Worker) -> None:
        async with limit:
            await worker.prepare()

    async with trio.open_nursery() as nursery:
        for worker in workers:
            nursery.start_soon(one, worker)


async def closed(workers: Sequence[Worker], *, seconds: float = inf, calls: float = inf) -> Tally:
    """Until the time is over or so many calls are certified; those under way are finished and
    counted."""
    tally = Tally()
    until_ns = _now_ns() + seconds * 1e9

    async def work(worker: Worker) -> None:
        while _now_ns() < until_ns and tally.calls < calls:
            began_ns = _now_ns()
            done = await worker.once()
            tally.add(_now_ns() - began_ns, *done)

    async with trio.open_nursery() as nursery:
        for worker in workers:
            nursery.start_soon(work, worker)
    return tally


async def opened(workers: Sequence[Worker], *, per_second: float, seconds: float) -> Tally:
    """Each worker carries out every n-th transaction that is due. One that is late begins the
    next at once, and the delay counts. What is due and not begun when the time is over is
    left out: a street that cannot keep up shows a lower rate, and does not keep us for ever."""
    tally = Tally()
    started_ns = _now_ns()
    until_ns = started_ns + seconds * 1e9
    due_count = int(per_second * seconds)

    async def work(worker: Worker, first: int) -> None:
        for at in range(first, due_count, len(workers)):
            due_ns = started_ns + int(at / per_second * 1e9)
            wait_ns = due_ns - _now_ns()
            if wait_ns > 0:
                await trio.sleep(wait_ns / 1e9)
            if _now_ns() >= until_ns:
                return
            done = await worker.once()
            tally.add(_now_ns() - due_ns, *done)

    async with trio.open_nursery() as nursery:
        for at, worker in enumerate(workers):
            nursery.start_soon(work, worker, at)
    return tally
