"""What a check of the books found, in lines for a terminal."""

from collections.abc import Iterator
from typing import Final

from liandao_node.cli.verifying.books import INVARIANTS, OTHERS, BooksReport, Row
from liandao_node.ledger.modules.parties import POOL

SHOWN: Final = 5
"""Complaints of one kind that are told; the rest are counted."""
_HEAD: Final = ("issued", "returned", "redeemed", "expired", "taken back", "with cards", "owes")


def describe_books(report: BooksReport) -> Iterator[str]:
    """A table of issuers, then each invariant and whether it holds."""
    yield f"{report.street}, after block {report.seq}:"
    yield f"  {'':<24}" + "".join(f"{title:>12}" for title in (*_HEAD, "may reach"))
    for row in report.rows:
        limit = "its cash" if row.party == POOL else str(row.limit)
        figures = "".join(f"{figure:>12}" for figure in _figures(row))
        yield f"  {_name(row):<24}{figures}{limit:>12}"
    sums = (sum(column) for column in zip(*map(_figures, report.rows), strict=True))
    yield f"  {'all':<24}" + "".join(f"{figure:>12}" for figure in sums)
    yield (
        f"  {report.cards} cards with points or debts; customers' debts {report.debts};"
        f" {report.payments} payments of {report.periods} clearing periods"
    )
    for name, words in INVARIANTS.items():
        verdict = "not in this street" if name in report.missing else "holds"
        yield f"  {name}  {words}: {'BROKEN' if name in report.broken else verdict}"
        yield from _complaints(report, name)
    if OTHERS in report.broken:
        yield "  Other records do not fit together:"
        yield from _complaints(report, OTHERS)
    yield "The books do NOT add up." if report.broken else "The books add up."


def _name(row: Row) -> str:
    return "the pool" if row.party == POOL else f"{row.party} {row.name}"[:23]


def _figures(row: Row) -> tuple[int, ...]:
    return (
        row.issued,
        row.returned,
        row.redeemed,
        row.expired,
        row.clawed,
        row.held,
        row.payable,
    )


def _complaints(report: BooksReport, name: str) -> Iterator[str]:
    found = report.broken.get(name, [])
    for complaint in found[:SHOWN]:
        yield f"      {complaint}"
    if len(found) > SHOWN:
        yield f"      and {len(found) - SHOWN} more"
