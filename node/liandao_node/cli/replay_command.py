"""``liandao replay``: a set of real purchases through the ledger of a whole street."""

import argparse
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.cli.console import progress, progress_done, say, tell
from liandao_node.cli.node_command import can_be_written, whole_number
from liandao_node.cli.replay.report import lines
from liandao_node.cli.replay.sets import Played, replay_journey, replay_retail
from liandao_node.cli.replay.tally import Tally

BAR_CHARS: Final = 24
EXIT_WRONG: Final = 1
SETS: Final = {"online-retail": replay_retail, "complete-journey": replay_journey}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("replay", help="put real purchases through a street's ledger")
    parser.add_argument("directory", type=Path, metavar="DIR", help="the set's files")
    parser.add_argument("--set", choices=list(SETS), required=True, help="what they are")
    parser.add_argument("--days", type=whole_number, default=0, help="the first so many only")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--rejects", type=Path, help="file for all rejected rows")
    parser.add_argument("--data", type=Path, help="empty directory to keep the street's data in")
    parser.add_argument(
        "--again", action="store_true", help="execute the blocks on another ledger, too"
    )
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """0 when every row is accounted for, every invariant holds and both roots agree."""
    for file in (options.json, options.rejects):
        if file is not None:
            can_be_written(file)
    if options.data is not None:
        options.data.mkdir(parents=True, exist_ok=True)
        found, tally = _replay(options, options.data)
    else:
        with tempfile.TemporaryDirectory(prefix="ld-") as root:
            found, tally = _replay(options, Path(root))
    progress_done()
    for line in lines(found):
        say(line)
    if options.rejects is not None:
        options.rejects.write_text("".join(f"{line}\n" for line in tally.listed()))
        tell(f"All {len(tally.rejects)} rejected rows are listed in {options.rejects}.")
    if options.json is not None:
        document = msgspec.json.format(msgspec.json.encode(found), indent=2)
        options.json.write_bytes(document + b"\n")
        tell(f"The figures are in {options.json}.")
    return 0 if found.is_sound else EXIT_WRONG


def _replay(options: argparse.Namespace, root: Path) -> Played:
    play = SETS[options.set]
    return play(options.directory, root, options.days, _show, again=options.again)


def _show(done: int, of: int, tally: Tally) -> None:
    filled = done * BAR_CHARS // of
    bar = "#" * filled + "-" * (BAR_CHARS - filled)
    orders, refunds = tally.counts["orders"], tally.counts["refunds"]
    progress(f"[{bar}] {done} of {of} days  {orders} orders, {refunds} refunds")
