"""A cashier who works from a script, on the real window, by real key events.

For the demo, for screenshots and for the check of an installation. A script is a JSON list
of steps, each an object with one of these keys::

    {"type": "2350"}             digits at a person's pace
    {"scan": "LD1:C:..."}        a scanner's burst, with Enter at its end; "{new}" scans the
                                 card that this run had made last
    {"key": "F5"}                one key: F1 to F12, Enter, Esc, Del, Tab, Backspace
    {"wait": "certified"}        for "certified", "refused", "answered", "customer", "hold"
                                 or "connected"; at most "seconds" (10 unless given)
    {"shot": "certified"}        saves a picture of the window under this name
    {"language": "ja"}           changes the language
    {"pause": 1.5}               seconds for people to look; left out without a screen

What was seen comes back as one value: the sales with their figures and times, and how far
the script got.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import trio
from liandao_node.errors import InputFault
from PySide6.QtGui import QGuiApplication, QWindow

from liandao_app.i18n.language import language_named
from liandao_app.keyboard import now_ms, strike
from liandao_app.services.hold import HoldState
from liandao_app.services.sales import Sale, Stage
from liandao_app.services.till import Till
from liandao_app.window import CounterWindow

HUMAN_GAP_S: Final = 0.06
SCANNER_GAP_MS: Final = 3
SETTLE_S: Final = 0.05
"""For what a key led to to be drawn."""
POLL_S: Final = 0.005
WAIT_S: Final = 10.0
NEW_CARD: Final = "{new}"
SCREENLESS: Final = frozenset({"offscreen", "minimal"})


class Step(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One step; exactly one of the first seven is given."""

    type: str | None = None
    scan: str | None = None
    key: str | None = None
    wait: str | None = None
    shot: str | None = None
    language: str | None = None
    pause: float | None = None
    seconds: float = WAIT_S


class SaleSeen(msgspec.Struct, frozen=True):
    """One sale as the counter showed it. Amounts in minor units."""

    order: int
    state: str
    gross: int
    points_used: int
    paid: int
    earned: int
    balance: int
    tender: str
    code: str
    """Of the card, empty without one."""
    refusal: str
    certified_ms: float
    """From the tender key to the certificate on the screen; 0 when there is none."""


class Seen(msgspec.Struct, frozen=True):
    """What a script led to."""

    steps: int
    steps_done: int
    failed: str
    """Empty, or which step did not come to its end."""
    sales: list[SaleSeen]
    shots: list[str]


def read_script(path: Path) -> list[Step]:
    """Reads a script file. Raises InputFault ``SCRIPT_BAD``."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Step])
    except (OSError, msgspec.DecodeError) as error:
        raise InputFault("SCRIPT_BAD", path=str(path), detail=str(error)) from error


@dataclass
class ScriptedCashier:
    """Works one script through. Screenshots go to ``shots`` when it is given."""

    window: CounterWindow
    till: Till
    shots: Path | None = None
    saved: list[str] = field(default_factory=list)
    new_card: str = ""
    """Payload of the card that was made last."""

    async def work(self, steps: list[Step]) -> Seen:
        """Does every step in turn; stops at the first wait that is not met."""
        done, failed = 0, ""
        for number, step in enumerate(steps):
            met = await self._do(step)
            await trio.sleep(SETTLE_S)
            self._note_new_card()
            if not met:
                failed = f"step {number}: {msgspec.json.encode(step).decode()}"
                break
            done += 1
        sales = [_seen(sale) for sale in self.till.sales.taken]
        return Seen(len(steps), done, failed, sales, self.saved)

    async def _do(self, step: Step) -> bool:
        if step.wait is not None:
            return await self._wait(step.wait, step.seconds)
        if step.type is not None:
            await self._strike_all(list(step.type))
        elif step.scan is not None:
            self._scan(step.scan.replace(NEW_CARD, self.new_card))
        elif step.key is not None:
            await self._strike_all([step.key])
        elif step.language is not None:
            return self._speak(step.language)
        elif step.shot is not None:
            self._shoot(step.shot)
        elif step.pause is not None and QGuiApplication.platformName() not in SCREENLESS:
            await trio.sleep(step.pause)
        return True

    async def _strike_all(self, keys: list[str]) -> None:
        for key in keys:
            strike(self._target(), key)
            await trio.sleep(HUMAN_GAP_S)

    def _scan(self, payload: str) -> None:
        """All keys at once, each with its own time: so a busy machine delivers a burst."""
        for number, key in enumerate([*payload, "Enter"]):
            strike(self._target(), key, now_ms() + number * SCANNER_GAP_MS)

    def _target(self) -> QWindow:
        target = self.window.windowHandle()
        assert target is not None, "the window is shown before the script starts"
        return target

    async def _wait(self, what: str, seconds: float) -> bool:
        met = self._conditions().get(what)
        if met is None:
            raise InputFault("SCRIPT_BAD", path="", detail=f"no such wait: {what}")
        with trio.move_on_after(seconds):
            while not met():
                await trio.sleep(POLL_S)
        return met()

    def _conditions(self) -> dict[str, Callable[[], bool]]:
        return {
            "connected": lambda: self.till.link.connected,
            "customer": self._draft_has_customer,
            "hold": self._hold_granted,
            "certified": lambda: self._last_stage() is Stage.CERTIFIED,
            "refused": lambda: self._last_stage() is Stage.REFUSED,
            "answered": lambda: self._last_stage() in {Stage.CERTIFIED, Stage.REFUSED},
        }

    def _last_stage(self) -> Stage | None:
        last = self.till.sales.last
        return last.stage if last is not None else None

    def _note_new_card(self) -> None:
        checkout = self.till.checkout
        customer = checkout.draft.customer if checkout is not None else None
        if customer is not None and customer.payload:
            self.new_card = customer.payload

    def _draft_has_customer(self) -> bool:
        checkout = self.till.checkout
        return checkout is not None and checkout.draft.customer is not None

    def _hold_granted(self) -> bool:
        checkout = self.till.checkout
        hold = checkout.draft.hold if checkout is not None else None
        return hold is not None and hold.state is HoldState.GRANTED

    def _speak(self, name: str) -> bool:
        language = language_named(name)
        if language is not None:
            self.window.use_language(language)
        return language is not None

    def _shoot(self, name: str) -> None:
        if self.shots is None:
            return
        self.shots.mkdir(parents=True, exist_ok=True)
        path = self.shots / f"{name}.png"
        self.window.grab().save(str(path))
        self.saved.append(str(path))


def _seen(sale: Sale) -> SaleSeen:
    slip, sold = sale.slip, sale.sold
    return SaleSeen(
        order=slip.order,
        state=sale.stage.value,
        gross=slip.gross,
        points_used=sold.points_used if sold is not None else 0,
        paid=slip.gross - (sold.points_used if sold is not None else 0),
        earned=sold.earned if sold is not None else 0,
        balance=sold.balance if sold is not None else 0,
        tender=slip.tender,
        code=slip.code,
        refusal=sale.error.code if sale.error is not None else "",
        certified_ms=round((sale.answered_at - sale.asked_at) * 1_000, 1) if sold else 0.0,
    )
