"""Lies that prove themselves, and what is no proof; a key that votes on two computers."""

from collections.abc import Callable

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Accuse, Durable, Note, Tip
from liandao_node.types import BlockHash, Epoch, PublicKey, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import (
    Amnesia,
    Evidence,
    TwoNewViews,
    TwoVotes,
    accused,
    decode_evidence,
    epoch_of,
    proves,
)
from msgspec.structs import replace as changed
from support.consensus_forms import (
    CHAIN,
    GENESIS,
    commit,
    fake_verify,
    final,
    lock,
    make_chain,
    new_view,
    prepare,
    proposal,
    signer,
    status,
    view_change,
)
from support.seat import Seat

(ONE,) = make_chain(0, "one")
(OTHER,) = make_chain(0, "other")
SECOND = make_chain(0, "second", parent=ONE)[0]


def _accusations(seat: Seat) -> list[Evidence]:
    return [effect.evidence for effect in seat.log if isinstance(effect, Accuse)]


def _proves(evidence: Evidence, shop: int) -> bool:
    assert accused(evidence) == shop
    assert epoch_of(evidence) == 0
    assert decode_evidence(encode(evidence)) == evidence
    return proves(evidence, CHAIN, signer(shop).public_key, fake_verify)


def _only(seat: Seat) -> Evidence:
    (evidence,) = _accusations(seat)
    return evidence


@pytest.mark.rule("P-12.8", "T5")
@pytest.mark.parametrize(("vote", "kind"), [(prepare, PREPARE), (commit, COMMIT)])
def test_two_votes_in_one_slot_are_evidence(vote: Callable[..., object], kind: int) -> None:
    seat = Seat(me=3)
    seat.hear(1, vote(1, 0, ONE), vote(1, 0, OTHER))  # type: ignore[arg-type]
    evidence = _only(seat)
    assert isinstance(evidence, TwoVotes)
    assert (evidence.kind, evidence.seq, evidence.view) == (kind, 1, 0)
    assert evidence.first < evidence.second
    assert _proves(evidence, 1)


@pytest.mark.rule("P-12.8", "T4")
def test_two_proposals_for_one_height_are_two_votes() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.offered(0, OTHER)
    evidence = _only(seat)
    assert _proves(evidence, 0)
    assert seat.said(type(prepare(3, 0, ONE))) != []
    assert seat.notes(Note.EQUIVOCATION)


@pytest.mark.rule("P-12.8")
def test_a_proposal_and_a_vote_for_another_block_contradict_each_other() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.hear(0, prepare(0, 0, OTHER))
    assert _proves(_only(seat), 0)


@pytest.mark.rule("P-12.8", "T23")
def test_a_forged_contradiction_accuses_nobody_and_the_true_vote_stays() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.hear(1, prepare(1, 0, ONE))
    seat.hear(1, changed(prepare(1, 0, OTHER), signature=Signature(b"f" * 64)))
    assert _accusations(seat) == []
    assert seat.notes(Note.FORGED_VOTE)
    assert not seat.notes(Note.EQUIVOCATION)
    seat.hear(2, prepare(2, 0, ONE))
    assert seat.disk.locked is not None


@pytest.mark.rule("P-12.8", "T23")
def test_a_true_vote_takes_the_place_of_a_forged_one() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.hear(1, changed(prepare(1, 0, OTHER), signature=Signature(b"f" * 64)))
    seat.hear(1, prepare(1, 0, ONE))
    seat.hear(2, prepare(2, 0, ONE))
    assert _accusations(seat) == []
    assert seat.disk.locked is not None


@pytest.mark.rule("P-12.11", "T41")
def test_one_accusation_of_a_seat_is_enough() -> None:
    seat = Seat(me=3)
    for view in range(20):
        seat.hear(1, prepare(1, view, ONE), prepare(1, view, OTHER))
        seat.hear(1, commit(1, view, ONE), commit(1, view, OTHER))
    assert len(_accusations(seat)) == 1
    seat.hear(2, commit(2, 5, ONE), commit(2, 5, OTHER))
    assert [accused(evidence) for evidence in _accusations(seat)] == [1, 2]


@pytest.mark.rule("P-12.9", "T8")
def test_two_beginnings_of_one_view_are_evidence() -> None:
    seat = Seat(me=3)
    one = new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 2)])
    other = new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 3)])
    seat.hear(1, one)
    seat.hear(1, other)
    evidence = _only(seat)
    assert isinstance(evidence, TwoNewViews)
    assert _proves(evidence, 1)
    assert seat.notes(Note.CONFLICTING_NEW_VIEW)


@pytest.mark.rule("P-12.9", "T23")
def test_beginnings_of_two_views_contradict_nothing() -> None:
    one = new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 2)])
    later = new_view(1, 5, [view_change(shop, 5) for shop in (0, 1, 2)])
    first, second = sorted((one, later), key=lambda message: message.digest)
    evidence = TwoNewViews(
        epoch=Epoch(0),
        view=View(1),
        seat=ShopId(1),
        first=first.digest,
        first_signature=first.signature,
        second=second.digest,
        second_signature=second.signature,
    )
    assert not proves(evidence, CHAIN, signer(1).public_key, fake_verify)


@pytest.mark.rule("P-12.10", "T12")
@pytest.mark.parametrize("commit_first", [True, False])
def test_a_promise_without_the_lock_of_an_earlier_commit_is_evidence(commit_first: bool) -> None:
    """The seat lost its disk, or lies; either way it must not sit here."""
    seat = Seat(me=1)
    seat.offered(0, ONE)
    forgetful = view_change(2, 1)
    said = [commit(2, 0, ONE), forgetful]
    seat.hear(2, *(said if commit_first else reversed(said)))
    evidence = _only(seat)
    assert isinstance(evidence, Amnesia)
    assert _proves(evidence, 2)


