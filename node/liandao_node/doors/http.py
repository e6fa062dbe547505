"""The HTTP door: requests of programs that know nothing of us, answered by routes.

h11 parses, trio moves the bytes; every size, time and number has a limit, and whoever passes
one costs himself his connection. What is behind a path is a `Route`, made elsewhere
(`doors.metrics`): the door knows no business. It listens on loopback unless the settings say
otherwise, and knows neither TLS nor users: what is for more than this computer belongs
behind a proxy.
"""

import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

import h11
import trio

from liandao_node.errors import InputFault, LiandaoError, OperatorFault, Unavailable
from liandao_node.limits import (
    HTTP_BODY_BYTES_MAX,
    HTTP_CLIENTS_MAX,
    HTTP_HEAD_BYTES_MAX,
    HTTP_IDLE_MS_MAX,
    HTTP_REQUEST_MS_MAX,
)

RECEIVE_BYTES: Final = 16 * 1024
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A whole request within the limits."""

    method: str
    path: str
    """Without the query."""
    query: str
    headers: Mapping[str, str]
    """Names in lower case; of repeated ones the last."""
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpReply:
    status: HTTPStatus
    body: bytes = b""
    content_type: str = TEXT
    headers: tuple[tuple[str, str], ...] = ()


Route: TypeAlias = Callable[[HttpRequest], Awaitable[HttpReply]]


@dataclass(slots=True)
class Routes:
    """What the door answers, by path and method."""

    _by_path: dict[str, dict[str, Route]] = field(default_factory=dict)

    def add(self, method: str, path: str, route: Route) -> None:
        methods = self._by_path.setdefault(path, {})
        assert method not in methods, "one route each"
        methods[method] = route

    async def answer(self, request: HttpRequest) -> HttpReply:
        """HEAD is GET without its body; a path or method that nobody has is said so."""
        methods = self._by_path.get(request.path)
        if methods is None:
            return plain(HTTPStatus.NOT_FOUND, "There is nothing here.")
        route = methods.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            allowed = ", ".join(sorted({*methods, *({"HEAD"} if "GET" in methods else set())}))
            return HttpReply(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", allowed),))
        return await route(request)


def plain(status: HTTPStatus, text: str) -> HttpReply:
    return HttpReply(status, text.encode() + b"\n")


class HttpDoor:
    """Serves ``routes`` at ``host``:``port``. ``faults`` counts what clients do wrong."""

    def __init__(self, routes: Routes, host: str, port: int, *, faults: Counter[str]) -> None:
        self._routes = routes
        self._host = host
        self._port = port
        self._faults = faults
        self._clients = 0

    async def serve(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Serves until cancelled; ``started`` gives the port.

        Raises OperatorFault ``HTTP_LISTEN_FAILED`` (``address``, ``detail``).
        """
        try:
            listeners = await trio.open_tcp_listeners(self._port, host=self._host)
        except (OSError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            address = f"{self._host}:{self._port}"
            raise OperatorFault("HTTP_LISTEN_FAILED", address=address, detail=detail) from error
        port: int = listeners[0].socket.getsockname()[1]
        task_status.started(port)
        await trio.serve_listeners(self._admit, listeners)

    async def _admit(self, stream: trio.SocketStream) -> None:
        self._clients += 1
        try:
            async with stream:
                if self._clients > HTTP_CLIENTS_MAX:
                    self._count(Unavailable("HTTP_CLIENTS_FULL", limit=HTTP_CLIENTS_MAX))
                    return
                # Whoever breaks off a connection harms nobody.
                with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
                    await _Conversation(stream, self._routes, self._count).run()
        finally:
            self._clients -= 1

    def _count(self, error: LiandaoError) -> None:
        self._faults[error.code] += 1


class _Conversation:
    """One connection, request by request."""

    def __init__(
        self, stream: trio.SocketStream, routes: Routes, count: Callable[[LiandaoError], None]
    ) -> None:
        self._stream = stream
        self._routes = routes
        self._count = count
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HTTP_HEAD_BYTES_MAX)

    async def run(self) -> None:
        while True:
            try:
                request = await self._request()
            except InputFault as fault:
                self._count(fault)
                await self._refuse(fault)
                return
            if request is None:
                return
            await self._reply(await self._routes.answer(request), head=request.method == "HEAD")
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _request(self) -> HttpRequest | None:
        """The next request; None when the client has left, or has nothing more to ask.

        Raises InputFault ``HTTP_MALFORMED``, ``HTTP_TOO_LARGE`` or ``HTTP_LATE``.
        """
        with trio.move_on_after(HTTP_IDLE_MS_MAX / 1_000) as patience:
            await self._first_bytes()
        if patience.cancelled_caught:
            return None
        try:
            with trio.fail_after(HTTP_REQUEST_MS_MAX / 1_000):
                return await self._whole_request()
        except trio.TooSlowError as error:
            raise InputFault("HTTP_LATE", limit_ms=HTTP_REQUEST_MS_MAX) from error
        except h11.RemoteProtocolError as error:
            large = error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            if large:
                raise InputFault("HTTP_TOO_LARGE", limit=HTTP_HEAD_BYTES_MAX) from error
            raise InputFault("HTTP_MALFORMED", detail=str(error)[:200]) from error

    async def _first_bytes(self) -> None:
        if not self._http.trailing_data[0]:
            self._http.receive_data(await self._stream.receive_some(RECEIVE_BYTES))

    async def _whole_request(self) -> HttpRequest | None:
        head: h11.Request | None = None
        body = b""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    await self._stream.send_all(self._http.send(go_on) or b"")
                self._http.receive_data(await self._stream.receive_some(RECEIVE_BYTES))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
                if len(body) > HTTP_BODY_BYTES_MAX:
                    raise InputFault("HTTP_TOO_LARGE", limit=HTTP_BODY_BYTES_MAX)
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                return _request(head, body)
            else:
                return None  # closed between two requests

    async def _reply(self, reply: HttpReply, *, head: bool = False) -> None:
        headers = [
            ("Content-Type", reply.content_type),
            ("Content-Length", str(len(reply.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *reply.headers,
        ]
        response = h11.Response(
            status_code=reply.status, reason=reply.status.phrase.encode(), headers=headers
        )
        data = self._http.send(response) or b""
        if not head:
            data += self._http.send(h11.Data(data=reply.body)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        with trio.move_on_after(HTTP_REQUEST_MS_MAX / 1_000) as patience:
            await self._stream.send_all(data)
        if patience.cancelled_caught:
            self._count(InputFault("HTTP_CLIENT_SLOW", limit_ms=HTTP_REQUEST_MS_MAX))
            raise trio.BrokenResourceError

    async def _refuse(self, fault: InputFault) -> None:
        """A last word, where the client's bytes leave room for one."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        status = {
            "HTTP_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "HTTP_LATE": HTTPStatus.REQUEST_TIMEOUT,
        }.get(fault.code, HTTPStatus.BAD_REQUEST)
        reply = plain(status, fault.code)
        closing = HttpReply(reply.status, reply.body, headers=(("Connection", "close"),))
        await self._reply(closing)
        with suppress(OSError):
            self._stream.socket.shutdown(socket.SHUT_WR)


def _request(head: h11.Request, body: bytes) -> HttpRequest:
    path, _, query = head.target.decode("ascii").partition("?")
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
    return HttpRequest(head.method.decode("ascii"), path, query, headers, body)
