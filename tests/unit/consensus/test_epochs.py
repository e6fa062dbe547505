"""From one committee to the next: nobody votes too early, too late or twice."""

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import Durable, Note, Tip
from liandao_node.limits import AHEAD_MESSAGES_MAX, FETCH_MS, STATUS_MS, WINDOW_SEQS
from liandao_node.types import BlockHash, Epoch, Seq, ShopId, View
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.committee import Seat as SeatOf
from liandao_node.wire.messages import (
    Commit,
    FetchBody,
    FetchRange,
    Prepare,
    Range,
    Status,
    Suspect,
)
from msgspec.structs import replace as changed
from support.consensus_forms import (
    commit,
    final,
    make_block,
    make_chain,
    prepare,
    proposal,
    signer,
    status,
    suspect,
    view_change,
)
from support.seat import Seat


def _record(epoch: int, first: int, *shops: int, protocol: int = 1) -> CommitteeRecord:
    seats = [SeatOf(ShopId(shop), signer(shop).public_key) for shop in shops]
    return CommitteeRecord(Epoch(epoch), Seq(first), protocol, seats)


NEXT = _record(1, 3, 0, 1, 2, 3)
"""The same four shops, after a last block at height 2."""
WITHOUT_0 = _record(1, 3, 1, 2, 3, 4)
(FIRST,) = make_chain(0, "first")
LAST = make_block(FIRST.header.hash, 2, 0, [b"last"], next_committee=NEXT.hash)
ABOVE = make_block(LAST.header.hash, 3, 1, [b"above"], epoch=1)
"""By the leader of view 0 in epoch 1."""


def _at_the_end(me: int = 3) -> Seat:
    """A seat that has delivered the last block of epoch 0."""
    seat = Seat(me=me)
    seat.offered(0, FIRST, LAST)
    for block in (FIRST, LAST):
        others = seat.others()
        seat.prepared_by(0, block, *others)
        seat.committed_by(0, block, *others)
    assert seat.heights == [1, 2]
    seat.forget()
    return seat


@pytest.mark.rule("P-1.4")
def test_each_epoch_begins_with_another_leader() -> None:
    for epoch in range(6):
        committee = Committee.from_record(_record(epoch, 1, 0, 1, 2, 3))
        assert [committee.leader(View(view)) for view in range(5)] == [
            (epoch + view) % 4 for view in range(5)
        ]


@pytest.mark.rule("P-12.3")
def test_a_leader_proposes_nothing_above_a_last_block() -> None:
    seat = Seat(me=0)
    seat.propose(b"first")
    place = seat.replica.wanted()
    assert place is not None
    last = make_block(place.parent, place.seq, 0, [b"last"], next_committee=NEXT.hash)
    seat.give(events.Proposed(last))
    assert seat.replica.wanted() is None


@pytest.mark.rule("P-12.3")
def test_a_proposal_above_a_last_block_gets_no_vote() -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST, LAST)
    seat.forget()
    seat.offered(0, make_block(LAST.header.hash, 3, 0, [b"more"]))
    assert seat.said(Prepare) == []
    assert seat.notes(Note.BAD_PROPOSAL)


@pytest.mark.rule("P-12.4", "P-12.1")
def test_the_next_epoch_begins_at_view_0_on_the_last_block() -> None:
    seat = _at_the_end()
    seat.give(events.Elected(NEXT))
    replica = seat.replica
    assert (replica.committee.epoch, replica.views.current, replica.active) == (1, 0, True)
    assert replica.head == (2, LAST.header.hash)
    assert seat.notes(Note.EPOCH_BEGAN)
    seat.hear(1, proposal(1, 0, ABOVE))
    assert [(vote.epoch, vote.seq) for vote in seat.said(Prepare)] == [(1, 3)]
    for peer in (0, 1, 2):
        seat.hear(peer, prepare(peer, 0, ABOVE))
    assert [vote.epoch for vote in seat.said(Commit)] == [1]
    for peer in (0, 1, 2):
        seat.hear(peer, commit(peer, 0, ABOVE))
    assert seat.heights == [1, 2, 3]


@pytest.mark.rule("P-12.4")
def test_between_last_block_and_committee_nothing_is_said() -> None:
    seat = _at_the_end()
    seat.hear(0, suspect(0, 0), view_change(0, 1), commit(0, 0, LAST))
    seat.wait(900)
    assert [m for _, m in seat.sent if not isinstance(m, Status)] == []
    assert not seat.replica.active


