"""The HTTP door: what it answers, and what bad requests cost whom."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus

import h11
import pytest
import trio
from liandao_node.doors.http import HttpDoor, HttpReply, HttpRequest, Routes, plain
from liandao_node.doors.metrics import add_metrics
from liandao_node.errors import OperatorFault
from liandao_node.limits import (
    HTTP_BODY_BYTES_MAX,
    HTTP_CLIENTS_MAX,
    HTTP_HEAD_BYTES_MAX,
    HTTP_IDLE_MS_MAX,
    HTTP_REQUEST_MS_MAX,
)
from liandao_node.types import ShopId
from liandao_node.wire.roll import Roll
from trio.testing import MockClock

LOOPBACK = "127.0.0.1"


async def echo(request: HttpRequest) -> HttpReply:
    told = f"{request.method} {request.path}?{request.query} {request.headers.get('x-a')}"
    return HttpReply(HTTPStatus.OK, told.encode() + request.body)


def routes() -> Routes:
    made = Routes()
    made.add("GET", "/echo", echo)
    made.add("POST", "/echo", echo)
    return made


@asynccontextmanager
async def door(made: Routes | None = None) -> AsyncIterator[tuple[int, Counter[str]]]:
    faults: Counter[str] = Counter()
    served = HttpDoor(made or routes(), LOOPBACK, 0, faults=faults)
    with trio.fail_after(600):
        async with trio.open_nursery() as nursery:
            port = await nursery.start(served.serve)
            yield port, faults
            nursery.cancel_scope.cancel()


class Client:
    """A browser's side, by the same parser."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.http = h11.Connection(h11.CLIENT)

    async def ask(
        self, method: str, target: str, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()
    ) -> tuple[int, dict[str, str], bytes]:
        given = [("Host", "x"), ("Content-Length", str(len(body))), *headers]
        head = h11.Request(method=method, target=target, headers=given)
        data = (self.http.send(head) or b"") + (self.http.send(h11.Data(data=body)) or b"")
        await self.stream.send_all(data + (self.http.send(h11.EndOfMessage()) or b""))
        return await self.answer()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = 0, {}, b""
        while True:
            event = self.http.next_event()
            if event is h11.NEED_DATA:
                self.http.receive_data(await self.stream.receive_some(65_536))
            elif isinstance(event, h11.Response):
                status = event.status_code
                headers = {n.decode(): v.decode() for n, v in event.headers}
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
                    self.http.start_next_cycle()
                return status, headers, body


@asynccontextmanager
async def client(port: int) -> AsyncIterator[Client]:
    async with await trio.open_tcp_stream(LOOPBACK, port) as stream:
        yield Client(stream)


async def raw(port: int, data: bytes) -> bytes:
    """All that comes back for ``data``, to the end of the connection."""
    async with await trio.open_tcp_stream(LOOPBACK, port) as stream:
        await stream.send_all(data)
        return b"".join([chunk async for chunk in stream])


async def test_requests_follow_each_other_on_one_connection() -> None:
    async with door() as (port, faults), client(port) as browser:
        status, headers, body = await browser.ask("GET", "/echo?a=1", headers=[("X-A", "b")])
        assert (status, body) == (200, b"GET /echo?a=1 b")
        assert headers["cache-control"] == "no-store"
        assert (await browser.ask("POST", "/echo", b"!"))[2] == b"POST /echo? None!"
        assert (await browser.ask("GET", "/none"))[0] == 404
        status, headers, _ = await browser.ask("DELETE", "/echo")
        assert (status, headers["allow"]) == (405, "GET, HEAD, POST")
        assert not faults


