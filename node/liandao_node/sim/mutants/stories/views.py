"""Stories of view changes, restarts and certificates that others made."""

from msgspec.structs import replace

from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.sim.mutants.forms import (
    CHAIN,
    NO_SIGNATURE,
    commit,
    committee_of,
    final,
    lock,
    make_chain,
    new_view,
    prepare,
    suspect,
    view_change,
)
from liandao_node.sim.mutants.seat import LoneSeat
from liandao_node.sim.signatures import CHEAP
from liandao_node.wire.blocks import COMMIT
from liandao_node.wire.messages import Body, Commit, NewView, Prepare, ViewChange

(SALE,) = make_chain(0, b"sale")
(OTHER,) = make_chain(0, b"other")
LOW, MIDDLE, HIGH = make_chain(0, b"low", b"middle", b"high")
(LATER,) = make_chain(2, b"later")


def a_later_view_beats_height() -> None:
    """T6: a lock on height 3 of view 0 was given up; one on height 1 of view 2 was not."""
    seat = LoneSeat(1, bodies=[LOW, MIDDLE, HIGH, LATER])
    old, new = lock(0, HIGH), lock(2, LATER)
    changes = [view_change(0, 3, new), view_change(2, 3, new), view_change(3, 3, old)]
    seat.hear(3, new_view(3, 3, changes))
    seat.hear(0, Body(LATER))
    assert seat.said(Prepare) == [prepare(1, 3, LATER)], "the base is not the greatest lock"


def the_greatest_lock_comes_last() -> None:
    """T6."""
    seat = LoneSeat(3)
    changes = [
        view_change(0, 1, lock(0, LOW)),
        view_change(1, 1, lock(0, LOW)),
        view_change(2, 1, lock(0, HIGH)),
    ]
    seat.hear(1, new_view(1, 1, changes))
    for block in (HIGH, MIDDLE, LOW):
        seat.hear(1, Body(block))
    assert seat.said(Prepare) == [prepare(3, 1, HIGH)], "the base is not the greatest lock"


def a_base_on_blocks_that_are_not_final() -> None:
    """T6, P-5.8."""
    seat = LoneSeat(3)
    locked = lock(0, HIGH)
    seat.hear(1, new_view(1, 1, [view_change(shop, 1, locked) for shop in (0, 1, 2)]))
    for block in (HIGH, MIDDLE, LOW):
        seat.hear(1, Body(block))
    assert seat.executed == [LOW, MIDDLE, HIGH]
    low = [word.seq for word in seat.said(Prepare) if word.seq < HIGH.header.seq]
    assert not low, f"PREPARE below the base: {low}"


def a_lock_that_only_a_liar_has() -> None:
    """P-5.10: the leader of view 1 lacks the block, and three promises do without it."""
    seat = LoneSeat(1)
    for shop in (0, 2, 3):
        seat.hear(shop, suspect(shop, 0))
    seat.hear(3, view_change(3, 1, lock(0, SALE)))
    seat.hear(0, view_change(0, 1))
    seat.hear(2, view_change(2, 1))
    seats = [{change.seat for change in opened.view_changes} for opened in seat.said(NewView)]
    assert seats == [{0, 1, 2}], "the view begins with a block that only a liar has"


def a_leader_that_proposes_anew_to_a_seat_that_restarted() -> None:
    """T14."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    assert seat.said(Prepare) == [prepare(3, 0, SALE)]
    back = seat.restart()
    back.offered(0, OTHER)
    assert back.said(Prepare) == [], "two PREPAREs in one slot, by two lives"


def a_promise_across_a_power_cut() -> None:
    """T12: it promises view 1, restarts, and is shown that view 0 has prepared a block."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    for shop in (1, 2):
        seat.hear(shop, suspect(shop, 0))
    assert seat.said(ViewChange)
    back = seat.restart()
    back.offered(0, SALE)
    back.prepared_by(0, SALE, 1, 2)
    assert back.said(Commit) == [], "COMMIT in a view that an earlier life promised to leave"


def a_promise_on_a_slow_disk() -> None:
    """P-5.4."""
    seat = LoneSeat(3)
    seat.disk_waits = True
    for shop in (1, 2):
        seat.hear(shop, suspect(shop, 0))
    assert seat.said(ViewChange) == [], "VIEW-CHANGE before its promise is durable"
    seat.write()
    assert len(seat.said(ViewChange)) == 1


def a_view_with_two_promises() -> None:
    """T8: the leader leaves out the promises that show the lock."""
    seat = LoneSeat(3)
    seat.hear(1, new_view(1, 1, [view_change(0, 1), view_change(1, 1)]))
    assert seat.replica.views.current == 0, "a view began with two of four promises"


def one_voice_for_a_far_view() -> None:
    """T32."""
    seat = LoneSeat(3)
    seat.hear(2, suspect(2, 40), view_change(2, 50))
    assert seat.replica.views.promised == 0, "one seat moved another into its view"


def a_promise_with_an_invented_lock() -> None:
    """T7."""
    seat = LoneSeat(3)
    invented = replace(lock(0, OTHER), signatures=[NO_SIGNATURE] * 3)
    changes = [view_change(0, 1), view_change(1, 1, invented), view_change(2, 1)]
    seat.hear(1, new_view(1, 1, changes))
    assert seat.replica.views.current == 0, "a view began on a lock that nobody signed"


def one_signer_for_three() -> None:
    """T7."""
    checker = CertificateChecker(committee_of(4), CHAIN, CHEAP.verify)
    good = final(0, SALE)
    assert checker.holds(good, COMMIT)
    padded = replace(good, signatures=good.signatures[:1] * 3, signers=1)
    assert not checker.holds(padded, COMMIT), "one signature three times is no quorum"


def a_copy_of_this_seat() -> None:
    """T15, P-6.7: its key signs a COMMIT on another computer."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    seat.hear(0, commit(0, 0, SALE))
    certificate = final(0, SALE, (0, 2, 3))
    change = view_change(0, 1, None, certificate)
    others = [view_change(shop, 1) for shop in (1, 2)]
    seat.hear(1, new_view(1, 1, [change, *others]))
    assert seat.halted == "KEY_IN_USE_ELSEWHERE", "it goes on beside its copy"
