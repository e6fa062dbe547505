"""Which of two connections of a pair stays, who is kept out, when to dial again. No I/O.

Both sides dial, and one channel stays. The host of a finished handshake decides and says so
in the channel's first frame, the verdict; only a caller that was told WELCOME uses it. A
caller sends its last handshake message only while it has no live channel with that peer, so
a finished handshake means "I have none". That is out of date in one case only, when both
dialled at the same time; then the dial of the lower public key stays:

- the higher key's host accepts always;
- the lower key's host refuses (DUPLICATE) while its own dial is live or waits for its
  verdict, unless the caller is another process than the one that dial has reached: a
  restarted peer replaces its half-open past at once.

The lower key's dial may be dead without its knowing. Whoever refuses for its sake also
pings it, which makes a dead one break, and then the next call is let in.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from liandao_node.limits import (
    HANDSHAKES_MAX,
    HANDSHAKES_PER_ADDRESS_MAX,
    KEEP_OUT_FORGET_MS,
    KEEP_OUT_MS_MAX,
    KEEP_OUT_MS_MIN,
    PEER_HEALTHY_MS,
    RECONNECT_MS_MAX,
    RECONNECT_MS_MIN,
)


class Verdict(IntEnum):
    """The first byte of the host's first frame."""

    WELCOME = 0
    DUPLICATE = 1
    """There is a better channel between the two."""
    UNKNOWN_SHOP = 2
    KEPT_OUT = 3
    """The caller misbehaved a short while ago."""
    OLDER_SESSION = 4
    """A later session of the caller's key was met; its claim follows."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What a host knows of a peer when that peer's call comes in."""

    own_key_is_lower: bool
    own_dial: bytes | None
    """Session that this side's own dial has reached, live or waiting for its verdict."""


def judge(tie: Tie, session: bytes) -> Verdict:
    """WELCOME, the call replaces whatever there was, or DUPLICATE, own dial stays."""
    if tie.own_key_is_lower and tie.own_dial == session:
        return Verdict.DUPLICATE
    return Verdict.WELCOME


@dataclass(slots=True)
class Backoff:
    """Pauses before dialling again: doubling, with jitter, up to `RECONNECT_MS_MAX`."""

    jitter: Callable[[], float]
    """A random number in [0, 1). Not a secret: it only keeps shops out of step."""
    _next_ms: int = RECONNECT_MS_MIN

    def pause_ms(self) -> float:
        """The next pause, between half and the whole of the present step."""
        pause_ms = self._next_ms * (1 + self.jitter()) / 2
        self._next_ms = min(2 * self._next_ms, RECONNECT_MS_MAX)
        return pause_ms

    def on_channel_ended(self, lived_ms: float) -> None:
        if lived_ms >= PEER_HEALTHY_MS:
            self.reset()

    def reset(self) -> None:
        self._next_ms = RECONNECT_MS_MIN


@dataclass(slots=True)
class KeepOut:
    """A peer that misbehaved waits; a peer that does it again waits twice as long."""

    _until_ms: float = field(default=float("-inf"))
    _last_ms: float = field(default=float("-inf"))
    _next_ms: int = KEEP_OUT_MS_MIN

    def on_fault(self, now_ms: float) -> None:
        if now_ms - self._last_ms > KEEP_OUT_FORGET_MS:
            self._next_ms = KEEP_OUT_MS_MIN
        self._last_ms = now_ms
        self._until_ms = now_ms + self._next_ms
        self._next_ms = min(2 * self._next_ms, KEEP_OUT_MS_MAX)

    def left_ms(self, now_ms: float) -> float:
        """How long the peer still waits; 0 when it is welcome."""
        return max(0.0, self._until_ms - now_ms)


class Doorway:
    """Counts the handshakes that others have begun here, so that nobody can fill the house."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()

    def enter(self, host: str) -> bool:
        """Whether there is room for one more from ``host``; if so, `leave` must follow."""
        if self._inside.total() >= HANDSHAKES_MAX:
            return False
        if self._inside[host] >= HANDSHAKES_PER_ADDRESS_MAX:
            return False
        self._inside[host] += 1
        return True

    def leave(self, host: str) -> None:
        self._inside[host] -= 1
        if not self._inside[host]:
            del self._inside[host]
