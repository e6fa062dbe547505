"""``liandao treasurer``: keys of those who hold the street's money, and what they sign (L-4.5).

A statement says that money came in or went out for a shop, or that a payment of clearing was made
(L-16.7, L-16.10), or that somebody put money into the pool (L-18.11). It travels from treasurer to
treasurer as one file that collects their signatures; nobody signs what was not said in words
before. Any member's node brings it: ``liandao stake bring``.
"""

import argparse
import secrets
from pathlib import Path

import trio
from msgspec.structs import replace

from liandao_node.cli.clearing_command import party, period
from liandao_node.cli.console import ask, say
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.pool_command import next_deposit
from liandao_node.cli.statements import read_key, write_key, write_statement
from liandao_node.cli.treasurer_papers import (
    Paper,
    are_known,
    in_words,
    preimage_of,
    read_paper,
)
from liandao_node.client import BringStatement, connect
from liandao_node.crypto.keys import SEED_BYTES, SigningKey, verify
from liandao_node.errors import InputFault, OperatorFault
from liandao_node.ledger.modules.clearing_calls import ArrearsVouched, Vouch
from liandao_node.ledger.modules.pool_calls import PURPOSE_CHARS_MAX, Deposit, Source
from liandao_node.ledger.modules.stake_calls import Attest, Direction, TreasurerSignature
from liandao_node.limits import AMOUNT_MAX
from liandao_node.runtime.street import read_genesis
from liandao_node.types import Amount, PublicKey, ShopId, Signature
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    treasurer = commands.add_parser("treasurer", help="keys and signatures of the treasurers")
    kinds = treasurer.add_subparsers(dest="kind", required=True, metavar="KIND")
    key = kinds.add_parser("key", help="make a treasurer's key, for a street yet to be founded")
    key.add_argument("--out", type=Path, required=True, help="file to write the key to")
    key.set_defaults(handler=make_key)

    attest = kinds.add_parser("attest", help="begin a statement: a deposit came in or was paid out")
    _add_signing(attest)
    attest.add_argument("--shop", type=whole_number, required=True, help="the shop's number")
    way = attest.add_mutually_exclusive_group(required=True)
    way.add_argument("--deposit", type=amount, help="minor units that came in")
    way.add_argument("--payout", type=amount, help="minor units that were paid out")
    attest.add_argument(
        "--number",
        type=whole_number,
        help="of the statement about this shop; without it the node of --data is asked",
    )
    attest.add_argument("--out", type=Path, required=True, help="statement file to write")
    attest.set_defaults(handler=begin)

    vouch = kinds.add_parser("vouch", help="begin a statement: a payment of clearing was made")
    _add_signing(vouch)
    vouch.add_argument("--period", type=period, required=True, help="like 2026-03-1")
    vouch.add_argument("--from", dest="debtor", type=party, required=True, help="a shop, or pool")
    vouch.add_argument("--to", dest="creditor", type=party, required=True, help="a shop, or pool")
    vouch.add_argument("--out", type=Path, required=True, help="statement file to write")
    vouch.set_defaults(handler=begin_vouch)

    arrears = kinds.add_parser("arrears", help="begin a statement: a shop in default paid in")
    _add_signing(arrears)
    arrears.add_argument("--shop", type=whole_number, required=True, help="the shop's number")
    arrears.add_argument("--amount", type=amount, required=True, help="minor units that came in")
    arrears.add_argument(
        "--number", type=whole_number, required=True, help="of the statement about its arrears"
    )
    arrears.add_argument("--out", type=Path, required=True, help="statement file to write")
    arrears.set_defaults(handler=begin_arrears)

    pool = kinds.add_parser("pool", help="begin a statement: money came in for the pool")
    _add_signing(pool)
    pool.add_argument("--deposit", type=amount, required=True, help="minor units that came in")
    sources = [source.name.lower() for source in Source]
    pool.add_argument("--from", dest="source", choices=sources, required=True, help="whose it was")
    pool.add_argument("--purpose", required=True, help="what it is for, in a few words")
    pool.add_argument(
        "--number",
        type=whole_number,
        help="of the statement about the pool; without it the ledger in --data is asked",
    )
    pool.add_argument("--out", type=Path, required=True, help="statement file to write")
    pool.set_defaults(handler=begin_pool)

    sign = kinds.add_parser("sign", help="add a signature to another treasurer's statement")
    _add_signing(sign)
    sign.add_argument("file", type=Path, help="statement file; the signature is added to it")
    sign.set_defaults(handler=add_signature)


