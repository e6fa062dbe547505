"""``liandao verify`` and ``handovers``: whether records are true, without trusting any node."""

import argparse
from pathlib import Path
from types import TracebackType
from typing import Self

from liandao_node.cli.console import progress, progress_done, say, tell_error
from liandao_node.cli.node_command import add_data, can_be_written
from liandao_node.cli.notary_command import digest_of
from liandao_node.cli.verifying.books import verify_books
from liandao_node.cli.verifying.books_words import describe_books
from liandao_node.cli.verifying.chain import read_handovers
from liandao_node.cli.verifying.data import DataReport, verify_data, verify_range
from liandao_node.errors import OperatorFault, StorageFault
from liandao_node.proofs.handovers import Trusted
from liandao_node.proofs.receipt import build_handovers
from liandao_node.proofs.stamps import verify_stamp
from liandao_node.proofs.verifier import verify_handovers, verify_receipt
from liandao_node.runtime.clock import monotonic_ms, wall_ms
from liandao_node.runtime.street import read_genesis
from liandao_node.store.archive import open_ledger_archive
from liandao_node.types import Seq

BAR_CHARS = 24
PROGRESS_MS = 200
EXIT_WRONG = 1


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = commands.add_parser("verify", help="check a record without trusting any node")
    what = verify.add_subparsers(dest="what", required=True, metavar="WHAT")

    receipt = what.add_parser("receipt", help="check a receipt offline")
    receipt.add_argument("file", type=Path, nargs="?", help="receipt file, or its QR text in one")
    receipt.add_argument("--qr-text", help="what a scanner read from the receipt's QR code")
    _add_sources(receipt)
    receipt.add_argument("--handovers", type=Path, help="file of hand-overs, for a short receipt")
    receipt.set_defaults(handler=_receipt)

    stamp = what.add_parser("stamp", help="check since when a document has existed")
    stamp.add_argument("document", type=Path, metavar="FILE", help="the document, as it is now")
    stamp.add_argument("proof", type=Path, metavar="PROOF", help="from liandao notary prove")
    _add_sources(stamp)
    stamp.add_argument("--handovers", type=Path, help="file of hand-overs, for a short proof")
    stamp.set_defaults(handler=_stamp)

    handovers = what.add_parser("handovers", help="follow hand-overs to the latest committee")
    handovers.add_argument("file", type=Path)
    _add_sources(handovers)
    handovers.add_argument("--save-trust", type=Path, help="file to keep that committee in")
    handovers.set_defaults(handler=_handovers)

    blocks = what.add_parser("range", help="check stored blocks, certificates and hand-overs")
    blocks.add_argument("source", type=Path, help="data directory, or a ledger.db")
    blocks.add_argument("--genesis", type=Path, help="genesis.json, if it is not beside it")
    blocks.add_argument("--from", dest="first", type=int, default=1, metavar="HEIGHT")
    blocks.add_argument("--to", dest="last", type=int, metavar="HEIGHT")
    blocks.set_defaults(handler=_range)

    data = what.add_parser("data", help="check the whole data directory of a stopped node")
    data.add_argument("directory", type=Path)
    data.set_defaults(handler=_data)

    books = what.add_parser("books", help="check that points, debts and clearing add up")
    add_data(books)
    books.set_defaults(handler=_books)

    out = commands.add_parser("handovers", help="write the hand-overs that short receipts need")
    add_data(out)
    out.add_argument("--out", type=Path, required=True, help="file to write")
    out.add_argument("--from", dest="first", type=int, default=0, metavar="EPOCH")
    out.set_defaults(handler=_write_handovers)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--genesis", type=Path, required=True, help="the street's genesis.json")
    parser.add_argument("--trust", type=Path, help="committee to start from: see verify handovers")


def _receipt(options: argparse.Namespace) -> int:
    if (options.file is None) == (options.qr_text is None):
        raise OperatorFault("RECEIPT_WHICH")
    text = options.qr_text if options.file is None else _read(options.file)
    verified = verify_receipt(
        # A scanner, or an editor, ends the line; a blank is part of the code.
        text.rstrip("\r\n") if not text.startswith("{") else text,
        _read(options.genesis),
        handovers=_read(options.handovers) if options.handovers else "",
        trusted=_trusted(options.trust),
    )
    say(verified.words)
    return 0


