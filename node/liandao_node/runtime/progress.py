"""How far behind this node is, how fast it comes closer, and when it will be there (O9)."""

from collections import deque
from typing import Final

from liandao_node.limits import WINDOW_SEQS
from liandao_node.types import Millis, Seq
from liandao_node.wire.api import CatchingUp

MEMORY_MS: Final = 10_000
"""The rate is that of so long a time."""
UNKNOWN: Final = -1


class Progress:
    """Heights over time. The times are monotonic."""

    def __init__(self) -> None:
        self._seen: deque[tuple[Millis, Seq]] = deque()
        self._street = Seq(0)
        self._pieces_left = 0

    def note(self, now_ms: Millis, height: Seq, street: Seq, pieces_left: int) -> None:
        """Takes down where this node and the street stand; ``pieces_left`` of a snapshot."""
        self._street = street
        self._pieces_left = pieces_left
        self._seen.append((now_ms, height))
        while self._seen[0][0] < now_ms - MEMORY_MS:
            self._seen.popleft()

    def view(self) -> CatchingUp | None:
        """For the screens; None when this node keeps up."""
        if not self._seen:
            return None
        (first_ms, first), (last_ms, last) = self._seen[0], self._seen[-1]
        left = self._street - last
        if left <= WINDOW_SEQS:
            return None
        took_ms, gained = last_ms - first_ms, last - first
        per_second = gained * 1_000 // took_ms if took_ms else 0
        eta_s = left * took_ms // (gained * 1_000) + 1 if gained and took_ms else UNKNOWN
        return CatchingUp(last, self._street, per_second, eta_s, self._pieces_left)