@pytest.mark.rule("P-12.4")
def test_a_record_that_the_header_does_not_name_is_our_own_fault() -> None:
    seat = _at_the_end()
    with pytest.raises(AssertionError, match="another committee"):
        seat.give(events.Elected(WITHOUT_0))


@pytest.mark.rule("P-12.4")
def test_messages_that_come_a_moment_too_early_wait() -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST, LAST)
    for peer in (0, 1, 2):
        seat.hear(peer, prepare(peer, 0, FIRST), prepare(peer, 0, LAST))
    seat.hear(1, proposal(1, 0, ABOVE))
    seat.hear(0, prepare(0, 0, ABOVE))
    for peer in (0, 1, 2):
        seat.hear(peer, commit(peer, 0, FIRST), commit(peer, 0, LAST))
    seat.forget()
    seat.give(events.Elected(NEXT))
    assert [(vote.epoch, vote.seq) for vote in seat.said(Prepare)] == [(1, 3)]
    assert seat.replica.votes.of(1, View(0), Seq(3), ShopId(0)) is not None


@pytest.mark.rule("P-12.4", "T39")
def test_what_waits_for_an_epoch_is_bounded() -> None:
    seat = Seat(me=3)
    for view in range(100):
        seat.hear(1, changed(suspect(1, view), epoch=Epoch(1)))
        seat.hear(2, proposal(2, view, ABOVE))
        seat.hear(2, changed(suspect(2, view), epoch=Epoch(2)))
    assert len(seat.replica.ahead[ShopId(1)]) == AHEAD_MESSAGES_MAX
    assert len(seat.replica.ahead[ShopId(2)]) == 1


@pytest.mark.rule("P-12.1", "T16")
def test_votes_of_the_old_committee_count_for_nothing_in_the_new_epoch() -> None:
    seat = _at_the_end()
    seat.give(events.Elected(NEXT))
    old = make_block(LAST.header.hash, 3, 0, [b"old"])
    seat.forget()
    for peer in (0, 1, 2):
        seat.hear(peer, proposal(peer, 0, old), prepare(peer, 0, old), commit(peer, 0, old))
        seat.hear(peer, suspect(peer, 0), view_change(peer, 1))
    assert seat.heights == [1, 2]
    assert seat.said(Prepare) == []
    assert seat.replica.views.promised == 0
    assert len(seat.replica.votes) == 0


@pytest.mark.rule("P-12.5", "P-6.2")
def test_the_first_record_of_an_epoch_holds_the_hand_over_before_any_vote() -> None:
    seat = _at_the_end()
    seat.disk_waits = True
    seat.give(events.Elected(NEXT))
    seat.hear(1, proposal(1, 0, ABOVE))
    assert seat.said(Prepare) == []
    (record,) = seat.unwritten
    assert record.state.epoch == 1
    assert record.state.locked is None
    assert [(one.epoch, one.block) for one in record.state.handovers] == [(0, LAST.header.hash)]
    seat.write()
    assert [vote.epoch for vote in seat.said(Prepare)] == [1]


def _life_in_epoch_1(tip: Tip, bodies: tuple[Block, ...] = ()) -> Seat:
    """A seat whose record is of epoch 1, whatever its ledger holds."""
    durable = Durable(
        promised=View(0), view=View(0), epoch=Epoch(1), handovers=(final(0, LAST, (0, 1, 2)),)
    )
    return Seat(me=3, durable=durable, tip=tip, bodies=bodies)


@pytest.mark.rule("P-12.5", "T12")
def test_a_ledger_that_lost_the_last_block_comes_back_to_it_without_a_vote() -> None:
    """The power cut took the ledger's tail; voter.db knows better."""
    seat = _life_in_epoch_1(Tip(Seq(1), FIRST.header.hash, final(0, FIRST)), (LAST,))
    assert seat.heights == [2]
    assert {type(m) for _, m in seat.sent} <= {Status}
    seat.give(events.Elected(NEXT))
    assert seat.reasons(), "an earlier life may have voted in view 0 of epoch 1: it is left"
    assert seat.replica.views.fence == 0


@pytest.mark.rule("P-12.5")
def test_a_last_block_that_is_lost_too_is_asked_for_by_the_hand_over() -> None:
    seat = _life_in_epoch_1(Tip(Seq(1), FIRST.header.hash, final(0, FIRST)))
    seat.give(events.Tick())
    seat.wait(FETCH_MS)
    assert {m.block for m in seat.said(FetchBody)} == {LAST.header.hash}
    seat.offered(0, LAST)
    assert seat.said(Prepare) == []


