"""``liandao rekey``: another node key for a shop whose voting record is lost, damaged or punished.

It says what will happen and what that costs, changes the data directory, and sees to it that
the owner's statement gets to the ledger through another shop: this one has no key in force to
do it with. Nothing is deleted, and whatever fails on the way can be begun anew.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import trio

from liandao_node.cli.console import ask, say
from liandao_node.cli.node_command import add_data
from liandao_node.cli.statements import read_key, write_statement
from liandao_node.client import BringStatement, StakeDone, Stakes, connect
from liandao_node.consensus.quorum import quorum_size
from liandao_node.errors import LiandaoError, OperatorFault
from liandao_node.ledger.modules.membership import Rekey
from liandao_node.runtime.config import load_settings
from liandao_node.runtime.new_key import Renewed, check_renewable, renew_key
from liandao_node.runtime.street import OWNER_KEY_FILE, read_genesis
from liandao_node.types import ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis

STATEMENT_FILE: Final = "rekey.json"
STAMP: Final = "%Y%m%dT%H%M%SZ"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rekey = commands.add_parser(
        "rekey",
        help="give a shop another node key, in place of one that is lost or damaged",
        description="Puts the shop's voting record aside and makes a fresh one with a new key. The"
        " owner key signs that the shop has it, and another shop's node brings that to the ledger:"
        " at once with --via, or later with `liandao stake bring` and the statement file.",
    )
    add_data(rekey)
    rekey.add_argument("--owner-key", type=Path, help=f"file of the owner key ({OWNER_KEY_FILE})")
    way = rekey.add_mutually_exclusive_group()
    way.add_argument("--via", type=Path, help="data directory of another shop whose node runs here")
    way.add_argument(
        "--statement-out", type=Path, help=f"statement file to write ({STATEMENT_FILE} in --data)"
    )
    rekey.add_argument("--yes", action="store_true", help="do not ask before anything is changed")
    rekey.set_defaults(handler=rekey_shop)


def rekey_shop(options: argparse.Namespace) -> int:
    data: Path = options.data
    genesis, shop = read_genesis(data), ShopId(load_settings(data).shop)
    owner = read_key(options.owner_key or data / OWNER_KEY_FILE)
    check_renewable(genesis, shop, owner)
    stakes = None if options.via is None else trio.run(_look, options.via, genesis, shop)
    for line in forewarned(genesis, shop, stakes):
        say(line)
    if not options.yes and not ask("Go on?"):
        raise OperatorFault("REKEY_NOT_WANTED")
    renewed = renew_key(data, owner, time.strftime(STAMP, time.gmtime()))
    statement = BringStatement(Rekey.kind, encode(renewed.statement))
    file: Path = options.statement_out or data / STATEMENT_FILE
    write_statement(file, statement, f"New node key of shop {shop} of {genesis.street}")
    say(_done(renewed))
    if options.via is None:
        say(f"Now take {file} to any other shop: liandao stake bring {file.name}")
        say("Then start this shop's node. The statement holds no secret.")
        return 0
    say(told(_bring(options.via, statement, file), data))
    return 0


async def _look(via: Path, genesis: Genesis, shop: ShopId) -> Stakes:
    """How the street stands, before anything is changed.

    Raises OperatorFault ``REKEY_OTHER_STREET`` or ``REKEY_NEEDS_STREET``, Unavailable.
    """
    if read_genesis(via).chain_id != genesis.chain_id:
        raise OperatorFault("REKEY_OTHER_STREET", path=str(via))
    async with connect(via, client="liandao rekey") as node:
        stakes = await node.stakes()
    seats = [one.shop for one in stakes.shops if one.seated]
    if shop in seats and quorum_size(len(seats)) == len(seats):
        raise OperatorFault("REKEY_NEEDS_STREET", shops=len(seats), shop=shop)
    return stakes


def _bring(via: Path, statement: BringStatement, file: Path) -> StakeDone:
    async def bring() -> StakeDone:
        async with connect(via, client="liandao rekey") as node:
            return await node.stake(statement)

    try:
        return trio.run(bring)
    except LiandaoError:
        say(f"The statement was not recorded yet. It is kept: liandao stake bring {file}")
        raise


def forewarned(genesis: Genesis, shop: ShopId, stakes: Stakes | None) -> Sequence[str]:
    """What a new key does and what it costs, said before anything is changed."""
    lines = [
        f"Shop {shop} {genesis.shops[shop].name} of {genesis.street} gets a new node key.",
        "- The old voting record is put aside in the data directory. Nothing is deleted, and"
        " nothing opens it again.",
        "- The owner key signs that the shop has the new key, and another shop records that.",
        f"- The new key counts from the next epoch on: {_when(genesis, stakes)}.",
        "What it costs: until then this shop has no vote and no word from the others. It can sell;"
        " its sales are kept here and recorded afterwards. Points cannot be redeemed here so long.",
        "What stays: the shop, its points, cards, bond and number. A ban or jail stays, too.",
        "The others have to agree on blocks without this shop meanwhile. `liandao missing` at"
        " another shop says whether they can.",
    ]
    mine = next((one for one in stakes.shops if one.shop == shop), None) if stakes else None
    if mine is not None and mine.out_for_good:
        lines.append("This shop has lost two keys for lies: it trades on, and never sits again.")
    elif stakes is not None and mine is not None and mine.banned_until > stakes.epoch:
        lines.append(f"This shop is banned: it may sit again from epoch {mine.banned_until}.")
    return lines


def _when(genesis: Genesis, stakes: Stakes | None) -> str:
    if stakes is None:
        blocks = f"after at most {genesis.rules.epoch_blocks} blocks"
    else:
        left = stakes.first_height + stakes.epoch_blocks - 1 - stakes.height
        blocks = f"epoch {stakes.epoch + 1}, after at most {left} more blocks"
    return f"{blocks}, or with the first block of another day"


def _done(renewed: Renewed) -> str:
    made = "A fresh voting record with a new key was made."
    return made if renewed.aside is None else f"{made} The old one lies in {renewed.aside}."


def told(done: StakeDone, data: Path) -> str:
    """What became final, and what to do now."""
    return (
        f"Final at height {done.height}: the new key counts from epoch {done.epoch} on."
        f" Start the node now: liandao node --data {data}, or liandao run. Until that epoch the"
        " others turn it away; it tries again by itself."
    )
