"""The connection to this shop's node, kept up.

Selling does not depend on it (D-12): who needs the node waits for it here, and what was
asked is asked again by its owner when the node is back.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, NoReturn, TypeAlias

import trio
from liandao_node.client import Node, Summary, Welcome
from liandao_node.errors import (
    InputFault,
    LiandaoError,
    OperatorFault,
    PeerFault,
    Refused,
    StorageFault,
    Unavailable,
)

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Node]]
Changed: TypeAlias = Callable[[], None]

EXPECTED: Final = (InputFault, OperatorFault, PeerFault, Refused, StorageFault, Unavailable)
"""What a request may fail with. BugFound is not among them: it is never caught."""

RETRY_S_MIN: Final = 0.1
RETRY_S_MAX: Final = 2.0


class Link:
    """Connects, watches the node's summaries, and connects again when that ends."""

    def __init__(self, connect: Connect, changed: Changed) -> None:
        self._connect = connect
        self._changed = changed
        self._up = trio.Event()
        self._node: Node | None = None
        self.welcome: Welcome | None = None
        """Of the last connection: shop and currency stay on the screen while it is away."""
        self.summary: Summary | None = None
        self.share_bps_max = 0
        """By the street's rules in force, as far as is known: it stays while the node is away."""
        self.trouble: LiandaoError | None = None
        """Why there is no connection, when the node or the client said so."""

    @property
    def connected(self) -> bool:
        return self._node is not None

    async def node(self) -> Node:
        """The node, as soon as there is one."""
        while self._node is None:
            await self._up.wait()
        return self._node

    async def run(self) -> NoReturn:
        """Keeps the connection up until cancelled."""
        delay = RETRY_S_MIN
        while True:
            try:
                async with self._connect() as node:
                    summary = await node.status()
                    delay = RETRY_S_MIN
                    self._rise(node, summary)
                    async for summary in node.summaries():
                        self._hear(summary)
                        self._changed()
            except* EXPECTED as errors:
                self.trouble = first_of(errors)
            except* OSError:
                # No socket yet: the node is still starting, or gone.
                self.trouble = None
            finally:
                self._fall()
            await trio.sleep(delay)
            delay = min(delay * 2, RETRY_S_MAX)

    def _rise(self, node: Node, summary: Summary) -> None:
        self._node, self.welcome = node, node.welcome
        self._hear(summary)
        self.trouble = None
        self._up.set()
        self._changed()

    def _hear(self, summary: Summary) -> None:
        self.summary, self.share_bps_max = summary, summary.share_bps_max

    def _fall(self) -> None:
        if self._node is not None:
            self._node, self.summary = None, None
            self._up = trio.Event()
        self._changed()


def first_of(errors: BaseExceptionGroup[BaseException]) -> LiandaoError | None:
    """The first of our own errors in a group."""
    for error in errors.exceptions:
        if isinstance(error, LiandaoError):
            return error
        if isinstance(error, BaseExceptionGroup):
            found = first_of(error)
            if found is not None:
                return found
    return None
