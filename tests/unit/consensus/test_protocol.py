"""One protocol for a whole epoch; a program that does not know it stands still (T42)."""

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import Note, Tip
from liandao_node.limits import FETCH_MS, STATUS_MS
from liandao_node.types import Epoch, Seq, ShopId
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.committee import Seat as SeatOf
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchRange,
    Prepare,
    PrePrepare,
    Range,
    Status,
)
from support.consensus_forms import (
    commit,
    final,
    make_block,
    make_chain,
    new_view,
    prepare,
    proposal,
    signer,
    status,
    suspect,
    view_change,
)
from support.seat import Seat

OLD, NEW = 1, 2
SEATS = [SeatOf(ShopId(shop), signer(shop).public_key) for shop in range(4)]
NEXT = CommitteeRecord(Epoch(1), Seq(3), NEW, SEATS)
(FIRST,) = make_chain(0, "first")
LAST = make_block(FIRST.header.hash, 2, 0, [b"last"], next_committee=NEXT.hash)


def _above(version: int, name: bytes = b"above") -> Block:
    return make_block(LAST.header.hash, 3, 1, [name], epoch=1, version=version)


ABOVE = _above(NEW)


def _at_the_end(speaks: int, me: int = 3) -> Seat:
    """A seat that has delivered the last block of the old protocol's last epoch."""
    seat = Seat(me=me, speaks=speaks)
    seat.offered(0, FIRST, LAST)
    for block in (FIRST, LAST):
        seat.prepared_by(0, block, *seat.others())
        seat.committed_by(0, block, *seat.others())
    assert seat.heights == [1, 2]
    seat.forget()
    return seat


def _crossed(speaks: int, me: int = 3) -> Seat:
    seat = _at_the_end(speaks, me)
    seat.give(events.Elected(NEXT))
    return seat


# --- one protocol for the whole epoch ---


@pytest.mark.rule("P-12.12", "T42")
@pytest.mark.parametrize("speaks", [OLD, NEW])
def test_before_the_boundary_only_the_old_protocols_blocks_get_votes(speaks: int) -> None:
    seat = Seat(me=3, speaks=speaks)
    seat.offered(0, make_block(FIRST.header.parent, 1, 0, [b"early"], version=NEW))
    assert seat.said(Prepare) == []
    assert seat.notes(Note.BAD_PROPOSAL)


@pytest.mark.rule("P-12.12", "T42")
def test_above_the_boundary_only_the_new_protocols_blocks_get_votes() -> None:
    seat = _crossed(NEW)
    assert not seat.notes(Note.OUTDATED)
    seat.hear(1, proposal(1, 0, _above(OLD, b"late")))
    assert seat.said(Prepare) == []
    assert seat.notes(Note.BAD_PROPOSAL)
    seat = _crossed(NEW)
    seat.hear(1, proposal(1, 0, ABOVE))
    assert [vote.seq for vote in seat.said(Prepare)] == [3]


@pytest.mark.rule("P-12.12")
def test_a_program_that_speaks_more_is_at_home_in_the_old_protocol() -> None:
    seat = Seat(me=3, speaks=NEW + 5)
    seat.offered(0, FIRST)
    seat.prepared_by(0, FIRST, 0, 1, 2)
    seat.committed_by(0, FIRST, 0, 1, 2)
    assert seat.heights == [1]


# --- a program that is too old ---


@pytest.mark.rule("P-12.13", "T42")
def test_an_old_program_stops_behind_the_last_block_that_it_knows_the_rules_of() -> None:
    seat = _crossed(OLD)
    assert [report.note for report in seat.reports].count(Note.OUTDATED) == 1
    assert seat.halted is None, "it is no alarm"
    assert not seat.replica.voting
    assert seat.replica.outdated
    seat.hear(1, proposal(1, 0, ABOVE))
    for peer in (0, 1, 2):
        seat.hear(peer, prepare(peer, 0, ABOVE), commit(peer, 0, ABOVE), suspect(peer, 0))
        seat.hear(peer, view_change(peer, 1))
    seat.hear(2, new_view(2, 1, [view_change(peer, 1) for peer in (0, 1, 2)]))
    seat.wait(30_000)
    assert seat.heights == [1, 2]
    assert seat.executed == []
    assert {type(message) for _, message in seat.sent} == {Status}


@pytest.mark.rule("P-12.13")
def test_an_old_programs_turn_to_lead_brings_no_proposal() -> None:
    seat = _crossed(OLD, me=1)
    seat.give(events.Waiting(seat.replica.clocks.now))
    assert seat.replica.wanted() is None
    seat.wait(30_000)
    assert seat.said(PrePrepare) == []


