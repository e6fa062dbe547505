"""The cases of ``liandao bench consensus``: what is done, and what is written down of it."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
import trio

from liandao_node.cli.bench import loops
from liandao_node.cli.bench.calibration import verify_meanwhile
from liandao_node.cli.bench.meters import rss_mb_max
from liandao_node.cli.bench.samples import Latency, Tally
from liandao_node.cli.bench.street import BenchStreet, Usage
from liandao_node.client import connect
from liandao_node.errors import BugFound
from liandao_node.ledger.modules.traffic import Batch
from liandao_node.limits import ORDERS_PER_REQUEST_MAX, TRAFFIC_WINDOW_MS
from liandao_node.store.archive import open_ledger_archive
from liandao_node.types import Seq
from liandao_node.wire.transactions import decode_entry

CALLS_PER_BATCH: Final = ORDERS_PER_REQUEST_MAX


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One load on one street."""

    name: str
    seats: int
    load: str
    seconds: float
    transactions: int
    """Signed and certified."""
    calls: int
    """In them, all applied."""
    calls_per_s: float
    blocks: int
    """That took them in: small ones cost votes, large ones time."""
    latency_ms: Latency
    """Of a transaction, from request to answer; under open load from when it was due."""
    commit_ms: Latency
    """The part of it from submission to certificate, as the shop's node saw it."""
    node_cpu_us: float
    """Per call and node."""
    client_cpu_us: float
    """Of this process per call."""
    cores_used: float
    """By nodes and this process together."""
    rss_mb: float
    """Of the largest node at the end."""
    verify_us: float
    """What checking a signature took meanwhile, median: tells a busy machine from a slow
    build."""


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    seconds: float
    blocks: int
    """Made while nobody asked for anything: must be none."""
    roots: int
    """Blocks that did nothing but commit to the traffic of the sale before a pause: once, up to
    ten minutes after it."""
    node_cpu_percent: float
    """Of one core, a node."""
    first_ms: list[float]
    """The first transaction after each pause."""
    rss_mb: float


class Kills(msgspec.Struct, frozen=True, kw_only=True):
    """From ``kill -9`` of the leader to the next certified transaction of another shop."""

    count: int
    recovery_ms: Latency


class Soak(msgspec.Struct, frozen=True, kw_only=True):
    """Memory of the largest node while very much is certified."""

    calls: int
    seconds: float
    rss_mb: list[float]
    """After each tenth of them: a leak goes on, a cache that fills ends."""
    growth_percent: float
    """From the first to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is asked: so many at a time, or so many a second by so many."""

    outstanding: int
    seconds: float
    batches: bool = False
    per_second: float | None = None

    def __str__(self) -> str:
        what = "batches" if self.batches else "transactions"
        if self.per_second is not None:
            return f"open, {self.per_second:g} {what}/s"
        return f"closed, {self.outstanding} {what} outstanding"


