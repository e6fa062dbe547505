"""A seat whose disk takes no votes: it follows, and comes back when there is room."""

import pytest
from liandao_node.consensus import events
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchNewView,
    Prepare,
    PrePrepare,
    Suspect,
)
from support.consensus_forms import GENESIS, make_block, make_chain
from support.seat import Seat

(FIRST,) = make_chain(0, "first")


@pytest.mark.rule("P-6.6")
def test_a_seat_whose_disk_is_full_follows_and_comes_back() -> None:
    seat = Seat(me=3)
    seat.give(events.Voting(False))
    seat.offered(0, FIRST)
    seat.prepared_by(0, FIRST, 0, 1, 2)
    assert not {type(m) for _, m in seat.sent} & {Prepare, Commit}
    seat.committed_by(0, FIRST, 0, 1, 2)
    assert seat.heights == [1]
    seat.give(events.Voting(True))
    (second,) = make_chain(0, "second", parent=FIRST)
    seat.offered(0, second)
    assert [vote.seq for vote in seat.said(Prepare)] == [2]


@pytest.mark.rule("P-6.6", "P-7.1")
def test_a_seat_that_pauses_keeps_the_block_that_it_is_locked_on() -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST)
    seat.prepared_by(0, FIRST, 0, 1, 2)
    seat.give(events.Voting(False))
    seat.offered(0, make_block(GENESIS, 1, 0, [b"another"]))
    seat.forget()
    seat.hear(1, FetchBody(FIRST.header.hash))
    assert [m.block for m in seat.said(Body)] == [FIRST]


@pytest.mark.rule("P-6.6")
def test_a_leader_whose_disk_is_full_hands_over_first() -> None:
    seat = Seat(me=0)
    seat.give(events.Voting(False))
    assert [m.view for m in seat.said(Suspect)] == [0]
    assert seat.replica.wanted() is None


@pytest.mark.rule("P-6.6", "P-4.7")
def test_a_seat_that_comes_back_looks_up_to_the_view_that_the_street_is_in() -> None:
    seat = Seat(me=3)
    seat.give(events.Voting(False))
    seat.hear(0, Body(FIRST))
    seat.offered(0, FIRST)
    seat.committed_by(2, FIRST, 0, 1, 2)
    assert seat.heights == [1]
    seat.give(events.Voting(True))
    assert seat.replica.views.promised == 2
    assert [m.view for m in seat.said(FetchNewView)] == [2]
    (second,) = make_chain(0, "second", parent=FIRST)
    seat.offered(0, second)
    assert not seat.said(Prepare)


@pytest.mark.rule("P-6.6", "P-4.1")
@pytest.mark.parametrize("view", [0, 1])
def test_a_leader_that_comes_back_proposes_no_second_block_for_a_height(view: int) -> None:
    """Found by seed 20002892: its first block at that height rested on one that lost."""
    seat = Seat(me=0)
    (lost, above) = make_chain(0, "lost", "above")
    for block in (lost, above):
        seat.give(events.Proposed(block))
    assert [m.block for m in seat.said(PrePrepare)] == [lost, above]
    seat.give(events.Voting(False))
    (won,) = make_chain(0 if view == 0 else 1, "won")
    seat.offered(1, won)
    seat.hear(1, Body(won))
    seat.committed_by(view, won, 1, 2, 3)
    seat.hear(1, Body(won))
    assert seat.heights == [1]
    seat.give(events.Voting(True))
    assert seat.replica.wanted() is None
