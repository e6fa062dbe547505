"""Seats that are away: whose word counts, who is jailed, how they come back."""

import pytest
from liandao_node.ledger import stake_queries
from liandao_node.ledger.modules.stake_calls import Released, Unjail
from liandao_node.limits import MILESTONE_BLOCKS, MILESTONES_KEPT
from liandao_node.types import BlockHash, Epoch, ShopId
from msgspec.structs import replace
from support.stake_street import EVERYBODY, RULES, StakeStreet

AWAY = 3


@pytest.fixture
def street() -> StakeStreet:
    """Four of six sit."""
    return StakeStreet([10_000, 9_000, 8_000, 7_000, 6_000, 5_000])


def _jailed(street: StakeStreet) -> list[int]:
    return [shop for shop in street.keys if street.standing(shop).jailed_until]


def _milestone(street: StakeStreet) -> Unjail:
    newest = stake_queries.milestone(street.ledger.view())
    assert newest is not None
    return Unjail(newest.height, newest.block)


@pytest.mark.rule("L-13.8")
@pytest.mark.rule("L-13.9")
def test_the_words_of_two_proposers_jail_a_seat_of_four(street: StakeStreet) -> None:
    street.epoch_without(0, AWAY)
    assert _jailed(street) == []
    street.epoch_without(1, AWAY)
    assert _jailed(street) == [AWAY]
    assert street.standing(AWAY).jailed_until == 2 + RULES.jail_epochs
    assert street.seats() == [0, 1, 2, 4]


@pytest.mark.rule("L-13.9")
@pytest.mark.rule("P-12.6")
def test_one_proposer_alone_jails_nobody_however_often_it_says_it(street: StakeStreet) -> None:
    for _ in range(5):
        street.epoch_without(0, AWAY)
    assert _jailed(street) == []


@pytest.mark.rule("L-13.8")
def test_a_word_lasts_until_the_same_proposer_takes_it_back(street: StakeStreet) -> None:
    street.epoch_without(0, AWAY)
    street.epoch_without(0)
    street.epoch_without(1, AWAY)
    assert _jailed(street) == []


@pytest.mark.rule("L-13.9")
def test_whoever_saw_it_lately_refutes_those_who_missed_it_before(street: StakeStreet) -> None:
    street.epoch_without(0, AWAY)
    street.epoch_without(2)
    street.epoch_without(1, AWAY)
    assert _jailed(street) == []
    street.epoch_without(0, AWAY)
    assert _jailed(street) == [AWAY]


@pytest.mark.rule("L-13.8")
@pytest.mark.parametrize(("missed", "jailed"), [(2, []), (3, [AWAY])])
def test_absent_is_less_than_half_of_the_blocks(
    street: StakeStreet, missed: int, jailed: list[int]
) -> None:
    for proposer in (0, 1):
        street.proposer = proposer
        for block in range(RULES.epoch_blocks):
            street.stay_away(*([AWAY] if block < missed else []))
            street.tick()
    assert _jailed(street) == jailed


@pytest.mark.rule("L-13.8")
def test_a_proposer_of_few_blocks_has_no_word(street: StakeStreet) -> None:
    street.epoch_without(0, AWAY)
    street.proposer = 2
    for _ in range(RULES.epoch_blocks - 1):
        street.tick()
    street.proposer = 1
    street.stay_away(AWAY)
    street.tick()
    assert street.epoch == 2
    assert _jailed(street) == []


@pytest.mark.rule("L-13.8")
def test_nobody_speaks_of_itself(street: StakeStreet) -> None:
    """A proposer's own bit is as it likes; it changes nothing."""
    street.epoch_without(0, 0)
    street.epoch_without(1, 0)
    assert _jailed(street) == []


@pytest.mark.rule("L-13.9")
def test_never_more_than_f_are_jailed() -> None:
    street = StakeStreet([10_000] * 13, replace(RULES, committee_seats=7))
    away = [2, 3, 4, 5]
    for proposer in (0, 1, 6):
        street.epoch_without(proposer, *away)
    assert _jailed(street) == [2, 3], "f is 2 for seven seats"


