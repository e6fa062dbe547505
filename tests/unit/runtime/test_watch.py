"""What a node keeps of what it has seen: why views ended, what seats told, who is there twice."""

from collections import Counter

import pytest
from liandao_node.consensus.effects import Note, Reason, Report
from liandao_node.runtime.watch import FOLLOWED, Watch
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.messages import Status


def take(watch: Watch, note: Note, view: int, reason: Reason | None = None) -> None:
    assert watch.take(Report(note, View(view), None, reason), None, clocks_apart=False) is None


def test_a_view_change_has_the_reason_of_the_own_complaint_before_it() -> None:
    watch = Watch(Counter())
    assert (watch.view_changes, watch.last_view_change, watch.changed) == (0, "", None)
    take(watch, Note.SUSPECTED, 0, Reason.NO_PROGRESS)
    assert watch.last_view_change == "", "a wish alone ends no view"
    take(watch, Note.SUSPECTED, 0, Reason.LEADER_DOWN)
    take(watch, Note.VIEW_CHANGE_STARTED, 1)
    assert watch.changed is not None
    assert (watch.changed.view, watch.changed.reason) == (1, "LEADER_DOWN")
    take(watch, Note.VIEW_CHANGE_STARTED, 2)
    assert watch.last_view_change == FOLLOWED, "no complaint of its own since"
    assert watch.reasons == {"LEADER_DOWN": 1, FOLLOWED: 1}
    assert watch.view_changes == 2


def test_the_last_word_of_a_seat_is_kept() -> None:
    watch = Watch(Counter())
    for height in (4, 9):
        status = Status(
            epoch=Epoch(1),
            view=View(2),
            promised=View(3),
            tip_seq=Seq(height),
            tip=BlockHash(bytes(32)),
            certificate=None,
            clock_ms=Millis(0),
            session=5,
        )
        watch.heard(ShopId(3), status)
    heard = watch.statuses[ShopId(3)]
    assert (heard.epoch, heard.view, heard.height, heard.session) == (1, 2, 9, 5)
    assert watch.heights == {3: (9, 2)}


def test_a_shop_that_is_there_twice_is_remembered(caplog: pytest.LogCaptureFixture) -> None:
    watch = Watch(Counter())
    watch.fault(ShopId(1), "PEER_SILENT")
    watch.fault(ShopId(2), "TWO_SESSIONS")
    watch.fault(None, "NOT_LIANDAO")
    assert watch.twins == {2}
    assert watch.faults == {"PEER_SILENT": 1, "TWO_SESSIONS": 1, "NOT_LIANDAO": 1}
    assert "TWO_SESSIONS, shop 2" in caplog.text
