"""``liandao bench race``: two shops want the same points at the same instant; one gets them.

Four node processes of their own, asked through their local APIs. Ends with 1 unless in every
round exactly one shop got the points, exactly one the coupon, the order that was asked twice
stayed one, and the books of all nodes say so.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import trio

from liandao_node.cli.bench.figures import source_line
from liandao_node.cli.bench.machine import Machine, Source, machine, source
from liandao_node.cli.bench.race import LANES, Contest, Races, Twice
from liandao_node.cli.bench.race_books import Books, look
from liandao_node.cli.bench.street import bench_street, fresh_directory
from liandao_node.cli.console import progress, progress_done, say, tell
from liandao_node.cli.node_command import can_be_written

SEATS: Final = 4
ROUNDS_MAX: Final = 10_000
"""What the bond of a bench street covers."""


class RaceReport(msgspec.Struct, frozen=True, kw_only=True):
    """A run of ``liandao bench race``."""

    source: Source
    machine: Machine
    seats: int
    lanes: int
    """Rounds beside each other."""
    seconds: float
    contests: list[Contest]
    orders: Twice
    books: Books

    @property
    def right(self) -> bool:
        contests = all(contest.right for contest in self.contests)
        return contests and self.orders.right and self.books.right


def add_to(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = kinds.add_parser("race", help="two shops, one card, the same instant")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--rounds", type=_rounds, default=1_000, help="how many (%(default)s)")
    parser.add_argument("--data", type=Path, help="a directory on the disk to be used")
    parser.set_defaults(handler=run)


def _rounds(text: str) -> int:
    rounds = int(text)
    if not 1 <= rounds <= ROUNDS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {ROUNDS_MAX}")
    return rounds


def run(options: argparse.Namespace) -> int:
    """Races; 1 where anything was had twice, or not at all, or the books differ."""
    if options.json is not None:
        can_be_written(options.json)
    with fresh_directory(options.data) as root:
        tell(f"{SEATS} nodes start.")
        report = trio.run(_report, root, options.rounds)
    progress_done()
    for line in lines(report):
        say(line)
    if options.json is not None:
        document = msgspec.json.format(msgspec.json.encode(report), indent=2)
        options.json.write_bytes(document + b"\n")
        tell(f"The figures are in {options.json}.")
    return 0 if report.right else 1


async def _report(root: Path, rounds: int) -> RaceReport:
    async with bench_street(root / "street", SEATS) as street:
        races = Races(street)
        began_ns = time.perf_counter_ns()
        await races.run(rounds, lambda done: progress(f"{done:,} of {rounds:,} rounds"))
        seconds = (time.perf_counter_ns() - began_ns) / 1e9
        return RaceReport(
            source=source(),
            machine=machine(root),
            seats=SEATS,
            lanes=LANES,
            seconds=round(seconds, 1),
            contests=[races.points, races.coupons],
            orders=races.orders,
            books=await look(street, races.told),
        )


def lines(report: RaceReport) -> Iterator[str]:
    """For people."""
    for contest in report.contests:
        yield from _contest_lines(contest)
    orders = report.orders
    yield (
        f"one order through two connections: {orders.rounds:,} rounds, {orders.one:,} one order,"
        f" {orders.two:,} two, {orders.none:,} none, {orders.answers_differ:,} told differently"
    )
    books = report.books
    agree = "all agree" if books.right else f"{len(books.wrong):,} contradictions"
    yield (
        f"books of {books.nodes} nodes: {agree}; {books.points_issued:,} points issued,"
        f" {books.points_redeemed:,} redeemed, {books.coupons_used:,} coupons used"
    )
    yield from (f"  {complaint}" for complaint in books.wrong[:20])
    yield f"{report.seconds:g} s. " + source_line(report.machine, report.source)
    yield "RIGHT" if report.right else "WRONG: something was had twice, or by nobody."


def _contest_lines(contest: Contest) -> Iterator[str]:
    yield (
        f"{contest.name} at two shops: {contest.rounds:,} rounds, {contest.exactly_one:,} exactly"
        f" one, {contest.both:,} both, {contest.none:,} none; {contest.paid_in_full:,} paid in full"
    )
    refused = (f"{code} {count:,}" for code, count in sorted(contest.refusals.items()))
    yield f"  refused: {', '.join(refused) or 'nobody'}"
    shops = (
        f"shop {shop} {contest.won[shop]:,} of {raced:,}"
        for shop, raced in sorted(contest.raced.items())
    )
    yield f"  won: {', '.join(shops)}"
    yield (
        f"  who asked first won {contest.asked_first_won:,} of {contest.rounds:,};"
        f" the leader's shop {contest.leader_won:,} of {contest.leader_raced:,}"
    )
