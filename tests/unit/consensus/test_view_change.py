"""Leaving a leader and following the next one (docs/protocol.md section 5)."""

import pytest
from liandao_node.consensus.effects import Note, Reason
from liandao_node.consensus.view_change import SUSPICION_MS
from liandao_node.types import Signature
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    NewView,
    Prepare,
    PrePrepare,
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
    status,
    suspect,
    view_change,
)
from support.seat import Seat


def _changes(view: int, *locks: Certificate | None) -> list[ViewChange]:
    """Promises of the first seats, each with one of the locks."""
    return [view_change(shop, view, held) for shop, held in enumerate(locks)]


# --- suspicion ---


@pytest.mark.rule("P-5.2")
def test_a_suspicion_binds_nobody() -> None:
    """The seat that suspects goes on voting."""
    seat = Seat(me=1)
    (block,), (other,) = make_chain(0, "sale"), make_chain(0, "other")
    seat.offered(0, block, other)
    assert seat.said(Suspect)
    assert seat.replica.active
    seat.prepared_by(0, block, 2)
    assert seat.said(Commit) == [commit(1, 0, block)]


@pytest.mark.rule("P-5.3")
def test_f_plus_1_suspicions_are_joined_and_q_are_acted_on() -> None:
    """T32."""
    seat = Seat(me=3)
    seat.hear(1, suspect(1, 0))
    assert seat.said(Suspect) == []
    seat.hear(2, suspect(2, 0))
    assert seat.reasons() == {Reason.JOINED}
    assert [message.view for message in seat.said(ViewChange)] == [1]
    assert seat.disk.promised == 1


@pytest.mark.rule("P-5.3")
@pytest.mark.parametrize("size", [4, 5, 6])
def test_one_liar_alone_changes_no_view(size: int) -> None:
    """T32: however often and for whichever views it speaks."""
    seat = Seat(size=size, me=2)
    for view in (0, 0, 1, 5, 2**62):
        seat.hear(1, suspect(1, view), status(view, view + 1), view_change(1, view + 1))
    assert seat.said(Suspect) == []
    assert seat.said(ViewChange) == []
    assert seat.replica.views.promised == 0


@pytest.mark.rule("P-5.3")
def test_a_promise_above_a_view_counts_as_a_suspicion_of_it() -> None:
    """Leader 0, a liar, helped seat 2 over the line into view 1 and leaves 1 and 3 alone.

    With 2 they are Q, but nobody would ever hear three suspicions of view 0.
    """
    seat = Seat(me=3)
    seat.hear(2, view_change(2, 1))
    assert seat.said(Suspect) == []
    seat.hear(1, suspect(1, 0))
    assert seat.reasons() == {Reason.JOINED}
    assert [message.view for message in seat.said(ViewChange)] == [1]


def test_old_suspicions_are_forgotten() -> None:
    seat = Seat(me=3)
    seat.hear(1, suspect(1, 0))
    seat.wait(SUSPICION_MS + 50)
    seat.hear(2, suspect(2, 0))
    assert seat.said(Suspect) == []


def test_a_forged_suspicion_is_none() -> None:
    seat = Seat(me=3)
    seat.hear(1, suspect(2, 0))
    seat.hear(2, replace(suspect(2, 0), signature=Signature(b"")))
    assert [report.about for report in seat.notes(Note.FORGED_VOTE)] == [1, 2]
    assert not any(seat.replica.suspects.values())


@pytest.mark.rule("P-5.2")
def test_a_leader_that_resigns_is_left() -> None:
    seat = Seat(me=3)
    seat.hear(0, suspect(0, 0))
    assert seat.reasons() == {Reason.LEADER_RESIGNED}


@pytest.mark.rule("P-5.2")
def test_what_a_seat_suspected_before_a_view_began_is_not_held_against_it() -> None:
    seat = Seat(me=3)
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    seat.wait(5_000)  # nobody opens view 1: it is suspected, too
    assert Reason.NO_PROGRESS in seat.reasons()
    seat.hear(1, new_view(1, 1, _changes(1, None, None, None)))
    assert seat.replica.suspicion is None
    seat.forget()
    seat.hear(0, suspect(0, 1))
    seat.hear(2, suspect(2, 1))
    assert [message.view for message in seat.said(Suspect)] == [1], "it must be said again"


