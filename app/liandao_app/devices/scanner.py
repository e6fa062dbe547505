"""The scanner, whatever has the focus: one key filter for the whole application.

It looks at a key only where Qt delivers it to the window. The same key comes by again for
the focused widget and each of its parents; a filter that counts those doubles every
character.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from liandao_app.devices.burst import Act, BurstReader, Reading

Clock: TypeAlias = Callable[[QKeyEvent], int]
Restore: TypeAlias = Callable[[], None]

ENDS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
MODIFIERS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
COMMANDING: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
PATIENCE_MS: Final = 20
"""Longer than the longest gap, before kept keys are played again."""
FIRST_PRINTABLE: Final = 0x20
LAST_ASCII: Final = 0x7E


def struck_ms(event: QKeyEvent) -> int:
    """When the windowing system saw the key: right even when the window was busy."""
    return event.timestamp()


class Scanner(QObject):
    """Emits `scanned` for each code. Install with ``app.installEventFilter(scanner)``."""

    scanned = Signal(str)

    def __init__(
        self,
        snapshot: Callable[[], Restore],
        reader: BurstReader | None = None,
        clock: Clock = struck_ms,
        parent: QObject | None = None,
    ) -> None:
        """``snapshot`` remembers the fields before the first key of what may be a scan; what
        it returns puts them back when it was one."""
        super().__init__(parent)
        self._snapshot = snapshot
        self._reader = reader or BurstReader()
        self._clock = clock
        self._restore: Restore | None = None
        self._kept: list[tuple[QWindow, QKeyEvent]] = []
        self._playing = False
        self._eaten: set[int] = set()
        self._checked = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._patience_over)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's entry. True uses the event up."""
        if self._playing or not isinstance(watched, QWindow) or not isinstance(event, QKeyEvent):
            return False
        if event.type() is QEvent.Type.KeyRelease:
            return self._released(event)
        if event.type() is not QEvent.Type.KeyPress or event.key() in MODIFIERS:
            return False
        return self._pressed(watched, event)

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() not in self._eaten:
            return False
        self._eaten.discard(event.key())
        return True

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        reading = self._read(event)
        if reading.play_kept:
            self._play()
        if reading.begins:
            self._restore = self._snapshot()
        if reading.act is Act.SCAN:
            self._finish(reading.payload)
        elif reading.act is Act.KEEP:
            self._kept.append((window, event.clone()))
            self._checked = False
            self._patience.start(self._reader.gap_ms_max + PATIENCE_MS)
        if reading.act is Act.LET:
            return False
        self._eaten.add(event.key())
        return True

    def _read(self, event: QKeyEvent) -> Reading:
        if event.isAutoRepeat() or event.modifiers() & COMMANDING:
            return self._reader.other()
        if event.key() in ENDS:
            return self._reader.end(self._clock(event))
        char = char_of(event)
        return self._reader.char(char, self._clock(event)) if char else self._reader.other()

    def _finish(self, payload: str) -> None:
        self._patience.stop()
        self._kept.clear()
        if self._restore is not None:
            self._restore()
        self.scanned.emit(payload)

    def _patience_over(self) -> None:
        if not self._checked:
            # After a stall of the loop the timer may come before keys that wait to be
            # delivered: they get one more turn.
            self._checked = True
            self._patience.start(PATIENCE_MS)
        elif self._reader.give_up():
            self._play()

    def _play(self) -> None:
        """Delivers kept keys after all: they were a person's."""
        self._patience.stop()
        kept, self._kept = self._kept, []
        self._playing = True
        try:
            for window, event in kept:
                QCoreApplication.sendEvent(window, event)
        finally:
            self._playing = False


def char_of(event: QKeyEvent) -> str:
    """The one character that a key makes, or empty.

    The key code stands in where an input method or layout gives no text.
    """
    text = event.text()
    if len(text) == 1:
        # Control characters: a scanner's STX and ETX are wanted, a person's Backspace not.
        return text if text.isprintable() or text in {"\x02", "\x03"} else ""
    key = event.key()
    return chr(key) if not text and FIRST_PRINTABLE <= key <= LAST_ASCII else ""
