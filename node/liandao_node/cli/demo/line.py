"""A line to one shop's node that outlives the node: what was asked is asked again.

Every request of the local API that changes something names it (an order, a hold), so asking
again after a kill -9 is safe: the ledger has it once.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import trio

from liandao_node.client import NodeClient, connect
from liandao_node.errors import Unavailable

T = TypeVar("T")

AGAIN_S = 0.05


class Line:
    """One connection at a time, made anew when it breaks. `run` keeps it."""

    def __init__(self, data_dir: Path, name: str) -> None:
        self._data_dir = data_dir
        self._name = name
        self._client: NodeClient | None = None
        self._found = trio.Event()
        self._lost = trio.Event()

    async def run(self) -> None:
        """Connects for ever; for a nursery of its own life."""
        while True:
            try:
                async with connect(self._data_dir, client=self._name) as client:
                    self._client, self._lost = client, trio.Event()
                    self._found.set()
                    await self._lost.wait()
                    # Only now: whoever waits for a first connection waits for this event.
                    self._client, self._found = None, trio.Event()
            except Unavailable:
                pass
            await trio.sleep(AGAIN_S)

    async def ask(self, request: Callable[[NodeClient], Awaitable[T]]) -> T:
        """The node's answer, however often it has to be asked."""
        while True:
            while (client := self._client) is None:
                await self._found.wait()
            try:
                return await request(client)
            except Unavailable:
                if client is self._client:
                    self._lost.set()
                await trio.sleep(AGAIN_S)
