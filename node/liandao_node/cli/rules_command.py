"""``liandao rules``: the street's rulebook, proposals to change it, and votes (L-19).

Asks this shop's own node. Without more words it shows what is in force, what is proposed and what
comes next.
"""

import argparse
from pathlib import Path

import trio

from liandao_node.cli.clearing_command import period
from liandao_node.cli.console import say
from liandao_node.cli.missing_command import as_document
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.rules_words import describe, done_words
from liandao_node.client import (
    SOONEST,
    NamedValue,
    ProposeModule,
    ProposeValues,
    RetractProposal,
    VoteOnProposal,
    connect,
)
from liandao_node.wording import sentence

_TAKEN_OUT = 0


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = commands.add_parser("rules", help="the street's rulebook, proposals and votes")
    add_data(rules)
    rules.add_argument("--json", action="store_true", help="for programs: one JSON document")
    rules.set_defaults(handler=lambda options: trio.run(_show, options))
    kinds = rules.add_subparsers(dest="kind", metavar="KIND")
    propose = kinds.add_parser("propose", help="propose other values of rules")
    propose.add_argument("values", nargs="+", type=new_value, metavar="RULE=VALUE")
    _add_from(propose)
    propose.set_defaults(handler=lambda options: trio.run(_say, options.data, _values(options)))
    module = kinds.add_parser("module", help="propose a ledger module, or a newer version of one")
    module.add_argument("name", metavar="NAME")
    module.add_argument("version", type=whole_number, metavar="VERSION")
    _add_from(module)
    module.set_defaults(
        handler=lambda options: trio.run(_say, options.data, _module(options, options.version))
    )
    without = kinds.add_parser("without", help="propose to go on without a module")
    without.add_argument("name", metavar="NAME")
    _add_from(without)
    without.set_defaults(
        handler=lambda options: trio.run(_say, options.data, _module(options, _TAKEN_OUT))
    )
    vote = kinds.add_parser("vote", help="this shop's seat says yes or no; its latest word counts")
    vote.add_argument("proposal", type=whole_number, metavar="ID")
    vote.add_argument("word", choices=("yes", "no"))
    vote.set_defaults(
        handler=lambda options: trio.run(
            _say, options.data, VoteOnProposal(options.proposal, options.word == "yes")
        )
    )
    retract = kinds.add_parser("retract", help="take a proposal of this shop back")
    retract.add_argument("proposal", type=whole_number, metavar="ID")
    retract.set_defaults(
        handler=lambda options: trio.run(_say, options.data, RetractProposal(options.proposal))
    )
    for parser in (propose, module, without, vote, retract):
        _add_data_again(parser)


def _add_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="from_period",
        type=period,
        default=SOONEST,
        help="like 2026-03-2, the second half of March: no sooner than that",
    )


def _add_data_again(parser: argparse.ArgumentParser) -> None:
    """``--data`` may stand before or behind the kind; not said here, what was said there holds."""
    parser.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, help="data directory of the shop"
    )


def new_value(text: str) -> NamedValue:
    """A rule and its value as people write it: ``earn_bps=150``."""
    name, equals, value = text.partition("=")
    if not (name and equals and value.isascii() and value.isdigit()):
        raise argparse.ArgumentTypeError(sentence("RULE_CHANGE_BAD", {"text": text}))
    return NamedValue(name.strip(), int(value))


def _values(options: argparse.Namespace) -> ProposeValues:
    return ProposeValues(options.values, options.from_period)


def _module(options: argparse.Namespace, version: int) -> ProposeModule:
    return ProposeModule(options.name, version, options.from_period)


async def _show(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao rules") as node:
        told = await node.rules()
    if options.json:
        say(as_document(told))
        return 0
    for line in describe(told):
        say(line)
    return 0


async def _say(
    data: Path, request: ProposeValues | ProposeModule | VoteOnProposal | RetractProposal
) -> int:
    async with connect(data, client="liandao rules") as node:
        done = await node.say_rules(request)
        told = await node.rules()
    for line in done_words(request, done, told):
        say(line)
    return 0