def _add_signing(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--key", type=Path, required=True, help="file of the treasurer's key")
    parser.add_argument("--yes", action="store_true", help="do not ask before it is signed")


def amount(text: str) -> Amount:
    """An amount of the command line, in minor units."""
    number = int(text)
    if not 1 <= number <= AMOUNT_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {AMOUNT_MAX}")
    return Amount(number)


def make_key(options: argparse.Namespace) -> int:
    key = SigningKey(secrets.token_bytes(SEED_BYTES))
    write_key(options.out, key)
    say(f"The key was written to {options.out}. Keep it safe, and away from the shops' computers.")
    say(f"Whoever founds the street names its public part: {key.public_key.hex()}")
    return 0


def begin(options: argparse.Namespace) -> int:
    """A new statement with the first signature."""
    genesis, key, shop = read_genesis(options.data), read_key(options.key), ShopId(options.shop)
    position_of(genesis, key)
    if shop >= len(genesis.shops):
        raise OperatorFault("MEMBER_UNKNOWN", shop=shop)
    number = options.number or trio.run(_next_number, options.data, shop)
    direction = Direction.DEPOSIT if options.deposit else Direction.PAYOUT
    attest = Attest(shop, number, direction, options.deposit or options.payout, [])
    return _begin(genesis, attest, key, options)


def begin_vouch(options: argparse.Namespace) -> int:
    """A payment was made, by or to the pool, or to a shop that does not say so."""
    genesis, key = read_genesis(options.data), read_key(options.key)
    debtor, creditor = ShopId(options.debtor), ShopId(options.creditor)
    return _begin(genesis, Vouch(options.period, debtor, creditor, []), key, options)


def begin_arrears(options: argparse.Namespace) -> int:
    """A shop in default paid to the treasurers."""
    genesis, key = read_genesis(options.data), read_key(options.key)
    paper = ArrearsVouched(ShopId(options.shop), options.number, options.amount, [])
    return _begin(genesis, paper, key, options)


def begin_pool(options: argparse.Namespace) -> int:
    """A sponsor, an advertiser or the association put money in."""
    genesis, key = read_genesis(options.data), read_key(options.key)
    position_of(genesis, key)
    if not 1 <= len(options.purpose) <= PURPOSE_CHARS_MAX:
        raise OperatorFault("PURPOSE_LENGTH", most=PURPOSE_CHARS_MAX)
    number = options.number or next_deposit(options.data)
    source = Source[options.source.upper()]
    paper = Deposit(source, number, options.deposit, options.purpose, [])
    return _begin(genesis, paper, key, options)


def _begin(genesis: Genesis, paper: Paper, key: SigningKey, options: argparse.Namespace) -> int:
    """Writes a new statement, never over another file: that may hold signatures."""
    position_of(genesis, key)
    if not are_known(genesis, paper):
        raise OperatorFault("MEMBER_UNKNOWN")
    if options.out.exists():
        raise OperatorFault("FILE_FAILED", path=str(options.out), detail="it is there already")
    return _sign(genesis, paper, key, options.out, agreed=options.yes)


def add_signature(options: argparse.Namespace) -> int:
    genesis, key = read_genesis(options.data), read_key(options.key)
    return _sign(genesis, read_paper(options.file), key, options.file, agreed=options.yes)


async def _next_number(data: Path, shop: ShopId) -> int:
    async with connect(data, client="liandao treasurer") as node:
        stakes = await node.stakes()
    return next(one.statements for one in stakes.shops if one.shop == shop) + 1


def _sign(genesis: Genesis, paper: Paper, key: SigningKey, path: Path, *, agreed: bool) -> int:
    """Says what it is, adds the signature, writes the file, says what is still needed."""
    position = position_of(genesis, key)
    check_signatures(genesis, paper, path)
    words = in_words(genesis, paper)
    say(words)
    if any(one.position == position for one in paper.signatures):
        say("This treasurer has signed it already.")
    elif not agreed and not ask("Sign this?"):
        raise OperatorFault("STATEMENT_NOT_WANTED")
    else:
        paper = signed(genesis, paper, key)
        write_statement(path, BringStatement(paper.kind, encode(paper)), words)
    say(still_needed(genesis, paper, path))
    return 0


def signed(genesis: Genesis, paper: Paper, key: SigningKey) -> Paper:
    """The statement with one more signature, by rising position as the ledger wants them."""
    mine = TreasurerSignature(position_of(genesis, key), key.sign(preimage_of(genesis, paper)))
    return replace(
        paper, signatures=sorted([*paper.signatures, mine], key=lambda one: one.position)
    )


def position_of(genesis: Genesis, key: SigningKey) -> int:
    """Raises OperatorFault ``TREASURER_UNKNOWN``."""
    treasurers = [treasurer.lower() for treasurer in genesis.treasurers]
    if key.public_key.hex() not in treasurers:
        raise OperatorFault("TREASURER_UNKNOWN")
    return treasurers.index(key.public_key.hex())


def check_signatures(genesis: Genesis, paper: Paper, path: Path) -> None:
    """Nobody puts a name under a file that the ledger would refuse for another's signature.

    Raises InputFault ``STATEMENT_BAD`` (of another street's shops) or ``TREASURER_SIGNATURE_BAD``.
    """
    if not are_known(genesis, paper):
        raise InputFault("STATEMENT_BAD", path=str(path))
    preimage, before = preimage_of(genesis, paper), -1
    for one in paper.signatures:
        in_order = before < one.position < len(genesis.treasurers)
        if not in_order or not verify(
            PublicKey(bytes.fromhex(genesis.treasurers[one.position])),
            preimage,
            Signature(one.signature),
        ):
            raise InputFault("TREASURER_SIGNATURE_BAD", path=str(path), treasurer=one.position)
        before = one.position


def still_needed(genesis: Genesis, paper: Paper, path: Path) -> str:
    have, need = len(paper.signatures), genesis.treasurer_quorum
    count = f"{have} of {len(genesis.treasurers)} treasurers have signed {path}; {need} are needed."
    if have < need:
        return f"{count} The next one: liandao treasurer sign {path.name}"
    return f"{count} Any shop brings it now: liandao stake bring {path.name}"
