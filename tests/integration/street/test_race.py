"""Two registers redeem the same points at two shops at the same instant: exactly one succeeds.

A few rounds of `liandao bench race` on real nodes; the thousand of the issue are run by hand
(docs/testing.md).
"""

import json
from pathlib import Path

import pytest
from liandao_node.cli.main import main

ROUNDS = 10


@pytest.mark.rule("L-7.1")
@pytest.mark.rule("L-20.6")
def test_of_two_shops_exactly_one_gets_the_points_and_the_coupon(tmp_path: Path) -> None:
    result = tmp_path / "race.json"
    assert main(["bench", "race", "--rounds", str(ROUNDS), "--json", str(result)]) == 0
    report = json.loads(result.read_text())
    refused = [("POINTS_SHORT", "HOLD_UNKNOWN"), ("COUPON_HELD", "COUPON_HOLD_UNKNOWN")]
    for contest, codes in zip(report["contests"], refused, strict=True):
        assert contest["rounds"] == contest["exactly_one"] == ROUNDS
        assert contest["both"] == contest["none"] == 0
        assert contest["refusals"] == dict.fromkeys(codes, ROUNDS)
        assert sum(contest["won"].values()) == contest["paid_in_full"] == ROUNDS
        assert sum(contest["raced"].values()) == 2 * ROUNDS
    orders = report["orders"]
    assert (orders["one"], orders["two"], orders["answers_differ"]) == (ROUNDS, 0, 0)
    # Of each card 200 earned twice and once on a bill less 200 points; 200 of them are spent.
    books = report["books"]
    assert (books["points_issued"], books["points_redeemed"]) == (ROUNDS * 596, ROUNDS * 200)
    assert books["coupons_used"] == ROUNDS
    assert (books["nodes"], books["wrong"]) == (4, [])
