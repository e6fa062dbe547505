"""What a door asks of the node behind it."""

from typing import Protocol

from liandao_node.local.changes import Changes
from liandao_node.wire.api import Reply, Request, Summary, Welcome


class NodeService(Protocol):
    """The node as its doors see it; the runtime implements it."""

    @property
    def changes(self) -> Changes:
        """Announced whenever `summary` would differ."""

    async def handle(self, request: Request) -> Reply:
        """Answers one request.

        Called concurrently, and cancelled when the client leaves: what was submitted to the
        ledger by then takes its course, and the same order or hold asked again gets the same
        answer. Raises any LiandaoError but BugFound for the client to see. The door itself
        answers `Hello`, `GetStatus` and `Watch`.
        """

    def welcome(self) -> Welcome: ...

    def summary(self) -> Summary: ...
