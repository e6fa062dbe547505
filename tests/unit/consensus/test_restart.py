"""What survives a power cut, and how a seat comes back (docs/protocol.md section 6)."""

import pytest
from liandao_node.consensus.effects import Durable, Reason, Tip
from liandao_node.types import Seq, View
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchNewView,
    NewView,
    Prepare,
    PrePrepare,
    Suspect,
    ViewChange,
)
from support.consensus_forms import (
    commit,
    final,
    lock,
    make_chain,
    new_view,
    status,
    suspect,
    view_change,
)
from support.seat import AT_GENESIS, Seat


def _back(
    me: int,
    view: int,
    *blocks: Block,
    promised: int | None = None,
    held: Certificate | None = None,
    tip: Tip = AT_GENESIS,
    size: int = 4,
) -> Seat:
    """A seat's next life."""
    opening = None
    if view > 0:
        changes = [view_change(shop, view) for shop in range(size) if shop != me]
        opening = new_view(view % size, view, changes)
    durable = Durable(
        promised=View(view if promised is None else promised),
        view=View(view),
        locked=held,
        view_change=None if promised is None else view_change(me, promised, held),
        new_view=opening,
    )
    return Seat(size=size, me=me, durable=durable, tip=tip, bodies=blocks)


@pytest.mark.rule("P-6.1")
def test_a_record_holds_promise_view_lock_and_what_the_lock_rests_on() -> None:
    seat = Seat(me=3)
    low, high = make_chain(0, "low", "high")
    seat.offered(0, low, high)
    seat.prepared_by(0, low, 1, 2)
    seat.prepared_by(0, high, 1, 2)
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    assert seat.disk == Durable(
        promised=View(1),
        view=View(0),
        locked=lock(0, high, (0, 1, 3)),
        view_change=view_change(3, 1, lock(0, high, (0, 1, 3))),
    )
    assert [body for record in seat.saved for body in record.bodies] == [low, high]


@pytest.mark.rule("P-6.1")
def test_a_lock_brings_bodies_that_were_fetched_below_a_stored_one() -> None:
    """T12: after a power cut the ledger had lost a block that this seat never locked."""
    low, middle, high = make_chain(0, "low", "middle", "high")
    seat = _back(3, 0, middle, held=lock(0, middle))
    seat.replica.bodies[low.header.hash] = low
    changes = [view_change(0, 1, lock(0, middle)), view_change(1, 1), view_change(2, 1)]
    seat.hear(1, new_view(1, 1, changes))
    seat.prepared_by(1, middle, 0, 1)
    assert seat.disk.locked == lock(1, middle, (0, 1, 3))
    assert seat.saved[-1].bodies == (low,)
    assert high.header.seq == Seq(3)


@pytest.mark.rule("P-6.2")
def test_nothing_that_binds_is_said_before_its_record_is_written() -> None:
    """T12: crash at any of these writes, and nobody heard of what was lost."""
    seat = Seat(me=1)
    seat.disk_waits = True
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.prepared_by(0, block, 2)
    assert seat.said(Commit) == []
    seat.write()
    assert seat.said(Commit) == [commit(1, 0, block)]
    seat.hear(2, suspect(2, 0), view_change(2, 1))
    seat.hear(3, suspect(3, 0), view_change(3, 1))
    assert seat.said(ViewChange) == []
    seat.write()
    assert len(seat.said(ViewChange)) == 1
    assert seat.said(NewView) == []
    seat.write()
    assert len(seat.said(NewView)) == 1
    assert not seat.unwritten


@pytest.mark.rule("P-6.3")
def test_no_prepare_in_a_view_that_an_earlier_life_may_have_voted_in() -> None:
    """T14."""
    seat = _back(2, 4)
    (block,) = make_chain(0, "sale")
    seat.offered(4, block)
    assert [execute.block for execute in seat.executed] == [block]
    assert seat.said(Prepare) == []
    seat.prepared_by(4, block, 1, 3)
    assert seat.said(Commit) == [commit(2, 4, block)], "what a quorum prepared it may lock"


@pytest.mark.rule("P-6.3")
def test_a_leader_that_comes_back_proposes_nothing_and_resigns_at_once() -> None:
    seat = _back(0, 4)
    assert seat.replica.wanted() is None
    assert seat.reasons() == {Reason.FENCED}
    assert {message.view for message in seat.said(Suspect)} == {4}
    seat.hear(1, suspect(1, 4))
    seat.hear(2, suspect(2, 4))
    assert [message.view for message in seat.said(ViewChange)] == [5]
    assert seat.said(PrePrepare) == []


