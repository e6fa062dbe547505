"""``liandao refund``: gives a sale of this shop back, or a part of it (L-7.10).

Asks this shop's own node. Amounts are minor units of the street's currency. What would move, in
money and in points, is shown first; each refund has a name, and asking again under the same name
after a lost answer is the same refund.
"""

import argparse
import secrets
import time
from collections.abc import Iterator

import trio

from liandao_node.cli.console import ask, say, tell
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.client import (
    WHOLE,
    NodeClient,
    OrderName,
    OrderRefunded,
    RefundOrder,
    RefundPreview,
    connect,
)
from liandao_node.errors import OperatorFault, Unavailable
from liandao_node.types import Amount, Millis
from liandao_node.wording import sentence

NAME_BYTES = 16


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    refund = commands.add_parser("refund", help="give a sale back, or a part of it")
    refund.add_argument("register", type=whole_number, metavar="REGISTER")
    refund.add_argument("number", type=whole_number, metavar="NUMBER")
    _add_rest(refund)
    refund.set_defaults(
        handler=lambda options: trio.run(
            _refund, options, OrderName(options.register, options.number)
        )
    )
    imported = commands.add_parser("refund-import", help="the same for an order of another till")
    imported.add_argument("source", metavar="SOURCE")
    imported.add_argument("reference", metavar="REFERENCE")
    _add_rest(imported)
    imported.set_defaults(
        handler=lambda options: trio.run(
            _refund, options, OrderName(0, 0, options.source, options.reference)
        )
    )


def _add_rest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "amount",
        type=whole_number,
        nargs="?",
        default=WHOLE,
        metavar="AMOUNT",
        help="in minor units; all that is left if it is not given",
    )
    add_data(parser)
    parser.add_argument("--yes", action="store_true", help="without asking whether it is right")
    parser.add_argument(
        "--name",
        type=refund_name,
        help="of a refund whose answer was lost: it is asked for again and happens once",
    )


def refund_name(text: str) -> bytes:
    """A refund's name as this command prints it."""
    name = bytes.fromhex(text)
    if len(name) != NAME_BYTES:
        raise argparse.ArgumentTypeError(sentence("REFUND_NAME_BAD", {"digits": 2 * NAME_BYTES}))
    return name


async def _refund(options: argparse.Namespace, order: OrderName) -> int:
    if options.name is not None and options.amount == WHOLE:
        # What is left has changed since, if the first asking got through.
        raise OperatorFault("REFUND_AMOUNT_MISSING")
    async with connect(options.data, client="liandao refund") as node:
        gross = Amount(options.amount)
        if options.name is None:
            preview = await node.preview_refund(order, gross)
            for line in preview_words(preview):
                say(line)
            if not options.yes and not ask("Give it back?"):
                say("Nothing was refunded.")
                return 1
            gross = preview.gross
        name = options.name or secrets.token_bytes(NAME_BYTES)
        done = await _ask(node, RefundOrder(name, order, gross, _now_ms()))
    for line in done_words(done):
        say(line)
    return 0


async def _ask(node: NodeClient, request: RefundOrder) -> OrderRefunded:
    try:
        return await node.refund(request)
    except Unavailable:
        tell(sentence("REFUND_UNKNOWN", {"name": request.refund.hex(), "amount": request.gross}))
        raise


def preview_words(preview: RefundPreview) -> Iterator[str]:
    """What a refund would move."""
    order = preview.order
    yield (
        f"Receipt {order.order.written}: {order.gross}, of it points {order.points},"
        f" refunded before {order.refunded}"
    )
    yield f"  would give back {preview.gross}: money {preview.cash}, points {preview.points_back}"
    yield from _taken_words(preview)


def done_words(done: OrderRefunded) -> Iterator[str]:
    """What a refund has moved."""
    yield f"Refunded {done.gross} of receipt {done.order.order.written}, final."
    yield f"  give back: money {done.cash}; points {done.points_back} are on the card again"
    yield from _taken_words(done)
    yield f"  left of the sale: {done.order.left}"


def _taken_words(told: RefundPreview | OrderRefunded) -> Iterator[str]:
    if told.taken_back or told.debt:
        yield (
            f"  points of this sale taken back {told.taken_back},"
            f" set off against later ones {told.debt}"
        )


def _now_ms() -> Millis:
    return Millis(time.time_ns() // 1_000_000)
