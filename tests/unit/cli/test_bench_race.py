"""What `liandao bench race` makes of its rounds: who won, and whether anything was had twice."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trio
from liandao_node.cli.bench.machine import machine, source
from liandao_node.cli.bench.race import (
    POINTS,
    Contest,
    Step,
    Told,
    Twice,
    ask_twice,
    race,
    together,
)
from liandao_node.cli.bench.race_books import Books, totals
from liandao_node.cli.main import main
from liandao_node.cli.race_bench import RaceReport, lines
from liandao_node.client import CASH, OrderRef, Sell, Sold
from liandao_node.types import Amount, Millis
from msgspec.structs import replace
from support.fake_node import SUMMARY, FakeNode, FakeStreet
from trio.testing import MockClock

SHORT, UNKNOWN = "POINTS_SHORT", "HOLD_UNKNOWN"
SALE = Sell(OrderRef(1, 1), b"", Amount(10_000), Amount(0), b"", Amount(0), CASH, Millis(0))


@dataclass
class _Till:
    """Hears what it was made to hear."""

    shop: int
    aside: str = ""
    taken: str = ""
    did: list[str] = field(default_factory=list)

    async def put_aside(self) -> str:
        self.did.append("aside")
        return self.aside

    async def take(self) -> str:
        self.did.append("take")
        return self.taken

    async def pay_in_full(self) -> None:
        self.did.append("pay")


def _contest() -> Contest:
    return Contest(name="points", expects=(SHORT, UNKNOWN))


async def test_one_winner_and_a_loser_who_pays_in_full() -> None:
    tally, winner, loser = _contest(), _Till(2), _Till(3, SHORT, UNKNOWN)
    await race(tally, [winner, loser], leader=2)
    assert tally.right
    assert (tally.exactly_one, tally.paid_in_full) == (1, 1)
    assert (tally.raced, tally.won) == ({2: 1, 3: 1}, {2: 1, 3: 0})
    assert (tally.leader_raced, tally.leader_won) == (1, 1)
    assert (winner.did, loser.did) == (["aside", "take"], ["aside", "take", "pay"])


async def test_points_that_both_get_or_nobody_gets_are_not_right() -> None:
    both, none = _contest(), _contest()
    await race(both, [_Till(0), _Till(1)], leader=3)
    await race(none, [_Till(0, SHORT, UNKNOWN), _Till(1, SHORT, UNKNOWN)], leader=3)
    assert (both.both, both.exactly_one, both.right) == (1, 0, False)
    assert (none.none, none.exactly_one, none.right) == (1, 0, False)
    assert (both.leader_raced, both.won) == (0, {0: 0, 1: 0})


async def test_a_hold_that_both_got_is_seen_although_one_sale_was_refused() -> None:
    tally = _contest()
    await race(tally, [_Till(0), _Till(1, "", UNKNOWN)], leader=0)
    assert tally.exactly_one == 1
    assert not tally.right, "nobody was told POINTS_SHORT"


async def test_both_have_asked_before_anybody_is_answered(autojump_clock: MockClock) -> None:
    log: list[str] = []

    def step(name: str) -> Step:
        async def go() -> str:
            log.append(f"{name} asks")
            await trio.sleep(1)
            log.append(f"{name} hears")
            return name

        return go

    found, first = await together([step("a"), step("b")])
    assert found == ["a", "b"]
    assert log[0] == f"{found[first]} asks"
    assert [line.split()[1] for line in log] == ["asks", "asks", "hears", "hears"]


class _Forgetful(FakeNode):
    """Does not know an order again."""

    async def sell(self, request: Sell) -> Sold:
        sold = await super().sell(request)
        del self._street.sold[request.order]
        return sold


@pytest.mark.rule("L-7.4")
@pytest.mark.parametrize("kind", [FakeNode, _Forgetful])
async def test_an_order_asked_through_two_connections_earns_once(kind: type[FakeNode]) -> None:
    street = FakeStreet(summary=replace(SUMMARY, earn_bps=200))
    presented = street.add_card(7, 0)
    sale, told, tally = replace(SALE, card=street.card(7).card), Told(), Twice()
    told.cards[presented] = 0
    await ask_twice(tally, told, [kind(street), kind(street)], sale, presented)
    assert told.cards[presented] == told.issued == POINTS
    if kind is FakeNode:
        assert (tally.one, tally.two, tally.answers_differ, tally.right) == (1, 0, 0, True)
    else:
        assert (tally.one, tally.two, tally.answers_differ, tally.right) == (0, 1, 1, False)


def test_the_books_of_every_node_are_held_against_what_tills_were_told() -> None:
    told = Told(issued=90_000, redeemed=20_000, cards={"one": 50_000, "other": 20_000})
    assert totals([SUMMARY, SUMMARY], told) == []
    twice = replace(SUMMARY, points_redeemed=Amount(20_200), points_outstanding=Amount(69_800))
    (complaint,) = totals([SUMMARY, twice], told)
    assert complaint.startswith("shop 1: ")
    assert "20200" in complaint
    elsewhere = replace(SUMMARY, tip=b"1" * 32)
    assert "different blocks" in totals([SUMMARY, elsewhere], told)[0]


async def test_the_table_says_what_was_wrong(tmp_path: Path) -> None:
    tally = Contest(name="points", expects=(SHORT, UNKNOWN))
    await race(tally, [_Till(0), _Till(1)], leader=3)
    report = RaceReport(
        source=source(),
        machine=machine(tmp_path),
        seats=4,
        lanes=1,
        seconds=1.0,
        contests=[tally],
        orders=Twice(rounds=1, one=1),
        books=Books(
            nodes=4, points_issued=2, points_redeemed=2, coupons_used=0, wrong=["shop 0: I2"]
        ),
    )
    text = "\n".join(lines(report))
    assert not report.right
    assert "1 rounds, 0 exactly one, 1 both, 0 none; 0 paid in full" in text
    assert "refused: nobody" in text
    assert "1 contradictions" in text
    assert "  shop 0: I2" in text
    assert text.endswith("WRONG: something was had twice, or by nobody.")


def test_a_number_of_rounds_that_no_bond_covers_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for rounds in ("0", "10001"):
        with pytest.raises(SystemExit):
            main(["bench", "race", "--rounds", rounds])
        assert "between 1 and 10000" in capsys.readouterr().err
