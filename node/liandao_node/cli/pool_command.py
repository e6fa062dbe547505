"""``liandao pool``: the pool's money and month, and a division made again to the unit (L-18.24).

Reads the ledger that this shop keeps; its node may be running or not.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liandao_node.cli.console import say, tell
from liandao_node.cli.node_command import add_data
from liandao_node.cli.pool_words import (
    as_documents,
    describe_explanation,
    describe_now,
    month_text,
    whose,
)
from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.ledger import pool_queries
from liandao_node.ledger.pool_queries import Difference, Explanation
from liandao_node.ledger.state import View
from liandao_node.runtime.street import read_genesis
from liandao_node.store.archive import LedgerArchive, open_ledger_archive
from liandao_node.types import Seq
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wording import sentence

EXIT_DIFFERS: Final = 1
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pool = commands.add_parser("pool", help="the street's pool, and how it was divided")
    add_data(pool)
    _add_json(pool)
    pool.set_defaults(handler=_show)
    kinds = pool.add_subparsers(dest="kind", metavar="KIND")
    explain = kinds.add_parser(
        "explain",
        help="make a month's division again from its traffic, and compare",
        description="Prints each shop's units, drops by reason, weight, cap, share and remainder,"
        " made again from the traffic in the ledger, and says whether what was booked agrees.",
    )
    explain.add_argument("period", type=month, metavar="PERIOD", help="like 2026-03")
    # Before or behind the word: what was said before is not forgotten for a default.
    explain.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, help="data directory of the shop"
    )
    _add_json(explain, default=argparse.SUPPRESS)
    explain.set_defaults(handler=_explain)


def _add_json(parser: argparse.ArgumentParser, default: object = False) -> None:
    parser.add_argument(
        "--json", action="store_true", default=default, help="for programs: one JSON document"
    )


def month(text: str) -> int:
    """A pool's period as people write it."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise argparse.ArgumentTypeError(sentence("POOL_PERIOD_BAD", {"text": text}))
    return int(found[1]) * 12 + int(found[2]) - 1


def next_deposit(data: Path) -> int:
    """The number of the treasurers' next statement about the pool."""
    with _ledger(data) as (_, view):
        return pool_queries.till(view).deposits + 1


def _show(options: argparse.Namespace) -> int:
    with _ledger(options.data) as (archive, view):
        now, names = pool_queries.now(view), pool_queries.names(view)
        tip = archive.tip()
    assert tip is not None
    if options.json:
        say(as_documents(now, tip.seq))
    else:
        for line in describe_now(now, names, tip.seq):
            say(line)
    return 0


def _explain(options: argparse.Namespace) -> int:
    with _ledger(options.data) as (archive, view):
        told = _explained(view, options.period)
        names, wrong = pool_queries.names(view), _seed_wrong(archive, told)
    found = [*told.differences, *([wrong] if wrong is not None else [])]
    if options.json:
        say(as_documents(told))
    else:
        for line in describe_explanation(told, names, agrees=not found):
            say(line)
    if found:
        first = found[0]
        facts: dict[str, int | str] = {
            "booked": first.booked,
            "recomputed": first.recomputed,
            "what": first.what,
        }
        facts["whose"] = whose(first, names)
        tell(sentence("POOL_DIFFERS", facts))
    return EXIT_DIFFERS if found else 0


def _explained(view: View, period: int) -> Explanation:
    told = pool_queries.explanation(view, period)
    if told is not None:
        return told
    was = period in pool_queries.divided(view)
    code = "POOL_TRAFFIC_GONE" if was else "POOL_NOT_DIVIDED"
    raise OperatorFault(code, period=month_text(period))


def _seed_wrong(archive: LedgerArchive, told: Explanation) -> Difference | None:
    """Whether ties were drawn by another hash than that below the block which ended the month;
    only as long as that block is kept."""
    raw = archive.reads.block(Seq(told.booked.height))
    if raw is None:
        return None
    parent = _decode_committed(raw).block.header.parent
    if parent == told.booked.seed:
        return None
    numbers = (int.from_bytes(one[:6], "big") for one in (told.booked.seed, parent))
    return Difference("seed", -1, *numbers)


@contextmanager
def _ledger(data: Path) -> Iterator[tuple[LedgerArchive, View]]:
    """The state that lies in a data directory. Raises OperatorFault ``POOL_NONE``, and what
    `open_ledger_archive` raises."""
    genesis = read_genesis(data)
    with open_ledger_archive(data / "ledger.db") as archive:
        if archive.chain_id() != genesis.chain_id or archive.tip() is None:
            raise StorageFault("DATABASE_DAMAGED", file="ledger.db", detail="of another street")
        view = View(archive.state)
        if not pool_queries.has_pool(view):
            raise OperatorFault("POOL_NONE")
        yield archive, view
