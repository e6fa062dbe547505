"""``liandao notary``: stamp a document, countersign it, prove since when it has existed.

The document stays where it is: its SHA-256 goes to the street, nothing else.
"""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data, can_be_written, whole_number
from liandao_node.client import (
    CountersignDocument,
    Paper,
    ProveStamp,
    StampDocument,
    StampDone,
    Stamps,
    StampView,
    connect,
)
from liandao_node.errors import OperatorFault
from liandao_node.proofs.statements import utc
from liandao_node.types import ShopId

LIST_DEFAULT = 20


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    notary = commands.add_parser(
        "notary",
        help="prove that a document existed, unaltered, and since when",
        description="Stamps a document's SHA-256 into the street's ledger. The document itself"
        " stays here. Whoever has the document, the proof and the street's genesis file checks"
        " both without any node: liandao verify stamp.",
    )
    what = notary.add_subparsers(dest="what", required=True, metavar="WHAT")

    stamp = what.add_parser("stamp", help="stamp a document")
    _add_file(stamp)
    papers = [paper.value for paper in Paper]
    stamp.add_argument("--kind", choices=papers, default=Paper.OTHER.value, help="what it is")
    stamp.add_argument(
        "--party",
        type=whole_number,
        action="append",
        default=[],
        metavar="SHOP",
        help="number of another shop that may countersign; once for each",
    )
    stamp.set_defaults(handler=lambda options: trio.run(_stamp, options))

    countersign = what.add_parser("countersign", help="agree to a document that names this shop")
    _add_file(countersign)
    countersign.add_argument("--shop", type=whole_number, required=True, help="who stamped it")
    countersign.set_defaults(handler=lambda options: trio.run(_countersign, options))

    prove = what.add_parser("prove", help="write a proof that anybody can check offline")
    _add_file(prove)
    prove.add_argument("--out", type=Path, required=True, metavar="PROOF", help="file to write")
    prove.add_argument("--shop", type=whole_number, help="who stamped it; default: this shop")
    prove.set_defaults(handler=_prove)

    listed = what.add_parser("list", help="this shop's stamps, and what waits for its signature")
    add_data(listed)
    listed.add_argument("--limit", type=int, default=LIST_DEFAULT, help="at most so many of each")
    listed.set_defaults(handler=lambda options: trio.run(_list, options))


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the document")
    add_data(parser)


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file, however large. Raises OperatorFault ``FILE_UNREADABLE``."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise OperatorFault("FILE_UNREADABLE", path=str(path), detail=str(error)) from error


async def _stamp(options: argparse.Namespace) -> int:
    parties = [ShopId(shop) for shop in options.party]
    request = StampDocument(digest_of(options.file), Paper(options.kind), parties)
    async with connect(options.data, client="liandao notary") as node:
        done = await node.notary(request)
    say(f"{options.file} is stamped: {_final(done)}")
    if done.missing:
        say(f"{done.missing} more shops may countersign it: liandao notary countersign")
    say(f"Keep the file as it is. Its SHA-256 is {request.document.hex()}.")
    return 0


async def _countersign(options: argparse.Namespace) -> int:
    request = CountersignDocument(digest_of(options.file), ShopId(options.shop))
    async with connect(options.data, client="liandao notary") as node:
        done = await node.notary(request)
    left = f", {done.missing} shops have not signed yet" if done.missing else ", all have signed"
    say(f"{options.file} is countersigned{left}: {_final(done)}")
    return 0


def _final(done: StampDone) -> str:
    return f"final in block {done.height} of {utc(done.time_ms)}."


def _prove(options: argparse.Namespace) -> int:
    can_be_written(options.out)
    document = trio.run(_ask_proof, options)
    options.out.write_text(document)
    say(f"Proof written to {options.out}. It needs the document and the street's genesis file:")
    say(f"liandao verify stamp {options.file} {options.out} --genesis genesis.json")
    return 0


async def _ask_proof(options: argparse.Namespace) -> str:
    digest = digest_of(options.file)
    async with connect(options.data, client="liandao notary") as node:
        shop = node.welcome.shop if options.shop is None else ShopId(options.shop)
        return await node.stamp_proof(ProveStamp(digest, shop))


async def _list(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao notary") as node:
        stamps = await node.stamps(options.limit)
    for line in describe(stamps):
        say(line)
    return 0


def describe(stamps: Stamps) -> Iterator[str]:
    """Stamps in lines for a terminal."""
    if not stamps.own:
        yield "This shop has stamped nothing yet."
    for stamp in stamps.own:
        yield _line(stamp)
    if stamps.waiting:
        yield "For this shop to countersign:"
    for stamp in stamps.waiting:
        yield f"{_line(stamp)}, stamped by shop {stamp.shop}"


def _line(stamp: StampView) -> str:
    parties = [
        f"shop {shop} signed {utc(time_ms)}" if time_ms else f"shop {shop} has not signed"
        for shop, time_ms in stamp.parties
    ]
    facts = ", ".join([stamp.paper.value, *parties])
    return f"  {utc(stamp.time_ms)}  block {stamp.height}  {stamp.document.hex()}  {facts}"
