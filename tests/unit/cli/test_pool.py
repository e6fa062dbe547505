"""``liandao pool``: what people read, and a division that was booked wrongly is found."""

import argparse
import json
from pathlib import Path

import msgspec
import pytest
from liandao_node.cli import pool_command
from liandao_node.cli.main import main
from liandao_node.cli.pool_words import month_text
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.state import View
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.types import Amount, Seq
from liandao_node.wire.codec import encode
from msgspec.structs import replace
from support.ledger_street import make_genesis
from support.pool_street import PoolStreet

CASH = 10_000


@pytest.fixture(scope="module")
def street() -> PoolStreet:
    """March was divided, April runs."""
    street = PoolStreet(2)
    cards = street.cards(0, 3)
    street.pay_in(CASH)
    street.cross_all(CASH)
    street.buy(0, cards)
    street.buy(1, cards[:1])
    street.close()
    street.buy(1, cards)
    return street


def _write(street: PoolStreet, data: Path, changes: dict[bytes, bytes | None]) -> None:
    """A data directory with that state, as if the street had begun with it."""
    data.mkdir()
    (data / "genesis.json").write_bytes(msgspec.json.encode(street.genesis))
    store = LedgerStore.open(data / "ledger.db", street.chain_id)
    tip = street.ledger.tip
    store.initialise(
        CommitWrite(
            seq=Seq(0),
            hash=tip.hash,
            block=b"",
            entries=encode([]),
            changes={**dict(street.disk.scan(b"", b"\xff" * 64, 10**6)), **changes},
            accumulator=tip.accumulator,
            time_ms=tip.time_ms,
            calls=0,
            orders=[],
            handover=b"",
        )
    )
    store.close()


@pytest.fixture
def data(street: PoolStreet, tmp_path: Path) -> Path:
    _write(street, tmp_path / "shop", {})
    return tmp_path / "shop"


def test_the_pool_tells_its_money_and_the_running_month(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pool", "--data", str(data)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"The pool at height 0: {CASH} in cash"
    assert (
        "  came in: sponsors 10000, advertisers 0, association 0, others 0, shops 0, bonds 0"
        in (told)
    )
    assert "  reserve 1000, 0 drawn from it and not paid back" in told
    assert (
        "  promised 9000: 4000 points of customers, up to 5000 to shops, the rest for points"
        in ("\n".join(told))
    )
    assert "  free for the next division: 0" in told
    assert told[-3:] == [
        "2026-04 so far: 3 customers count",
        "  shop 0 Shop 0: units 0, weight 0",
        "  shop 1 Shop 1: units 300, weight 300",
    ]


@pytest.mark.rule("L-18.24")
@pytest.mark.parametrize("before", [True, False])
def test_a_division_is_explained_and_agrees(
    data: Path, before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--data", str(data)]
    words = ["pool", *at, "explain", "2026-03"] if before else ["pool", "explain", "2026-03", *at]
    assert main(words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"Pool 2026-03: {CASH} divided"
    assert [line for line in told if line.startswith("  shop ")] == [
        "  shop 0 Shop 0: units 400, weight 400, cap 5000, share 3333, remainder 200 of 600",
        "  shop 1 Shop 1: units 200, weight 200, cap 5000, share 1667, remainder 400 of 600",
    ]
    assert told[-3:] == [
        "  customers: 4000 to 5 by 600 units, at most 1000 each",
        "  carried: 0",
        "Made again from the traffic: agrees to the unit.",
    ]


def test_programs_get_the_same_numbers(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", "explain", "2026-03", "--json", "--data", str(data)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["cash"], document["reserve"], document["carry"]) == (CASH, 1_000, 0)
    assert [shop["share"] for shop in document["shops"]] == [3333, 1667]
    assert document["differences"] == []
    assert main(["pool", "--json", "--data", str(data)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["period"], document["free"], document["customers"]) == ("2026-04", 0, 3)


@pytest.mark.rule("L-18.24")
def test_a_unit_booked_wrongly_is_named(
    street: PoolStreet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = street.period - 1
    line = street.line(period, 1)
    view = View(street.disk)
    wrong = replace(line, share=Amount(line.share + 1))
    books.lines.put(view, period, 1, value=wrong)
    _write(street, tmp_path / "wrong", {delta.key: delta.new for delta in view.deltas()})
    words = ["pool", "explain", "2026-03", "--data", str(tmp_path / "wrong")]
    assert main(words) == 1
    told = capsys.readouterr()
    assert "agrees" not in told.out
    assert f"share of shop 1 Shop 1 was booked as {wrong.share}" in told.err
    assert f"the traffic gives {line.share}" in told.err
    assert main([*words, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [one["what"] for one in document["differences"]] == ["share"]


@pytest.mark.parametrize("period", ["2026-04", "2026-05", "2025-12"])
def test_a_month_that_was_not_divided_is_refused(
    data: Path, period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pool", "explain", period, "--data", str(data)]) == 2
    assert f"not divided for {period}" in capsys.readouterr().err


def test_a_street_without_a_pool_says_so(
    street: PoolStreet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poor = PoolStreet(2)
    poor.genesis = make_genesis(2)
    _write(street, tmp_path / "shop", {books.clocks.key(): None})
    assert main(["pool", "--data", str(tmp_path / "shop")]) == 2
    assert "no pool" in capsys.readouterr().err


def test_a_ledger_of_another_street_is_not_read(
    street: PoolStreet, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = replace(street.genesis, street="Another")
    (data / "genesis.json").write_bytes(msgspec.json.encode(other))
    assert main(["pool", "--data", str(data)]) == 2
    assert "another street" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["2026-03", "2026-12", "0001-01"])
def test_a_month_is_typed_as_it_is_told(text: str) -> None:
    assert month_text(pool_command.month(text)) == text


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-3", "2026-03-1", ""])
def test_what_is_no_month_is_explained(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no month"):
        pool_command.month(text)


def test_the_treasurers_next_number_is_in_the_ledger(data: Path) -> None:
    assert pool_command.next_deposit(data) == 2
