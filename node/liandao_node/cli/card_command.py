"""``liandao card``: a PIN, a recovery paper, a lost card (L-5.8 to L-5.15).

Scans, PINs and papers are asked for and never arguments; a lost card is named by its eight digits.
"""

import argparse
from collections.abc import Iterator

import trio

from liandao_node.cli.console import ask, say, unseen
from liandao_node.cli.node_command import add_data
from liandao_node.cli.street_days import date_of
from liandao_node.client import (
    BlockCard,
    BlockFor,
    CancelCardMove,
    CardMoved,
    CardView,
    FinishCardMove,
    MergeCards,
    MoveCard,
    NodeClient,
    SetCardPaper,
    SetCardPin,
    UnblockCard,
    connect,
)
from liandao_node.errors import Refused

SCAN = "Scan the card"
PIN = "Its PIN, empty if it has none"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    card = commands.add_parser("card", help="a card's PIN, its recovery paper, a lost card")
    kinds = card.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name, words in (
        ("show", "how a card stands"),
        ("block", "block a lost card; its points stay where they are"),
        ("move", "bring a lost card's points to a new one"),
        ("finish-move", "end a move whose waiting time is over"),
    ):
        parser = kinds.add_parser(name, help=words)
        parser.add_argument("code", metavar="CODE", help="the card's eight digits")
        add_data(parser)
        if name == "block":
            reasons = [reason.value for reason in BlockFor]
            parser.add_argument("--reason", choices=reasons, default=BlockFor.LOST.value)
    for name, words in (
        ("pin", "put a PIN on a card, change it, take it off"),
        ("recovery", "give a card a recovery paper, or another one"),
        ("unblock", "the card is there again"),
        ("cancel-move", "the card that was said to be lost is there"),
        ("merge", "make two cards of one person one"),
    ):
        parser = kinds.add_parser(name, help=words)
        add_data(parser)
        if name == "recovery":
            parser.add_argument("--remove", action="store_true", help="have none from now on")
    for name, parser in kinds.choices.items():
        parser.set_defaults(handler=lambda options, name=name: trio.run(_run, options, name))


async def _run(options: argparse.Namespace, kind: str) -> int:
    async with connect(options.data, client="liandao card") as node:
        match kind:
            case "show":
                return await _show(node, options.code)
            case "block":
                done = await node.care(BlockCard(options.code, BlockFor(options.reason)))
                say(f"Card {done.card.code} is blocked, final. Its points are where they were.")
            case "move" | "finish-move" | "merge":
                return await _move(node, options, kind)
            case "recovery":
                return await _recovery(node, remove=options.remove)
            case _:
                return await _of_card(node, kind)
    return 0


async def _show(node: NodeClient, code: str) -> int:
    found = (await node.find_card(code)).card
    if found is None:
        raise Refused("CARD_UNKNOWN")
    for line in describe(found, node.welcome.utc_offset_minutes):
        say(line)
    return 0


async def _of_card(node: NodeClient, kind: str) -> int:
    """What a card says of itself, and its PIN."""
    scan = unseen(SCAN)
    match kind:
        case "pin":
            pin, new = unseen(f"{PIN} so far"), unseen("New PIN, empty to take it off")
            if new != unseen("The new PIN once more"):
                say("These are two different PINs. Nothing was changed.")
                return 1
            done = await node.care(SetCardPin(scan, pin, new))
            say(f"Card {done.card.code} has {'a' if new else 'no'} PIN now, final.")
        case "unblock":
            done = await node.care(UnblockCard(scan, unseen(PIN)))
            say(f"Card {done.card.code} is not blocked any more, final.")
        case _:
            done = await node.care(CancelCardMove(scan))
            say(f"The points stay on card {done.card.code}, final.")
    return 0


async def _recovery(node: NodeClient, *, remove: bool) -> int:
    """The paper is printed, and seen to be there, before anything depends on it."""
    new = "" if remove else await node.fresh_paper()
    if new:
        say("The new paper. Print it, or write it down, and give it to the customer:")
        say(f"  {new}")
        if not ask("Has the customer got it?"):
            say("Nothing was changed. Tear the paper up.")
            return 1
    scan, pin = unseen(SCAN), unseen(PIN)
    old = unseen("The paper so far, empty if there is none")
    done = await node.care(SetCardPaper(scan, pin, old, new))
    say(f"Card {done.card.code} has {'this' if new else 'no'} paper now, final.")
    return 0


async def _move(node: NodeClient, options: argparse.Namespace, kind: str) -> int:
    offset = node.welcome.utc_offset_minutes
    match kind:
        case "move":
            new, paper = unseen("Scan the new card"), unseen("The lost card's paper, if there is")
            done = await node.move_card(MoveCard(options.code, new, paper))
        case "merge":
            gone, pin = unseen("Scan the card that goes"), unseen(PIN)
            done = await node.move_card(MergeCards(gone, pin, unseen("Scan the card that stays")))
        case _:
            done = await node.move_card(FinishCardMove(options.code))
    say(moved_words(done, offset))
    return 0


def moved_words(done: CardMoved, offset: int) -> str:
    if not done.ready_ms:
        return f"All points are on card {done.card.code} now: {done.card.available}, final."
    return (
        f"Nobody proved whose card it is, so the points stay until {date_of(done.ready_ms, offset)}"
        f" and come to card {done.card.code} after that day's liandao card finish-move, unless the"
        " lost card is used before."
    )


def describe(card: CardView, offset: int) -> Iterator[str]:
    """How a card stands, in lines for a terminal."""
    yield f"Card {card.code}: {card.available} in points, {card.held} held, {card.pending} later"
    guard = card.guard
    if guard is None:
        yield "  no PIN, no recovery paper"
        return
    if guard.moved:
        yield "  its owner has another card, which has the points"
        return
    pin, paper = ("a" if has else "no" for has in (guard.has_pin, guard.has_paper))
    yield f"  {pin} PIN, {paper} recovery paper"
    if guard.blocked is not None:
        day = date_of(guard.blocked_ms, offset)
        yield f"  BLOCKED since {day} by shop {guard.blocked_by}: {guard.blocked.value}"
    if guard.waiting_ready_ms:
        day = date_of(guard.waiting_ready_ms, offset)
        yield f"  shop {guard.waiting_by} asked to move its points; that can be finished on {day}"
