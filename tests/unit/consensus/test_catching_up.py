"""A seat that was away (docs/protocol.md section 7)."""

from collections import Counter
from itertools import groupby

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Note
from liandao_node.limits import FETCH_MS, SOURCE_TURN_MS, STATUS_MS, WINDOW_SEQS
from liandao_node.types import Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchNewView,
    FetchRange,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Status,
    Suspect,
    ViewChange,
)
from msgspec.structs import replace
from support.consensus_forms import (
    commit,
    final,
    lock,
    make_chain,
    new_view,
    prepare,
    proposal,
    status,
    suspect,
    view_change,
)
from support.seat import Seat

CHAIN = make_chain(0, *(f"sale {at}" for at in range(WINDOW_SEQS + 4)))


def _range(*blocks: Block) -> Range:
    """With a certificate on the last alone, as after a view change."""
    *below, last = blocks
    return Range(
        [*(CommittedBlock(block, None) for block in below), CommittedBlock(last, final(0, last))]
    )


def _lying(block: Block) -> Block:
    return Block(block.header, [b"not what was agreed"])


@pytest.mark.rule("P-7.1")
def test_a_missing_body_is_asked_of_every_seat_that_is_up() -> None:
    """T26."""
    seat = Seat(me=3)
    seat.give(events.PeerDown(ShopId(1)))
    seat.committed_by(0, CHAIN[0], 0, 1, 2)
    asked = [to for to, message in seat.sent if isinstance(message, FetchBody)]
    assert asked == [0, 2]
    seat.hear(2, Body(CHAIN[0]))
    assert seat.heights == [1]


@pytest.mark.rule("P-7.1")
@pytest.mark.rule("P-3.3")
def test_a_body_is_kept_only_when_asked_for_and_whole() -> None:
    """T40: the hash is certified, the transactions under it must be those of the hash."""
    seat = Seat(me=3)
    seat.hear(2, Body(CHAIN[0]))
    assert not seat.replica.bodies
    seat.committed_by(0, CHAIN[0], 0, 1, 2)
    seat.hear(2, Body(_lying(CHAIN[0])))
    assert [report.about for report in seat.notes(Note.BAD_RANGE)] == [2]
    assert seat.delivered == []
    seat.hear(1, Body(CHAIN[0]))
    assert [deliver.block for deliver in seat.delivered] == [CHAIN[0]]


def test_bodies_are_given_to_whoever_asks_also_just_after_delivery() -> None:
    seat = Seat(me=3)
    seat.offered(0, CHAIN[0])
    seat.hear(1, FetchBody(CHAIN[0].header.hash))
    seat.committed_by(0, CHAIN[0], 0, 1, 2)
    seat.hear(2, FetchBody(CHAIN[0].header.hash), FetchBody(CHAIN[1].header.hash))
    given = [(to, message) for to, message in seat.sent if isinstance(message, Body)]
    assert given == [(1, Body(CHAIN[0])), (2, Body(CHAIN[0]))]


@pytest.mark.rule("P-7.2")
def test_a_heartbeats_certificate_makes_blocks_final() -> None:
    seat = Seat(me=3)
    seat.offered(0, *CHAIN[:3])
    seat.hear(2, status(0, tip=final(0, CHAIN[2])))
    assert seat.heights == [1, 2, 3]


def test_a_heartbeat_with_a_false_certificate_is_reported() -> None:
    seat = Seat(me=3)
    seat.offered(0, CHAIN[0])
    good = final(0, CHAIN[0])
    seat.hear(2, status(0, tip=replace(good, signatures=[Signature(b"")] * 3)))
    seat.hear(1, replace(status(0, tip=good), tip_seq=CHAIN[1].header.seq))
    assert [report.about for report in seat.notes(Note.BAD_CERTIFICATE)] == [2, 1]
    assert seat.delivered == []


@pytest.mark.rule("P-7.3")
def test_far_behind_a_seat_fetches_ranges_until_it_is_there() -> None:
    """T33, T36."""
    seat = Seat(me=3)
    top = CHAIN[-1]
    seat.hear(1, status(0, tip=final(0, top)))
    assert [(to, m.first) for to, m in seat.sent if isinstance(m, FetchRange)] == [(1, 1)]
    seat.hear(1, _range(*CHAIN[:5]))
    assert seat.heights == [1, 2, 3, 4, 5]
    assert [m.first for m in seat.said(FetchRange)] == [1, 6]
    seat.hear(1, _range(*CHAIN[5:]))
    assert seat.heights[-1] == top.header.seq


def _bad_ranges() -> dict[str, Range]:
    good = final(0, CHAIN[1])
    one, two, three = CHAIN[:3]
    (stranger,) = make_chain(0, "stranger", parent=one)
    return {
        "a certificate that does not hold": Range(
            [CommittedBlock(one, None), CommittedBlock(two, replace(good, signers=0b11))]
        ),
        "a certificate for another block": Range(
            [CommittedBlock(one, None), CommittedBlock(stranger, good)]
        ),
        "a lock in place of a certificate": Range([CommittedBlock(one, lock(0, one))]),
        "a hole": Range([CommittedBlock(one, None), CommittedBlock(three, final(0, three))]),
        "another parent": Range(
            [CommittedBlock(one, None), CommittedBlock(make_chain(0, "x", "y")[1], None)]
        ),
        "other transactions": Range([CommittedBlock(_lying(one), final(0, one))]),
    }


