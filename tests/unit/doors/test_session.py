"""One client of the local API: greeted first, bounded always, cut off with a named reason."""

import pytest
import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.doors.session import Session
from liandao_node.errors import BugFound, LiandaoError, StorageFault
from liandao_node.limits import (
    API_FRAME_BYTES_MAX,
    API_HELLO_MS_MAX,
    API_PUSH_HZ_MAX,
    API_REQUESTS_PER_CLIENT_MAX,
    API_SEND_MS_MAX,
)
from liandao_node.local.frames import frame
from liandao_node.wire.api import (
    API_VERSION,
    CardReply,
    Failed,
    FindCard,
    GetStatus,
    Hello,
    Reply,
    Request,
    SealTraffic,
    Summary,
    Watch,
    encode_api,
)
from support.doors import WELCOME, FakeService, Talker

Clock = trio.testing.MockClock
Ended = list[LiandaoError | None]


async def open_session(
    nursery: trio.Nursery, service: FakeService, token: str = ""
) -> tuple[Talker, Ended]:
    """A session on a stream that holds one frame at a time; how it ended comes into the list."""
    ours, theirs = trio.testing.lockstep_stream_pair()
    ended: Ended = []

    async def run() -> None:
        async with theirs:
            ended.append(await Session(service, theirs, token).run())

    nursery.start_soon(run)
    return Talker(ours), ended


async def code_of(ended: Ended) -> str:
    await trio.testing.wait_all_tasks_blocked()
    assert len(ended) == 1, "the session goes on"
    return ended[0].code if ended[0] else "left"


def failure(heard: tuple[int, Reply] | None) -> tuple[int, str]:
    assert heard is not None
    assert isinstance(heard[1], Failed), heard
    return heard[0], heard[1].code


async def test_a_client_is_welcomed_answered_and_may_leave(nursery: trio.Nursery) -> None:
    talker, ended = await open_session(nursery, FakeService())
    assert await talker.greet() == WELCOME
    await talker.say(7, FindCard("12345678"))
    assert await talker.hear() == (7, CardReply(None, "12345678"))
    await talker.stream.aclose()
    assert await code_of(ended) == "left"


async def test_another_version_is_refused_by_name(nursery: trio.Nursery) -> None:
    talker, ended = await open_session(nursery, FakeService())
    await talker.say(1, Hello(API_VERSION + 1, "", "old"))
    heard = await talker.hear()
    assert failure(heard) == (0, "API_VERSION")
    assert heard is not None
    assert heard[1] == Failed(
        "operator", "API_VERSION", [("client", API_VERSION + 1), ("node", API_VERSION)]
    )
    assert await talker.hear() is None
    assert await code_of(ended) == "API_VERSION"


@pytest.mark.parametrize("token", ["", "wrong", "rightright"])
async def test_only_the_right_token_is_let_in(nursery: trio.Nursery, token: str) -> None:
    talker, ended = await open_session(nursery, FakeService(), token="right")
    reply = await talker.greet(token)
    assert isinstance(reply, Failed)
    assert reply.code == "API_TOKEN_WRONG"
    assert reply.facts == [], "a refusal tells nothing of the token"
    assert await code_of(ended) == "API_TOKEN_WRONG"
    talker, _ = await open_session(nursery, FakeService(), token="right")
    assert await talker.greet("right") == WELCOME


async def test_hello_comes_first(nursery: trio.Nursery) -> None:
    talker, ended = await open_session(nursery, FakeService())
    await talker.say(1, GetStatus())
    assert failure(await talker.hear()) == (0, "API_HELLO_MISSING")
    assert await code_of(ended) == "API_HELLO_MISSING"


async def test_a_client_that_says_nothing_is_cut_off(
    nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    talker, ended = await open_session(nursery, FakeService())
    started = trio.current_time()
    assert failure(await talker.hear()) == (0, "API_HELLO_LATE")
    assert trio.current_time() - started == pytest.approx(API_HELLO_MS_MAX / 1_000)
    assert await code_of(ended) == "API_HELLO_LATE"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"\xc1"), "API_MALFORMED"),
        (frame(b""), "API_MALFORMED"),
        (frame(encode_api((3, "no message"))), "API_MALFORMED"),
        (frame(encode_api((3, ["no_such_request"]))), "API_MALFORMED"),
        (frame(encode_api((0, GetStatus()))), "API_MALFORMED"),
        (frame(encode_api((3, ["find_card", b"\xff\xfe"]))), "API_MALFORMED"),
        (frame(b"\x92\x03\x92\xa9find_card\xa2\xff\xfe"), "API_MALFORMED"),
        ((API_FRAME_BYTES_MAX + 1).to_bytes(4, "big"), "API_FRAME_TOO_LARGE"),
    ],
)
async def test_a_bad_frame_is_named_and_ends_the_session(
    nursery: trio.Nursery, data: bytes, code: str
) -> None:
    talker, ended = await open_session(nursery, FakeService())
    await talker.greet()
    await talker.stream.send_all(data)
    assert failure(await talker.hear()) == (0, code)
    assert await talker.hear() is None
    assert await code_of(ended) == code


async def test_half_a_frame_is_named_too(nursery: trio.Nursery) -> None:
    talker, ended = await open_session(nursery, FakeService())
    await talker.greet()
    await talker.stream.send_all(frame(encode_api((3, GetStatus())))[:-1])
    await talker.stream.aclose()
    assert await code_of(ended) == "API_FRAME_TORN"


