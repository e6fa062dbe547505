"""Tells a scanner's keys from a person's (docs/counter.md). Pure.

A wedge scanner types its code with a few milliseconds between keys and ends with Enter or
Tab. Two signs give it away:

* what it types: our own codes begin with ``LD1:``, and a scanner can be programmed to send a
  prefix first. Nobody types that by hand, so the gaps need not be short.
* its speed: without that, keys that follow each other faster than a person types.

A person's first digit must show at once, so it is let through; only what may belong to a
scan is kept back. When it turns out to be none, the kept keys are played again: a person
loses nothing, at worst a key shows some milliseconds late.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

GAP_MS_MAX: Final = 30
"""Between two keys of a burst that only its speed tells."""
ANNOUNCED_GAP_MS_MAX: Final = 500
"""Between two keys of a burst that has announced itself."""
SCAN_CHARS_MIN: Final = 6
SCAN_CHARS_MAX: Final = 4_400
"""More than the largest code that we print, a whole receipt."""
ANNOUNCEMENT: Final = "LD1:"
URGENT: Final = ".,+-*/ "
"""With the digits, the characters that somebody at the counter waits to see."""


class Act(Enum):
    """What to do with the key just read."""

    LET = "let"
    """Let it through."""
    KEEP = "keep"
    SCAN = "scan"
    """It ends a scan: it and everything kept is used up."""


@dataclass(frozen=True, slots=True)
class Reading:
    act: Act
    play_kept: bool = False
    """The keys kept so far were a person's: play them before this one."""
    begins: bool = False
    """A burst may begin with this key: remember what the fields hold."""
    payload: str = ""
    """For SCAN, without prefix and suffix."""


class BurstReader:
    """Reads one key after the other. ``prefix`` and ``suffix`` are what the scanner is
    programmed to add, for example ``\\x02`` and ``\\x03``."""

    def __init__(self, prefix: str = "", suffix: str = "") -> None:
        self._prefix = prefix
        self._suffix = suffix
        self._chars = ""
        self._kept = 0
        self._last_ms = 0

    @property
    def gap_ms_max(self) -> int:
        """The longest gap that the burst so far may have before its next key."""
        announced = self._announced(self._chars.upper(), ANNOUNCEMENT)
        prefixed = self._announced(self._chars, self._prefix)
        return ANNOUNCED_GAP_MS_MAX if announced or prefixed else GAP_MS_MAX

    def char(self, char: str, at_ms: int) -> Reading:
        """A key that makes a character. ``at_ms`` is when it was struck."""
        play = self._ends_old_burst(at_ms)
        self._last_ms = at_ms
        if len(self._chars) >= SCAN_CHARS_MAX:
            return Reading(Act.LET, play_kept=self.give_up())
        first = not self._chars
        self._chars += char
        if first and (char.isdigit() or char in URGENT) and not self._prefix.startswith(char):
            return Reading(Act.LET, play, begins=True)
        self._kept += 1
        return Reading(Act.KEEP, play, begins=first)

    def end(self, at_ms: int) -> Reading:
        """Enter or Tab."""
        play = self._ends_old_burst(at_ms)
        payload = self._stripped()
        if len(self._chars) >= SCAN_CHARS_MIN and payload:
            self.give_up()
            return Reading(Act.SCAN, payload=payload)
        return Reading(Act.LET, play_kept=self.give_up() or play)

    def other(self) -> Reading:
        """Any other key that is struck: no scanner sends it."""
        return Reading(Act.LET, play_kept=self.give_up())

    def give_up(self) -> bool:
        """Forgets the burst. True when keys were kept that now must be played."""
        kept = self._kept > 0
        self._chars, self._kept = "", 0
        return kept

    def _announced(self, chars: str, sign: str) -> bool:
        return bool(sign and chars) and (chars.startswith(sign) or sign.startswith(chars))

    def _ends_old_burst(self, at_ms: int) -> bool:
        if self._chars and at_ms - self._last_ms > self.gap_ms_max:
            return self.give_up()
        return False

    def _stripped(self) -> str:
        inner = self._chars.removeprefix(self._prefix).removesuffix(self._suffix)
        return "".join(char for char in inner if char.isprintable()).strip()
