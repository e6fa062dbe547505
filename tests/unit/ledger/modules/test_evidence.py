"""What a lie costs, and what proves none."""

from collections.abc import Callable

import pytest
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.stake_calls import Accuse, Delegate, Punished, Withdraw
from liandao_node.types import Amount, BlockHash, Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Certificate
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import Amnesia, Evidence, TwoNewViews, TwoVotes
from liandao_node.wire.messages import ViewChange, new_view_preimage, vote_preimage
from msgspec.structs import replace
from support.ledger_street import shop_key
from support.stake_street import RULES, StakeStreet

LIAR = ShopId(1)
BAN, UNBONDING = RULES.ban_epochs, RULES.unbonding_epochs


@pytest.fixture
def street() -> StakeStreet:
    return StakeStreet([10_000, 9_000, 8_000, 7_000, 6_000])


@pytest.mark.rule("L-13.12")
def test_two_votes_cost_stake_key_and_seat(street: StakeStreet) -> None:
    street.call(4, Delegate(LIAR, Amount(1_000)))
    key = shop_key(LIAR).public_key
    answer = street.accuse(LIAR).answer
    assert answer == Punished(LIAR, key, Amount(450 + 50), Epoch(1 + BAN), for_ever=False)
    assert (street.bond(LIAR).own, street.bond(4).delegated) == (8_550, 950)
    assert street.pool() == 500
    assert books.tombstones.has(street.ledger.view(), key)
    assert street.seats() == [0, 1, 2, 3], "the epoch goes on with it"
    street.turn()
    assert street.seats() == [0, 2, 3, 4]


def _new_views(street: StakeStreet) -> Evidence:
    key = street.keys[LIAR]
    digests = (b"\1" * 32, b"\2" * 32)
    first, second = (
        key.sign(new_view_preimage(street.chain_id, Epoch(0), View(1), d)) for d in digests
    )
    return TwoNewViews(Epoch(0), View(1), LIAR, digests[0], first, digests[1], second)


def _amnesia(street: StakeStreet, lock: tuple[int, int] | None = None) -> Amnesia:
    key, block = street.keys[LIAR], BlockHash(b"\1" * 32)
    slot = (COMMIT, street.chain_id, Epoch(0), View(0), Seq(5), block)
    prepared = None
    if lock is not None:
        view, seq = View(lock[0]), Seq(lock[1])
        prepared = Certificate(PREPARE, Epoch(0), view, seq, block, 0, [])
    change = ViewChange(
        epoch=Epoch(0),
        view=View(2),
        seat=LIAR,
        prepared=prepared,
        tip=None,
        signature=Signature(b""),
    )
    signed = replace(change, signature=key.sign(change.preimage(street.chain_id)))
    return Amnesia(Seq(5), View(0), block, key.sign(vote_preimage(*slot)), signed)


@pytest.mark.rule("L-13.11")
@pytest.mark.parametrize("make", [_new_views, _amnesia, lambda s: s.two_votes(LIAR)])
def test_every_kind_of_evidence_convicts(
    street: StakeStreet, make: Callable[[StakeStreet], Evidence]
) -> None:
    assert street.call(0, Accuse(encode(make(street)))).code == "OK"
    assert street.standing(LIAR).tombstones == 1


def _honest_twin(street: StakeStreet) -> Evidence:
    evidence = street.two_votes(LIAR)
    return replace(evidence, second=evidence.first, second_signature=evidence.first_signature)


def _anothers_signature(street: StakeStreet) -> Evidence:
    mine, other = street.two_votes(LIAR), street.two_votes(2)
    return replace(mine, second_signature=other.second_signature)


def _two_heights(street: StakeStreet) -> Evidence:
    """Votes for two heights are what every honest seat gives."""
    return replace(street.two_votes(LIAR), seq=Seq(8))


def _vote_of_another_kind(street: StakeStreet) -> Evidence:
    return replace(street.two_votes(LIAR), kind=PREPARE)


def _vote_of_another_epoch(street: StakeStreet) -> Evidence:
    return replace(street.two_votes(LIAR, 1), epoch=Epoch(0))


def _follower(street: StakeStreet) -> Evidence:
    return street.two_votes(4)


def _no_member(street: StakeStreet) -> Evidence:
    return replace(street.two_votes(LIAR), seat=ShopId(9))


def _epoch_to_come(street: StakeStreet) -> Evidence:
    return street.two_votes(LIAR, 1)


def _carried_lock(street: StakeStreet) -> Evidence:
    return _amnesia(street, lock=(0, 5))


def _higher_lock(street: StakeStreet) -> Evidence:
    return _amnesia(street, lock=(1, 3))


@pytest.mark.rule("L-13.11")
@pytest.mark.parametrize(
    "make",
    [
        _honest_twin,
        _anothers_signature,
        _two_heights,
        _vote_of_another_kind,
        _vote_of_another_epoch,
        _follower,
        _no_member,
        _epoch_to_come,
        _carried_lock,
        _higher_lock,
    ],
)
def test_what_an_honest_seat_may_do_convicts_nobody(
    street: StakeStreet, make: Callable[[StakeStreet], Evidence]
) -> None:
    assert street.call(0, Accuse(encode(make(street)))).code == "EVIDENCE_BAD"
    assert street.pool() == 0


@pytest.mark.rule("L-13.11")
@pytest.mark.parametrize("junk", [b"", b"\xc0", b"\x90", encode((1, 2, 3)), b"x" * 4_000])
def test_junk_is_no_evidence(street: StakeStreet, junk: bytes) -> None:
    assert street.call(0, Accuse(junk)).code == "EVIDENCE_BAD"