@pytest.mark.rule("L-13.9")
def test_the_banned_count_among_the_f() -> None:
    street = StakeStreet([10_000] * 13, replace(RULES, committee_seats=7))
    for proposer in (0, 1):
        street.epoch_without(proposer, 2, 3)
    street.lie(4)
    street.epoch_without(6, 2, 3)
    assert _jailed(street) == [2]


@pytest.mark.rule("L-13.9")
def test_four_candidates_always_remain() -> None:
    street = StakeStreet([10_000, 9_000, 8_000, 7_000])
    for proposer in (0, 1, 2):
        street.epoch_without(proposer, AWAY)
    assert _jailed(street) == []
    assert street.seats() == [0, 1, 2, 3]


@pytest.mark.rule("L-13.9")
def test_a_street_that_bears_no_fault_jails_nobody() -> None:
    street = StakeStreet([1_000] * 3)
    for proposer in (0, 1):
        street.epoch_without(proposer, 2)
    assert _jailed(street) == []


@pytest.mark.rule("L-13.10")
def test_the_way_out_of_jail(street: StakeStreet) -> None:
    assert street.call(AWAY, _milestone_of_genesis(street)).code == "NOT_JAILED"
    for proposer in (0, 1):
        street.epoch_without(proposer, AWAY)
    assert street.call(AWAY, _milestone(street)).code == "JAIL_LASTS"
    street.turn()
    assert AWAY not in street.seats()
    good = _milestone(street)
    for bad in (
        replace(good, block=BlockHash(bytes(32))),
        replace(good, height=good.height + 1),
        replace(good, height=good.height + MILESTONE_BLOCKS * MILESTONES_KEPT),
    ):
        assert street.call(AWAY, bad).code == "MILESTONE_UNKNOWN"
    next_epoch = Epoch(street.epoch + 1)
    assert street.call(AWAY, good).answer == Released(next_epoch)
    if street.epoch < next_epoch:
        street.turn()
    assert AWAY in street.seats()


def _milestone_of_genesis(street: StakeStreet) -> Unjail:
    return Unjail(0, street.ledger.tip.hash)


@pytest.mark.rule("L-13.10")
def test_who_is_jailed_stays_out_until_it_asks(street: StakeStreet) -> None:
    for proposer in (0, 1):
        street.epoch_without(proposer, AWAY)
    street.turn(5)
    assert _jailed(street) == [AWAY]
    assert AWAY not in street.seats()


@pytest.mark.rule("L-13.10")
def test_a_second_absence_needs_new_words(street: StakeStreet) -> None:
    for proposer in (0, 1):
        street.epoch_without(proposer, AWAY)
    street.turn()
    assert street.call(AWAY, _milestone(street)).code == "OK"
    street.turn()
    assert AWAY in street.seats()
    street.epoch_without(0, AWAY)
    assert _jailed(street) == []


@pytest.mark.rule("L-13.10")
def test_milestones_are_the_hashes_of_the_chain() -> None:
    street = StakeStreet([1_000] * 4, replace(RULES, epoch_blocks=1_000))
    genesis = street.ledger.tip.hash
    street.tick()
    assert stake_queries.milestone(street.ledger.view()) is not None
    assert _milestone(street) == Unjail(0, genesis)
    while street.ledger.tip.seq <= MILESTONE_BLOCKS * MILESTONES_KEPT:
        street.tick()
    hashes = {execution.header.seq: execution.hash for execution in street.history}
    newest = _milestone(street)
    assert newest.height == MILESTONE_BLOCKS * MILESTONES_KEPT
    assert newest.block == hashes[newest.height]  # type: ignore[index]


@pytest.mark.rule("L-8.7")
def test_a_follower_is_never_counted(street: StakeStreet) -> None:
    assert street.attendance == EVERYBODY
    street.turn(3)
    assert _jailed(street) == []
    assert ShopId(5) not in street.seats()
