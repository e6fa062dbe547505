"""What a demo run comes to: figures as JSON for machines, a table for people."""

from collections.abc import Sequence

import msgspec

from liandao_node.client import Summary


class Quantiles(msgspec.Struct, frozen=True):
    """Milliseconds."""

    p50: float
    p99: float


class TipOf(msgspec.Struct, frozen=True):
    """Where one node stands at the end."""

    shop: int
    height: int
    block: str
    state_root: str


class FaultSeen(msgspec.Struct, frozen=True):
    """A node that was killed, and what the street made of it."""

    killed: str
    """``leader`` or ``follower`` at the moment of the kill."""
    shop: int
    standstill_ms: int
    """Longest time without a new certified block at another shop while the node was away."""
    back_ms: int
    """From its new start to its having caught up."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one run. Money and points in minor units."""

    street: str
    receipts_source: str
    hits_source: str
    seconds: float
    shops: int
    commits: int
    transactions: int
    """Calls to the ledger, refused ones included."""
    receipts_in: int
    """Rows of the receipt files that were read."""
    receipts_accepted: int
    receipts_rejected: dict[str, int]
    orders: int
    orders_with_card: int
    log_lines_in: int
    log_lines_rejected: dict[str, int]
    page_views_counted: int
    page_views_dropped: dict[str, int]
    points_issued: int
    points_redeemed: int
    points_expired: int
    points_outstanding: int
    commit_ms: Quantiles
    """From submission to certificate, as the submitting node saw it."""
    tips: list[TipOf]
    verified_receipts: int
    faults: list[FaultSeen]
    node_faults: dict[str, int]
    """Errors that the nodes counted, by code."""
    counter: dict[str, int]
    """What the scripted cashier did at the window; empty without one."""
    screenshots: list[str]
    problems: list[str]
    """What should have been equal and was not; empty when all is well."""


def quantiles(values_us: Sequence[int]) -> Quantiles:
    """p50 and p99 of microseconds, in milliseconds; zeros of nothing."""
    if not values_us:
        return Quantiles(0.0, 0.0)
    ordered = sorted(values_us)
    last = len(ordered) - 1
    return Quantiles(
        round(ordered[last * 50 // 100] / 1000, 2), round(ordered[last * 99 // 100] / 1000, 2)
    )


def problems_of(summaries: Sequence[Summary], certified_points: int) -> list[str]:
    """What must hold at the end of any run (docs/ledger.md, I1 and I10)."""
    found: list[str] = []
    if len({(s.height, s.tip, s.state_root) for s in summaries}) != 1:
        found.append("the shops' tips differ")
    last = summaries[0]
    spent = last.points_redeemed + last.points_expired + last.points_outstanding
    if last.points_issued != spent:
        found.append("points issued are not points redeemed, expired and outstanding")
    if last.points_issued != certified_points:
        found.append(
            f"the tills were told of {certified_points} points and the ledger has"
            f" {last.points_issued}"
        )
    return found


def table(report: Report) -> list[str]:
    """The report for people."""
    lines = [
        f"Street {report.street}: {report.shops} shops, {report.commits} blocks,"
        f" {report.transactions} transactions in {report.seconds:.1f} s",
        f"Receipts: {report.receipts_source}",
        f"  {report.receipts_in} rows read, {report.receipts_accepted} accepted,"
        f" {report.orders} orders, {report.orders_with_card} of them with a card",
        *_counts("rejected", report.receipts_rejected),
        f"Web traffic: {report.hits_source}",
        f"  {report.log_lines_in} lines read, {report.page_views_counted} page views counted",
        *_counts("dropped", report.page_views_dropped),
        *_counts("rejected", report.log_lines_rejected),
        f"Points: {report.points_issued} issued = {report.points_redeemed} redeemed"
        f" + {report.points_expired} expired + {report.points_outstanding} outstanding",
        f"Certified within {report.commit_ms.p50} ms (half of them),"
        f" {report.commit_ms.p99} ms (99 of 100)",
        f"Receipts checked offline: {report.verified_receipts}",
    ]
    lines += [
        f"Shop {fault.shop} ({fault.killed}) was killed: the street stood still for"
        f" {fault.standstill_ms} ms, the shop was back after {fault.back_ms} ms"
        for fault in report.faults
    ]
    lines += [
        f"Shop {tip.shop} at height {tip.height}, block {tip.block[:16]},"
        f" state {tip.state_root[:16]}"
        for tip in report.tips
    ]
    lines += [f"Picture of the counter: {shot}" for shot in report.screenshots]
    lines += [f"PROBLEM: {problem}" for problem in report.problems]
    return lines


def _counts(word: str, counts: dict[str, int]) -> list[str]:
    return [f"    {word} {code}: {count}" for code, count in sorted(counts.items())]
