"""Time (docs/protocol.md section 9): heartbeats, patience, and what is said again."""

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Reason
from liandao_node.consensus.timers import patience_ms
from liandao_node.limits import (
    CENSORSHIP_MS,
    LEADER_DOWN_MS,
    PROGRESS_MS_MAX,
    PROGRESS_MS_MIN,
    STATUS_MS,
    VIEW_CHANGE_MS_MAX,
)
from liandao_node.types import Millis, ShopId
from liandao_node.wire.messages import Status, Suspect, ViewChange
from support.consensus_forms import final, make_chain, suspect
from support.seat import Seat


def _wait_for(seat: Seat) -> None:
    seat.give(events.Waiting(Millis(seat.now)))


@pytest.mark.rule("P-9.1")
def test_a_heartbeat_a_second_says_where_the_seat_stands() -> None:
    seat = Seat(me=3)
    seat.forget()
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.committed_by(0, block, 0, 1, 2)
    seat.wait(3 * STATUS_MS)
    beats = seat.said(Status)
    assert len(beats) == 3
    assert (beats[-1].view, beats[-1].promised, beats[-1].tip_seq) == (0, 0, 1)
    assert beats[-1].certificate == final(0, block)


@pytest.mark.rule("P-9.2")
def test_nobody_loses_patience_while_there_is_nothing_to_agree_on() -> None:
    """T37."""
    seat = Seat(me=3)
    seat.wait(600_000)
    assert seat.reasons() == set()
    _wait_for(seat)
    seat.wait(patience_ms(seat.replica) - 50)
    assert seat.reasons() == set(), "it starts with the request, not with the last block"
    seat.wait(100)
    assert seat.reasons() == {Reason.NO_PROGRESS}


@pytest.mark.rule("P-9.2")
def test_patience_follows_the_street_within_bounds() -> None:
    """T31."""
    seat = Seat(me=3)
    clocks = seat.replica.clocks
    clocks.commit_ms = Millis(1)
    assert patience_ms(seat.replica) == PROGRESS_MS_MIN
    clocks.commit_ms = Millis(100)
    assert patience_ms(seat.replica) == 800
    clocks.commit_ms = Millis(10_000)
    assert patience_ms(seat.replica) == PROGRESS_MS_MAX


@pytest.mark.rule("P-9.2")
def test_patience_doubles_with_each_view_that_fails_up_to_a_cap_and_a_block_resets_it() -> None:
    """T30, T31."""
    seat = Seat(me=3)
    seen = []
    for failed in range(40):
        seat.replica.clocks.failed_views = failed
        seen.append(patience_ms(seat.replica))
    assert seen[:4] == [1_000, 1_000, 2_000, 4_000]
    assert max(seen) == VIEW_CHANGE_MS_MAX
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.committed_by(0, block, 0, 1, 2)
    assert seat.replica.clocks.failed_views == 0


@pytest.mark.rule("P-9.3")
def test_wish_and_promise_are_said_again_every_second() -> None:
    seat = Seat(me=3)
    seat.hear(0, suspect(0, 0))
    seat.forget()
    seat.wait(2 * STATUS_MS)
    assert len(seat.said(Suspect)) == 2
    seat.hear(1, suspect(1, 0))
    seat.forget()
    seat.wait(2 * STATUS_MS)
    assert [message.view for message in seat.said(ViewChange)] == [1, 1]


def test_a_delivery_ends_a_suspicion_of_slowness() -> None:
    seat = Seat(me=3)
    _wait_for(seat)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.wait(2_000)
    assert seat.reasons() == {Reason.NO_PROGRESS}
    seat.committed_by(0, block, 0, 1, 2)
    seat.give(events.Waiting(None))
    seat.forget()
    seat.wait(5 * STATUS_MS)
    assert seat.said(Suspect) == []


@pytest.mark.rule("P-9.4")
def test_a_leader_whose_channel_is_down_is_left_soon() -> None:
    """T25."""
    seat = Seat(me=3)
    seat.give(events.PeerDown(ShopId(0)))
    seat.wait(10_000)
    assert seat.reasons() == set(), "idle: nobody needs a leader"
    _wait_for(seat)
    seat.wait(LEADER_DOWN_MS + 50)
    assert seat.reasons() == {Reason.LEADER_DOWN}


@pytest.mark.rule("P-9.4")
def test_a_leader_is_not_given_up_when_no_quorum_could_go_on_without_it() -> None:
    seat = Seat(me=3)
    for peer in (0, 1):
        seat.give(events.PeerDown(ShopId(peer)))
    _wait_for(seat)
    seat.wait(LEADER_DOWN_MS + 100)
    assert seat.reasons() == set()


@pytest.mark.rule("P-9.5")
def test_a_request_that_others_overtake_for_ten_seconds_is_censored() -> None:
    """T25: blocks are made, but never with this request."""
    seat = Seat(me=3)
    _wait_for(seat)
    parent = None
    for at in range(CENSORSHIP_MS // 200 + 1):
        (parent,) = make_chain(0, f"other {at}", parent=parent)
        seat.offered(0, parent)
        seat.committed_by(0, parent, 0, 1, 2)
        seat.wait(200)
    assert seat.reasons() == {Reason.CENSORSHIP}


def test_a_new_leader_gets_ten_seconds_of_its_own() -> None:
    seat = Seat(me=3)
    _wait_for(seat)
    seat.now += CENSORSHIP_MS
    seat.follow(1)
    seat.forget()
    seat.wait(500)
    assert Reason.CENSORSHIP not in seat.reasons()


def test_a_clock_that_stands_still_or_goes_back_does_no_harm() -> None:
    """T38: the core takes no time that is before what it has seen."""
    seat = Seat(me=3)
    seat.now = 10_000_000
    seat.give(events.Tick())
    seat.now = 5
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.committed_by(0, block, 0, 1, 2)
    assert seat.heights == [1]
    assert seat.replica.clocks.now == 10_000_000
