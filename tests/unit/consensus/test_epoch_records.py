"""P-12.5: a ledger may lose more than one epoch, and its seat's record knows the way back."""

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Durable, Tip
from liandao_node.types import Epoch, Seq, ShopId, View
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.committee import Seat as SeatOf
from liandao_node.wire.messages import Status
from support.consensus_forms import (
    commit,
    final,
    make_block,
    make_chain,
    prepare,
    proposal,
    signer,
)
from support.seat import Seat


def _record(epoch: int, first: int) -> CommitteeRecord:
    seats = [SeatOf(ShopId(shop), signer(shop).public_key) for shop in range(4)]
    return CommitteeRecord(Epoch(epoch), Seq(first), 1, seats)


NEXT, AFTER = _record(1, 3), _record(2, 4)
(FIRST,) = make_chain(0, "first")
LAST = make_block(FIRST.header.hash, 2, 0, [b"last"], next_committee=NEXT.hash)

SECOND_END = make_block(LAST.header.hash, 3, 1, [b"third"], epoch=1, next_committee=AFTER.hash)


@pytest.mark.rule("P-12.5")
def test_a_ledger_two_epochs_behind_comes_back_by_its_own_record_alone() -> None:
    """The power cut took the same blocks from all seats: nobody could be asked."""
    durable = Durable(
        promised=View(0),
        view=View(0),
        epoch=Epoch(2),
        handovers=(final(0, LAST, (0, 1, 2)), final(0, SECOND_END, (0, 1, 2))),
    )
    tip = Tip(Seq(1), FIRST.header.hash, final(0, FIRST))
    seat = Seat(me=3, durable=durable, tip=tip, bodies=(LAST, SECOND_END))
    assert seat.heights == [2]
    seat.give(events.Elected(NEXT))
    assert seat.heights == [2, 3]
    assert {type(m) for _, m in seat.sent} <= {Status}


@pytest.mark.rule("P-12.5")
@pytest.mark.parametrize(("safe_seq", "kept"), [(1, [0, 1]), (2, [1]), (3, [1])])
def test_hand_overs_that_the_ledger_cannot_lose_any_more_are_not_kept(
    safe_seq: int, kept: list[int]
) -> None:
    seat = Seat(me=3)
    seat.offered(0, FIRST, LAST)
    for block in (FIRST, LAST):
        seat.prepared_by(0, block, 0, 1, 2)
        seat.committed_by(0, block, 0, 1, 2)
    seat.give(events.Elected(NEXT))
    seat.hear(1, proposal(1, 0, SECOND_END))
    for peer in (0, 1, 2):
        seat.hear(peer, prepare(peer, 0, SECOND_END), commit(peer, 0, SECOND_END))
    assert seat.heights == [1, 2, 3]
    seat.give(events.Elected(AFTER, safe_seq=Seq(safe_seq)))
    assert [one.epoch for one in seat.disk.handovers] == kept
