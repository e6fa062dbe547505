"""trio as a guest on Qt's event loop: one thread, one nursery for all work of the window.

Never run a dialog's ``exec()`` from a trio task: trio stands still until it returns (stack
report, section 3). From a Qt slot it may.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import outcome
import trio
from PySide6.QtCore import QObject, Qt, Signal, Slot

Main: TypeAlias = Callable[[trio.Nursery], Awaitable[None]]


class TrioGuest(QObject):
    """Runs ``main(nursery)`` on this thread's Qt loop.

    The run ends when main and all that it started have ended, or after `cancel`. Then
    `finished` is emitted and `result` holds the outcome: whoever owns the guest unwraps it,
    so that a crashed task is never lost.
    """

    finished = Signal()
    _tick = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scope = trio.CancelScope()
        self.result: outcome.Outcome[None] | None = None
        # Queued: trio asks for its next step from this thread as well as from its own, and
        # must never run inside the call that asks.
        self._tick.connect(self._run_step, Qt.ConnectionType.QueuedConnection)

    def start(self, main: Main) -> None:
        """Begins; the Qt loop must run (or start to) on this thread."""
        trio.lowlevel.start_guest_run(
            self._main,
            main,
            run_sync_soon_threadsafe=self._tick.emit,
            done_callback=self._done,
            host_uses_signal_set_wakeup_fd=False,
            restrict_keyboard_interrupt_to_checkpoints=True,
        )

    def cancel(self) -> None:
        """Cancels everything; `finished` follows. Call it on the Qt thread."""
        self._scope.cancel()

    async def _main(self, main: Main) -> None:
        with self._scope:
            async with trio.open_nursery() as nursery:
                await main(nursery)

    @Slot(object)
    def _run_step(self, step: Callable[[], object]) -> None:
        step()

    def _done(self, result: outcome.Outcome[None]) -> None:
        self.result = result
        self.finished.emit()
