"""One channel over a pair of sockets: order, bounds, ends, and that sending never waits."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import trio
from liandao_node.crypto.noise import NONCE_MAX, CipherState
from liandao_node.errors import PeerFault, Unavailable
from liandao_node.limits import (
    FRAME_BYTES_MAX,
    PEER_QUEUE_BYTES_MAX,
    PEER_QUEUE_FRAMES_MAX,
    PEER_SILENCE_MS_MAX,
    PING_MS,
)
from liandao_node.net.channel import Channel
from liandao_node.net.records import Opener, Sealer
from support.shops import sealer_and_opener, socket_pair
from trio.testing import MockClock


class End:
    """A channel with the list of what it was sent."""

    def __init__(self, sock: socket.socket, sealer: Sealer, opener: Opener) -> None:
        self.sock = sock
        self.frames: list[bytes] = []
        self.on_frame: Callable[[bytes], None] = self.frames.append
        self.channel = Channel(sock, sealer, opener, lambda frame: self.on_frame(frame))


def two_ends() -> tuple[End, End]:
    left, right = socket_pair()
    there, back = sealer_and_opener(), sealer_and_opener()
    return End(left, there[0], back[1]), End(right, back[0], there[1])


@asynccontextmanager
async def running(*ends: End) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        for end in ends:
            nursery.start_soon(end.channel.run)
        yield
        nursery.cancel_scope.cancel()
    for end in ends:
        assert end.sock.fileno() == -1, "a channel closes its socket"


async def until(holds: Callable[[], bool]) -> None:
    with trio.fail_after(60):
        while not holds():
            await trio.sleep(0.001)


def code(end: End) -> str:
    assert end.channel.closed_by is not None
    return end.channel.closed_by.code


async def test_frames_arrive_in_order_in_both_directions() -> None:
    left, right = two_ends()
    sent = [b"%d" % n for n in range(200)] + [b"x" * FRAME_BYTES_MAX, b"last"]
    async with running(left, right):
        for frame in sent:
            assert left.channel.send(frame)
        assert right.channel.send(b"back")
        await until(lambda: len(right.frames) == len(sent) and bool(left.frames))
    assert right.frames == sent
    assert left.frames == [b"back"]


async def test_a_frame_leaves_within_the_call_that_sends_it() -> None:
    """No task has to run between `send` and the wire."""
    left, right = two_ends()
    left.channel.send(b"a vote")
    assert list(right.channel._opener.feed(right.sock.recv(1_000))) == [b"a vote"]
    left.channel.abandon()
    right.channel.abandon()


async def test_what_the_kernel_does_not_take_is_queued_and_sent_later_in_order() -> None:
    left, right = two_ends()
    sent = [bytes([n]) * 20_000 for n in range(100)]
    for frame in sent:
        assert left.channel.send(frame)
    assert left.channel._queue
    async with running(left, right):
        await until(lambda: len(right.frames) == len(sent))
        assert not left.channel._queue
        assert left.channel._queue_bytes == 0
        left.channel.send(b"direct again")
        await until(lambda: right.frames[-1] == b"direct again")
    assert right.frames[:-1] == sent


async def test_frames_sent_while_the_queue_drains_do_not_overtake_it() -> None:
    left, right = two_ends()
    sent = [b"%d " % n + bytes(20_000) for n in range(100)]
    for frame in sent:
        left.channel.send(frame)
    assert left.channel._queue
    async with running(left, right):
        while len(right.frames) < len(sent):
            sent.append(b"%d" % len(sent))
            left.channel.send(sent[-1])
            await trio.lowlevel.checkpoint()
            if not left.channel._queue:
                break
        await until(lambda: len(right.frames) == len(sent))
    assert right.frames == sent


async def test_the_rest_of_a_large_frame_follows_as_soon_as_the_kernel_takes_it() -> None:
    """The writer sleeps until the kernel is full, and then nobody else sends anything."""
    left, right = two_ends()
    async with running(left, right):
        await trio.testing.wait_all_tasks_blocked()
        left.channel.send(b"x" * FRAME_BYTES_MAX)
        assert left.channel._unsent
        await until(lambda: bool(right.frames))
    assert right.frames == [b"x" * FRAME_BYTES_MAX]


@pytest.mark.parametrize("size", [1, 200_000])
async def test_a_reader_that_does_not_read_loses_its_channel_and_never_blocks(size: int) -> None:
    """The queue is bounded in frames and in bytes, whichever comes first."""
    left, right = two_ends()
    taken = 0
    while left.channel.send(b"x" * size):
        taken += 1
        assert len(left.channel._queue) <= PEER_QUEUE_FRAMES_MAX
        assert left.channel._queue_bytes <= PEER_QUEUE_BYTES_MAX
        assert taken < 100_000
    assert code(left) == "PEER_TOO_SLOW"
    assert not left.channel.send(b"more")
    await left.channel.run()
    assert left.sock.fileno() == -1
    right.channel.abandon()


async def test_a_peer_that_hangs_up_ends_the_channel() -> None:
    left, right = two_ends()
    async with running(left):
        right.channel.abandon()
        await until(lambda: left.channel.closed_by is not None)
    assert code(left) == "PEER_GONE"
    assert not left.channel.send(b"x")


async def test_sending_to_a_peer_that_has_hung_up_ends_the_channel() -> None:
    left, right = two_ends()
    right.channel.abandon()
    assert not left.channel.send(b"x")
    assert code(left) == "PEER_GONE"
    left.channel.abandon()


async def test_silence_ends_the_channel(autojump_clock: MockClock) -> None:
    left, right = two_ends()
    began = trio.current_time()
    await left.channel.run()
    assert code(left) == "PEER_SILENT"
    assert trio.current_time() - began == pytest.approx(PEER_SILENCE_MS_MAX / 1_000)
    right.channel.abandon()


async def test_two_idle_ends_keep_each_other_alive(autojump_clock: MockClock) -> None:
    left, right = two_ends()
    async with running(left, right):
        await trio.sleep(20 * PEER_SILENCE_MS_MAX / 1_000)
        assert left.channel.closed_by is None
        assert right.channel.closed_by is None
    assert left.frames == right.frames == []


async def test_a_pause_of_our_own_is_not_taken_for_the_peers(mock_clock: MockClock) -> None:
    """The process was stopped longer than the limit while the peer's bytes lay ready."""
    left, right = two_ends()
    async with running(left):
        await trio.testing.wait_all_tasks_blocked()
        right.channel.ping()
        mock_clock.jump(2 * PEER_SILENCE_MS_MAX / 1_000)
        await trio.testing.wait_all_tasks_blocked()
        assert left.channel.closed_by is None
        for turn in range(PEER_SILENCE_MS_MAX // PING_MS + 1):
            # One more where the turn at the jump came before the bytes were read.
            closed: object = left.channel.closed_by
            assert closed is None or turn == PEER_SILENCE_MS_MAX // PING_MS
            mock_clock.jump(PING_MS / 1_000)
            await trio.testing.wait_all_tasks_blocked()
    assert code(left) == "PEER_SILENT"
    right.channel.abandon()


async def test_a_fault_that_the_receiver_finds_ends_the_channel() -> None:
    left, right = two_ends()

    def refuse(frame: bytes) -> None:
        right.frames.append(frame)
        raise PeerFault("VOTE_FORGED")

    right.on_frame = refuse
    async with running(left, right):
        left.channel.send(b"one")
        left.channel.send(b"two")
        await until(lambda: left.channel.closed_by is not None)
    assert right.frames == [b"one"]
    assert code(right) == "VOTE_FORGED"


async def test_forged_bytes_end_the_channel() -> None:
    left, right = two_ends()
    async with running(left):
        right.sock.send(b"\0\x20" + bytes(32))
        await until(lambda: left.channel.closed_by is not None)
    assert isinstance(left.channel.closed_by, PeerFault)
    assert code(left) == "FRAME_FORGED"
    right.channel.abandon()


async def test_frames_behind_the_one_that_closed_the_channel_are_not_delivered() -> None:
    left, right = two_ends()

    def close(frame: bytes) -> None:
        right.frames.append(frame)
        right.channel.close(Unavailable("REPLACED"))

    right.on_frame = close
    for frame in (b"one", b"two"):
        left.channel.send(frame)
    await right.channel.run()
    assert right.frames == [b"one"]
    left.channel.abandon()


async def test_a_bug_in_the_handler_is_not_swallowed() -> None:
    left, right = two_ends()

    def stumble(frame: bytes) -> None:
        raise ZeroDivisionError

    right.on_frame = stumble
    left.channel.send(b"x")
    with pytest.raises(ExceptionGroup) as bug:
        await right.channel.run()
    assert bug.group_contains(ZeroDivisionError)
    assert right.sock.fileno() == -1
    left.channel.abandon()


async def test_the_first_reason_stays() -> None:
    left, right = two_ends()
    left.channel.close(Unavailable("REPLACED"))
    left.channel.close(Unavailable("PEER_GONE"))
    await left.channel.run()
    assert code(left) == "REPLACED"
    right.channel.abandon()


async def test_a_channel_that_has_used_up_its_counter_closes() -> None:
    left, right = two_ends()
    spent = CipherState(b"k" * 32)
    spent.nonce = NONCE_MAX
    left.channel._sealer = Sealer(spent)
    assert not left.channel.send(b"x")
    assert code(left) == "CHANNEL_SPENT"
    left.channel.abandon()
    right.channel.abandon()


@pytest.mark.parametrize("size", [0, FRAME_BYTES_MAX + 1])
async def test_a_frame_of_forbidden_size_is_our_bug(size: int) -> None:
    left, right = two_ends()
    with pytest.raises(AssertionError):
        left.channel.send(bytes(size))
    left.channel.abandon()
    right.channel.abandon()