@pytest.mark.rule("P-7.3")
@pytest.mark.parametrize("lie", sorted(_bad_ranges()))
def test_a_lying_source_is_reported_and_another_is_asked(lie: str) -> None:
    """T40."""
    seat = Seat(me=3)
    for peer in (1, 2):
        seat.hear(peer, status(0, tip=final(0, CHAIN[-1])))
    seat.hear(1, _bad_ranges()[lie])
    assert [report.about for report in seat.notes(Note.BAD_RANGE)] == [1]
    assert seat.delivered == []
    seat.wait(2 * FETCH_MS + 100)
    asked = seat.asked
    assert 2 in asked
    seat.hear(2, _range(*CHAIN))
    assert seat.heights[-1] == len(CHAIN)


def test_blocks_without_a_certificate_above_them_are_not_final() -> None:
    seat = Seat(me=3)
    seat.hear(1, Range([CommittedBlock(block, None) for block in CHAIN[:3]]))
    assert seat.delivered == []


def test_an_answer_to_an_older_question_is_nobodys_fault() -> None:
    seat = Seat(me=3)
    seat.hear(1, _range(*CHAIN[4:6]))
    seat.hear(1, _range(*CHAIN[:2]))
    seat.hear(1, _range(*CHAIN[:3]))
    assert seat.notes(Note.BAD_RANGE) == []
    assert seat.heights == [1, 2, 3]


def test_a_silent_source_is_left_after_a_second() -> None:
    """T40."""
    seat = Seat(me=3)
    for peer in (1, 2):
        seat.hear(peer, status(0, tip=final(0, CHAIN[-1])))
    seat.wait(2 * STATUS_MS + 2 * FETCH_MS)
    asked = seat.asked
    assert {1, 2} <= set(asked)
    assert len(asked) <= 4, "one question at a time"


@pytest.mark.rule("P-7.3")
@pytest.mark.parametrize("ahead", range(2, 19))
def test_every_shop_that_is_ahead_has_its_turn_where_all_are_silent(ahead: int) -> None:
    """T40: the looks between two questions were counted too, and where as many shops were ahead as
    looks went by, the same one was asked for ever (seed 70008863)."""
    seat = Seat(19, me=18)
    for peer in range(ahead):
        seat.hear(peer, status(0, tip=final(0, CHAIN[-1], range(13))))
    seat.wait(ahead * (STATUS_MS + FETCH_MS))
    asked = seat.asked
    assert set(asked) == set(range(ahead))


def _pester(seat: Seat, liar: int) -> None:
    """Blocks for nobody, and the word that there are more: an epoch on, which nothing proves."""
    seat.hear(liar, Range([]))
    seat.hear(liar, replace(status(0, tip=final(0, CHAIN[0])), epoch=Epoch(1), certificate=None))


