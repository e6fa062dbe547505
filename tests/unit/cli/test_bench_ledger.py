"""`liandao bench ledger` runs every case on a ledger of its own and counts right."""

from pathlib import Path

import pytest
from liandao_node.cli.bench import ledger_cases
from liandao_node.cli.bench.ledger_cases import Disk, Growth, Measured, Rate, Work, measure
from liandao_node.cli.bench.ledger_street import Cost, LedgerStreet
from liandao_node.cli.ledger_bench import figures
from liandao_node.errors import BugFound
from liandao_node.ledger.modules.points_calls import Release


def test_every_case_is_measured_over_as_many_transactions_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    earn = ledger_cases._Till.earn

    def noted(till: ledger_cases._Till, blocks: int) -> Cost:
        turns.append(id(till))
        return earn(till, blocks)

    monkeypatch.setattr(ledger_cases._Till, "earn", noted)
    told: list[str] = []
    work = Work(blocks=1, cards=900, early=1_000, late=3_500)
    measured = measure(tmp_path, work, told.append)
    assert [(rate.name, rate.txs) for rate in measured.rates] == [
        ("earning", 500),
        ("capturing", 500),
    ]
    assert all(rate.per_s > 0 and rate.cpu_us > 0 for rate in measured.rates)
    cards, height = measured.growth
    assert cards.large >= 900
    assert height.large - height.small >= 500
    assert 100 < measured.disk.bytes_per_tx < 5_000
    assert "900 cards" in " ".join(told)
    assert len(set(turns[-3:])) == 3, "what is compared is measured in turns"


def test_a_refused_transaction_ends_the_run(tmp_path: Path) -> None:
    with LedgerStreet(tmp_path) as street:
        street.enrol(800, lambda _: None)
        bad = street.tx(0, Release(bytes(16), street.cards[0]))
        with pytest.raises(BugFound, match="HOLD_UNKNOWN"):
            ledger_cases._applied(street, [bad])


def test_goals_stand_beside_what_was_measured() -> None:
    measured = Measured(
        rates=[Rate(name="earning", txs=500, per_s=3_999.0, cpu_us=200.0)],
        growth=[
            Growth(name="cards", small=10, large=1_000, small_us=100.0, large_us=131.0),
            Growth(name="transactions", small=10, large=60, small_us=100.0, large_us=120.0),
        ],
        disk=Disk(txs=50, bytes_per_tx=264.0),
    )
    assert [figure.met for figure in figures(measured)] == [False, None, False, True, None]
