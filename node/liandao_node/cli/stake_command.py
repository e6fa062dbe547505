"""``liandao stake``: who has what where, moves of stake, the next election.

Whatever somebody else signs (an owner's new key, the treasurers' word, a liar's two votes)
travels as a statement file, which any member's node brings to the ledger.
"""

import argparse
from pathlib import Path

import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.stake_words import describe, describe_next
from liandao_node.cli.statements import read_hex, read_statement
from liandao_node.client import (
    BringStatement,
    LeaveJail,
    MoveStake,
    StakeDone,
    StakeMove,
    connect,
)
from liandao_node.ledger.modules.stake_calls import Accuse
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import encode

_SEATED = {StakeMove.DELEGATE, StakeMove.UNDELEGATE, StakeMove.REDELEGATE}
_HELP = {
    StakeMove.WITHDRAW: "take a part of the own bond out of the street",
    StakeMove.DELEGATE: "put own bond behind another shop",
    StakeMove.UNDELEGATE: "take delegated stake back",
    StakeMove.REDELEGATE: "move delegated stake from one shop to another",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    stake = commands.add_parser("stake", help="bonds, delegation, seats and the next election")
    kinds = stake.add_subparsers(dest="kind", required=True, metavar="KIND")
    _question(kinds, "show", "who has what where, and who sits")
    _question(kinds, "next", "who would sit if the epoch ended now, and what that can bear")
    for move in StakeMove:
        _add_move(kinds, move)
    unjail = kinds.add_parser("unjail", help="be a candidate again after an absence")
    add_data(unjail)
    unjail.set_defaults(handler=lambda options: trio.run(_ask, options.data, LeaveJail()))
    report = kinds.add_parser("report", help="bring evidence that a shop signed two histories")
    add_data(report)
    report.add_argument("file", type=Path, help="evidence, in hexadecimal")
    report.set_defaults(handler=_report)
    bring = kinds.add_parser("bring", help="bring what an owner or the treasurers signed")
    add_data(bring)
    bring.add_argument("file", type=Path, help="statement file")
    bring.set_defaults(handler=_bring)


def _question(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> None:
    parser = kinds.add_parser(name, help=words)
    add_data(parser)
    parser.set_defaults(handler=lambda options: trio.run(_tell, options.data, name == "next"))


def _add_move(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", move: StakeMove
) -> None:
    parser = kinds.add_parser(move.value, help=_HELP[move])
    add_data(parser)
    if move in _SEATED:
        parser.add_argument("--seat", type=whole_number, required=True, help="the shop's number")
    if move is StakeMove.REDELEGATE:
        parser.add_argument("--to", type=whole_number, required=True, help="the other shop's")
    parser.add_argument("--amount", type=whole_number, required=True, help="in minor units")
    parser.set_defaults(handler=lambda options: trio.run(_ask, options.data, _move(move, options)))


def _move(move: StakeMove, options: argparse.Namespace) -> MoveStake:
    seat, to = getattr(options, "seat", 0), getattr(options, "to", 0)
    return MoveStake(move, ShopId(seat), ShopId(to), Amount(options.amount))


async def _tell(data: Path, forecast: bool) -> int:
    async with connect(data, client="liandao stake") as node:
        stakes = await node.stakes()
    for line in describe_next(stakes) if forecast else describe(stakes):
        say(line)
    return 0


async def _ask(data: Path, request: MoveStake | LeaveJail | BringStatement) -> int:
    async with connect(data, client="liandao stake") as node:
        done = await node.stake(request)
    say(told(request, done))
    return 0


def told(request: MoveStake | LeaveJail | BringStatement, done: StakeDone) -> str:
    """What became final, in a sentence."""
    final = f"Final at height {done.height}."
    match request:
        case MoveStake():
            return (
                f"{final} Own bond now {done.own}; liable for the seat left to epoch {done.epoch}."
            )
        case LeaveJail():
            return f"{final} This shop is a candidate again, for epoch {done.epoch} at the soonest."
        case BringStatement():
            since = f" It holds from epoch {done.epoch} on." if done.epoch else ""
            return f"{final} The statement was taken.{since}"


def _report(options: argparse.Namespace) -> int:
    evidence = read_hex(options.file)
    request = BringStatement(Accuse.kind, encode(Accuse(evidence)))
    return trio.run(_ask, options.data, request)


def _bring(options: argparse.Namespace) -> int:
    return trio.run(_ask, options.data, read_statement(options.file))