async def test_head_is_get_without_its_body() -> None:
    async with door() as (port, _):
        answer = await raw(port, b"HEAD /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b"Content-Length: 16" in head
        assert body == b""


async def test_two_requests_in_one_packet_get_two_answers() -> None:
    async with door() as (port, _):
        one = b"GET /echo?%d HTTP/1.1\r\nHost: x\r\n%s\r\n"
        answer = await raw(port, one % (1, b"") + one % (2, b"Connection: close\r\n"))
        assert answer.count(b"HTTP/1.1 200 OK") == 2
        assert answer.index(b"/echo?1") < answer.index(b"/echo?2")


async def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    async with door() as (port, _), client(port) as browser:
        head = (
            b"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        await browser.stream.send_all(head)
        assert (await browser.stream.receive_some(100)).startswith(b"HTTP/1.1 100 ")
        await browser.stream.send_all(b"!")
        assert b"POST /echo? None!" in await browser.stream.receive_some(1_000)


BAD = [
    (b"\x16\x03\x01\x02\x00\x01\x00", "HTTP_MALFORMED", b"400"),
    (b"GET /echo HTTP/1.1\r\n\r\n", "HTTP_MALFORMED", b"400"),
    (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP_MALFORMED", b"400"),
    (
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP_MALFORMED",
        b"400",
    ),
    (
        b"GET /echo HTTP/1.1\r\nHost: x\r\nA: " + b"a" * (2 * HTTP_HEAD_BYTES_MAX),
        "HTTP_TOO_LARGE",
        b"413",
    ),
    (
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (HTTP_BODY_BYTES_MAX + 1)
        + bytes(HTTP_BODY_BYTES_MAX + 1),
        "HTTP_TOO_LARGE",
        b"413",
    ),
]


@pytest.mark.parametrize(("data", "code", "status"), BAD)
async def test_a_bad_request_is_refused_by_name_and_costs_its_connection(
    data: bytes, code: str, status: bytes
) -> None:
    async with door() as (port, faults), client(port) as good:
        answer = await raw(port, data)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert code.encode() in answer
        assert faults == {code: 1}
        assert (await good.ask("GET", "/echo"))[0] == 200


async def test_a_body_in_chunks_has_the_same_limit() -> None:
    async with door() as (port, faults):
        chunk = b"1000\r\n" + bytes(0x1000) + b"\r\n"
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = await raw(port, head + chunk * (HTTP_BODY_BYTES_MAX // 0x1000 + 1))
        assert answer.startswith(b"HTTP/1.1 413")
        assert faults == {"HTTP_TOO_LARGE": 1}


async def test_who_begins_a_request_and_dawdles_is_cut_off(autojump_clock: MockClock) -> None:
    autojump_clock.autojump_threshold = 0.05
    async with door() as (port, faults):
        began = trio.current_time()
        answer = await raw(port, b"GET /echo HTTP/1.1\r\n")
        assert answer.startswith(b"HTTP/1.1 408")
        assert faults == {"HTTP_LATE": 1}
        assert trio.current_time() - began >= HTTP_REQUEST_MS_MAX / 1_000


async def test_who_says_nothing_is_let_go_without_a_word(autojump_clock: MockClock) -> None:
    autojump_clock.autojump_threshold = 0.05
    async with door() as (port, faults):
        began = trio.current_time()
        assert await raw(port, b"") == b""
        assert trio.current_time() - began >= HTTP_IDLE_MS_MAX / 1_000
        assert not faults


async def test_who_breaks_off_harms_nobody() -> None:
    async with door() as (port, faults), client(port) as good:
        for data in (b"", b"GET", b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"):
            async with await trio.open_tcp_stream(LOOPBACK, port) as stream:
                await stream.send_all(data)
        assert (await good.ask("GET", "/echo"))[0] == 200
        assert set(faults) <= {"HTTP_MALFORMED"}


async def test_a_client_that_does_not_read_its_page_is_cut_off(autojump_clock: MockClock) -> None:
    autojump_clock.autojump_threshold = 0.2
    large = Routes()

    async def flood(_: HttpRequest) -> HttpReply:
        return HttpReply(HTTPStatus.OK, bytes(64 * 1024 * 1024))

    large.add("GET", "/flood", flood)
    async with door(large) as (port, faults), client(port) as browser:
        await browser.stream.send_all(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        while not faults:
            await trio.sleep(1)
        assert faults == {"HTTP_CLIENT_SLOW": 1}


async def test_beyond_the_limit_nobody_more_is_let_in() -> None:
    async with door() as (port, faults):
        streams = [await trio.open_tcp_stream(LOOPBACK, port) for _ in range(HTTP_CLIENTS_MAX)]
        inside = [Client(stream) for stream in streams]
        for browser in inside:
            assert (await browser.ask("GET", "/echo"))[0] == 200
        assert await raw(port, b"") == b""
        assert faults == {"HTTP_CLIENTS_FULL": 1}
        await inside.pop().stream.aclose()
        with trio.fail_after(60):
            while b"200 OK" not in await _try(port):
                await trio.sleep(0.01)
        for browser in inside:
            await browser.stream.aclose()


async def _try(port: int) -> bytes:
    try:
        return await raw(port, b"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    except trio.BrokenResourceError:
        return b""


async def test_a_port_that_is_taken_is_the_operators_matter() -> None:
    async with door() as (port, _):
        with pytest.raises(OperatorFault, match="HTTP_LISTEN_FAILED") as fault:
            await HttpDoor(routes(), LOOPBACK, port, faults=Counter()).serve()
        assert fault.value.facts["address"] == f"{LOOPBACK}:{port}"


def roll(*, margin: int, active: bool = True) -> Roll:
    return Roll(
        street="s",
        me=ShopId(0),
        height=7,
        epoch=0,
        protocol=1,
        view=0,
        leader=ShopId(0),
        active=active,
        quorum=3,
        voting=3 + margin,
        margin=margin,
        waiting=0,
        block_ms=0,
        view_changes=[],
        last_view_change=None,
        blocks=[],
        seats=[],
    )


@pytest.mark.parametrize(
    ("seen", "status", "words"),
    [
        (roll(margin=0), 200, b"ok: height 7, 3 seats vote, 3 needed\n"),
        (roll(margin=-1), 503, b"the street stands still: height 7, 2 seats vote, 3 needed\n"),
        (roll(margin=1, active=False), 503, b"the street stands still: height 7, 4 seats"),
    ],
)
async def test_health_says_whether_the_street_can_agree(
    seen: Roll, status: int, words: bytes
) -> None:
    made = Routes()
    add_metrics(made, page=lambda: b"a 1\n", content_type="text/plain; v=1", roll=lambda: seen)
    async with door(made) as (port, _), client(port) as browser:
        answered, _, body = await browser.ask("GET", "/healthz")
        assert answered == status
        assert body.startswith(words)
        answered, headers, body = await browser.ask("GET", "/metrics")
        assert (answered, headers["content-type"], body) == (200, "text/plain; v=1", b"a 1\n")


def test_a_plain_answer_ends_its_line() -> None:
    assert plain(HTTPStatus.OK, "so") == HttpReply(HTTPStatus.OK, b"so\n")