@pytest.mark.rule("P-7.3")
@pytest.mark.parametrize("liar", [0, 1])
def test_who_says_without_end_that_it_is_ahead_is_asked_in_its_turn(liar: int) -> None:
    """T40: its answer and its next claim came together, so there was no moment for another."""
    seat = Seat(me=3)
    honest = 1 - liar
    _pester(seat, liar)
    seat.hear(honest, status(0, tip=final(0, CHAIN[-1])))
    for _ in range(2 * STATUS_MS // 50):
        _pester(seat, liar)
        seat.wait(50)
    asked = Counter(seat.asked)
    assert honest in asked
    assert asked[liar] <= 2 * STATUS_MS // FETCH_MS


@pytest.mark.rule("P-7.3")
def test_an_answer_of_somebody_else_ends_no_question() -> None:
    """T40: or whoever was not asked could put itself in the place of the one who was."""
    seat = Seat(me=3)
    seat.hear(1, status(0, tip=final(0, CHAIN[-1])))
    _pester(seat, 2)
    assert seat.asked == [1]


@pytest.mark.rule("P-7.3")
@pytest.mark.parametrize("liar", range(5))
def test_sources_that_give_little_at_a_time_are_left_when_their_turn_is_over(liar: int) -> None:
    """T40: two of seven answer with a block just before patience ends, for ever, while the street
    goes on faster; they give unasked, too, and say ever again that there is more."""
    liars = (liar, liar + 1)
    seat = Seat(7, me=6)
    more = replace(status(0), tip_seq=Seq(1_000), epoch=Epoch(1))
    for peer in range(6):
        seat.hear(peer, more)
    asked: list[int] = []
    for at, block in enumerate(make_chain(0, *(f"sale {at}" for at in range(60)))):
        asked += seat.asked
        seat.forget()
        giver = asked[-1] if asked[-1] in liars else liars[at % 2]
        seat.hear(giver, Range([CommittedBlock(block, final(0, block, range(5)))]))
        for one in liars:
            seat.hear(one, more)
        seat.wait(STATUS_MS - 50)
    turns = [peer for peer, _ in groupby(asked)]
    assert all(turns.count(peer) >= 3 for peer in range(6))


@pytest.mark.rule("P-7.3")
def test_a_source_has_one_turn_and_not_two_in_a_row() -> None:
    seat = Seat(me=3)
    for peer in (0, 1):
        seat.hear(peer, replace(status(0), tip_seq=Seq(1_000), epoch=Epoch(1)))
    blocks = make_chain(0, *(f"sale {at}" for at in range(100)))
    asked: list[int] = []
    for block in blocks:
        asked += seat.asked
        seat.forget()
        seat.hear(asked[-1], Range([CommittedBlock(block, final(0, block))]))
        seat.wait(SOURCE_TURN_MS // 20)
    turns = [peer for peer, _ in groupby(asked)]
    assert len(turns) >= 5
    assert Counter(asked).most_common()[-1][1] >= len(asked) // 3


def _asked_after_a_turn(*, gift: bool) -> list[int]:
    """Shop 0 answers for almost a turn, and then is silent like everybody else."""
    seat = Seat(me=3)
    for peer in range(3):
        seat.hear(peer, replace(status(0), tip_seq=Seq(1_000), epoch=Epoch(1)))
    *answers, last = make_chain(0, *(f"sale {at}" for at in range(3)))
    for block in answers:
        seat.wait(SOURCE_TURN_MS // 2 - 100)
        seat.hear(0, Range([CommittedBlock(block, final(0, block))]))
    seat.wait(SOURCE_TURN_MS // 2 - 100)
    assert set(seat.asked) == {0}
    if gift:
        seat.hear(2, Range([CommittedBlock(last, final(0, last))]))
    seat.wait(5 * STATUS_MS)
    return seat.asked


@pytest.mark.rule("P-7.3")
def test_who_gives_unasked_moves_nobodys_turn() -> None:
    """T40: with such gifts after the end of a turn a liar could have passed over one shop each."""
    assert _asked_after_a_turn(gift=True) == _asked_after_a_turn(gift=False)


@pytest.mark.rule("P-7.4")
def test_a_seat_asks_for_the_view_that_others_are_in_and_hands_it_on() -> None:
    seat = Seat(me=3)
    seat.hear(2, status(6))
    assert [(to, m.view) for to, m in seat.sent if isinstance(m, FetchNewView)] == [(2, 6)]
    opening = new_view(2, 6, [view_change(shop, 6) for shop in range(3)])
    seat.hear(2, opening)
    assert seat.replica.views.current == 6
    seat.forget()
    seat.hear(0, FetchNewView(View(6)))
    seat.hear(1, view_change(1, 6))
    seat.hear(1, FetchNewView(View(7)))
    assert [(to, m) for to, m in seat.sent if isinstance(m, NewView)] == [
        (0, opening),
        (1, opening),
    ]


@pytest.mark.rule("P-7.5")
@pytest.mark.rule("P-4.8")
def test_a_seat_that_comes_back_hears_at_once_where_the_street_stands() -> None:
    seat = Seat(me=0)
    one = seat.propose(b"one")
    two = seat.propose(b"two")
    seat.prepared_by(0, one, 1, 2)
    seat.hear(2, suspect(2, 0))
    seat.forget()
    seat.give(events.PeerUp(ShopId(3)))
    assert {to for to, _ in seat.sent} == {3}
    assert seat.said(PrePrepare) == [proposal(0, 0, one), proposal(0, 0, two)]
    assert seat.said(Prepare) == [prepare(0, 0, one), prepare(0, 0, two)]
    assert seat.said(Commit) == [commit(0, 0, one)]
    assert len(seat.said(Status)) == 1


@pytest.mark.rule("P-7.5")
def test_a_seat_that_comes_back_hears_suspicion_and_promise() -> None:
    seat = Seat(me=3)
    seat.hear(0, suspect(0, 0))
    seat.forget()
    seat.give(events.PeerUp(ShopId(1)))
    assert [message.view for message in seat.said(Suspect)] == [0]
    seat.hear(1, suspect(1, 0))
    seat.forget()
    seat.give(events.PeerUp(ShopId(2)))
    assert seat.said(ViewChange) == [view_change(3, 1)]


@pytest.mark.rule("P-4.8")
def test_votes_are_said_again_to_a_seat_in_the_same_view_when_nothing_moves() -> None:
    seat = Seat(me=1)
    seat.offered(0, CHAIN[0])
    seat.forget()
    seat.hear(2, status(0))
    assert seat.said(Prepare) == [], "a moment ago it moved"
    seat.now += FETCH_MS + 1
    seat.hear(2, status(0))
    assert [(to, m) for to, m in seat.sent if isinstance(m, Prepare)] == [
        (2, prepare(1, 0, CHAIN[0]))
    ]