@pytest.mark.rule("P-12.10", "T23")
@pytest.mark.parametrize("shown", [lock(0, ONE), lock(0, SECOND)])
def test_a_promise_that_shows_the_lock_or_a_higher_one_is_honest(shown: object) -> None:
    seat = Seat(me=1)
    seat.offered(0, ONE)
    seat.hear(2, commit(2, 0, ONE), view_change(2, 1, shown))  # type: ignore[arg-type]
    assert _accusations(seat) == []


@pytest.mark.rule("P-12.10", "T9", "T23")
def test_a_vote_in_a_view_that_was_left_is_no_evidence() -> None:
    """Nobody can say which came first."""
    seat = Seat(me=1)
    seat.hear(2, view_change(2, 3, lock(0, SECOND)), commit(2, 0, ONE), prepare(2, 0, ONE))
    assert _accusations(seat) == []


@pytest.mark.rule("P-12.8", "P-12.10", "T17", "T23")
def test_evidence_is_refused_for_every_other_key_and_after_every_change() -> None:
    def signed(shop: int, kind: int, block: BlockHash) -> Signature:
        vote = (prepare if kind == PREPARE else commit)(
            shop, 0, ONE if block == ONE.header.hash else OTHER
        )
        return vote.signature

    first, second = sorted((ONE.header.hash, OTHER.header.hash))
    two = TwoVotes(
        kind=PREPARE,
        epoch=Epoch(0),
        view=View(0),
        seq=Seq(1),
        seat=ShopId(1),
        first=first,
        first_signature=signed(1, PREPARE, first),
        second=second,
        second_signature=signed(1, PREPARE, second),
    )
    key = signer(1).public_key
    assert proves(two, CHAIN, key, fake_verify)
    assert not proves(two, CHAIN, PublicKey(signer(2).public_key), fake_verify)
    for wrong in (
        changed(two, kind=COMMIT),
        changed(two, kind=4),
        changed(two, epoch=Epoch(1)),
        changed(two, view=View(1)),
        changed(two, seq=Seq(2)),
        changed(two, second=first, second_signature=two.first_signature),
        changed(
            two,
            first=second,
            first_signature=two.second_signature,
            second=first,
            second_signature=two.first_signature,
        ),
        changed(two, second=BlockHash(second + b"x")),
    ):
        assert not proves(wrong, CHAIN, key, fake_verify)
    forgotten = Amnesia(
        Seq(1), View(0), ONE.header.hash, commit(2, 0, ONE).signature, view_change(2, 1)
    )
    key = signer(2).public_key
    assert proves(forgotten, CHAIN, key, fake_verify)
    for unfit in (
        changed(forgotten, view=View(1)),
        changed(forgotten, change=view_change(2, 1, lock(0, ONE))),
        changed(forgotten, change=changed(forgotten.change, view=View(2))),
        changed(forgotten, block=BlockHash(b"short")),
    ):
        assert not proves(unfit, CHAIN, key, fake_verify)


# --- the own key elsewhere ---


@pytest.mark.rule("P-6.7", "T12", "T15")
def test_a_certificate_with_a_vote_that_is_not_on_this_disk_halts_the_seat() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.hear(1, proposal(0, 0, ONE))

    seat.hear(1, status(0, tip=final(0, ONE, (0, 1, 3))))
    assert seat.halted == "KEY_IN_USE_ELSEWHERE"
    assert seat.heights == []


@pytest.mark.rule("P-6.7", "P-6.5")
def test_a_leader_that_halted_wants_no_more_proposals() -> None:
    """A caller that asked on for blocks would build them for ever: none is taken any more."""
    seat = Seat(me=0)
    seat.give(events.Proposed(ONE))
    assert seat.replica.wanted() is not None
    seat.hear(1, status(0, tip=final(0, ONE, (0, 1, 3))))
    assert seat.halted == "KEY_IN_USE_ELSEWHERE"
    assert seat.replica.wanted() is None


@pytest.mark.rule("P-6.7")
def test_a_certificate_with_its_own_vote_is_what_a_seat_expects() -> None:
    seat = Seat(me=3)
    seat.offered(0, ONE)
    seat.prepared_by(0, ONE, 0, 1, 2)
    seat.committed_by(0, ONE, 0, 1)
    assert seat.halted is None
    assert seat.heights == [1]


@pytest.mark.rule("P-6.7", "T12")
def test_a_backup_that_was_put_back_meets_its_own_later_promise() -> None:
    seat = Seat(me=3)
    seat.hear(1, new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 3)]))
    assert seat.halted == "KEY_IN_USE_ELSEWHERE"


@pytest.mark.rule("P-6.7")
def test_a_view_that_this_seat_never_opened_was_opened_with_its_key() -> None:
    seat = Seat(me=1)
    seat.hear(0, new_view(1, 1, [view_change(shop, 1) for shop in (0, 2, 3)]))
    assert seat.halted == "KEY_IN_USE_ELSEWHERE"


@pytest.mark.rule("P-6.7", "P-6.3")
def test_what_an_earlier_life_promised_is_no_alarm() -> None:
    change = view_change(3, 1)
    durable = Durable(promised=View(1), view=View(0), view_change=change)
    seat = Seat(me=3, durable=durable, tip=Tip(Seq(0), GENESIS, None))
    seat.hear(1, new_view(1, 1, [view_change(0, 1), view_change(1, 1), change]))
    assert seat.halted is None
    assert seat.replica.views.current == 1
    seat.give(events.Tick())