async def measure(street: BenchStreet, name: str, load: Load) -> Case:
    """Warms up, measures, and checks that the ledger holds exactly what was counted.

    Raises BugFound ``BENCH_MISCOUNTED`` when it does not.
    """
    count = load.outstanding
    workers = street.tills(count) if load.batches else street.counters(count)
    await loops.prepare(workers)
    await loops.closed(workers, seconds=min(1.0, load.seconds / 5))
    before = await street.calls()
    below = await street.height()
    gc.collect()
    usage = Usage.begin(street.pids)
    async with verify_meanwhile() as verify_us:
        if load.per_second is None:
            tally = await loops.closed(workers, seconds=load.seconds)
        else:
            tally = await loops.opened(workers, per_second=load.per_second, seconds=load.seconds)
        case = _case(street, name, load, tally, usage, verify_us)
    held = await street.calls() - before
    case = msgspec.structs.replace(case, blocks=await street.height() - below)
    # A shop's window of traffic may close meanwhile, and then the node has a call of its own.
    windows = street.seats * (1 + int(case.seconds * 1_000) // TRAFFIC_WINDOW_MS)
    if not 0 <= held - tally.calls <= windows:
        raise BugFound("BENCH_MISCOUNTED", counted=tally.calls, ledger=held)
    return case


def _case(
    street: BenchStreet,
    name: str,
    load: Load,
    tally: Tally,
    usage: Usage,
    verify_us: Callable[[], float],
) -> Case:
    seconds, nodes_us, own_us = usage.until_now()
    calls = max(1, tally.calls)
    return Case(
        name=name,
        seats=street.seats,
        load=str(load),
        seconds=round(seconds, 2),
        transactions=tally.transactions,
        calls=tally.calls,
        calls_per_s=round(tally.calls / seconds, 1),
        blocks=0,
        latency_ms=tally.latency(),
        commit_ms=tally.commit(),
        node_cpu_us=round(nodes_us / calls / street.seats, 1),
        client_cpu_us=round(own_us / calls, 1),
        cores_used=round((nodes_us + own_us) / seconds / 1e6, 2),
        rss_mb=rss_mb_max(street.pids),
        verify_us=verify_us(),
    )


async def idle(street: BenchStreet, seconds: float, pauses: int) -> Idle:
    """Pauses in which nothing may happen, and the first transaction after each."""
    (worker,) = street.counters(1)
    await loops.prepare([worker])
    await street.calls()
    rss = rss_mb_max(street.pids)
    made, cpu_us, waited_s, first_ms = list[bool](), 0.0, 0.0, []
    for _ in range(pauses):
        before = (await street.fleet.settled(1))[0].height
        usage = Usage.begin(street.pids)
        await trio.sleep(seconds / pauses)
        gone_s, nodes_us, _ = usage.until_now()
        after = (await street.fleet.settled(1))[0].height
        made += [_is_root(street, height) for height in range(before + 1, after + 1)]
        cpu_us, waited_s = cpu_us + nodes_us, waited_s + gone_s
        first_ms.append((await loops.closed([worker], calls=1)).latency().max)
    return Idle(
        seconds=round(waited_s, 1),
        blocks=made.count(False),
        roots=made.count(True),
        node_cpu_percent=round(cpu_us / waited_s / 1e4 / street.seats, 2),
        first_ms=first_ms,
        rss_mb=rss,
    )


def _is_root(street: BenchStreet, height: int) -> bool:
    """Whether that block holds calls of traffic and no others."""
    with open_ledger_archive(street.fleet.dirs[0] / "ledger.db") as archive:
        entries = archive.reads.entries(Seq(height))
    return bool(entries) and all(decode_entry(raw).kind == Batch.kind for raw in entries)


async def kills(street: BenchStreet, count: int) -> Kills:
    """Kills the leader, sells elsewhere, brings it back; ``count`` times."""
    tally = Tally()
    for _ in range(count):
        leader = (await street.fleet.status(0)).leader
        witness = street.fleet.dirs[(leader + 1) % street.seats]
        async with connect(witness, client="bench") as node:
            worker = street.counter(node)
            await worker.prepare()
            began_ns = time.perf_counter_ns()
            street.fleet.kill(leader)
            done = await worker.once()
            tally.add(time.perf_counter_ns() - began_ns, *done)
        street.fleet.start(leader)
        await street.fleet.wait_active(range(street.seats))
    return Kills(count=count, recovery_ms=tally.latency())


async def soak(street: BenchStreet, calls: int, outstanding: int) -> Soak:
    """Certifies ``calls`` transactions of counters; memory after each tenth."""
    workers = street.counters(outstanding)
    await loops.prepare(workers)
    usage = Usage.begin(street.pids)
    done, rss_mb = 0, []
    for tenth in range(1, 11):
        done += (await loops.closed(workers, calls=calls * tenth // 10 - done)).calls
        rss_mb.append(rss_mb_max(street.pids))
    await street.calls()
    return Soak(
        calls=done,
        seconds=round(usage.until_now()[0], 1),
        rss_mb=rss_mb,
        growth_percent=round((rss_mb[-1] / rss_mb[0] - 1) * 100, 1) if rss_mb[0] else 0.0,
    )
