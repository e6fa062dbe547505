"""Holds the street's books against the records of the cards (docs/ledger.md section 14).

Two pairs of eyes: every module says what does not hold of its records, and the sums that people
ask about are counted here once more, from the records alone. Whether these are the records that
the street signed is asked first: their hash is the last block's.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from liandao_node.cli.verifying.replay import Rebuilt, check_state_hash
from liandao_node.crypto.keys import verify
from liandao_node.errors import InputFault, OperatorFault
from liandao_node.ledger.beginning import genesis_header
from liandao_node.ledger.issue_audit import over_limits, widest
from liandao_node.ledger.machine import Machine
from liandao_node.ledger.modules import clearing_books, points_books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.purse import all_lots
from liandao_node.ledger.modules.stake import Bonds
from liandao_node.ledger.state import View
from liandao_node.proofs.street import read_street
from liandao_node.runtime.ledger_modules import find_installed, modules_of
from liandao_node.store.archive import LedgerArchive, open_ledger_archive
from liandao_node.types import Seq, ShopId
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis, Rules, load_genesis

INVARIANTS: Final = {
    "I1": "issued + returned = held by cards + redeemed + expired + taken back",
    "I2": "what cards hold is what the books call live",
    "I3": "what all owe and are owed sums to nothing; fewer payments than parties",
    "I4": "no lot, debt, obligation or book below zero",
    "I5": "no shop owes more than its bond allows",
    "I6": "the pool's cash covers its points and its debts",
    "I7": "the last division adds up, and nobody is above a cap",
}
OTHERS: Final = "other"
_NAMED: Final = re.compile(r"\b(I[1-7])\b")
_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


@dataclass(frozen=True, slots=True)
class Row:
    """One issuer: its book, and what was counted from the cards."""

    party: ShopId
    name: str
    """Empty for the pool."""
    issued: int
    returned: int
    redeemed: int
    expired: int
    clawed: int
    held: int
    """In purses, free, waiting and held: counted here."""
    payable: int
    """For points of its that others took off bills, and for what else it owes."""
    limit: int
    """What points and payable may reach; 0 for the pool, whose cash is the limit."""


@dataclass(frozen=True, slots=True)
class BooksReport:
    street: str
    seq: Seq
    """The block whose state this is."""
    rows: list[Row]
    cards: int
    """With points or debts."""
    debts: int
    """Of customers to shops, set off against later points."""
    payments: int
    periods: int
    """Of clearing that made them."""
    missing: tuple[str, ...]
    """Invariants of modules that this street has not got."""
    broken: dict[str, list[str]]
    """By invariant: what does not hold, for developers."""


def verify_books(data_dir: Path) -> BooksReport:
    """The books of a data directory; its node may go on meanwhile.

    Raises InputFault ``DATA_STATE_ROOT`` for records that the last block does not certify, and
    what `open_ledger_archive` raises.
    """
    try:
        document = (data_dir / "genesis.json").read_bytes()
    except OSError as error:
        raise OperatorFault("STREET_MISSING", path=str(data_dir)) from error
    genesis, street = load_genesis(document), read_street(document.decode())
    with open_ledger_archive(data_dir / "ledger.db") as archive:
        if archive.chain_id() != genesis.chain_id:
            raise OperatorFault("LEDGER_OTHER_STREET", path=str(data_dir))
        records = list(archive.records())
        seq = _certified(archive, genesis, records)
    view = View(Rebuilt(records))
    machine = Machine(genesis, modules_of(genesis), verify, find_installed)
    return report_of(street.name, seq, view, machine)


def _certified(archive: LedgerArchive, genesis: Genesis, records: list[tuple[bytes, bytes]]) -> Seq:
    tip = archive.tip()
    if tip is None:
        raise InputFault("DATA_TIP", height=0)
    raw = archive.reads.block(tip.seq) if tip.seq else None
    header = genesis_header(genesis, modules_of(genesis))
    check_state_hash(records, _decode_committed(raw).block.header if raw else header)
    return tip.seq


def report_of(street: str, seq: Seq, view: View, machine: Machine) -> BooksReport:
    """The books of any state; nothing is asked of where it comes from."""
    rules = machine.rules(view)
    names = {module.name for module in machine.set_in(view).modules}
    held: Counter[int] = Counter()
    cards = debts = 0
    for _, purse in points_books.purses.rows(view):
        held.update(points_books.by_issuer(all_lots(purse)))
        debts += sum(debt.amount for debt in purse.debts)
        cards += bool(purse.debts or all_lots(purse))
    rows = _rows(view, rules, held)
    periods = {int(period) for (period, *_), _ in clearing_books.payments.rows(view)}
    complaints = chain(
        machine.invariants(view), over_limits(view, widest(view, rules)), _recount(view, rows, held)
    )
    broken: dict[str, list[str]] = {}
    for complaint in complaints:
        found = _NAMED.search(complaint)
        broken.setdefault(found[1] if found else OTHERS, []).append(complaint)
    return BooksReport(
        street=street,
        seq=seq,
        rows=rows,
        cards=cards,
        debts=debts,
        payments=sum(1 for _ in clearing_books.payments.rows(view)),
        periods=len(periods),
        missing=() if "pool" in names else ("I6", "I7"),
        broken=broken,
    )


def _rows(view: View, rules: Rules, held: Counter[int]) -> list[Row]:
    members = Members().all(view)
    rows = []
    for party in sorted({*members, *map(ShopId, held), *_booked(view)}):
        book = points_books.book_of(view, party)
        member = members.get(party)
        limit = 0 if party == POOL else Bonds().issue_limit(view, party, rules)
        rows.append(
            Row(
                party,
                member.name if member else "",
                book.issued,
                book.returned,
                book.redeemed,
                book.expired,
                book.clawed,
                held[party],
                Obligations().payable(view, party),
                limit,
            )
        )
    return rows


def _booked(view: View) -> set[ShopId]:
    return {ShopId(int(party)) for (party,), _ in points_books.books.rows(view)}


def _recount(view: View, rows: list[Row], held: Counter[int]) -> list[str]:
    """The sums that people ask about, from the records alone."""
    wrong = []
    for row in rows:
        left = row.issued + row.returned - row.redeemed - row.expired - row.clawed
        if left != row.held:
            wrong.append(
                f"I1: party {row.party} should have {left} with cards, they hold {row.held}"
            )
    live = sum(points_books.book_of(view, row.party).live for row in rows)
    if live != held.total():
        wrong.append(f"I2: the books call {live} live, cards hold {held.total()}")
    positions = [position for _, position in clearing_books.positions.rows(view)]
    net = sum(one.claims - one.owes + one.carry for one in positions)
    if net:
        wrong.append(f"I3: all positions sum to {net}")
    return wrong