@pytest.mark.rule("P-12.5")
def test_a_record_of_an_older_epoch_is_no_promise_in_this_one() -> None:
    """The seat was away while epoch 0 ended; its ledger was caught up before it started."""
    old = Durable(promised=View(7), view=View(7))
    seat = Seat(me=3, durable=old, tip=Tip(Seq(2), LAST.header.hash, final(0, LAST)), start=False)
    seat.replica.committee = Committee.from_record(NEXT)
    seat.replica.votes._committee = seat.replica.committee
    seat.give(events.Started())
    assert (seat.replica.views.current, seat.disk.epoch, seat.disk.promised) == (0, 1, 0)


@pytest.mark.rule("P-12.4", "T33")
def test_a_seat_in_an_older_epoch_asks_for_blocks_and_is_told_at_once() -> None:
    behind = Seat(me=3)
    behind.hear(1, status(0, tip=final(0, ABOVE), epoch=1))
    assert behind.said(FetchRange) == [FetchRange(Seq(1))]
    ahead = _at_the_end()
    ahead.give(events.Elected(NEXT))
    ahead.wait(FETCH_MS)
    ahead.forget()
    ahead.hear(1, status(0), status(0))
    assert [(to, m.epoch) for to, m in ahead.sent if isinstance(m, Status)] == [(1, 1)]


@pytest.mark.rule("P-12.4", "P-7.2")
def test_the_last_certificate_in_a_later_epochs_heartbeat_ends_this_one() -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST, LAST)
    seat.hear(1, status(0, tip=final(0, LAST), epoch=1))
    assert seat.heights == [1, 2]


@pytest.mark.rule("P-7.3")
def test_a_range_is_taken_up_to_the_last_block_and_asked_for_again_beyond_it() -> None:
    seat = Seat(me=3)
    seat.hear(1, status(0, tip=final(0, ABOVE), epoch=1))
    blocks = [CommittedBlock(block, final(0, block)) for block in (FIRST, LAST)]
    seat.hear(1, Range(blocks))
    assert seat.heights == [1, 2]
    seat.forget()
    seat.give(events.Elected(NEXT))
    assert seat.said(FetchRange) == [FetchRange(Seq(3))]


@pytest.mark.rule("P-7.3")
def test_the_next_epochs_blocks_are_asked_for_where_the_last_ones_came_from() -> None:
    """Or a silent shop would cost a second in every epoch that is missing."""
    seat = Seat(me=3)
    for peer in range(3):
        seat.hear(peer, status(0, tip=final(0, ABOVE), epoch=5))
    seat.wait(2 * (STATUS_MS + FETCH_MS))
    source = seat.asked[2]
    seat.hear(source, Range([CommittedBlock(block, final(0, block)) for block in (FIRST, LAST)]))
    seat.forget()
    seat.give(events.Elected(NEXT))
    assert seat.asked == [source]


@pytest.mark.rule("T16", "P-12.1")
def test_a_range_under_the_old_committee_above_its_last_block_is_a_lie() -> None:
    seat = _at_the_end()
    seat.give(events.Elected(NEXT))
    forged = make_block(LAST.header.hash, 3, 0, [b"forged"])
    seat.hear(1, Range([CommittedBlock(forged, final(0, forged))]))
    assert seat.heights == [1, 2]
    assert seat.notes(Note.BAD_RANGE)


# --- without a seat ---


def _follower() -> Seat:
    """Shop 0 loses its seat: shops 1 to 4 sit in epoch 1."""
    seat = Seat(me=0)
    seat.propose(b"first")
    first = seat.replica.bodies[seat.replica.head[1]]
    last = make_block(first.header.hash, 2, 0, [b"last"], next_committee=WITHOUT_0.hash)
    seat.give(events.Proposed(last))
    for block in (first, last):
        for peer in (1, 2, 3):
            seat.hear(peer, prepare(peer, 0, block), commit(peer, 0, block))
    assert seat.heights == [1, 2]
    seat.forget()
    seat.give(events.Elected(WITHOUT_0))
    return seat


