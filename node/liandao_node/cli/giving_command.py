"""``liandao grant`` gives points by hand, ``liandao staff`` names who may ask and approve (R21).

Amounts are minor units of the street's currency. A PIN is typed and never an argument: arguments
stand in the shell's history and in every list of processes.
"""

import argparse
import secrets
import time

import trio

from liandao_node.cli.console import say, tell, unseen
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.client import GivePoints, GivingReason, connect
from liandao_node.errors import Refused
from liandao_node.runtime.staff import add_person, load_staff, remove_person
from liandao_node.types import Amount, Millis

NAME_BYTES = 16


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grant = commands.add_parser("grant", help="give points by hand; two people answer for it")
    grant.add_argument("card", metavar="CARD", help="the scanned card, or its eight digits")
    grant.add_argument("amount", type=whole_number, metavar="AMOUNT", help="in minor units")
    grant.add_argument("--asked-by", required=True, metavar="NAME")
    grant.add_argument("--approved-by", required=True, metavar="NAME")
    grant.add_argument("--reason", required=True, choices=[reason.value for reason in GivingReason])
    add_data(grant)
    grant.set_defaults(handler=lambda options: trio.run(_grant, options, unseen("PIN")))
    staff = commands.add_parser("staff", help="who of this shop may ask and approve")
    kinds = staff.add_subparsers(dest="kind", required=True, metavar="KIND")
    listed = kinds.add_parser("list", help="the names")
    listed.set_defaults(handler=_list)
    add = kinds.add_parser("add", help="name one more, or change a PIN")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--approves", action="store_true", help="with a PIN, which is asked for")
    add.set_defaults(handler=_add)
    remove = kinds.add_parser("remove", help="take a name off the list")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(handler=_remove)
    for parser in (listed, add, remove):
        add_data(parser)


async def _grant(options: argparse.Namespace, pin: str) -> int:
    async with connect(options.data, client="liandao grant") as node:
        found = await node.find_card(options.card)
        if found.card is None:
            raise Refused("CARD_UNKNOWN")
        done = await node.give_points(
            GivePoints(
                grant=secrets.token_bytes(NAME_BYTES),
                card=found.card.card,
                amount=Amount(options.amount),
                asked_by=options.asked_by,
                approved_by=options.approved_by,
                pin=pin,
                reason=GivingReason(options.reason),
                at_ms=Millis(time.time_ns() // 1_000_000),
            )
        )
    say(f"{done.amount} in points given to card {found.card.code}, which has {done.balance} now.")
    say(f"{done.left_today} more may be given by hand today.")
    return 0


def _list(options: argparse.Namespace) -> int:
    people = load_staff(options.data)
    for person in people:
        say(f"{person.name}: {'may ask and approve' if person.pin_hash else 'may ask'}")
    if not people:
        tell("Nobody is named yet: liandao staff add NAME --approves")
    return 0


def _add(options: argparse.Namespace) -> int:
    pin = unseen(f"New PIN of {options.name}") if options.approves else None
    add_person(options.data, options.name, pin)
    say(f"{options.name} may {'ask and approve' if options.approves else 'ask'}.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    remove_person(options.data, options.name)
    say(f"{options.name} is off the list.")
    return 0