def test_a_flood_of_suspicions_and_promises_keeps_one_of_each_seat() -> None:
    """T39."""
    seat = Seat(me=1)
    for view in range(1, 3_000):
        seat.hear(3, suspect(3, view), view_change(3, view))
    assert len(seat.replica.suspects) == 1
    assert len(seat.replica.view_changes) == 1


# --- promises ---


@pytest.mark.rule("P-5.1")
@pytest.mark.rule("P-5.4")
def test_after_a_promise_no_vote_leaves_for_a_lower_view() -> None:
    """T9: not on a proposal, not on PREPAREs, not when an older write lands."""
    seat = Seat(me=3)
    one, two, three = make_chain(0, "one", "two", "three")
    seat.offered(0, one, two)
    seat.disk_waits = True
    seat.prepared_by(0, one, 1)
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    lock_record, promise_record = seat.unwritten
    assert (lock_record.state.promised, promise_record.state.promised) == (0, 1)
    seat.forget()
    seat.offered(0, three)
    seat.prepared_by(0, two, 1, 2)
    seat.write()
    seat.write()
    assert seat.said(Commit) == []
    assert seat.said(Prepare) == []
    (spoken,) = seat.said(ViewChange)
    assert spoken.prepared == lock_record.state.locked, "the lock travels, committed or not"


@pytest.mark.rule("P-5.4")
def test_a_promise_is_durable_before_it_is_said() -> None:
    seat = Seat(me=3)
    seat.disk_waits = True
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    assert seat.said(ViewChange) == []
    seat.write()
    assert seat.said(ViewChange) == [view_change(3, 1)]


def test_commits_of_the_view_that_was_left_still_make_blocks_final() -> None:
    """Neither direction of the dBFT deadlock exists."""
    seat = Seat(me=3)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    assert not seat.replica.active
    seat.committed_by(0, block, 0, 1, 2)
    assert seat.heights == [1]


@pytest.mark.rule("P-5.5")
def test_f_plus_1_seats_ahead_are_followed_to_what_they_share() -> None:
    """T32, T33."""
    seat = Seat(me=3)
    seat.hear(0, status(9, 12))
    assert seat.replica.views.promised == 0
    seat.hear(1, view_change(1, 7))
    assert seat.replica.views.promised == 7
    assert [message.view for message in seat.said(ViewChange)] == [7]


# --- new views ---


@pytest.mark.rule("P-5.6")
def test_a_new_leader_opens_its_view_with_q_promises() -> None:
    seat = Seat(me=1)
    seat.hear(0, view_change(0, 1))
    assert seat.said(NewView) == []
    seat.hear(2, view_change(2, 1))  # f+1 ahead: this seat follows, and is the third
    (opening,) = seat.said(NewView)
    assert opening == new_view(1, 1, [view_change(shop, 1) for shop in range(3)])
    assert seat.disk.new_view == opening, "durable before it is said"
    assert seat.replica.active
    assert seat.replica.wanted() is not None


def test_a_bad_promise_is_reported_and_not_used() -> None:
    """T7."""
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.hear(0, view_change(0, 1))
    seat.hear(2, view_change(2, 1, lock(0, block, (0, 1))))
    assert [report.about for report in seat.notes(Note.BAD_CERTIFICATE)] == [2]
    assert seat.said(NewView) == []


@pytest.mark.rule("P-5.8")
def test_the_base_is_voted_on_anew_and_nothing_below_it() -> None:
    """T6: the bodies below are executed; their commit follows from the base's."""
    seat = Seat(me=3)
    low, middle, high = make_chain(0, "low", "middle", "high")
    seat.offered(0, low, middle, high)
    seat.forget()
    seat.hear(1, new_view(1, 1, _changes(1, None, lock(0, high), lock(0, low))))
    assert [execute.block for execute in seat.executed] == [low, middle, high]
    assert seat.said(Prepare) == [prepare(3, 1, high)]
    seat.prepared_by(1, low, 0, 1, 2)
    seat.prepared_by(1, middle, 0, 1, 2)
    assert seat.said(Commit) == []
    assert seat.disk.locked is None
    seat.prepared_by(1, high, 0, 1)
    assert seat.said(Commit) == [commit(3, 1, high)]
    seat.committed_by(1, high, 0, 1)
    assert seat.heights == [1, 2, 3]