def _stamp(options: argparse.Namespace) -> int:
    proven = verify_stamp(
        digest_of(options.document),
        _read(options.proof),
        _read(options.genesis),
        handovers=_read(options.handovers) if options.handovers else "",
        trusted=_trusted(options.trust),
    )
    say(proven.words())
    return 0


def _handovers(options: argparse.Namespace) -> int:
    if options.save_trust is not None:
        can_be_written(options.save_trust)
    genesis = _read(options.genesis)
    followed = verify_handovers(_read(options.file), genesis, trusted=_trusted(options.trust))
    shops = ", ".join(map(str, followed.shops))
    say(f"Epoch {followed.epoch} is the last one known; its committee: shops {shops}.")
    if options.save_trust is not None:
        options.save_trust.write_text(followed.trust)
        say(f"Kept in {options.save_trust}.")
    return 0


def _range(options: argparse.Namespace) -> int:
    ledger = options.source / "ledger.db" if options.source.is_dir() else options.source
    genesis = options.genesis or ledger.with_name("genesis.json")
    last = None if options.last is None else Seq(options.last)
    with _Bar() as bar:
        report = verify_range(ledger, genesis, Seq(options.first), last, bar.show)
    say(
        f"Blocks {report.first} to {report.last} follow each other, up to epoch {report.epoch};"
        f" {report.certificates} certificates hold."
    )
    return 0


def _data(options: argparse.Namespace) -> int:
    try:
        with _Bar() as bar:
            report = verify_data(options.directory, bar.show)
    except StorageFault as fault:
        tell_error(fault)  # damage is what the check was for, and no wrong use of it
        return EXIT_WRONG
    for line in describe(report):
        say(line)
    return 0


def _books(options: argparse.Namespace) -> int:
    report = verify_books(options.data)
    for line in describe_books(report):
        say(line)
    return EXIT_WRONG if report.broken else 0


def describe(report: DataReport) -> list[str]:
    """What was checked, in lines for a terminal."""
    blocks = report.blocks
    lines = [f"{report.street}: nothing is wrong."]
    if blocks is None:
        lines.append("  no blocks yet")
    else:
        lines.append(
            f"  blocks {blocks.first} to {blocks.last}: links, bodies, entries;"
            f" {blocks.certificates} certificates, epochs up to {blocks.epoch}"
        )
        if report.executed_from <= blocks.last:
            lines.append(f"  blocks {report.executed_from} to {blocks.last} executed again")
        else:
            lines.append("  not executed again: the first blocks are not kept here")
    lines.append(f"  state: {report.records} records, as the last block certifies them")
    lines.append(f"  voting record: whole, opened {report.boots} times")
    return lines


def _write_handovers(options: argparse.Namespace) -> int:
    genesis = read_genesis(options.data)
    can_be_written(options.out)
    with open_ledger_archive(options.data / "ledger.db") as archive:
        handovers = read_handovers(archive.reads.handovers(options.first))
    options.out.write_text(build_handovers(genesis.chain_id, handovers))
    say(f"{len(handovers)} hand-overs written to {options.out}.")
    return 0


def _trusted(file: Path | None) -> Trusted | None:
    return None if file is None else Trusted(_read(file), wall_ms())


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorFault("FILE_UNREADABLE", path=str(path), detail=str(error)) from error


class _Bar:
    """How far a check is and how long it will take, where there is a terminal."""

    def __init__(self) -> None:
        self._begun_ms = self._shown_ms = monotonic_ms()

    def show(self, done: int, total: int) -> None:
        now_ms = monotonic_ms()
        if now_ms - self._shown_ms < PROGRESS_MS or not done:
            return
        self._shown_ms = now_ms
        filled = min(done, total) * BAR_CHARS // total
        left_s = max(0, total - done) * (now_ms - self._begun_ms) // done // 1_000
        bar = "#" * filled + "." * (BAR_CHARS - filled)
        progress(f"[{bar}] block {done} of {total}, about {left_s} s left")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        progress_done()
