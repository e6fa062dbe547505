"""Keys struck by a program, on the path that a real keyboard's keys take.

They are posted to the window, as the platform does it, so the scanner's filter, the focus
and the fields see nothing special about them.
"""

from typing import Final

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

NAMED: Final = {
    **{f"F{n}": Qt.Key(Qt.Key.Key_F1.value + n - 1) for n in range(1, 13)},
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Del": Qt.Key.Key_Delete,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
}
TEXT_OF: Final = {"Enter": "\r", "Tab": "\t", "Esc": "\x1b", "Backspace": "\b", "Del": "\x7f"}

_running = QElapsedTimer()
_running.start()


def now_ms() -> int:
    """A clock for key times; any start will do."""
    return _running.elapsed()


def strike(window: QWindow, key: str, at_ms: int | None = None) -> None:
    """Presses and releases one key: a name such as ``F5``, or one character.

    ``at_ms`` is when the key was struck, now unless given.
    """
    code, text = _code(key)
    shift = Qt.KeyboardModifier.ShiftModifier if key.isupper() and len(key) == 1 else None
    modifiers = shift if shift is not None else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, modifiers, text)
        event.setTimestamp(now_ms() if at_ms is None else at_ms)
        QCoreApplication.postEvent(window, event)


def _code(key: str) -> tuple[int, str]:
    if key in NAMED:
        return NAMED[key], TEXT_OF.get(key, "")
    assert len(key) == 1, f"no key is called {key}"
    return ord(key.upper()), key
