"""One client of the local API, from its `Hello` to its end.

Requests run side by side, at most API_REQUESTS_PER_CLIENT_MAX of them; with more the door
stops reading, which the client feels as a slow socket. Replies and pushes take turns on the
socket; a client that does not read them is cut off.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import msgspec
import trio

from liandao_node.doors.service import NodeService
from liandao_node.errors import BugFound, InputFault, LiandaoError, OperatorFault
from liandao_node.limits import (
    API_HELLO_MS_MAX,
    API_PUSH_HZ_MAX,
    API_REQUESTS_PER_CLIENT_MAX,
    API_SEND_MS_MAX,
)
from liandao_node.local.frames import FrameReader, frame
from liandao_node.wire.api import (
    API_VERSION,
    Failed,
    GetStatus,
    Hello,
    Reply,
    Request,
    Watch,
    decode_request,
    encode_api,
)

NOBODY: Final = 0
"""Request id of what answers no request: pushes, and the word before a cut-off."""
LAST_WORD_SECONDS: Final = 1.0


def failed(error: LiandaoError) -> Failed:
    """An error as it crosses the socket."""
    return Failed(guilty=error.guilty, code=error.code, facts=sorted(error.facts.items()))


@dataclass(slots=True)
class _Frames:
    """Replies that are written together: those of one block come all at once."""

    frames: list[bytes] = field(default_factory=list)
    written: trio.Event = field(default_factory=trio.Event)


class Session:
    """Serves one connected stream. ``token`` is what Hello must carry, empty for none."""

    def __init__(self, service: NodeService, stream: trio.abc.Stream, token: str) -> None:
        self._service = service
        self._stream = stream
        self._token = token
        self._reader = FrameReader(stream)
        self._turn = trio.Lock()
        self._gathering = _Frames()
        self._slots = trio.Semaphore(API_REQUESTS_PER_CLIENT_MAX)
        self._scope = trio.CancelScope()
        self._watching = False
        self._deaf = False
        self._cause: LiandaoError | None = None

    async def run(self) -> LiandaoError | None:
        """Returns when the client leaves, or the error for which it was cut off."""
        with self._scope:
            try:
                await self._greet()
                await self._serve()
            except (InputFault, OperatorFault) as error:
                self._end(error)
            except trio.BrokenResourceError:
                self._deaf = True
        if self._cause is not None:
            await self.refuse(self._cause)
        return self._cause

    async def refuse(self, error: LiandaoError) -> None:
        """A last word to the client, if it still listens."""
        if not self._deaf:
            with trio.move_on_after(LAST_WORD_SECONDS), suppress(trio.BrokenResourceError):
                await self._stream.send_all(frame(encode_api((NOBODY, failed(error)))))

    def _end(self, cause: LiandaoError | None) -> None:
        self._cause = self._cause or cause
        self._scope.cancel()

    async def _greet(self) -> None:
        """Enter: a fresh connection. The first frame is a Hello of our version and token."""
        with trio.move_on_after(API_HELLO_MS_MAX / 1_000) as patience:
            read = await self._read()
        if patience.cancelled_caught:
            raise InputFault("API_HELLO_LATE", limit_ms=API_HELLO_MS_MAX)
        request_id, hello = read or (NOBODY, None)
        if not isinstance(hello, Hello):
            raise InputFault("API_HELLO_MISSING")
        if hello.version != API_VERSION:
            raise OperatorFault("API_VERSION", node=API_VERSION, client=hello.version)
        if self._token and not hmac.compare_digest(hello.token.encode(), self._token.encode()):
            raise OperatorFault("API_TOKEN_WRONG")
        await self._send(request_id, self._service.welcome())

    async def _serve(self) -> None:
        """Enter: after Hello. Reads on while there is a slot for one more request."""
        async with trio.open_nursery() as nursery:
            while True:
                await self._slots.acquire()
                try:
                    read = await self._read()
                except (InputFault, trio.BrokenResourceError) as error:
                    self._deaf = isinstance(error, trio.BrokenResourceError)
                    self._end(error if isinstance(error, InputFault) else None)
                    return
                if read is None:
                    self._end(None)
                    return
                nursery.start_soon(self._answer, nursery, *read)

    async def _read(self) -> tuple[int, Request] | None:
        """The next request with its id; None when the client left."""
        payload = await self._reader.next()
        if payload is None:
            return None
        try:
            request_id, request = decode_request.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputFault("API_MALFORMED", detail=str(error)[:200]) from error
        if request_id <= NOBODY:
            raise InputFault("API_MALFORMED", detail="a request id is above 0")
        return request_id, request

    async def _answer(self, nursery: trio.Nursery, request_id: int, request: Request) -> None:
        seen = self._service.changes.count  # before the reply: what comes after it is pushed
        await self._send(request_id, await self._reply(request))
        # Not before the reply is written: who does not read replies gets no more read.
        self._slots.release()
        if isinstance(request, Watch) and not self._watching:
            self._watching = True
            nursery.start_soon(self._push, seen)

    async def _reply(self, request: Request) -> Reply:
        match request:
            case Hello():
                return self._service.welcome()
            case GetStatus() | Watch():
                return self._service.summary()
        try:
            return await self._service.handle(request)
        except BugFound:
            raise
        except LiandaoError as error:
            return failed(error)

    async def _push(self, seen: int) -> None:
        """Sends the latest summary after each change beyond ``seen``, at most API_PUSH_HZ_MAX
        times a second."""
        while True:
            seen = await self._service.changes.after(seen)
            await self._send(NOBODY, self._service.summary())
            await trio.sleep(1 / API_PUSH_HZ_MAX)

    async def _send(self, request_id: int, reply: Reply) -> None:
        """Writes one frame, and with it all that others have ready by then; ends the session
        when the client does not read in time. Returns when it is written."""
        gathering = self._gathering
        leads = not gathering.frames
        gathering.frames.append(frame(encode_api((request_id, reply))))
        if not leads:
            await gathering.written.wait()
            return
        async with self._turn:
            self._gathering = _Frames()
            try:
                with trio.fail_after(API_SEND_MS_MAX / 1_000):
                    await self._stream.send_all(b"".join(gathering.frames))
            except trio.TooSlowError:
                self._deaf = True
                self._end(InputFault("API_CLIENT_SLOW", limit_ms=API_SEND_MS_MAX))
            except trio.BrokenResourceError:
                self._deaf = True
                self._end(None)
            finally:
                gathering.written.set()
