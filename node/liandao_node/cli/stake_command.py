"""``liandao stake``: who has what where, moves of stake, the next election; ``liandao rekey``.

Whatever somebody else signs (an owner's new key, the treasurers' word, a liar's two votes)
travels as a statement file, which any member's node brings to the ledger.
"""

import argparse
import json
import os
import secrets
from pathlib import Path

import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.stake_words import describe, describe_next
from liandao_node.client import (
    BringStatement,
    LeaveJail,
    MoveStake,
    StakeDone,
    StakeMove,
    connect,
)
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault, OperatorFault
from liandao_node.ledger.modules.membership import Rekey, possession_preimage, rekey_preimage
from liandao_node.ledger.modules.stake_calls import Accuse
from liandao_node.runtime.clock import wall_ms
from liandao_node.runtime.config import load_settings
from liandao_node.runtime.street import OWNER_KEY_FILE, read_genesis
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import encode

STATEMENT_BYTES_MAX = 64 * 1024
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
    _add_rekey(commands)


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


def _add_rekey(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rekey = commands.add_parser(
        "rekey",
        help="give a shop another node key",
        description="Signs with the owner key that the shop has another node key, and brings it to"
        " the ledger, or writes it to a file that any member's node can bring.",
    )
    add_data(rekey)
    rekey.add_argument("--owner-key", type=Path, help=f"file of the owner key ({OWNER_KEY_FILE})")
    rekey.add_argument("--new-key", type=Path, required=True, help="file to write the new key to")
    rekey.add_argument("--out", type=Path, help="statement file to write, instead of bringing it")
    rekey.set_defaults(handler=_rekey)


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
    evidence = _hex_file(options.file)
    request = BringStatement(Accuse.kind, encode(Accuse(evidence)))
    return trio.run(_ask, options.data, request)


def _bring(options: argparse.Namespace) -> int:
    return trio.run(_ask, options.data, read_statement(options.file))


def _rekey(options: argparse.Namespace) -> int:
    genesis, shop = read_genesis(options.data), ShopId(load_settings(options.data).shop)
    owner = SigningKey(_seed(options.owner_key or options.data / OWNER_KEY_FILE))
    if owner.public_key.hex() != genesis.shops[shop].owner_key:
        raise OperatorFault("OWNER_KEY_OTHER", shop=shop)
    key = SigningKey(secrets.token_bytes(SEED_BYTES))
    value = (shop, int(wall_ms()), key.public_key)
    call = Rekey(
        *value,
        owner.sign(rekey_preimage(genesis.chain_id, *value)),
        key.sign(possession_preimage(genesis.chain_id, *value)),
    )
    # Before anybody hears of it: a key that the street waits for must not be lost.
    _write_new(options.new_key, key.seed.hex() + "\n")
    say(f"The new node key was written to {options.new_key}. Keep it safe.")
    request = BringStatement(Rekey.kind, encode(call))
    if options.out is None:
        return trio.run(_ask, options.data, request)
    options.out.write_text(statement_text(request))
    say(f"The statement was written to {options.out}. Any member brings it: liandao stake bring.")
    return 0


def statement_text(request: BringStatement) -> str:
    """A statement file: JSON."""
    return json.dumps({"call": request.call, "body": request.body.hex()}) + "\n"


def read_statement(path: Path) -> BringStatement:
    """Raises InputFault ``STATEMENT_BAD``, or OSError."""
    try:
        document = json.loads(_text(path))
        return BringStatement(int(document["call"]), bytes.fromhex(document["body"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputFault("STATEMENT_BAD", path=str(path)) from error


def _hex_file(path: Path) -> bytes:
    try:
        return bytes.fromhex(_text(path).strip())
    except ValueError as error:
        raise InputFault("STATEMENT_BAD", path=str(path)) from error


def _seed(path: Path) -> bytes:
    try:
        seed = bytes.fromhex(_text(path).strip())
    except ValueError as error:
        raise OperatorFault("KEY_FILE_BAD", path=str(path)) from error
    if len(seed) != SEED_BYTES:
        raise OperatorFault("KEY_FILE_BAD", path=str(path))
    return seed


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(STATEMENT_BYTES_MAX).decode()


def _write_new(path: Path, text: str) -> None:
    """Raises OSError where the file is there already: it may hold a key in use."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
