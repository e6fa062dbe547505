"""``liandao replay`` on invented sets: every row, order, refund, claim, payment and coupon."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from liandao_node.cli.main import main
from liandao_node.cli.replay.report import Report, lines
from msgspec.structs import replace
from support.plugin_data import shared_data
from support.replaying import RETAIL, basket, journey, put, row

DAYS = 21


class Played(NamedTuple):
    root: Path
    told: Any
    """The report, as JSON tells it."""


def _shopping(root: Path) -> Path:
    """Three weeks across a turn: six customers who buy every day, one anonymous order a day, and
    things that come back."""
    root.mkdir()
    number = 0
    for past in range(DAYS):
        day = date(2010, 12, 1) + timedelta(days=past)
        rows = []
        for customer in range(6):
            number += 1
            at = f"{day} 1{customer}:00"
            rows.append(row(str(number), f"K{customer}", 4, at, "50.0", f"{customer}.0"))
        rows.append(row(f"9{past:03}", "A", 1, f"{day} 17:00", "80.0"))
        if past % 5 == 4:
            rows.append(row(f"C{past}", "K1", -3, f"{day} 18:00", "50.0", "1.0"))
            rows.append(row(f"C{past}", "K9", -3, f"{day} 18:00", "50.0", "1.0"))
            rows.append(row(f"C9{past}", "A", -1, f"{day} 18:10", "80.0"))
        put(root / f"{day}.csv.gz", RETAIL, rows)
    return root


def _replayed(directory: Path, tmp_path: Path, *options: str) -> Any:
    file = tmp_path / "figures.json"
    command = ["replay", str(directory), "--json", str(file), *options]
    assert main(command) == 0
    return json.loads(file.read_text())


@pytest.fixture(scope="module")
def shopping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _shopping(tmp_path_factory.mktemp("replay") / "set")


@pytest.fixture(scope="module")
def played(shopping: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The three weeks, replayed once with everything that can be asked for."""
    root = tmp_path_factory.mktemp("played")
    told = _replayed(
        shopping,
        root,
        *("--set", "online-retail", "--again"),
        *("--rejects", str(root / "rejects"), "--data", str(root / "data")),
    )
    return Played(root, told)


def test_every_row_ends_somewhere_and_every_rejected_one_is_listed(played: Played) -> None:
    told = played.told
    assert told["rows_in"] == 7 * DAYS + 3 * 4
    assert told["rejected"] == {"CANCEL_ANONYMOUS": 4, "CANCEL_NO_ORDER": 4}
    assert told["accepted"] + sum(told["rejected"].values()) == told["rows_in"]
    listed = (played.root / "rejects").read_text().splitlines()
    assert Counter(line.split()[1] for line in listed) == told["rejected"]
    assert listed[0].startswith("2010-12-05.csv.gz:")


def test_orders_refunds_claims_and_redemptions_are_the_ledgers(played: Played) -> None:
    counts = played.told["counts"]
    assert (counts["orders"], counts["orders without a card"]) == (7 * DAYS, DAYS)
    assert (counts["refunds"], counts["sum refunded"]) == (4, 4 * 15_000)
    assert counts["redemptions at another shop"] > 3
    assert counts["claims"] > 1
    redeemed = sum(one["redeemed"] for one in played.told["points"])
    whose = ("own", "other shops'", "pool")
    assert redeemed == sum(counts.get(f"{name} points redeemed", 0) for name in whose)
    issued = sum(one["issued"] for one in played.told["points"] if one["party"] < 8)
    assert issued == counts["points earned"] + counts["points claimed"]


def test_its_blocks_and_books_stand_up_to_the_verifier(played: Played) -> None:
    assert played.told["again"] == played.told["state_root"]
    assert played.told["broken"] == []
    assert main(["verify", "books", "--data", str(played.root / "data")]) == 0
    assert main(["verify", "range", str(played.root / "data")]) == 0


def test_periods_turn_one_debtor_is_late_and_the_pool_is_divided(played: Played) -> None:
    told = played.told
    first, second = told["clearing"][:2]
    assert first["settled"] == first["payments"] > 0
    assert second["failed"] > 0
    assert second["settled"] + second["failed"] == second["payments"]
    assert told["counts"]["said Attest"] == 1, "its bond is filled up again"
    assert told["refused"]["Paid PAYMENT_FAILED"] == 1
    assert told["nets_sum"] == 0
    (month,) = told["pool"]
    assert month["name"] == "2010-12"
    assert month["cash"] == 1_000_000, "two months' deposits: January had begun"
    assert sum(month["shares"]) + month["given"] + month["carry"] + month["reserve"] == 10**6
    assert sum(month["shares"]) > 0
    assert month["differences"] == 0