@pytest.mark.rule("P-5.7")
def test_a_view_goes_on_above_its_base() -> None:
    seat = Seat(me=1)
    (base,) = make_chain(0, "base")
    seat.offered(0, base)
    seat.hear(0, view_change(0, 1, lock(0, base, (0, 2, 3))))
    seat.hear(2, view_change(2, 1))
    assert seat.replica.wanted() is not None
    block = seat.propose(b"next")
    assert (block.header.seq, block.header.parent) == (2, base.header.hash)


@pytest.mark.rule("P-5.9")
def test_a_seat_follows_one_new_view_a_view_and_reports_another() -> None:
    """T8."""
    seat = Seat(me=3)
    (base,) = make_chain(0, "base")
    one = new_view(1, 1, _changes(1, None, None, None))
    other = new_view(1, 1, _changes(1, None, lock(0, base), None))
    seat.hear(1, one)
    seat.hear(1, one)
    assert seat.notes(Note.CONFLICTING_NEW_VIEW) == []
    seat.hear(0, other)
    assert [report.about for report in seat.notes(Note.CONFLICTING_NEW_VIEW)] == [1]
    assert seat.replica.views.base is None
    assert seat.disk.new_view == one


@pytest.mark.rule("P-5.9")
def test_no_vote_before_the_entry_is_durable() -> None:
    seat = Seat(me=3)
    seat.disk_waits = True
    (base,), (block,) = make_chain(0, "base"), make_chain(1, "new")
    seat.hear(1, new_view(1, 1, _changes(1, None, None, None)))
    seat.offered(1, block)
    assert seat.said(Prepare) == []
    assert seat.unwritten[-1].state.view == 1
    seat.write()
    assert seat.said(Prepare) == [prepare(3, 1, block)]
    assert base != block


@pytest.mark.rule("P-5.11")
def test_what_is_final_for_one_seat_of_a_new_view_is_final_for_all() -> None:
    """Without waiting for a heartbeat: the promises carry the certificates."""
    seat = Seat(me=3)
    low, high = make_chain(0, "low", "high")
    seat.offered(0, low, high)
    ahead = view_change(0, 1, None, final(0, high))
    seat.hear(1, new_view(1, 1, [ahead, view_change(1, 1), view_change(2, 1)]))
    assert seat.heights == [1, 2]
    (block,) = make_chain(1, "new", parent=high)
    seat.offered(1, block)
    assert seat.said(Prepare)[-1] == prepare(3, 1, block)


@pytest.mark.rule("P-5.10")
def test_a_lock_on_a_block_that_nobody_has_does_not_stop_a_new_leader() -> None:
    """A liar made a lock in view 0 that it alone knows, and shows it in every view since."""
    seat = Seat(me=2)
    (hidden,) = make_chain(0, "hidden")
    seat.hear(0, view_change(0, 2, lock(0, hidden, (0, 1, 3))))
    seat.hear(1, view_change(1, 2))
    assert seat.said(NewView) == []
    assert {message.block for message in seat.said(FetchBody)} == {hidden.header.hash}
    seat.hear(3, view_change(3, 2))
    (opening,) = seat.said(NewView)
    assert [change.seat for change in opening.view_changes] == [1, 2, 3]
    assert seat.replica.wanted() is not None


@pytest.mark.rule("P-5.10")
def test_a_new_leader_waits_for_a_base_that_it_needs() -> None:
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.hear(0, view_change(0, 1, lock(0, block, (0, 2, 3))))
    seat.hear(2, view_change(2, 1, lock(0, block, (0, 2, 3))))
    assert seat.said(NewView) == []
    seat.hear(2, Body(block))
    assert len(seat.said(NewView)) == 1
    assert seat.said(Prepare) == [prepare(1, 1, block)]


def test_an_entered_view_is_not_entered_again() -> None:
    seat = Seat(me=3)
    seat.hear(1, new_view(1, 1, _changes(1, None, None, None)))
    written = len(seat.saved)
    seat.hear(2, new_view(1, 1, _changes(1, None, None, None)))
    seat.hear(0, new_view(0, 0, _changes(0, None, None, None)))
    assert len(seat.saved) == written
    assert seat.said(PrePrepare) == []
