"""``liandao stake``: what it says, and the files of statements that it brings."""

from pathlib import Path

import pytest
from liandao_node.cli.stake_command import told
from liandao_node.cli.stake_words import describe, describe_next, survives
from liandao_node.cli.statements import read_statement, statement_text, write_statement
from liandao_node.client import (
    BringStatement,
    Fitness,
    LeaveJail,
    MoveStake,
    StakeDone,
    StakeMove,
)
from liandao_node.consensus.quorum import faults_tolerated, quorum_size
from liandao_node.errors import InputFault
from liandao_node.types import Amount, ShopId
from msgspec.structs import replace
from support.stake_views import shop, stakes


def test_it_tells_amounts_seats_and_conduct() -> None:
    text = "\n".join(
        describe(
            stakes(
                shop(0, leaving=Amount(70), slashed=Amount(50), statements=3),
                shop(1, fitness=Fitness.JAILED, jailed_until=9, counted=Amount(0)),
                shop(2, fitness=Fitness.BANNED, banned_until=12, rekeys=True),
                shop(3, fitness=Fitness.BANNED, out_for_good=True),
                shop(4),
                seats=[0, 1, 2, 3],
            )
        )
    )
    for words in (
        "epoch 7, 10 of at most 4096 blocks; the street's pool holds 50",
        "shop 0 茶馆 Tea: has a seat, candidate",
        "own 1000, backed with 0, counts 1000, 70 leaving, 50 slashed, 3 statements",
        "jailed for absence, may ask to come back from epoch 9",
        "may sit again from epoch 12, with a new key, gets a new node key",
        "has lost two keys and stays out",
        "shop 4 Shoes: follows, candidate",
        "shop 4 backs shop 1 with 300",
    ):
        assert words in text


def test_the_dry_run_says_who_comes_and_who_goes() -> None:
    shops = [shop(number) for number in range(5)]
    text = "\n".join(describe_next(stakes(*shops, seats=[0, 1, 2, 4])))
    assert "epoch 8 would have 4 seats: 0 茶馆 Tea, 1 Noodles, 2 书局, 4 Shoes." in text
    assert "Leaving: 3 Flowers. Joining: 4 Shoes." in text
    assert "Some wait" not in text
    assert "One shop may be off at once" in text


def test_the_dry_run_says_what_the_bounds_hold_back() -> None:
    shops = [shop(number) for number in range(5)]
    kept = stakes(*shops, seats=[0, 1, 2, 3], overdue=[ShopId(3)], failed_safe=True)
    text = "\n".join(describe_next(kept))
    assert "too few candidates" in text
    assert "Kept although their place is another's: 3 Flowers." in text
    wanted = [ShopId(seat) for seat in (0, 1, 2, 4)]
    text = "\n".join(describe_next(stakes(*shops, seats=[0, 1, 2, 3], target=wanted)))
    assert "in the end 0 茶馆 Tea, 1 Noodles, 2 书局, 4 Shoes sit" in text


@pytest.mark.rule("L-13.3")
@pytest.mark.parametrize("seats", range(1, 20))
def test_what_a_size_survives_is_what_consensus_can(seats: int) -> None:
    text = " ".join(survives(seats))
    faults, needed = faults_tolerated(seats), quorum_size(seats)
    if seats == 1:
        assert "as sure as this one shop" in text
        return
    assert f"With {seats} seats the street needs {needed} of them" in text
    away = seats - needed
    if faults == 0:
        assert "It bears no shop that lies" in text
        assert ("nothing is confirmed until it is back" in text) == (away == 0)
    else:
        assert f"{faults if faults > 1 else 'One'} shop{'s' * (faults > 1)} may lie" in text
        assert f"{away if away > 1 else 'One'} shop{'s' * (away > 1)} may be off" in text


def test_what_became_final_is_told() -> None:
    done = StakeDone(12, Amount(900), 30)
    move = MoveStake(StakeMove.DELEGATE, ShopId(1), ShopId(0), Amount(100))
    assert "Own bond now 900" in told(move, done)
    assert "for epoch 30 at the soonest" in told(LeaveJail(), done)
    assert "holds from epoch 30 on" in told(BringStatement(101, b""), done)
    assert "holds" not in told(BringStatement(206, b""), replace(done, epoch=0))


def test_a_statement_file_comes_back_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "statement"
    request = BringStatement(101, b"\0\xff")
    path.write_text(statement_text(request))
    assert read_statement(path) == request
    write_statement(path, request, "花店: what people read in it")
    assert "花店" in path.read_text(encoding="utf-8")
    assert read_statement(path) == request
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("junk", [b"", b"{}", b"[1]", b'{"call": 1, "body": "x"}', b"\xff" * 9])
def test_a_bad_statement_file_is_named(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "statement"
    path.write_bytes(junk)
    with pytest.raises(InputFault, match="STATEMENT_BAD"):
        read_statement(path)
