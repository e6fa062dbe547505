"""``liandao clearing``: who owes whom, a period's statement, words about payments (L-16).

Asks this shop's own node. Amounts are minor units of the street's currency.
"""

import argparse
import re
from pathlib import Path
from typing import Final

import trio

from liandao_node.cli.clearing_words import describe, describe_all, done_words
from liandao_node.cli.console import say
from liandao_node.cli.missing_command import as_document
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.client import RUNNING, ClearingWord, SayClearing, connect
from liandao_node.ledger.modules.parties import POOL
from liandao_node.types import Amount, ShopId
from liandao_node.wording import sentence

_PERIOD: Final = re.compile(r"(\d{4})-(\d{2})-([12])")
_HELP: Final = {
    ClearingWord.PAID: "say that this shop made a payment",
    ClearingWord.RECEIVED: "confirm that a payment arrived here; that settles it",
    ClearingWord.ARREARS: "confirm that a shop in default paid back what this shop bore for it",
    ClearingWord.LEAVE: "give notice: no new points, the old ones run off",
    ClearingWord.STAY: "take the notice back",
    ClearingWord.HAND_OVER: "owe the value of this shop's points to the pool, which answers"
    " for them",
}
_OF_PAYMENTS: Final = {ClearingWord.PAID, ClearingWord.RECEIVED}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    clearing = commands.add_parser("clearing", help="what shops owe each other, and payments")
    kinds = clearing.add_subparsers(dest="kind", required=True, metavar="KIND")
    show = kinds.add_parser("show", help="this shop's statement of a period, or all")
    add_data(show)
    show.add_argument(
        "--period",
        type=period,
        default=RUNNING,
        help="like 2026-03-1, the first half of March; the running one if left out",
    )
    show.add_argument("--all", action="store_true", help="all shops and the pool")
    show.add_argument("--json", action="store_true", help="for programs: one JSON document")
    show.set_defaults(handler=lambda options: trio.run(_show, options))
    for word in ClearingWord:
        _add_word(kinds, word)


def _add_word(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", word: ClearingWord
) -> None:
    parser = kinds.add_parser(word.value, help=_HELP[word])
    add_data(parser)
    if word in _OF_PAYMENTS:
        parser.add_argument("--period", type=period, required=True, help="like 2026-03-1")
    if word is ClearingWord.PAID:
        parser.add_argument("--to", dest="party", type=party, required=True, help="a shop, or pool")
    if word in (ClearingWord.RECEIVED, ClearingWord.ARREARS):
        parser.add_argument("--from", dest="party", type=party, required=True, help="who paid")
    if word is ClearingWord.ARREARS:
        parser.add_argument("--amount", type=whole_number, required=True, help="in minor units")
    parser.set_defaults(handler=lambda options: trio.run(_say, options.data, _word(word, options)))


def period(text: str) -> int:
    """A clearing period as people write it: year, month, half."""
    found = _PERIOD.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise argparse.ArgumentTypeError(sentence("PERIOD_UNKNOWN", {"text": text}))
    return (int(found[1]) * 12 + int(found[2]) - 1) * 2 + int(found[3]) - 1


def party(text: str) -> int:
    """A shop's number, or the pool."""
    return POOL if text == "pool" else whole_number(text)


def _word(word: ClearingWord, options: argparse.Namespace) -> SayClearing:
    return SayClearing(
        word,
        getattr(options, "period", 0),
        ShopId(getattr(options, "party", 0)),
        Amount(getattr(options, "amount", 0)),
    )


async def _show(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao clearing") as node:
        told = await node.clearing(options.period)
    if options.json:
        mine = [one for one in told.statements if options.all or one.party == told.me]
        say(as_document(told.only(mine)))
        return 0
    for line in describe_all(told) if options.all else describe(told):
        say(line)
    return 0


async def _say(data: Path, request: SayClearing) -> int:
    async with connect(data, client="liandao clearing") as node:
        done = await node.say_clearing(request)
    say(done_words(request.word, done))
    return 0