@pytest.mark.rule("P-12.7")
def test_a_shop_that_loses_its_seat_goes_on_delivering_and_says_nothing() -> None:
    seat = _follower()
    block = make_block(seat.replica.tip.hash, 3, 2, [b"theirs"], epoch=1)
    seat.hear(2, proposal(2, 0, block))
    for peer in (1, 2, 3, 4):
        seat.hear(peer, prepare(peer, 0, block), suspect_in_1(peer))
    for peer in (1, 2, 3):
        seat.hear(peer, commit(peer, 0, block))
    seat.wait(3_000)
    assert seat.heights == [1, 2, 3]
    assert {type(m) for _, m in seat.sent} == {Status}
    assert seat.unwritten == []
    assert seat.replica.wanted() is None


def suspect_in_1(peer: int) -> Suspect:
    return changed(suspect(peer, 0), epoch=Epoch(1))


@pytest.mark.rule("P-12.7")
def test_a_follower_keeps_one_proposal_of_each_height() -> None:
    seat = _follower()
    for number in range(50):
        block = make_block(seat.replica.tip.hash, 3, 2, [b"%d" % number], epoch=1)
        seat.hear(2, proposal(2, 0, block))
        far = make_block(BlockHash(b"p" * 32), 3 + WINDOW_SEQS, 2, [b"far"], epoch=1)
        seat.hear(2, proposal(2, 0, far))
    assert len(seat.replica.bodies) == 1


@pytest.mark.rule("P-12.7")
def test_votes_of_a_shop_without_a_seat_count_for_nothing() -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST)
    for stranger in (4, 5, 6):
        seat.hear(stranger, commit(stranger, 0, FIRST), suspect(stranger, 0))
        seat.hear(stranger, view_change(stranger, 5), proposal(stranger, 0, LAST))
    assert seat.heights == []
    assert seat.replica.views.promised == 0
    assert ShopId(4) not in seat.replica.peers


@pytest.mark.rule("P-7.3", "T40")
def test_a_height_that_nothing_proves_makes_no_endless_asking() -> None:
    """A liar of a later epoch answers each request with blocks that are here already."""
    seat = Seat(me=3)
    seat.offered(0, FIRST)
    seat.prepared_by(0, FIRST, 0, 1, 2)
    seat.committed_by(0, FIRST, 0, 1, 2)
    seat.hear(1, changed(status(0, tip=final(0, ABOVE), epoch=1), tip_seq=Seq(10**6)))
    seat.forget()
    for _ in range(20):
        seat.hear(1, Range([CommittedBlock(FIRST, final(0, FIRST))]))
    assert seat.said(FetchRange) == []


@pytest.mark.rule("P-6.6")
def test_an_epoch_that_begins_on_a_full_disk_is_entered_when_there_is_room() -> None:
    seat = _at_the_end()
    seat.give(events.Voting(False))
    seat.give(events.Elected(NEXT))
    assert seat.unwritten == []
    assert seat.disk.epoch == 0
    seat.give(events.Voting(True))
    assert (seat.disk.epoch, seat.replica.active) == (1, True)


@pytest.mark.rule("P-12.7")
def test_a_seat_with_another_key_in_force_does_not_vote_with_this_one() -> None:
    """After a re-key the new key waits for its epoch, and the old one is not used again."""
    seat = _at_the_end()
    other = [SeatOf(s.shop, signer(9 if s.shop == 3 else s.shop).public_key) for s in NEXT.seats]
    record = CommitteeRecord(Epoch(1), Seq(3), 1, other)
    seat.replica.closed = record.hash
    seat.give(events.Elected(record))
    seat.hear(1, proposal(1, 0, ABOVE))
    assert not seat.replica.voting
    assert seat.said(Prepare) == []
    assert seat.unwritten == []


@pytest.mark.rule("P-12.6")
def test_the_first_block_of_an_epoch_calls_nobody_absent_who_voted_lately() -> None:
    """Found by seed 30000177: two that had voted all along were jailed for the pipelined first
    blocks of two epochs, while two others were really away."""
    names = [f"block {at}" for at in range(WINDOW_SEQS + 2)]
    chain = make_chain(0, *names)
    height = chain[-1].header.seq + 1
    after = _record(1, height + 1, 0, 1, 2, 3)
    last = make_block(chain[-1].header.hash, height, 0, [b"last"], next_committee=after.hash)
    seat = Seat(me=1)
    for block in (*chain, last):
        seat.offered(0, block)
        seat.prepared_by(0, block, 0, 2)
        seat.committed_by(0, block, 0, 2)
    seat.give(events.Elected(after))
    place = seat.replica.wanted()
    assert place is not None
    assert place.attendance == 0b0111, "shop 3 never voted"