def test_another_hash_seed_leads_to_the_same_state(shopping: Path, tmp_path: Path) -> None:
    """Ours is whatever it is; the other process has a seed of its own."""
    told = _replayed(shopping, tmp_path, "--set", "online-retail", "--days", "1")
    run = "import sys; from liandao_node.cli.main import main; sys.exit(main())"
    command = ["replay", str(shopping), "--set", "online-retail", "--days", "1"]
    done = subprocess.run(
        [sys.executable, "-c", run, *command],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert f"State root {told['state_root']} " in done.stdout


def test_a_folder_without_the_set_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("online-retail", "complete-journey"):
        assert main(["replay", str(tmp_path), "--set", name]) == 2
        assert str(tmp_path) in capsys.readouterr().err


def test_a_set_without_an_order_and_a_street_that_is_there_are_named(
    shopping: Path, played: Played, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "empty.csv.gz", RETAIL, [row("1", "POST", 1, "2010-12-01 09:00", "4.0")])
    assert main(["replay", str(tmp_path), "--set", "online-retail"]) == 2
    assert "holds no order" in capsys.readouterr().err
    before = (played.root / "data" / "ledger.db").read_bytes()
    data = ["--data", str(played.root / "data")]
    assert main(["replay", str(shopping), "--set", "online-retail", *data]) == 2
    assert "belongs to a street already" in capsys.readouterr().err
    assert (played.root / "data" / "ledger.db").read_bytes() == before


def test_what_is_wrong_is_said(shopping: Path, tmp_path: Path) -> None:
    told = _replayed(shopping, tmp_path, "--set", "online-retail", "--days", "1")
    report = msgspec.convert(told, Report)
    assert report.is_sound
    wrong = {
        "I1: nobody issued these": replace(report, broken=["I1: nobody issued these"]),
        "8 rows came in, 7": replace(report, rows_in=8),
        "ANOTHER ONE, 00": replace(report, again="00"),
        "made again: 3 differences": replace(report, pool=[replace(report.pool[0], differences=3)]),
        "sums to 5": replace(report, nets_sum=5),
    }
    for words, one in wrong.items():
        assert not one.is_sound, words
        assert any(words in line for line in lines(one)), words


def test_coupons_lie_on_the_bills_of_their_day(tmp_path: Path) -> None:
    """Campaign 1 takes 1.00 off, twice a card and three times in all; 2 is of the other type."""
    folder = tmp_path / "journey"
    folder.mkdir()
    noon = {day: f"2017-03-{day:02} 17:00" for day in range(1, 9)}
    baskets = [basket("7", 10 + day, noon[day], "20.00") for day in (1, 2, 3)]
    baskets += [basket("8", 20 + day, noon[day], "5.00") for day in (4, 5)]
    baskets.append(basket("9", 30, noon[6], "9.00"))
    baskets.append(basket("9", 31, "2017-03-07 03:00", "9.00"))  # still the sixth over there
    journey(
        folder,
        sorted(baskets, key=lambda one: str(one[-1])),
        campaigns=[
            *((1, "Type A", "2017-02-20", "2017-03-31"), (2, "Type B", "2017-03-01", "2017-03-31")),
            *((3, "Type C", "2017-03-05", "2017-03-06"), (4, "Type C", "2016-03-05", "2016-03-06")),
        ],
        mailed=[(1, "7"), (1, "8"), (1, "9"), (2, "7"), (2, "8"), (3, "9"), (1, "nobody")],
        redeemed=[
            *(("7", 1, "2017-03-01"), ("7", 1, "2017-03-02")),
            ("7", 1, "2017-03-03"),  # over what a card may have
            ("7", 2, "2017-03-03"),  # and still good without the other
            *(("8", 1, "2017-03-04"), ("8", 1, "2017-03-04")),  # one bill
            ("8", 1, "2017-03-05"),  # the budget is spent
            *(("9", 3, "2017-03-06"), ("9", 1, "2017-03-08"), ("nobody", 1, "2017-03-01")),
        ],
    )
    told = _replayed(folder, tmp_path, "--set", "complete-journey", "--again")
    assert told["rows_in"] == 7 + 10
    assert told["rejected"] == {
        "COUPON_CARD_CAP": 1,
        "COUPON_BUDGET": 1,
        "REDEEMED_NOT_TOGETHER": 1,
        "REDEEMED_NO_ORDER": 1,
        "REDEEMED_ELSEWHERE": 1,
    }
    counts = told["counts"]
    assert (counts["coupons taken"], counts["sum of coupons"]) == (5, 3 * 100 + 150 + 200)
    assert (counts["campaigns"], counts["campaigns of another sponsor"]) == (3, 2)
    assert told["again"] == told["state_root"]
    assert told["broken"] == []


def test_two_days_of_real_purchases(tmp_path: Path) -> None:
    """The whole set is for hand: docs/testing.md says how, and what came out."""
    folder = shared_data("retail", "online_retail_by_day")
    told = _replayed(folder, tmp_path, "--set", "online-retail", "--days", "2", "--again")
    assert told["rows_in"] == 5_217
    assert told["accepted"] + sum(told["rejected"].values()) == 5_217
    assert told["counts"]["orders"] == 268
    assert told["counts"]["refunds"] > 0
    assert told["again"] == told["state_root"]
    assert told["broken"] == []
    assert told["nets_sum"] == 0
    assert [month["differences"] for month in told["pool"]] == [0]
