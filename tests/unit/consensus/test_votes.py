"""The vote book and what becomes final (P-4.5 to P-4.9)."""

import pytest
from liandao_node.consensus.effects import Note
from liandao_node.consensus.votes import Vote, VoteBook
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX, WINDOW_SEQS
from liandao_node.types import BlockHash, Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE
from liandao_node.wire.messages import Commit, FetchBody, FetchNewView, Prepare
from msgspec.structs import replace
from support.consensus_forms import (
    CHAIN,
    commit,
    committee_of,
    fake_verify,
    final,
    make_block,
    make_chain,
    prepare,
    proposal,
    status,
)
from support.seat import Seat


@pytest.mark.rule("P-4.6")
def test_commit_follows_q_prepares_and_the_write_of_the_lock() -> None:
    seat = Seat(me=1)
    seat.disk_waits = True
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    assert not seat.unwritten, "leader and own PREPARE are two of three"
    seat.prepared_by(0, block, 2)
    (record,) = seat.unwritten
    assert record.state.locked is not None
    assert record.state.locked.block == block.header.hash
    assert record.bodies == (block,), "the lock and what it rests on are one write"
    assert seat.said(Commit) == []
    seat.write()
    assert seat.said(Commit) == [commit(1, 0, block)]


@pytest.mark.rule("P-4.6")
def test_locks_are_taken_in_order() -> None:
    """T11."""
    seat = Seat(me=1)
    low, high = make_chain(0, "low", "high")
    seat.offered(0, low, high)
    seat.prepared_by(0, high, 2, 3)
    assert seat.said(Commit) == []
    seat.prepared_by(0, low, 2)
    assert seat.said(Commit) == [commit(1, 0, low), commit(1, 0, high)]


@pytest.mark.rule("P-4.7")
def test_q_commits_are_final_whatever_this_seat_voted() -> None:
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.committed_by(0, block, 0, 2)
    assert seat.heights == []
    seat.committed_by(0, block, 3)
    assert seat.heights == [1]
    assert seat.delivered[0].certificate == final(0, block, (0, 2, 3))


@pytest.mark.rule("P-4.7")
def test_commits_of_a_view_that_this_seat_never_saw_are_final_too() -> None:
    """And it votes in no lower view from then on."""
    seat = Seat(me=1)
    (block,) = make_chain(2, "sale")
    seat.committed_by(6, block, 0, 2, 3)
    assert {message.block for message in seat.said(FetchBody)} == {block.header.hash}
    assert [message.view for message in seat.said(FetchNewView)] == [6]
    assert (seat.replica.views.promised, seat.replica.active) == (6, False)
    (old,) = make_chain(0, "old")
    seat.offered(0, old)
    assert seat.said(Prepare) == []


@pytest.mark.rule("P-4.9")
def test_a_certificate_speaks_for_all_undelivered_ancestors_once_and_in_order() -> None:
    """T24."""
    seat = Seat(me=1)
    blocks = make_chain(0, "a", "b", "c")
    seat.offered(0, *blocks)
    seat.committed_by(0, blocks[2], 0, 2, 3)
    assert seat.heights == [1, 2, 3]
    assert [d.certificate is not None for d in seat.delivered] == [False, False, True]
    for block in blocks:
        seat.committed_by(0, block, 0, 2, 3)
        seat.hear(2, status(0, tip=final(0, block, (0, 2, 3))))
    assert seat.heights == [1, 2, 3]


@pytest.mark.rule("P-4.5")
def test_a_seat_counts_once_in_a_slot() -> None:
    """T2."""
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    for _ in range(3):
        seat.committed_by(0, block, 2)
    seat.committed_by(0, block, 3)
    assert seat.heights == []
    assert len(seat.replica.votes) == 2


