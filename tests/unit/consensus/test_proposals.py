"""Proposing and accepting blocks (P-4.1 to P-4.4, P-3.3)."""

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Deliver, Note, Reason
from liandao_node.limits import PIPELINE_DEPTH, WINDOW_SEQS
from liandao_node.types import ChainId, Epoch, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.messages import Prepare, PrePrepare
from msgspec.structs import replace
from support.consensus_forms import (
    GENESIS,
    lock,
    make_block,
    make_chain,
    new_view,
    prepare,
    proposal,
    view_change,
)
from support.seat import Seat


@pytest.mark.rule("P-4.1")
def test_a_leader_proposes_until_the_pipeline_is_full() -> None:
    seat = Seat(me=0)
    for at in range(PIPELINE_DEPTH):
        block = seat.propose(b"%d" % at)
        assert seat.said(PrePrepare)[-1] == proposal(0, 0, block)
    assert seat.replica.wanted() is None
    first = seat.said(PrePrepare)[0].block
    seat.prepared_by(0, first, 1, 2)
    seat.committed_by(0, first, 1, 2)
    assert seat.heights == [1]
    assert seat.replica.wanted() is not None


@pytest.mark.rule("P-4.1")
def test_nobody_else_is_asked_for_a_block() -> None:
    for me in (1, 2, 3):
        assert Seat(me=me).replica.wanted() is None


def test_a_block_for_a_place_that_is_gone_is_dropped() -> None:
    seat = Seat(me=0)
    late = make_block(GENESIS, 1, 0, [b"late"])
    seat.propose(b"sale")
    seat.forget()
    seat.give(events.Proposed(late))
    assert seat.sent == []


@pytest.mark.rule("P-4.2")
def test_a_proposal_is_executed_before_it_is_voted_on() -> None:
    seat = Seat(me=1)
    seat.ledger_waits = True
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    assert [execute.block for execute in seat.unexecuted] == [block]
    assert seat.said(Prepare) == []
    seat.answer(seat.unexecuted[0])
    assert seat.said(Prepare) == [prepare(1, 0, block)]


@pytest.mark.rule("P-4.2")
def test_proposals_are_taken_in_order_however_they_come() -> None:
    """T11."""
    seat = Seat(me=1)
    blocks = make_chain(0, "a", "b", "c")
    seat.offered(0, *reversed(blocks))
    assert seat.said(Prepare) == [prepare(1, 0, block) for block in blocks]


def test_a_proposal_outside_the_window_is_not_kept() -> None:
    seat = Seat(me=1)
    chain = make_chain(0, *map(str, range(WINDOW_SEQS + 1)))
    seat.offered(0, chain[-1])
    assert not seat.replica.early
    seat.offered(0, chain[-2])
    assert len(seat.replica.early) == 1


def test_only_the_leader_proposes_and_only_its_own_blocks() -> None:
    seat = Seat(me=1)
    (block,) = make_chain(2, "sale")
    seat.hear(2, proposal(2, 0, block))
    seat.hear(0, proposal(0, 0, block))
    assert [report.about for report in seat.notes(Note.BAD_PROPOSAL)] == [2, 0]
    assert seat.said(Prepare) == []


def _with(block: Block, **fields: object) -> Block:
    return Block(replace(block.header, **fields), block.txs)


FIRST = make_block(GENESIS, 1, 0, [b"sale"])
BAD = {
    "another parent": make_block(FIRST.header.hash, 1, 0, [b"sale"]),
    "another street": _with(FIRST, chain_id=ChainId(b"d" * 32)),
    "another version": _with(FIRST, version=2),
    "another epoch": _with(FIRST, epoch=Epoch(1)),
    "no calls": _with(FIRST, call_count=0),
    "a next committee that is no digest": _with(FIRST, next_committee=b"n" * 31),
    "other transactions": Block(FIRST.header, [b"another sale"]),
    "transactions twice": Block(FIRST.header, FIRST.txs * 2),
}


@pytest.mark.rule("P-3.3")
@pytest.mark.rule("P-4.4")
@pytest.mark.parametrize("fault", sorted(BAD))
def test_a_proposal_that_breaks_a_rule_gets_no_vote_and_its_leader_is_left(fault: str) -> None:
    seat = Seat(me=1)
    seat.hear(0, replace(proposal(0, 0, BAD[fault]), epoch=Epoch(0)))
    assert seat.executed == []
    assert seat.said(Prepare) == []
    assert seat.notes(Note.BAD_PROPOSAL)
    assert seat.reasons() == {Reason.BAD_PROPOSAL}
    seat.offered(0, FIRST)
    assert seat.said(Prepare) == [], "nothing more of this leader in this view"


