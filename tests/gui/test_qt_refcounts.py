"""PySide6 6.12.0 on Python 3.11 loses one reference of True with each signal, and one of None
with each event, until the interpreter aborts. The lock file pins a version without that; this
test watches the next one.
"""

import gc
import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from pytestqt.qtbot import QtBot

TIMES = 2_000
NOISE = TIMES // 4
"""What other parts of the process may add or drop meanwhile; the fault costs one each time."""


class Sender(QObject):
    told = Signal()
    told_with = Signal(object)


class Receiver(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            self.heard += 1
            return True
        return super().event(event)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal there")
def test_signals_and_events_keep_references(qtbot: QtBot) -> None:
    sender, receiver, heard = Sender(), Receiver(), []
    sender.told.connect(lambda: heard.append(1))
    sender.told_with.connect(heard.append)
    gc.collect()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(TIMES):
        sender.told.emit()
        sender.told_with.emit(7)
        QCoreApplication.postEvent(receiver, QEvent(QEvent.Type.User))
    QCoreApplication.sendPostedEvents(receiver)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert (len(heard), receiver.heard) == (2 * TIMES, TIMES)
    assert abs(after[0] - before[0]) < NOISE
    assert abs(after[1] - before[1]) < NOISE
