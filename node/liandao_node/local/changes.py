"""A counter that tasks can wait on: how news travels without a queue.

Whoever comes late finds the count ahead of what he saw, takes the latest state and has
missed nothing but what it replaced.
"""

import trio


class Changes:
    """Counts changes of something; belongs to one trio run."""

    def __init__(self) -> None:
        self.count = 0
        self._next = trio.Event()

    def announce(self) -> None:
        """Something changed. Cheap, never blocks, may be called from any task."""
        self.count += 1
        waiting, self._next = self._next, trio.Event()
        waiting.set()

    async def after(self, seen: int) -> int:
        """Waits until the count is beyond ``seen``; the count then."""
        while self.count <= seen:
            await self._next.wait()
        return self.count