@pytest.mark.rule("P-4.4")
def test_a_block_that_the_ledger_refuses_gets_no_vote_nor_what_follows_it() -> None:
    seat = Seat(me=1)
    good, bad, above = make_chain(0, "good", "bad", "above")
    seat.invalid = {bad.header.hash}
    seat.offered(0, good, bad, above)
    assert seat.said(Prepare) == [prepare(1, 0, good)]
    assert seat.reasons() == {Reason.BAD_PROPOSAL}


@pytest.mark.rule("P-4.3")
def test_rules_of_time_are_for_proposals_and_not_for_a_base() -> None:
    """A base was vouched for by a quorum and may be old; the ledger is told which is which."""
    seat = Seat(me=2)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    assert [execute.fresh for execute in seat.executed] == [True]
    seat.prepared_by(0, block, 1, 3)
    held = seat.disk.locked
    seat.forget()
    seat.hear(1, new_view(1, 1, [view_change(0, 1, held), view_change(1, 1), view_change(3, 1)]))
    assert [execute.fresh for execute in seat.executed] == [False]


@pytest.mark.rule("P-4.3")
def test_a_block_refused_as_too_old_may_still_be_the_next_base() -> None:
    """The answer about the proposal comes when the block is a base already."""
    seat = Seat(me=2)
    seat.ledger_waits = True
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    held = view_change(0, 1, lock(0, block, (0, 1, 3)))
    seat.hear(1, new_view(1, 1, [held, view_change(1, 1), view_change(3, 1)]))
    as_proposal, as_base = seat.unexecuted
    seat.answer(as_proposal, valid=False)
    assert seat.halted is None
    seat.answer(as_base, valid=True)
    assert seat.said(Prepare)[-1] == prepare(2, 1, block)


def test_a_node_that_refuses_what_a_quorum_prepared_computes_otherwise() -> None:
    seat = Seat(me=2)
    below, base = make_chain(0, "below", "base")
    seat.invalid = {below.header.hash}
    seat.replica.bodies |= {block.header.hash: block for block in (below, base)}
    held = view_change(0, 1, lock(0, base, (0, 1, 3)))
    seat.hear(1, new_view(1, 1, [held, view_change(1, 1), view_change(3, 1)]))
    assert seat.halted == "STATE_DIVERGED"


def test_two_proposals_for_one_height_are_reported_and_the_first_stands() -> None:
    """T4."""
    seat = Seat(me=1)
    (one,), (other,) = make_chain(0, "one"), make_chain(0, "other")
    seat.offered(0, one, other)
    assert [report.about for report in seat.notes(Note.EQUIVOCATION)] == [0]
    assert Reason.EQUIVOCATION in seat.reasons()
    assert seat.said(Prepare) == [prepare(1, 0, one)]
    seat.prepared_by(0, one, 2)
    seat.committed_by(0, one, 0, 2)
    assert seat.heights == [1], "it goes on voting until a quorum leaves the view"


def test_a_new_leader_is_not_accused_of_what_the_old_one_proposed() -> None:
    """Both proposed for height 1; this seat is still writing its entry into view 1."""
    seat = Seat(me=2)
    (old,), (new,) = make_chain(0, "old"), make_chain(1, "new")
    seat.offered(0, old)
    seat.disk_waits = True
    seat.hear(1, new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 3)]))
    seat.offered(1, new)
    seat.write()
    assert seat.notes(Note.EQUIVOCATION) == []
    assert seat.said(Prepare)[-1] == prepare(2, 1, new)


def test_a_proposal_kept_for_a_view_that_never_came_stands_in_nobodys_way() -> None:
    seat = Seat(me=3)
    first, second = make_chain(0, "first", "second")
    seat.offered(0, second)
    (new,) = make_chain(1, "new")
    seat.disk_waits = True
    seat.hear(1, new_view(1, 1, [view_change(shop, 1) for shop in (0, 1, 2)]))
    _, newer = make_chain(1, "new", "newer")
    seat.offered(1, newer, new)
    seat.write()
    assert seat.notes(Note.EQUIVOCATION) == []
    assert seat.said(Prepare) == [prepare(3, 1, new), prepare(3, 1, newer)]
    assert first.header.seq == Seq(1)


def test_a_lone_seat_agrees_with_itself() -> None:
    seat = Seat(size=1)
    seat.propose(b"sale")
    assert [(d.block.txs, d.certificate is not None) for d in seat.delivered] == [([b"sale"], True)]
    assert isinstance(seat.delivered[0], Deliver)
    assert seat.replica.me == ShopId(0)
