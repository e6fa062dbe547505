"""One connection of a client: each answer finds who asked, and a lost node leaves none waiting."""

import pytest
import trio
import trio.testing
from liandao_node.client.channel import Channel
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
from liandao_node.local.frames import FrameReader, frame
from liandao_node.wire.api import (
    CardReply,
    Failed,
    FindCard,
    GetStatus,
    Reply,
    Request,
    Summary,
    decode_request,
    encode_api,
)
from support.doors import summary


class FakeNode:
    """The node's end of a stream, as a test plays it."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self._frames = FrameReader(stream)

    async def hear(self) -> tuple[int, Request]:
        payload = await self._frames.next()
        assert payload is not None
        return decode_request.decode(payload)

    async def say(self, request_id: int, reply: Reply) -> None:
        await self.stream.send_all(frame(encode_api((request_id, reply))))


def open_channel(nursery: trio.Nursery) -> tuple[Channel, FakeNode]:
    ours, theirs = trio.testing.memory_stream_pair()
    channel = Channel(ours)
    nursery.start_soon(channel.run)
    return channel, FakeNode(theirs)


async def caught_by(channel: Channel, errors: list[LiandaoError]) -> None:
    try:
        await channel.ask(GetStatus(), Summary)
    except LiandaoError as error:
        errors.append(error)


async def test_answers_find_who_asked_in_any_order(nursery: trio.Nursery) -> None:
    channel, node = open_channel(nursery)
    got: dict[str, str] = {}

    async def ask(presented: str) -> None:
        got[presented] = (await channel.ask(FindCard(presented), CardReply)).presented

    names = [str(number) for number in range(64)]
    async with trio.open_nursery() as askers:
        for name in names:
            askers.start_soon(ask, name)
        heard = [await node.hear() for _ in names]
        for request_id, request in reversed(heard):
            assert isinstance(request, FindCard)
            await node.say(request_id, CardReply(None, request.presented))
    assert got == {name: name for name in names}


@pytest.mark.parametrize(
    "kind", [PeerFault, OperatorFault, InputFault, StorageFault, Refused, Unavailable, BugFound]
)
async def test_an_error_comes_out_as_the_node_raised_it(
    nursery: trio.Nursery, kind: type[LiandaoError]
) -> None:
    channel, node = open_channel(nursery)
    errors: list[LiandaoError] = []
    nursery.start_soon(caught_by, channel, errors)
    request_id, _ = await node.hear()
    await node.say(request_id, Failed(kind.guilty, "ODD", [("a", 1), ("code", "x")]))
    await trio.testing.wait_all_tasks_blocked()
    (error,) = errors
    assert type(error) is kind
    assert (error.code, error.facts) == ("ODD", {"a": 1, "code": "x"})


async def test_a_lost_node_ends_all_waiting_and_all_later_requests(nursery: trio.Nursery) -> None:
    channel, node = open_channel(nursery)
    errors: list[LiandaoError] = []
    for _ in range(3):
        nursery.start_soon(caught_by, channel, errors)
    await node.hear()
    await node.stream.aclose()
    await trio.testing.wait_all_tasks_blocked()
    await caught_by(channel, errors)
    assert [(type(error), error.code) for error in errors] == [(Unavailable, "NODE_GONE")] * 4
    assert len({id(error) for error in errors}) == 4, "one exception raised twice mixes traces"


@pytest.mark.parametrize("garbage", [frame(b"\xc1"), b"\xff\xff\xff\xff", frame(b"x")[:-1]])
async def test_a_node_that_talks_nonsense_is_gone(nursery: trio.Nursery, garbage: bytes) -> None:
    channel, node = open_channel(nursery)
    errors: list[LiandaoError] = []
    nursery.start_soon(caught_by, channel, errors)
    await node.hear()
    await node.stream.send_all(garbage)
    await node.stream.aclose()
    await trio.testing.wait_all_tasks_blocked()
    assert [error.code for error in errors] == ["NODE_GONE"]


async def test_the_nodes_last_word_is_the_reason_for_all(nursery: trio.Nursery) -> None:
    channel, node = open_channel(nursery)
    errors: list[LiandaoError] = []
    nursery.start_soon(caught_by, channel, errors)
    await node.hear()
    await node.say(0, Failed("operator", "API_VERSION", [("node", 2)]))
    await node.stream.aclose()
    await trio.testing.wait_all_tasks_blocked()
    await caught_by(channel, errors)
    assert [type(error) for error in errors] == [OperatorFault, OperatorFault]


async def test_a_cancelled_request_leaves_the_connection_whole(nursery: trio.Nursery) -> None:
    channel, node = open_channel(nursery)
    with trio.CancelScope() as scope:
        nursery.start_soon(_cancel_when_idle, scope)
        await channel.ask(FindCard("1"), CardReply)
    assert scope.cancelled_caught
    late_id, _ = await node.hear()
    await node.say(late_id, CardReply(None, "1"))
    answers: list[CardReply] = []

    async def ask_again() -> None:
        answers.append(await channel.ask(FindCard("2"), CardReply))

    nursery.start_soon(ask_again)
    request_id, _ = await node.hear()
    assert request_id != late_id
    await node.say(request_id, CardReply(None, "2"))
    await trio.testing.wait_all_tasks_blocked()
    assert answers == [CardReply(None, "2")]


async def _cancel_when_idle(scope: trio.CancelScope) -> None:
    await trio.testing.wait_all_tasks_blocked()
    scope.cancel()


async def test_pushes_are_news_and_the_latest_wins(nursery: trio.Nursery) -> None:
    channel, node = open_channel(nursery)
    for height in (3, 4):
        await node.say(0, summary(height))
    assert await channel.news.after(1) == 2
    assert channel.summary == summary(4)