def test_the_fence_does_not_reach_beyond_the_view_it_came_back_to() -> None:
    seat = _back(2, 4)
    seat.follow(5)
    (block,) = make_chain(1, "sale")
    seat.offered(5, block)
    assert [message.view for message in seat.said(Prepare)] == [5]


def test_a_fenced_seat_votes_for_no_base_either() -> None:
    base_chain = make_chain(1, "base")
    seat = Seat(
        me=2,
        durable=Durable(
            promised=View(4),
            view=View(4),
            new_view=new_view(
                0,
                4,
                [view_change(0, 4, lock(3, base_chain[0])), view_change(1, 4), view_change(3, 4)],
            ),
        ),
        bodies=base_chain,
    )
    assert [execute.block for execute in seat.executed] == base_chain
    assert seat.said(Prepare) == []


@pytest.mark.rule("P-6.3")
def test_a_promise_is_kept_and_said_again() -> None:
    seat = _back(2, 4, promised=7)
    assert seat.said(ViewChange)[0] == view_change(2, 7)
    assert not seat.replica.active
    (block,) = make_chain(0, "sale")
    seat.offered(4, block)
    assert seat.said(Prepare) == []
    assert seat.said(Suspect) == []


@pytest.mark.rule("P-6.4")
def test_a_lock_never_goes_down() -> None:
    """The seat comes back to its view with a lock on height 3, and locks 1 again.

    Height 3 may be final by that lock. If a promise now carried height 1, it could be undone.
    """
    low, middle, high = make_chain(0, "low", "middle", "high")
    held = lock(0, high)
    seat = _back(3, 0, low, middle, high, held=held)
    seat.offered(0, low)
    seat.prepared_by(0, low, 0, 1, 2)
    assert seat.said(Commit) == [commit(3, 0, low)]
    assert seat.disk.locked == held
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    assert seat.said(ViewChange) == [view_change(3, 1, held)]


@pytest.mark.rule("P-7.1")
def test_a_stored_block_below_one_that_a_power_cut_took_is_there_for_all() -> None:
    """The middle one had been fetched, and lay in the ledger alone: what was stored with a lock
    before it hangs in the air. It was forgotten, and the street stood still (seed 90006356)."""
    low, middle, high = make_chain(0, "low", "middle", "high")
    held = lock(0, high)
    (beside,) = make_chain(1, "of a view that led nowhere")
    seat = _back(3, 4, low, high, held=held)
    seat.hear(1, new_view(1, 5, [view_change(shop, 5, held) for shop in range(3)]))
    seat.forget()
    seat.hear(1, FetchBody(low.header.hash))
    assert seat.said(Body) == [Body(low)]
    seat.hear(1, Body(middle))
    assert [execute.block for execute in seat.executed] == [low, middle, high]
    whole = _back(3, 4, low, middle, high, beside, held=held)
    whole.hear(1, FetchBody(beside.header.hash))
    assert whole.said(Body) == [], "nothing final rests on it"


def test_a_tip_of_a_view_that_the_voter_had_yet_to_enter_is_taken_at_its_word() -> None:
    """Else its promise of view 5 would carry a certificate of view 8 and be refused."""
    (block,) = make_chain(0, "sale")
    tip = Tip(Seq(1), block.header.hash, final(8, block))
    seat = _back(2, 4, tip=tip)
    assert seat.replica.views.promised == 8
    assert not seat.replica.active
    seat.hear(0, status(8, 8, final(8, block)))
    assert 8 in [message.view for message in seat.said(FetchNewView)]
    seat.hear(1, suspect(1, 8))
    seat.hear(3, suspect(3, 8))
    (spoken,) = seat.said(ViewChange)
    assert spoken.view == 9
    assert seat.replica.checker.view_change_holds(spoken)


def test_a_lone_seat_restarts_as_often_as_it_likes() -> None:
    """n = 1: its own resignation is a quorum."""
    seat = Seat(size=1)
    seat.propose(b"first")
    tip = seat.replica.tip
    for life in range(1, 4):
        seat = Seat(size=1, durable=seat.disk, tip=tip)
        assert (seat.replica.views.current, seat.replica.active) == (life, True)
        seat.propose(b"again")
        assert seat.heights == [life + 1]
        tip = seat.replica.tip


def test_a_first_start_enters_view_0() -> None:
    seat = Seat(me=2)
    assert (seat.disk.promised, seat.disk.view) == (0, 0)
    assert seat.replica.active
    assert seat.reasons() == set()
