"""``python -m liandao_app``: the counter of one register.

The node is another process (D-1) and has been started by whoever starts the app; while it
is not there the window says so and connects as soon as it is.
"""

import argparse
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec
import trio
from liandao_node.client import Node, connect
from liandao_node.errors import LiandaoError, OperatorFault, StorageFault
from liandao_node.wording import sentence
from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QApplication

from liandao_app.guest import TrioGuest
from liandao_app.i18n.language import Language, Translations, language_named, system_language
from liandao_app.scripted import ScriptedCashier, Seen, Step, read_script
from liandao_app.services.link import Connect
from liandao_app.services.settings import Settings, load_settings, save_settings
from liandao_app.services.till import Till
from liandao_app.theme.tokens import DARK, LIGHT
from liandao_app.window import CounterWindow

SIZE: Final = "1366x768"
DEMO_SCRIPT: Final = Path(__file__).parent / "resources" / "demo_script.json"
GUARD_MS: Final = 3_000
"""The till has its own bound for ending; this one is for a bug in it."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the counter until its window is closed; 0, or 1 when a script failed."""
    options = _options(arguments)
    os.umask(0o077)  # cards and sums are this user's business alone
    try:
        return Counter(options).run()
    except LiandaoError as error:
        sys.stderr.write(f"{sentence(error.code, error.facts)}\n")
        return 2


class Counter:
    """The application: window and trio guest, from the command line's options."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._data: Path = options.data
        self._shots: Path | None = options.screenshots
        self._steps = _steps(options.script)
        self._report: Path | None = options.report
        self._seen: Seen | None = None
        # Before QApplication, which takes arguments of its own out of argv.
        self.app = QApplication.instance() or QApplication(sys.argv[:1])
        self._lock = _lock(self._data, options.register)
        self._translations = Translations()
        self._translations.use(_language(options.lang, self._data))
        self.till = Till(_connector(self._data), self._data, options.register)
        palette = DARK if options.theme == "dark" else LIGHT
        self.window = CounterWindow(self.till, palette, self._translations)
        self.window.resize(*(int(side) for side in options.size.split("x")))
        self.window.closing.connect(self.till.close)
        self.window.language_changed.connect(self._remember_language)
        self.guest = TrioGuest()
        self.guest.finished.connect(self.window.let_close)
        self._guard = QTimer(singleShot=True, interval=GUARD_MS)
        self._guard.timeout.connect(self.guest.cancel)
        self.window.closing.connect(self._guard.start)

    def run(self) -> int:
        """The event loop; afterwards a crash of any task comes out here."""
        self.window.show()
        self.guest.start(self._work)
        self.app.exec()
        assert self.guest.result is not None
        self.guest.result.unwrap()
        return self._conclude()

    async def _work(self, nursery: trio.Nursery) -> None:
        nursery.start_soon(self._end_on_signal)
        if self._steps is not None:
            nursery.start_soon(self._work_script, self._steps)
        await self.till.run()
        nursery.cancel_scope.cancel()

    async def _work_script(self, steps: list[Step]) -> None:
        cashier = ScriptedCashier(self.window, self.till, self._shots)
        self._seen = await cashier.work(steps)
        self.window.close()

    async def _end_on_signal(self) -> None:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                self.window.close()

    def _remember_language(self, language: Language) -> None:
        try:
            save_settings(self._data, Settings(language=language.value))
        except StorageFault:
            # The language holds for this run; a full disk is told where money is at stake.
            return

    def _conclude(self) -> int:
        if self._seen is None:
            return 0
        document = msgspec.json.format(msgspec.json.encode(self._seen), indent=2)
        if self._report is not None:
            self._report.write_bytes(document + b"\n")
        else:
            sys.stdout.write(document.decode() + "\n")
        return 1 if self._seen.failed else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="liandao-counter", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data directory of the node")
    parser.add_argument("--lang", help="en, zh-Hans or ja; else as last time, else the system's")
    parser.add_argument("--register", type=int, default=1, help="number of this register")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--size", default=SIZE, help="window size, such as 1024x768")
    parser.add_argument("--script", help="a script for the cashier: a JSON file, or 'demo'")
    parser.add_argument("--screenshots", type=Path, help="where a script's pictures go")
    parser.add_argument("--report", type=Path, help="where what a script saw goes, else stdout")
    return parser.parse_args(arguments)


def _steps(script: str | None) -> list[Step] | None:
    if script is None:
        return None
    return read_script(DEMO_SCRIPT if script == "demo" else Path(script))


def _language(named: str | None, data: Path) -> Language:
    """By option, else as last time, else the system's."""
    if named is not None:
        language = language_named(named)
        if language is None:
            raise OperatorFault("LANGUAGE_UNKNOWN", name=named)
        return language
    return language_named(load_settings(data).language) or system_language()


def _lock(data: Path, register: int) -> QLockFile:
    """Two windows of one register would give out the same sales twice."""
    folder = data / "counter"
    folder.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(folder / f"register-{register}.lock"))
    if not lock.tryLock(0):
        raise OperatorFault("REGISTER_IN_USE", register=register)
    return lock


def _connector(data: Path) -> Connect:
    @asynccontextmanager
    async def connector() -> AsyncIterator[Node]:
        async with connect(data, client="counter") as node:
            yield node

    return connector


if __name__ == "__main__":
    sys.exit(main())