@pytest.mark.rule("P-12.13")
def test_it_asks_for_nothing_and_takes_nothing_of_what_it_cannot_judge() -> None:
    """Least of all what it knew to be missing before it came to the boundary."""
    seat = Seat(me=3, speaks=OLD)
    seat.offered(0, FIRST, LAST)
    seat.hear(1, status(0, tip=final(0, ABOVE), epoch=1))
    for block in (FIRST, LAST):
        seat.committed_by(0, block, *seat.others())
    seat.forget()
    seat.give(events.Elected(NEXT))
    seat.hear(1, status(0, tip=final(0, ABOVE), epoch=1))
    seat.hear(1, status(0, tip=final(0, ABOVE), epoch=7))
    seat.hear(2, Range([CommittedBlock(ABOVE, final(0, ABOVE))]))
    seat.wait(3 * FETCH_MS)
    assert seat.said(FetchRange) == []
    assert seat.heights == [1, 2]
    assert not seat.notes(Note.BAD_RANGE)
    assert not seat.notes(Note.BAD_CERTIFICATE), "it cannot say who is wrong"


@pytest.mark.rule("P-12.13")
def test_it_gives_what_it_has_and_says_where_it_stands() -> None:
    seat = _crossed(OLD)
    seat.hear(2, FetchBody(LAST.header.hash))
    assert seat.said(Body) == [Body(LAST)]
    seat.forget()
    seat.hear(2, status(0))
    told = [message for to, message in seat.sent if to == 2]
    assert [m.tip_seq for m in told if isinstance(m, Status)] == [2], "at once: it is behind"
    seat.forget()
    seat.wait(STATUS_MS)
    (heartbeat,) = seat.said(Status)
    assert (heartbeat.epoch, heartbeat.tip_seq) == (1, 2)
    assert heartbeat.certificate is not None
    assert heartbeat.certificate.block == LAST.header.hash
    seat.forget()
    seat.give(events.PeerUp(ShopId(2)))
    assert [type(message) for _, message in seat.sent] == [Status]


@pytest.mark.rule("P-12.13", "P-12.5", "T42")
def test_the_newer_program_goes_on_from_what_the_older_one_left() -> None:
    old = _crossed(OLD)
    assert old.disk.epoch == 0, "no record of an epoch that it never voted in"
    tip = Tip(LAST.header.seq, LAST.header.hash, final(0, LAST))
    committee = Committee.from_record(NEXT)
    again = Seat(me=3, speaks=OLD, committee=committee, tip=tip, durable=old.disk)
    assert again.notes(Note.OUTDATED), "a start alone changes nothing"
    assert again.unwritten == []
    again.hear(1, proposal(1, 0, ABOVE))
    assert again.said(Prepare) == []
    new = Seat(me=3, speaks=NEW, committee=committee, tip=tip, durable=old.disk)
    new.hear(1, proposal(1, 0, ABOVE))
    for peer in (0, 1, 2):
        new.hear(peer, prepare(peer, 0, ABOVE), commit(peer, 0, ABOVE))
    assert [vote.seq for vote in new.said(Commit)] == [3]
    assert new.heights == [3]


@pytest.mark.rule("P-12.13", "P-12.7")
def test_a_follower_stops_as_a_seat_does() -> None:
    record = CommitteeRecord(Epoch(1), Seq(3), NEW, SEATS[:3])
    last = make_block(FIRST.header.hash, 2, 0, [b"last"], next_committee=record.hash)
    seat = Seat(me=3, speaks=OLD)
    seat.offered(0, FIRST, last)
    for block in (FIRST, last):
        seat.prepared_by(0, block, 0, 1, 2)
        seat.committed_by(0, block, 0, 1, 2)
    seat.give(events.Elected(record))
    above = make_block(last.header.hash, 3, 1, [b"above"], epoch=1, version=NEW)
    seat.hear(1, proposal(1, 0, above))
    for peer in (0, 1, 2):
        seat.hear(peer, commit(peer, 0, above))
    assert seat.heights == [1, 2]
    assert seat.notes(Note.OUTDATED)


# --- a module that is missing ---


@pytest.mark.rule("P-12.14")
@pytest.mark.parametrize("lacking", [True, False])
def test_a_seat_that_lacks_a_module_votes_for_nothing_above_the_boundary(lacking: bool) -> None:
    seat = _at_the_end(NEW)
    seat.give(events.Elected(NEXT, lacking))
    assert seat.replica.outdated is lacking
    assert seat.replica.voting is not lacking
    assert bool(seat.notes(Note.OUTDATED)) is lacking
    seat.hear(1, proposal(1, 0, ABOVE))
    assert [vote.seq for vote in seat.said(Prepare)] == ([] if lacking else [3])
    assert seat.halted is None, "it is no alarm"
