"""The ``liandao`` command: finds the subcommand, runs it, turns errors into words.

Exit codes: 0 done, 1 a check failed or something was refused, 2 wrong use or settings, 70 a
bug of ours, 130 stopped by Ctrl-C.
"""

import argparse
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FrameType
from typing import Final, NoReturn

from liandao_node import __version__
from liandao_node.cli.console import nobody_listens, tell, tell_error
from liandao_node.errors import BugFound, LiandaoError, OperatorFault, StorageFault
from liandao_node.wording import SENTENCES

Handler = Callable[[argparse.Namespace], int]

COMMANDS: Final = {
    "run": "run_command",
    "demo": "demo_command",
    "init": "node_command",
    "node": "node_command",
    "status": "records_command",
    "receipt": "records_command",
    "handovers": "verify_command",
    "verify": "verify_command",
    "missing": "missing_command",
    "who": "missing_command",
    "module": "module_command",
    "notary": "notary_command",
    "rules": "rules_command",
    "stake": "stake_command",
    "rekey": "rekey_command",
    "treasurer": "treasurer_command",
    "import": "import_command",
    "bench": "bench_command",
    "clearing": "clearing_command",
    "refund": "refund_command",
    "refund-import": "refund_command",
    "grant": "giving_command",
    "staff": "giving_command",
    "earn-rule": "earn_rule_command",
    "card": "card_command",
    "claim": "claim_command",
    "visit": "claim_command",
    "person": "person_command",
    "coupon": "coupon_command",
    "stamp": "stamp_command",
    "referral": "stamp_command",
    "pool": "pool_command",
    "replay": "replay_command",
    "sim": "sim_command",
}
"""Module of each command. A node that starts loads its own and not the simulator's."""

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser(words[0] if words else "").parse_args(words)
    handler: Handler = options.handler
    # Cards, sums and keys are this user's business alone, whatever the folder's own rights are.
    os.umask(0o077)
    if threading.current_thread() is threading.main_thread():
        # Whoever ends us ends what we started too: the same way out as by Ctrl-C.
        signal.signal(signal.SIGTERM, _end)
    try:
        return handler(options)
    except KeyboardInterrupt:
        return EXIT_STOPPED
    except BaseExceptionGroup as group:
        return _explain(_first(group))
    except (LiandaoError, OSError) as error:
        return _explain(error)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def build_parser(chosen: str = "") -> argparse.ArgumentParser:
    """The command ``chosen`` alone or, where there is none of that name, all of them; the
    documentation's list of them is checked against it."""
    parser = argparse.ArgumentParser(
        prog="liandao", description="The loyalty counter of a shopping street."
    )
    parser.add_argument("--version", action="version", version=f"liandao {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = [COMMANDS[chosen]] if chosen in COMMANDS else dict.fromkeys(COMMANDS.values())
    for name in modules:
        import_module(f"liandao_node.cli.{name}").add_to(commands)
    return parser


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that a nursery wrapped: ours before any other."""
    ours, _ = group.split(LiandaoError)
    error: BaseException = ours or group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _explain(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return EXIT_STOPPED
    if isinstance(error, BrokenPipeError):
        nobody_listens()
        return EXIT_REFUSED
    if isinstance(error, OSError) and error.filename is not None:
        detail = error.strerror or type(error).__name__
        error = OperatorFault("FILE_FAILED", path=os.fsdecode(error.filename), detail=detail)
    if not isinstance(error, LiandaoError):
        raise error
    if isinstance(error, BugFound):
        return _confess(error)
    tell_error(error)
    return EXIT_USAGE if isinstance(error, OperatorFault | StorageFault) else EXIT_REFUSED


def _confess(bug: BugFound) -> int:
    """A bug of ours: a sentence for people and, where we have none ready, the trace for us."""
    if bug.code in SENTENCES:
        tell_error(bug)
    else:
        tell("".join(traceback.format_exception(bug)).rstrip())
        tell(f"Liandao found an error of its own and stopped: {bug}. What was final is safe.")
    return EXIT_BUG


if __name__ == "__main__":
    sys.exit(main())
