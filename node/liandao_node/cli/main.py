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
from types import FrameType
from typing import NoReturn

from liandao_node import __version__
from liandao_node.cli import (
    bench_command,
    clearing_command,
    demo_command,
    import_command,
    missing_command,
    module_command,
    node_command,
    notary_command,
    records_command,
    rekey_command,
    run_command,
    sim_command,
    stake_command,
    treasurer_command,
    verify_command,
)
from liandao_node.cli.console import nobody_listens, tell, tell_error
from liandao_node.errors import BugFound, LiandaoError, OperatorFault, StorageFault
from liandao_node.wording import SENTENCES

Handler = Callable[[argparse.Namespace], int]

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
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


def build_parser() -> argparse.ArgumentParser:
    """All commands; the documentation's list of them is checked against it."""
    parser = argparse.ArgumentParser(
        prog="liandao", description="The loyalty counter of a shopping street."
    )
    parser.add_argument("--version", action="version", version=f"liandao {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (
        run_command,
        demo_command,
        node_command,
        records_command,
        verify_command,
        missing_command,
        module_command,
        notary_command,
        stake_command,
        rekey_command,
        treasurer_command,
        import_command,
        bench_command,
        clearing_command,
        sim_command,
    ):
        module.add_to(commands)
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