@pytest.mark.rule("L-13.11")
def test_evidence_of_another_street_convicts_nobody(street: StakeStreet) -> None:
    other = StakeStreet([10_000, 9_000, 8_000, 7_000, 6_001])
    call = Accuse(encode(other.two_votes(LIAR)))
    assert other.call(0, call).code == "OK"
    assert street.call(0, call).code == "EVIDENCE_BAD"


@pytest.mark.rule("L-13.11")
def test_evidence_counts_as_long_as_stake_is_liable(street: StakeStreet) -> None:
    street.turn(UNBONDING + 1)
    assert street.accuse(LIAR, 0).code == "EVIDENCE_OLD"
    assert street.accuse(LIAR, 1).code == "OK"


@pytest.mark.rule("L-13.12")
def test_a_key_is_punished_once_whatever_it_signed(street: StakeStreet) -> None:
    street.turn()
    assert street.accuse(LIAR, 1).code == "OK"
    taken = street.pool()
    assert street.accuse(LIAR, 1, by=2).code == "EVIDENCE_KNOWN"
    assert street.accuse(LIAR, 0, by=3).code == "EVIDENCE_KNOWN"
    other = Accuse(encode(street.two_votes(LIAR, 1, name=7)))
    assert street.call(0, other).code == "EVIDENCE_KNOWN"
    assert street.pool() == taken
    assert street.standing(LIAR).tombstones == 1


@pytest.mark.rule("L-4.8")
@pytest.mark.rule("L-13.12")
def test_nobody_saves_stake_between_the_lie_and_the_proof(street: StakeStreet) -> None:
    street.call(LIAR, Delegate(ShopId(4), Amount(4_000)))
    street.call(LIAR, Withdraw(Amount(5_000)))
    assert street.accuse(LIAR).code == "OK"
    assert street.pool() == 200 + 250
    street.turn()


@pytest.mark.rule("L-13.2")
@pytest.mark.rule("L-13.12")
def test_a_shop_comes_back_with_a_new_key_after_its_ban(street: StakeStreet) -> None:
    street.lie(LIAR)
    street.call(0, street.rekey(LIAR, shop_key(50)))
    while street.epoch < BAN:
        street.turn()
        assert LIAR not in street.seats()
    street.turn()
    assert LIAR in street.seats()
    assert street.ledger.committee().seats[1].key == shop_key(50).public_key


@pytest.mark.rule("L-13.2")
def test_with_the_tombstoned_key_it_never_does(street: StakeStreet) -> None:
    street.lie(LIAR)
    street.turn(BAN + 3)
    assert LIAR not in street.seats()


@pytest.mark.rule("L-13.12")
def test_a_second_lie_under_a_new_key_is_for_good(street: StakeStreet) -> None:
    street.lie(LIAR)
    street.call(0, street.rekey(LIAR, shop_key(50)))
    street.turn(BAN + 1)
    street.keys[LIAR] = shop_key(50)
    again = street.accuse(LIAR)
    assert isinstance(again.answer, Punished)
    assert again.answer.for_ever
    street.call(0, street.rekey(LIAR, shop_key(51), number=2))
    street.turn(BAN + 4)
    assert LIAR not in street.seats()
    assert street.ledger.keys()[LIAR] == shop_key(51).public_key, "it stays a member"


@pytest.mark.rule("L-13.11")
def test_a_lie_is_judged_by_the_key_of_its_epoch(street: StakeStreet) -> None:
    """Rekeying in time does not help, and the new key is not the guilty one."""
    lie = street.two_votes(LIAR)
    street.call(0, street.rekey(LIAR, shop_key(50)))
    street.turn()
    street.keys[LIAR] = shop_key(50)
    assert street.call(0, Accuse(encode(lie))).code == "OK"
    view = street.ledger.view()
    assert books.tombstones.has(view, shop_key(LIAR).public_key)
    assert not books.tombstones.has(view, shop_key(50).public_key)
    street.turn()
    assert LIAR not in street.seats()


@pytest.mark.rule("L-13.3")
def test_a_street_of_three_loses_its_liar_and_goes_on() -> None:
    street = StakeStreet([1_000, 1_000, 1_000])
    street.lie(LIAR)
    street.turn()
    assert street.seats() == [0, 2]


@pytest.mark.rule("L-13.5")
def test_a_street_of_four_cannot_spare_its_liar() -> None:
    street = StakeStreet([1_000, 1_000, 1_000, 1_000])
    street.lie(LIAR)
    street.turn()
    assert street.seats() == [0, 1, 2, 3]


def test_evidence_of_the_shipped_forms_fits_into_a_call() -> None:
    """The largest committee's lock and tip certificates in a VIEW-CHANGE."""
    votes = [Signature(b"s" * 64)] * 13
    certificate = Certificate(
        PREPARE, Epoch(2**40), View(2**20), Seq(2**40), BlockHash(b"b" * 32), 2**19 - 1, votes
    )
    change = ViewChange(
        epoch=Epoch(2**40),
        view=View(2**21),
        seat=ShopId(63),
        prepared=certificate,
        tip=certificate,
        signature=Signature(b"s" * 64),
    )
    evidence = Amnesia(Seq(2**41), View(2**20), BlockHash(b"b" * 32), votes[0], change)
    assert len(encode(evidence)) < 4_096


def test_two_votes_name_the_lesser_block_first(street: StakeStreet) -> None:
    assert isinstance(street.two_votes(LIAR), TwoVotes)
    assert street.two_votes(LIAR).first < street.two_votes(LIAR).second
