"""Requests and replies over one stream, each reply led back to who asked.

It needs a trio run and nothing else: neither signals nor threads, so it works on the Qt loop
(guest mode) as it does in a program of its own.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec
import trio

from liandao_node.errors import (
    BugFound,
    InputFault,
    LiandaoError,
    OperatorFault,
    PeerFault,
    Refused,
    StorageFault,
    Unavailable,
)
from liandao_node.limits import API_REQUESTS_PER_CLIENT_MAX
from liandao_node.local.changes import Changes
from liandao_node.local.frames import FrameReader, frame
from liandao_node.wire.api import Failed, Reply, Request, Summary, decode_reply, encode_api

R = TypeVar("R", bound=Reply)

PUSH: Final = 0
"""Request id of what answers no request."""

_BY_GUILTY: Final[dict[str, type[LiandaoError]]] = {
    error.guilty: error
    for error in (PeerFault, OperatorFault, InputFault, StorageFault, Refused, Unavailable)
}


@dataclass(slots=True)
class _Waiting:
    """A request on its way, and its answer once that came."""

    done: trio.Event = field(default_factory=trio.Event)
    answer: Reply | None = None


class Channel:
    """One connection. `run` moves the frames while other tasks `ask`."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self._last_id = PUSH
        self._waiting: dict[int, _Waiting] = {}
        self._outbox, self._unsent = trio.open_memory_channel[bytes](API_REQUESTS_PER_CLIENT_MAX)
        self._end: Failed | None = None
        self.summary: Summary | None = None
        """The latest; ``news`` counts them, and the end."""
        self.news = Changes()

    async def run(self) -> None:
        """Reads and writes until cancelled or until the connection is lost, then ends all
        waiting. Raises nothing that the other end or the network can cause."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._write)
                await self._read()
                nursery.cancel_scope.cancel()
        finally:
            self._lose(Failed(guilty=Unavailable.guilty, code="NODE_GONE", facts=[]))
            self._unsent.close()

    async def ask(self, request: Request, wanted: type[R]) -> R:
        """The reply to ``request``, which is of type ``wanted``.

        Raises what the node raised, or Unavailable ``NODE_GONE``.
        """
        self.check()
        self._last_id += 1
        request_id, waiting = self._last_id, _Waiting()
        self._waiting[request_id] = waiting
        try:
            # Written by a task of its own: a caller who is cancelled leaves no half frame.
            await self._outbox.send(frame(encode_api((request_id, request))))
            await waiting.done.wait()
        except trio.BrokenResourceError:
            self.check()
            raise
        finally:
            del self._waiting[request_id]
        if isinstance(waiting.answer, Failed):
            raise _error_of(waiting.answer)
        assert isinstance(waiting.answer, wanted), f"{type(request)} got {type(waiting.answer)}"
        return waiting.answer

    def check(self) -> None:
        """Raises why the connection ended, if it has."""
        if self._end is not None:
            raise _error_of(self._end)

    async def _write(self) -> None:
        async for data in self._unsent:
            frames = [data]
            with suppress(trio.WouldBlock):
                while True:
                    frames.append(self._unsent.receive_nowait())
            try:
                await self._stream.send_all(b"".join(frames))
            except trio.BrokenResourceError:
                return  # the reader meets the same end, after the node's last word

    async def _read(self) -> None:
        frames = FrameReader(self._stream)
        try:
            while (payload := await frames.next()) is not None:
                self._take(*decode_reply.decode(payload))
        except (InputFault, msgspec.DecodeError, trio.BrokenResourceError):
            return

    def _take(self, request_id: int, reply: Reply) -> None:
        if isinstance(reply, Summary):  # asked for or not: frames come in order, so it is news
            self.summary = reply
            self.news.announce()
        elif isinstance(reply, Failed) and request_id == PUSH:
            self._lose(reply)
        waiting = self._waiting.get(request_id)
        if waiting is not None:  # else its caller was cancelled
            waiting.answer = reply
            waiting.done.set()

    def _lose(self, reason: Failed) -> None:
        """No answer comes any more; the first reason stands."""
        self._end = self._end or reason
        for waiting in self._waiting.values():
            waiting.answer = waiting.answer or self._end
            waiting.done.set()
        self.news.announce()


def _error_of(reply: Failed) -> LiandaoError:
    """The error that the node raised, as it crossed the socket."""
    return _BY_GUILTY.get(reply.guilty, BugFound)(reply.code, **dict(reply.facts))
