"""Virtual time: a queue of what happens when. Ties are broken by the order of asking."""

import heapq
from collections.abc import Callable

START_MS = 1_000_000


class Timeline:
    """Milliseconds that pass only when nothing is left to do in the present one."""

    def __init__(self) -> None:
        self.now = START_MS
        self._queue: list[tuple[int, int, Callable[..., object], tuple[object, ...]]] = []
        self._asked = 0

    def after(self, delay_ms: int, action: Callable[..., object], *arguments: object) -> None:
        self._asked += 1
        heapq.heappush(self._queue, (self.now + delay_ms, self._asked, action, arguments))

    def run(self, duration_ms: int, until: Callable[[], bool] | None = None) -> bool:
        """Lets ``duration_ms`` pass; True as soon as ``until`` holds at the end of a moment."""
        end = self.now + duration_ms
        queue, pop = self._queue, heapq.heappop
        while queue and queue[0][0] <= end:
            if queue[0][0] != self.now:
                if until is not None and until():
                    return True
                self.now = queue[0][0]
            _, _, action, arguments = pop(queue)
            action(*arguments)
        if until is not None and until():
            return True
        self.now = end
        return False
