"""Leaders that show one view to some and another to others (P-5.9, P-6.5)."""

import pytest
from liandao_node.consensus.effects import Durable, Note, Reason, Tip
from liandao_node.types import Seq, View
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import Prepare, ViewChange
from support.consensus_forms import final, lock, make_chain, new_view, view_change
from support.seat import Seat


def _changes(view: int, *locks: Certificate | None) -> list[ViewChange]:
    """Promises of the first seats, each with one of the locks."""
    return [view_change(shop, view, held) for shop, held in enumerate(locks)]


def _learned(block: Block, view: int) -> Seat:
    """A seat that learned of ``view`` by a block that is final in it."""
    seat = Seat(me=3)
    seat.replica.bodies[block.header.hash] = block
    seat.committed_by(view, block, 0, 1, 2)
    assert seat.heights == [block.header.seq]
    seat.forget()
    return seat


@pytest.mark.rule("P-6.5")
def test_a_second_new_view_against_what_is_final_halts_nobody() -> None:
    """The leader of view 1 showed the others another NEW-VIEW, and they agreed under it."""
    (block,) = make_chain(1, "final")
    seat = _learned(block, 1)
    side, top = make_chain(0, "side", "top")
    seat.replica.bodies |= {b.header.hash: b for b in (side, top)}
    seat.hear(1, new_view(1, 1, _changes(1, None, lock(0, top), None)))
    assert seat.halted is None
    assert [report.about for report in seat.notes(Note.CONFLICTING_NEW_VIEW)] == [1]
    assert seat.reasons() == {Reason.EQUIVOCATION}
    (next_block,) = make_chain(1, "next", parent=block)
    seat.offered(1, next_block)
    assert seat.said(Prepare) == []
    seat.replica.bodies[next_block.header.hash] = next_block
    seat.committed_by(1, next_block, 0, 1, 2)
    assert seat.heights == [1, 2]


def test_a_false_base_is_given_up_when_the_view_makes_other_blocks_final() -> None:
    seat = Seat(me=3)
    side, top = make_chain(0, "side", "top")
    seat.offered(0, side, top)
    seat.hear(1, new_view(1, 1, _changes(1, None, lock(0, top), None)))
    assert seat.replica.head[0] == 2
    (block,) = make_chain(1, "final")
    seat.replica.bodies[block.header.hash] = block
    seat.committed_by(1, block, 0, 1, 2)
    assert seat.heights == [1]
    assert seat.replica.head == (1, block.header.hash)
    assert seat.reasons() == {Reason.EQUIVOCATION}
    assert seat.halted is None


@pytest.mark.rule("P-6.5")
@pytest.mark.parametrize("same_height", [True, False])
def test_a_new_view_against_what_was_final_in_an_older_view_is_an_alarm(same_height: bool) -> None:
    """More than f seats lie; nothing may leave after it."""
    (block,) = make_chain(0, "final")
    tip = Tip(Seq(1), block.header.hash, final(0, block))
    seat = Seat(me=3, tip=tip, durable=Durable(promised=View(0), view=View(0)))
    seat.forget()
    (other,) = make_chain(0, "other")
    held = lock(0, other) if same_height else None
    seat.hear(1, new_view(1, 1, _changes(1, held, None, None)))
    assert seat.halted == "NEW_VIEW_CONTRADICTS_FINAL_BLOCK"
    assert seat.sent == []
    seat.wait(5_000)
    assert seat.sent == []


@pytest.mark.rule("P-6.5")
def test_two_certificates_that_contradict_each_other_are_an_alarm() -> None:
    seat = Seat(me=3)
    (one,) = make_chain(0, "one")
    other, above = make_chain(0, "other", "above")
    seat.replica.bodies |= {b.header.hash: b for b in (one, other, above)}
    seat.committed_by(0, one, 0, 1, 2)
    seat.replica.bodies |= {b.header.hash: b for b in (other, above)}
    seat.committed_by(0, above, 0, 1, 2)
    assert seat.halted == "CHAIN_FORKED"