@pytest.mark.rule("P-4.5")
@pytest.mark.parametrize(
    "changed",
    [
        {"epoch": Epoch(1)},
        {"seq": Seq(WINDOW_SEQS + 1)},
        {"seq": Seq(0)},
        {"view": View(-1)},
        {"block": BlockHash(b"short")},
    ],
)
def test_a_vote_that_belongs_nowhere_is_not_kept(changed: dict[str, object]) -> None:
    """T2, T3."""
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.hear(2, replace(commit(2, 0, block), **changed), replace(prepare(2, 0, block), **changed))
    assert len(seat.replica.votes) == 0


def test_a_stranger_has_no_vote() -> None:
    seat = Seat(size=4, me=1)
    (block,) = make_chain(0, "sale")
    seat.hear(7, commit(7, 0, block))
    assert len(seat.replica.votes) == 0


@pytest.mark.parametrize(("kind", "make"), [(PREPARE, prepare), (COMMIT, commit)])
def test_votes_count_for_one_view_height_and_block_only(kind: int, make: object) -> None:
    """T3."""
    assert callable(make)
    book = VoteBook(committee_of(4), CHAIN, fake_verify)
    (one,), (other,) = make_chain(0, "one"), make_chain(0, "other")

    def add(shop: int, view: int, message: Prepare | Commit) -> bool:
        vote = Vote(message.block, message.signature, verified=False)
        return book.add(kind, View(view), Seq(1), ShopId(shop), vote) is not None

    add(0, 0, make(0, 0, one))
    add(1, 0, make(1, 0, one))
    add(2, 0, make(2, 0, other))
    add(2, 1, make(2, 1, one))
    assert book.certificate(kind, View(0), Seq(1)) == (None, [])
    assert add(2, 0, make(2, 0, one)), "T5: another word of the same seat is a contradiction"
    assert book.certificate(kind, View(0), Seq(1)) == (None, [])
    add(3, 0, make(3, 0, one))
    found, forgers = book.certificate(kind, View(0), Seq(1))
    assert found is not None
    assert (found.block, found.signers, forgers) == (one.header.hash, 0b1011, [])


def test_a_forged_vote_counts_for_nothing_and_costs_its_sender_alone() -> None:
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.hear(2, replace(prepare(2, 0, block), signature=Signature(b"x" * 64)))
    assert [report.about for report in seat.notes(Note.FORGED_VOTE)] == [2]
    assert seat.said(Commit) == []
    seat.prepared_by(0, block, 3)
    assert seat.said(Commit) == [commit(1, 0, block)]


def test_a_leaders_forged_proposal_signature_is_no_vote() -> None:
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.hear(0, replace(proposal(0, 0, block), signature=Signature(b"x" * 64)))
    seat.prepared_by(0, block, 2)
    assert [report.about for report in seat.notes(Note.FORGED_VOTE)] == [0]
    assert seat.said(Commit) == []


@pytest.mark.parametrize("make", [prepare, commit])
def test_a_seat_that_votes_twice_is_reported(make: object) -> None:
    """T5."""
    assert callable(make)
    seat = Seat(me=1)
    (one,), (other,) = make_chain(0, "one"), make_chain(0, "other")
    seat.hear(2, make(2, 0, one), make(2, 0, other))
    assert [report.about for report in seat.notes(Note.EQUIVOCATION)] == [2]


@pytest.mark.rule("P-4.5")
def test_a_flood_of_votes_fills_the_senders_own_slots_and_no_more() -> None:
    """T39: every height, 2,000 views, both kinds, and views near the end of numbers."""
    seat = Seat(me=1)
    (block,) = make_chain(0, "sale")
    seat.committed_by(0, block, 0)
    for view in [*range(2_000), 2**63, 2**64 - 1]:
        for seq in (1, WINDOW_SEQS, WINDOW_SEQS + 1, 2**63):
            flood = make_block(block.header.hash, seq, 3, [b"%d" % view])
            seat.hear(3, commit(3, view, flood), prepare(3, view, flood))
    assert len(seat.replica.votes) <= 1 + 2 * 2 * VOTE_VIEWS_PER_SEAT_MAX
    seat.committed_by(0, block, 2)
    seat.offered(0, block)
    seat.prepared_by(0, block, 2)
    assert seat.heights == [1], "the honest votes are still there"
