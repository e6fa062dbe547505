"""What treasurers sign, in words and bytes: bonds (L-4.5), payments (L-16.7), arrears (L-16.10),
deposits for the pool (L-18.11).

Whoever signs reads the words; what is signed are the bytes. Both are made here from one call, so
that they cannot tell two stories.
"""

from pathlib import Path
from typing import Final, TypeAlias

from liandao_node.cli.clearing_words import period_text
from liandao_node.cli.statements import read_statement
from liandao_node.errors import InputFault
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsVouched,
    Vouch,
    arrears_preimage,
    payment_preimage,
)
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_calls import Deposit, Source, deposit_preimage
from liandao_node.ledger.modules.stake_calls import Attest, Direction, bond_preimage
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis

Paper: TypeAlias = Attest | Vouch | ArrearsVouched | Deposit

_FROM: Final = {
    Source.SPONSOR: "from a sponsor",
    Source.ADVERTISER: "from an advertiser",
    Source.ASSOCIATION: "from the association",
    Source.OTHER: "from somebody else",
}
_DECODERS: Final[
    dict[int, Decoder[Attest] | Decoder[Vouch] | Decoder[ArrearsVouched] | Decoder[Deposit]]
] = {
    Attest.kind: Decoder(Attest),
    Vouch.kind: Decoder(Vouch),
    ArrearsVouched.kind: Decoder(ArrearsVouched),
    Deposit.kind: Decoder(Deposit),
}


def read_paper(path: Path) -> Paper:
    """The treasurers' statement in a file. Raises InputFault ``STATEMENT_BAD``, or OSError."""
    request = read_statement(path)
    decode = _DECODERS.get(request.call)
    if decode is None:
        raise InputFault("STATEMENT_BAD", path=str(path))
    try:
        return decode(request.body)
    except InputFault as error:
        raise InputFault("STATEMENT_BAD", path=str(path)) from error


def preimage_of(genesis: Genesis, paper: Paper) -> bytes:
    """What a treasurer's key signs: 32 bytes."""
    chain = genesis.chain_id
    match paper:
        case Attest(shop, number, direction, amount):
            return bond_preimage(chain, shop, number, direction, amount)
        case Vouch(period, debtor, creditor):
            return payment_preimage(chain, period, debtor, creditor)
        case ArrearsVouched(debtor, number, amount):
            return arrears_preimage(chain, debtor, number, amount)
        case Deposit(source, number, amount, purpose):
            return deposit_preimage(chain, source, number, amount, purpose)


def parties_of(paper: Paper) -> tuple[ShopId, ...]:
    """Whom it is about."""
    match paper:
        case Attest(shop):
            return (shop,)
        case Vouch(_, debtor, creditor):
            return (debtor, creditor)
        case ArrearsVouched(debtor):
            return (debtor,)
        case Deposit():
            return ()


def are_known(genesis: Genesis, paper: Paper) -> bool:
    """Whether it is about shops of this street, and the pool only where that may be."""
    pool_may = isinstance(paper, Vouch)
    return all(
        party < len(genesis.shops) or (pool_may and party == POOL) for party in parties_of(paper)
    )


def in_words(genesis: Genesis, paper: Paper) -> str:
    """What a signature under it says."""
    match paper:
        case Attest(shop, number, direction, amount):
            came = direction is Direction.DEPOSIT
            what = "came in as a deposit of" if came else "was paid out to"
            said = f"{_money(genesis, amount)} {what} {_name(genesis, shop)}"
            return f"{genesis.street}, statement {number} about this shop: {said}."
        case Vouch(period, debtor, creditor):
            who = f"{_name(genesis, debtor)} to {_name(genesis, creditor)}"
            return (
                f"{genesis.street}, clearing {period_text(period)}: the payment of {who} was made."
            )
        case ArrearsVouched(debtor, number, amount):
            said = f"{_money(genesis, amount)} of its arrears came in from {_name(genesis, debtor)}"
            return f"{genesis.street}, statement {number} about this shop's arrears: {said}."
        case Deposit(source, number, amount, purpose):
            said = f"{_money(genesis, amount)} came in {_FROM[source]}: “{purpose}”"
            return f"{genesis.street}, statement {number} about the pool: {said}."


def _money(genesis: Genesis, amount: Amount) -> str:
    whole, part = divmod(amount, 10**genesis.exponent)
    decimals = f".{part:0{genesis.exponent}}" if genesis.exponent else ""
    return f"{whole}{decimals} {genesis.currency}"


def _name(genesis: Genesis, party: ShopId) -> str:
    return "the pool" if party == POOL else f"shop {party} {genesis.shops[party].name}"
