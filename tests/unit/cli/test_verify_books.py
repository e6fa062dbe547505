"""``liandao verify books``: the table, and each sum that does not come out, by its invariant."""

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from liandao_node.cli.main import main
from liandao_node.cli.verifying.books import BooksReport, report_of
from liandao_node.cli.verifying.books_words import describe_books
from liandao_node.ledger.modules import clearing_books, points_books, stake_books
from liandao_node.ledger.state import View
from liandao_node.types import Amount, ShopId
from msgspec.structs import replace
from support.ledger_street import Street, sale
from support.recorded_street import Recorded, record

Alter = Callable[[View], object]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return record(tmp_path_factory.mktemp("books"), 6)


def _trading() -> Street:
    """Two cards, one of which used points of shop 0 at shop 1."""
    street = Street()
    first, second = street.enrol(1), street.enrol(2)
    street.block(*(street.tx(0, sale(number, 50_000, first)) for number in (1, 2)))
    street.call(2, sale(3, 20_000, second))
    street.block(street.tx(1, street.hold(1, first, 1, 300)))
    street.call(1, sale(4, 5_000, first, hold=1, points=300))
    return street


def _books(street: Street, alter: Alter | None = None) -> BooksReport:
    view = View(street.disk)
    if alter is not None:
        alter(view)
    return report_of("Test Street", street.ledger.tip.seq, view, street.ledger.machine)


def test_sound_books_add_up(recorded: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "books", "--data", str(recorded.data)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "The books add up."
    assert [line.split()[0] for line in said if line.startswith("  I")] == [
        *("I1", "I2", "I3", "I4", "I5", "I6", "I7")
    ]


def test_the_table_is_of_the_books_and_the_cards() -> None:
    street = _trading()
    report = _books(street)
    assert not report.broken
    mine = next(row for row in report.rows if row.party == 0)
    assert (mine.issued, mine.redeemed, mine.held, mine.payable) == (2_000, 300, 1_700, 300)
    lines = list(describe_books(report))
    (line,) = (one for one in lines if one.strip().startswith("0 Shop 0"))
    assert line.split()[3:] == ["2000", "0", "300", "0", "0", "1700", "300", "1000000"]
    assert lines[-1] == "The books add up."


def test_records_that_nobody_signed_are_not_looked_at(recorded: Recorded, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("genesis.json", "ledger.db"):
        (data / name).write_bytes((recorded.data / name).read_bytes())
    connection = apsw.Connection(str(data / "ledger.db"))
    sql = "DELETE FROM state WHERE key = (SELECT max(key) FROM state)"
    connection.execute(sql)
    connection.close()
    assert main(["verify", "books", "--data", str(data)]) != 0


def _richer_card(view: View) -> None:
    (card,), purse = next(iter(points_books.purses.rows(view)))
    first, *rest = purse.lots
    lots = [replace(first, amount=Amount(first.amount + 1)), *rest]
    points_books.purses.put(view, card, value=replace(purse, lots=lots))


def _richer_book(view: View) -> None:
    (shop,), book = next(iter(points_books.books.rows(view)))
    points_books.books.put(view, shop, value=replace(book, expired=Amount(book.expired - 1)))


def _lost_position(view: View) -> None:
    position = replace(clearing_books.NO_POSITION, carry=5)
    clearing_books.positions.put(view, 0, value=position)


def _no_bond(view: View) -> None:
    for (shop,), _ in list(points_books.books.rows(view)):
        bond = stake_books.bond_of(view, ShopId(int(shop)))
        stake_books.bonds.put(view, shop, value=replace(bond, own=Amount(0)))


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (_richer_card, {"I1", "I2"}),
        (_richer_book, {"I1", "I2", "I4"}),
        (_lost_position, {"I3"}),
        (_no_bond, {"I5"}),
    ],
)
def test_what_does_not_come_out_is_named(alter: Alter, named: set[str]) -> None:
    report = _books(_trading(), alter)
    assert named <= set(report.broken)
    said = list(describe_books(report))
    assert said[-1] == "The books do NOT add up."
    assert {line.split()[0] for line in said if line.endswith("BROKEN")} >= named