@given(st.binary(max_size=64))
def test_no_bytes_whatever_break_the_door(payload: bytes) -> None:
    async def send() -> str:
        async with trio.open_nursery() as nursery:
            talker, ended = await open_session(nursery, FakeService())
            await talker.greet()
            await talker.stream.send_all(frame(payload))
            await talker.stream.aclose()
            return await code_of(ended)

    assert trio.run(send) in {"API_MALFORMED", "left"}


async def test_requests_run_side_by_side_up_to_the_limit_and_none_is_lost(
    nursery: trio.Nursery,
) -> None:
    gate, asked = trio.Event(), 0

    async def wait(request: Request) -> Reply:
        nonlocal asked
        asked += 1
        await gate.wait()
        assert isinstance(request, FindCard)
        return CardReply(None, request.presented)

    talker, _ = await open_session(nursery, FakeService(wait))
    await talker.greet()
    total = 2 * API_REQUESTS_PER_CLIENT_MAX

    async def ask() -> None:
        for number in range(2, total + 2):
            await talker.say(number, FindCard(str(number)))

    nursery.start_soon(ask)
    await trio.testing.wait_all_tasks_blocked()
    assert asked == API_REQUESTS_PER_CLIENT_MAX
    gate.set()
    heard = [await talker.hear() for _ in range(total)]
    assert sorted(reply[0] for reply in heard if reply) == list(range(2, total + 2))
    assert all(reply and reply[1] == CardReply(None, str(reply[0])) for reply in heard)


async def test_a_client_that_does_not_read_is_cut_off(
    nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    talker, ended = await open_session(nursery, FakeService())
    await talker.greet()
    started = trio.current_time()
    await talker.say(2, FindCard("12345678"))
    await trio.sleep(API_SEND_MS_MAX / 1_000 + 0.1)
    assert await code_of(ended) == "API_CLIENT_SLOW"
    assert trio.current_time() - started < 2 * API_SEND_MS_MAX / 1_000


async def test_the_nodes_errors_reach_the_client_that_asked(nursery: trio.Nursery) -> None:
    async def fail(request: Request) -> Reply:
        raise StorageFault("DISK_FULL", free_bytes=0, path="ledger.db")

    talker, ended = await open_session(nursery, FakeService(fail))
    await talker.greet()
    await talker.say(2, SealTraffic())
    wanted = Failed("storage", "DISK_FULL", [("free_bytes", 0), ("path", "ledger.db")])
    assert await talker.hear() == (2, wanted)
    await talker.say(3, GetStatus())
    assert (await talker.hear() or (0,))[0] == 3, "the session goes on"
    assert ended == []


async def test_a_bug_of_ours_is_not_swallowed() -> None:
    async def fail(request: Request) -> Reply:
        raise BugFound("SUM_WRONG")

    async def ask_for_trouble() -> None:
        async with trio.open_nursery() as nursery:
            talker, _ = await open_session(nursery, FakeService(fail))
            await talker.greet()
            await talker.say(2, SealTraffic())
            await talker.hear()

    with pytest.raises(ExceptionGroup) as caught:
        await ask_for_trouble()
    assert caught.group_contains(BugFound)


async def test_a_leaving_client_cancels_what_it_asked(nursery: trio.Nursery) -> None:
    left = trio.Event()

    async def wait(request: Request) -> Reply:
        try:
            await trio.sleep_forever()
        finally:
            left.set()

    talker, ended = await open_session(nursery, FakeService(wait))
    await talker.greet()
    await talker.say(2, SealTraffic())
    await trio.testing.wait_all_tasks_blocked()
    await talker.stream.aclose()
    await left.wait()
    assert await code_of(ended) == "left"


async def heights_of(talker: Talker, count: int) -> list[tuple[int, int]]:
    heard = [await talker.hear() for _ in range(count)]
    return [(item[0], item[1].height) for item in heard if item and isinstance(item[1], Summary)]


async def test_watching_brings_the_latest_summary_at_a_bounded_rate(
    nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    service = FakeService()
    talker, _ = await open_session(nursery, service)
    await talker.greet()
    await talker.say(2, Watch())
    assert await heights_of(talker, 1) == [(2, 0)]
    await trio.testing.wait_all_tasks_blocked()
    started = trio.current_time()
    for _ in range(5):
        service.grow()
    assert await heights_of(talker, 1) == [(0, 5)]
    service.grow()
    service.grow()
    assert await heights_of(talker, 1) == [(0, 7)]
    assert trio.current_time() - started == pytest.approx(1 / API_PUSH_HZ_MAX)


async def test_a_change_while_the_first_summary_is_on_its_way_is_pushed(
    nursery: trio.Nursery,
) -> None:
    service = FakeService()
    talker, _ = await open_session(nursery, service)
    await talker.greet()
    await talker.say(2, Watch())
    await trio.testing.wait_all_tasks_blocked()
    service.grow()
    assert await heights_of(talker, 2) == [(2, 0), (0, 1)]


async def test_watching_twice_brings_each_change_once(
    nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    service = FakeService()
    talker, _ = await open_session(nursery, service)
    await talker.greet()
    for request_id in (2, 3):
        await talker.say(request_id, Watch())
        await talker.hear()
    await trio.testing.wait_all_tasks_blocked()
    service.grow()
    assert await heights_of(talker, 1) == [(0, 1)]
    with trio.move_on_after(60) as silence:
        await talker.hear()
    assert silence.cancelled_caught
