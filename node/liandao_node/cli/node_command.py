"""``liandao init`` founds a street; ``liandao node`` runs a shop's node without a window."""

import argparse
import logging
import signal
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import platformdirs
import trio

from liandao_node.cli.console import say
from liandao_node.crypto.keys import is_sound_key
from liandao_node.errors import OperatorFault
from liandao_node.runtime.allocator import give_large_pieces_back
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.ledger_modules import versions_of
from liandao_node.runtime.node import run_node
from liandao_node.runtime.street import NewShop, found_street
from liandao_node.types import Amount, PublicKey, ShopId

FIRST_BOND = 1_000_000
"""Minor units: a lone shop's own promise to itself. Treasurers attest bonds later."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    init = commands.add_parser("init", help="found a street of one shop")
    add_data(init)
    init.add_argument("--street", default="My street", help="the street's name")
    init.add_argument("--shop", default="My shop", help="this shop's name")
    init.add_argument("--currency", default="CNY", help="ISO 4217 code")
    init.add_argument("--exponent", type=int, default=2, help="decimal digits of the currency")
    init.add_argument("--bond", type=int, default=FIRST_BOND, help="bond in minor units")
    init.add_argument(
        "--treasurer",
        type=public_key,
        action="append",
        default=[],
        help="public key of one who holds deposits (liandao treasurer key); once for each",
    )
    init.add_argument(
        "--treasurer-quorum",
        type=whole_number,
        help="how many of them must sign; default: more than half",
    )
    init.add_argument(
        "--module",
        action="append",
        default=[],
        metavar="NAME",
        help="an installed ledger module that the street has besides; once for each",
    )
    init.set_defaults(handler=init_street)

    node = commands.add_parser("node", help="run this shop's node without a window")
    add_data(node)
    node.add_argument("--log", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
    node.set_defaults(handler=run)


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=default_data_dir(),
        help="data directory of the shop (%(default)s)",
    )


def whole_number(text: str) -> int:
    """A number of the command line: of a register, of a receipt, of customers."""
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {2**32 - 1}")
    return number


def public_key(text: str) -> PublicKey:
    """A public key of the command line, in hexadecimal."""
    key = bytes.fromhex(text)
    if not is_sound_key(key):
        raise argparse.ArgumentTypeError(f"{text} is no public key")
    return PublicKey(key)


def can_be_written(file: Path) -> None:
    """Said before the work and not after it. Raises OSError."""
    with file.open("ab"):
        pass


def default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("liandao", appauthor=False))


def init_street(options: argparse.Namespace) -> int:
    genesis = make_lone_street(
        options.data,
        street=options.street,
        shop=options.shop,
        currency=options.currency,
        exponent=options.exponent,
        bond=options.bond,
        treasurers=options.treasurer,
        treasurer_quorum=options.treasurer_quorum,
        modules=versions_of(options.module),
    )
    say(f"Street {genesis} founded in {options.data}.")
    return 0


def make_lone_street(
    data_dir: Path,
    *,
    street: str,
    shop: str,
    currency: str,
    exponent: int,
    bond: int = FIRST_BOND,
    treasurers: Sequence[PublicKey] = (),
    treasurer_quorum: int | None = None,
    modules: Sequence[tuple[str, int]] = (),
) -> str:
    """A street of one seat; returns the head of its chain id."""
    if treasurer_quorum is None:
        treasurer_quorum = len(treasurers) // 2 + 1 if treasurers else 0
    genesis = found_street(
        street,
        [NewShop(shop, data_dir, NodeSettings(shop=ShopId(0)), Amount(bond))],
        currency=currency,
        exponent=exponent,
        utc_offset_minutes=local_offset_minutes(),
        treasurers=treasurers,
        treasurer_quorum=treasurer_quorum,
        modules=modules,
    )
    return genesis.chain_id.hex()[:16]


def local_offset_minutes() -> int:
    """This computer's offset from UTC without summer time."""
    return -time.timezone // 60


def run(options: argparse.Namespace) -> int:
    if not (options.data / "genesis.json").exists():
        raise OperatorFault("STREET_MISSING", path=str(options.data))
    logging.basicConfig(level=options.log, format="%(asctime)s %(levelname)s %(message)s")
    give_large_pieces_back()
    trio.run(_run_until_signal, options.data)
    return 0


async def _run_until_signal(data_dir: Path) -> None:
    """The node until somebody ends it; a second start on the same data is refused."""
    async with trio.open_nursery() as nursery:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            nursery.start_soon(run_node, data_dir)
            nursery.start_soon(_cancel_on, signals, nursery.cancel_scope)
            await trio.sleep_forever()


async def _cancel_on(signals: AsyncIterator[int], scope: trio.CancelScope) -> None:
    async for _ in signals:
        scope.cancel()
