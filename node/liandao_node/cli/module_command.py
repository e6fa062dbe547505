"""``liandao module check``: whether a ledger module that somebody wrote would hold in a street."""

import argparse
from collections.abc import Iterator

from liandao_node.cli.checking.check import Report, check
from liandao_node.cli.console import progress, progress_done, say

BLOCKS = 120
EXIT_WRONG = 1


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    module = commands.add_parser("module", help="for authors of ledger modules")
    what = module.add_subparsers(dest="what", required=True, metavar="WHAT")
    checked = what.add_parser(
        "check",
        help="try a ledger module before a street relies on it",
        description="Reads the module's source, builds a street with it and gives it random calls,"
        " the same ones several times in processes that differ in all that a module must not"
        " depend on. It runs the module's code: check only what you would install. Exit code 1:"
        " something is wrong.",
    )
    checked.add_argument(
        "package", metavar="PACKAGE", help="entry point, distribution, or import path MODULE:NAME"
    )
    checked.add_argument(
        "--blocks", type=int, default=BLOCKS, help="of each run (%(default)s), 0: only read it"
    )
    checked.add_argument("--seed", type=int, default=1, help="other numbers make other calls")
    checked.set_defaults(handler=_check)


def _check(options: argparse.Namespace) -> int:
    try:
        report = check(
            options.package,
            blocks=max(options.blocks, 0),
            seed=options.seed,
            progress=lambda run, runs: progress(f"run {run + 1} of {runs}"),
        )
    finally:
        progress_done()
    for line in describe(report):
        say(line)
    return EXIT_WRONG if report.findings else 0


def describe(report: Report) -> Iterator[str]:
    """The report in lines for a terminal."""
    yield f"{report.module} {report.version} ({report.path})"
    if report.blocks:
        yield f"  {report.runs} runs of {report.blocks} blocks, all of the same calls"
    for name, count in report.applied.items():
        refusals = [
            f"{code.partition(' ')[2]} {times}"
            for code, times in sorted(report.refused.items())
            if code.partition(" ")[0] == name
        ]
        said = f"; refused {', '.join(refusals)}" if refusals else ""
        yield f"  call {name}: applied {count} times{said}"
    for name in report.untried if report.blocks else ():
        yield f"  call {name} was never applied, so of it this says little. Test it yourself."
    if not report.findings:
        yield "Nothing is wrong."
    for finding in report.findings:
        yield f"WRONG ({finding.fault.value}): {finding.words}"
