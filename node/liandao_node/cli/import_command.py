"""``liandao import``: purchases and access logs from elsewhere, through the plugins."""

import argparse
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import trio
from liandao_plugins.api import ImportProgress, Rejected
from liandao_plugins.host import (
    ImportReport,
    PluginHost,
    import_hits,
    import_receipts,
)

from liandao_node.cli.console import progress, progress_done, say
from liandao_node.cli.node_command import add_data, can_be_written
from liandao_node.client import connect

REJECTS_SHOWN = 20


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("import", help="bring in purchases or web traffic")
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    receipts = what.add_parser("receipts", help="orders of another till, from CSV files")
    add_data(receipts)
    receipts.add_argument("file", type=Path, help="CSV file, .csv.gz, or a directory of them")
    receipts.add_argument("--mapping", type=Path, required=True, help="what its columns mean")
    receipts.add_argument("--rejects", type=Path, help="file for all rejected rows")
    receipts.set_defaults(handler=lambda options: _run(_receipts, options))

    log = what.add_parser("access-log", help="page views of a web server's log")
    add_data(log)
    log.add_argument("file", type=Path, help="log in common or combined format, or .gz")
    log.add_argument("--rejects", type=Path, help="file for all rejected lines")
    log.set_defaults(handler=lambda options: _run(_access_log, options))


def _run(work: Callable[[argparse.Namespace], Awaitable[int]], options: argparse.Namespace) -> int:
    if options.rejects is not None:
        can_be_written(options.rejects)
    return trio.run(work, options)


async def _receipts(options: argparse.Namespace) -> int:
    given: Mapping[str, str] = {"receipts": str(options.file), "mapping": str(options.mapping)}
    source = PluginHost().receipt_source("receipt_import", given)
    async with connect(options.data, client="liandao import") as node:
        with _listed_in(options.rejects) as listed:
            done = await import_receipts(source, node, _show, listed)
    progress_done()
    say(f"orders taken in  {done.orders:>10}")
    say(f"points given     {done.earned:>10}")
    say(f"refunds made     {done.refunds:>10}")
    say(f"points taken back{done.taken_back:>10}")
    _tell(done.rows, options.rejects, refunds=done.refund_rows)
    return 0


async def _access_log(options: argparse.Namespace) -> int:
    source = PluginHost().hit_source("access_log", {"log": str(options.file)})
    async with connect(options.data, client="liandao import") as node:
        with _listed_in(options.rejects) as listed:
            done = await import_hits(source, node, _show, listed)
    progress_done()
    say(f"page views       {done.counted:>10}")
    for verdict, count in sorted(done.dropped.items()):
        say(f"  dropped {verdict:<16}{count:>7}")
    _tell(done.rows, options.rejects)
    return 0


@contextmanager
def _listed_in(file: Path | None) -> Iterator[Callable[[Rejected], object]]:
    """Writes every rejected row down as it comes: there may be more of them than fit into
    memory. What was written before an error stays."""
    if file is None:
        yield lambda _: None
        return
    with file.open("w", encoding="utf-8") as out:
        yield lambda row: out.write(_line(row) + "\n")


def _line(row: Rejected) -> str:
    return f"{row.line.file}:{row.line.number} {row.reason} {row.excerpt}"


def _show(state: ImportProgress) -> None:
    done = 100 * state.bytes_done // state.bytes_total if state.bytes_total else 0
    filled = done // 5
    bar = "#" * filled + "-" * (20 - filled)
    progress(f"[{bar}] {done:3} %  {state.rows_in} rows, {state.rejected} rejected")


def _tell(rows: ImportReport, rejects: Path | None, refunds: int | None = None) -> None:
    """The table at the end: what came in is what was accepted and what was not."""
    say(f"rows in          {rows.rows_in:>10}")
    say(f"rows accepted    {rows.accepted:>10}")
    if refunds is not None:
        say(f"  as orders      {rows.accepted - refunds:>10}")
        say(f"  as refunds     {refunds:>10}")
    say(f"rows rejected    {sum(rows.rejected.values()):>10}")
    for reason, count in sorted(rows.rejected.items()):
        say(f"  rejected {reason:<18}{count:>6}")
    if rejects is not None:
        say(f"rejected rows are listed in {rejects}")
        return
    for row in rows.listed[:REJECTS_SHOWN]:
        say(f"  {_line(row)}")
    count = sum(rows.rejected.values())
    if count > REJECTS_SHOWN:
        say(f"  ... and {count - REJECTS_SHOWN} more; --rejects FILE lists them")
