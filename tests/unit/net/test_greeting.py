"""The handshake over sockets: whoever dawdles, hangs up or speaks otherwise gets no further."""

import socket
from collections.abc import Iterator

import pytest
import trio
from liandao_node.errors import LiandaoError, PeerFault, Unavailable
from liandao_node.limits import HANDSHAKE_MS_MAX
from liandao_node.net.addresses import Address
from liandao_node.net.admission import Verdict
from liandao_node.net.greeting import (
    ANSWER_BYTES,
    Answer,
    Call,
    Introduced,
    answer,
    connect,
    until_gone,
)
from liandao_node.net.handshake import FIRST_BYTES, HELLO_BYTES, LAST_BYTES
from support.shops import KEYS, NEXT_STREET, identity, socket_pair
from trio.testing import MockClock


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    left, right = socket_pair()
    with left, right:
        yield left, right


async def greet(caller: Call, host: socket.socket) -> tuple[Introduced, Introduced]:
    """Both sides of a call to shop 1."""
    introduced: list[Introduced] = []

    async def hosting() -> None:
        introduced.append(await answer(host, identity(1)))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(hosting)
        await caller.introduce_host()
        at_caller = await caller.introduce_self()
    return at_caller, introduced[0]


async def test_a_call_with_its_verdict(ends: tuple[socket.socket, socket.socket]) -> None:
    at_caller, at_host = await greet(Call(ends[0], identity(0)), ends[1])
    assert at_caller.peer == KEYS[1].public_key
    assert at_host.peer == KEYS[0].public_key
    at_host.speak(Answer(Verdict.DUPLICATE))
    assert await at_caller.hear() == Answer(Verdict.DUPLICATE)
    ends[1].send(at_host.sealer.seal((b"a first frame",)))
    assert list(at_caller.opener.feed(ends[0].recv(1_000))) == [b"a first frame"]


@pytest.mark.parametrize("frame", [b"\xff", b"", b"\0\0"])
async def test_a_verdict_that_is_none_is_a_fault(
    ends: tuple[socket.socket, socket.socket], frame: bytes
) -> None:
    at_caller, at_host = await greet(Call(ends[0], identity(0)), ends[1])
    filling = bytes(ANSWER_BYTES)
    ends[1].send(at_host.sealer.seal((frame, b"filled up to the size of an answer", filling)))
    with pytest.raises(PeerFault):
        await at_caller.hear()


async def test_a_lone_verdict_byte_out_of_range_is_a_fault(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    at_caller, at_host = await greet(Call(ends[0], identity(0)), ends[1])
    ends[1].send(at_host.sealer.seal((b"\xff" + bytes(ANSWER_BYTES - 1),)))
    with pytest.raises(PeerFault, match="VERDICT_UNKNOWN"):
        await at_caller.hear()


async def test_a_verdict_about_an_older_session_carries_the_newer_ones_claim(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    at_caller, at_host = await greet(Call(ends[0], identity(0)), ends[1])
    claim = at_caller.claim
    at_host.speak(Answer(Verdict.OLDER_SESSION, claim))
    assert await at_caller.hear() == Answer(Verdict.OLDER_SESSION, claim)


async def test_a_verdict_for_a_caller_that_has_gone_is_no_fault(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    _, at_host = await greet(Call(ends[0], identity(0)), ends[1])
    ends[0].close()
    with pytest.raises(Unavailable, match="PEER_GONE"):
        at_host.speak(Answer(Verdict.WELCOME))


async def test_both_sides_learn_that_their_streets_differ(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    found: dict[str, LiandaoError] = {}

    async def hosting() -> None:
        with pytest.raises(PeerFault) as fault:
            await answer(ends[1], identity(1, NEXT_STREET))
        found["host"] = fault.value

    async with trio.open_nursery() as nursery:
        nursery.start_soon(hosting)
        with pytest.raises(PeerFault) as fault, trio.fail_after(60):
            await Call(ends[0], identity(0)).introduce_host()
    assert (fault.value.code, found["host"].code) == ("OTHER_STREET", "OTHER_STREET")
    assert fault.value.facts == {"street": "22" * 8}


async def test_a_browser_gets_no_answer(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].send(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
    with pytest.raises(PeerFault, match="NOT_LIANDAO"):
        await answer(ends[1], identity(1))
    with pytest.raises(BlockingIOError):
        ends[0].recv(1)


@pytest.mark.parametrize("size", [0, HELLO_BYTES, FIRST_BYTES - 1, FIRST_BYTES])
async def test_a_caller_that_hangs_up_is_no_fault(
    ends: tuple[socket.socket, socket.socket], size: int
) -> None:
    ends[0].send((identity(0).hello + bytes(32))[:size].ljust(size, b"\x09"))
    ends[0].shutdown(socket.SHUT_WR)
    with pytest.raises((Unavailable, PeerFault)) as end:
        await answer(ends[1], identity(1))
    # A whole first message of zeros carries a key of low order: that is a fault.
    assert end.value.code == ("WEAK_KEY" if size == FIRST_BYTES else "PEER_GONE")


async def test_a_byte_a_second_does_not_hold_the_door_open(
    ends: tuple[socket.socket, socket.socket], autojump_clock: MockClock
) -> None:
    """Slow loris: the whole handshake has one deadline, not each byte."""

    async def dawdle() -> None:
        for byte in identity(0).hello + bytes(LAST_BYTES):
            await trio.sleep(1)
            ends[0].send(bytes([byte]))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(dawdle)
        began = trio.current_time()
        with trio.move_on_after(HANDSHAKE_MS_MAX / 1_000) as scope:
            await answer(ends[1], identity(1))
        assert scope.cancelled_caught
        assert trio.current_time() - began == pytest.approx(HANDSHAKE_MS_MAX / 1_000)
        nursery.cancel_scope.cancel()


async def test_a_farewell_ends_when_the_other_side_hangs_up(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ends[0].send(b"words nobody reads")
    ends[0].close()
    with trio.fail_after(60):
        await until_gone(ends[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "no such host \udcff", "." * 300])
async def test_an_address_that_leads_nowhere_is_no_fault(host: str) -> None:
    with pytest.raises(Unavailable, match="PEER_GONE"):
        await connect(Address(host, 1))
