"""``liandao claim``: points for a receipt without a card (L-7.16); ``liandao visit`` counts one."""

import argparse

import trio

from liandao_node.cli.console import say, unseen
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.street_days import date_of
from liandao_node.client import OrderName, connect


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    claim = commands.add_parser("claim", help="points for a receipt without a card")
    kinds = claim.add_subparsers(dest="kind", required=True, metavar="KIND")
    offer = kinds.add_parser("offer", help="a claim code for a sale without a card")
    offer.add_argument("register", type=whole_number, metavar="REGISTER")
    offer.add_argument("number", type=whole_number, metavar="NUMBER")
    add_data(offer)
    offer.set_defaults(handler=lambda options: trio.run(_offer, options))
    take = kinds.add_parser("take", help="a receipt's points for a card; the code is asked for")
    take.add_argument("card", metavar="CARD", help="the card's eight digits")
    add_data(take)
    take.set_defaults(handler=lambda options: trio.run(_take, options))
    visit = commands.add_parser("visit", help="a customer was here today; the card is scanned")
    add_data(visit)
    visit.set_defaults(handler=lambda options: trio.run(_visit, options))


async def _offer(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao claim") as node:
        done = await node.offer_claim(OrderName(options.register, options.number))
    day = date_of(done.until_ms, node.welcome.utc_offset_minutes)
    say(f"Receipt {options.register}-{options.number} can be claimed before {day} with this code:")
    say(f"  {done.payload}")
    return 0


async def _take(options: argparse.Namespace) -> int:
    paper = unseen("Scan the receipt's claim code")
    async with connect(options.data, client="liandao claim") as node:
        done = await node.claim(paper, options.card)
    say(f"{done.earned} in points of shop {done.shop} are on the card, final.")
    say(f"It has {done.balance} that can be used now, and {done.pending} for later.")
    return 0


async def _visit(options: argparse.Namespace) -> int:
    scan = unseen("Scan the card")
    async with connect(options.data, client="liandao visit") as node:
        done = await node.visit(scan)
    say(f"Counted: visit {done.visits} of this card here this month.")
    return 0
