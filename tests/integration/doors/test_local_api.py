"""App and node over real sockets: who may enter, what passes, what a broken end costs."""

import os
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
from liandao_node.client import CardReply, NodeClient, Summary, connect
from liandao_node.doors import local
from liandao_node.doors.local import LocalDoor
from liandao_node.errors import LiandaoError, OperatorFault, Refused, Unavailable
from liandao_node.limits import API_CLIENTS_MAX
from liandao_node.local.endpoint import TcpEndpoint, read_tcp, socket_path, tcp_path, write_tcp
from liandao_node.types import Amount
from liandao_node.wire.api import FindCard, Reply, Request
from support.doors import WELCOME, FakeService, Talker

Faults = Counter[str]
HANG_SECONDS = 30


@pytest.fixture(params=[False, True], ids=["unix", "tcp"])
def tcp(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def open_door(
    nursery: trio.Nursery, data_dir: Path, service: FakeService | None = None, *, tcp: bool = False
) -> Faults:
    faults: Faults = Counter()
    await nursery.start(LocalDoor(service or FakeService(), data_dir, faults=faults, tcp=tcp).serve)
    return faults


async def refusal(data_dir: Path) -> LiandaoError:
    """The error that connecting and asking once ends with."""
    try:
        async with connect(data_dir, client="test") as node:
            await node.status()
    except LiandaoError as error:
        return error
    pytest.fail("was let in")


async def counted(faults: Faults, code: str) -> None:
    """Waits until the door has counted ``code`` once."""
    with trio.fail_after(HANG_SECONDS):
        while not faults[code]:
            await trio.sleep(0.001)
    assert faults[code] == 1


async def test_a_client_is_welcomed_and_answered(
    nursery: trio.Nursery, tmp_path: Path, tcp: bool
) -> None:
    faults = await open_door(nursery, tmp_path, tcp=tcp)
    async with connect(tmp_path, client="test") as node:
        assert node.welcome == WELCOME
        assert (await node.status()).height == 0
        assert await node.find_card("12345678") == CardReply(None, "12345678")
    assert faults == Counter()


async def test_what_the_block_raises_comes_out_in_no_group(
    nursery: trio.Nursery, tmp_path: Path
) -> None:
    await open_door(nursery, tmp_path)

    async def ask() -> None:
        async with connect(tmp_path, client="test") as node:
            await node.hold(bytes(16), "LD1:C:x", Amount(5))

    with pytest.raises(Refused) as caught:
        await ask()
    assert (caught.value.code, caught.value.facts) == ("HOLD_UNKNOWN", {"hold": "ab"})


async def test_sixty_four_requests_at_once_on_one_connection(
    nursery: trio.Nursery, tmp_path: Path, tcp: bool
) -> None:
    gate, running = trio.Event(), 0

    async def together(request: Request) -> Reply:
        nonlocal running
        running += 1
        if running == 64:
            gate.set()
        await gate.wait()
        assert isinstance(request, FindCard)
        return CardReply(None, request.presented)

    await open_door(nursery, tmp_path, FakeService(together), tcp=tcp)
    found = []

    async def ask(node: NodeClient, name: str) -> None:
        found.append((name, (await node.find_card(name)).presented))

    with trio.fail_after(HANG_SECONDS):
        async with connect(tmp_path, client="test") as node, trio.open_nursery() as askers:
            for number in range(64):
                askers.start_soon(ask, node, str(number))
    assert sorted(found) == sorted((str(number), str(number)) for number in range(64))


async def test_watching_follows_the_node_to_its_end(tmp_path: Path) -> None:
    service, heights = FakeService(), []

    async def follow() -> str:
        async with connect(tmp_path, client="test") as node:
            async for summary in node.summaries():
                heights.append(summary.height)
                if summary.height < 3:
                    service.grow()
                else:
                    door.cancel_scope.cancel()
        return "unreached"

    with trio.fail_after(HANG_SECONDS):
        async with trio.open_nursery() as door:
            await open_door(door, tmp_path, service)
            with pytest.raises(Unavailable) as caught, trio.CancelScope(shield=True):
                await follow()
    assert caught.value.code == "NODE_GONE"
    assert heights == [0, 1, 2, 3]


async def test_no_node_is_said_so(tmp_path: Path) -> None:
    for data_dir in (tmp_path, tmp_path / "nowhere", tmp_path / ("long" * 40)):
        error = await refusal(data_dir)
        assert isinstance(error, Unavailable)
        assert error.code == "NODE_NOT_RUNNING"


async def test_the_socket_is_its_owners_alone(nursery: trio.Nursery, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    await open_door(nursery, tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket_path(tmp_path).stat().st_mode) == 0o600


async def test_another_user_is_refused_and_counted(
    nursery: trio.Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = await open_door(nursery, tmp_path)
    monkeypatch.setattr(local, "peer_uid", lambda _: os.geteuid() + 1)
    error = await refusal(tmp_path)
    assert isinstance(error, OperatorFault)
    assert error.code == "API_USER_WRONG"
    assert error.facts == {"uid": os.geteuid() + 1}
    await counted(faults, "API_USER_WRONG")
    monkeypatch.undo()
    async with connect(tmp_path, client="test") as node:
        assert node.welcome == WELCOME


async def test_the_kernel_tells_our_own_uid(nursery: trio.Nursery, tmp_path: Path) -> None:
    uids: list[int] = []
    async with trio.open_nursery() as inner:
        listener = trio.socket.socket(trio.socket.AF_UNIX)
        await listener.bind(str(tmp_path / "s"))
        listener.listen()

        async def accept() -> None:
            connection, _ = await listener.accept()
            uids.append(local.peer_uid(connection))
            connection.close()

        inner.start_soon(accept)
        async with await trio.open_unix_socket(str(tmp_path / "s")):
            pass
    listener.close()
    assert uids == [os.geteuid()]


async def test_a_wrong_token_is_refused_and_counted(nursery: trio.Nursery, tmp_path: Path) -> None:
    faults = await open_door(nursery, tmp_path, tcp=True)
    assert stat.S_IMODE(tcp_path(tmp_path).stat().st_mode) == 0o600
    right = read_tcp(tmp_path)
    assert right is not None
    assert len(right.token) >= 32
    write_tcp(tmp_path, TcpEndpoint(port=right.port, token="guess"))
    error = await refusal(tmp_path)
    assert isinstance(error, OperatorFault)
    assert error.code == "API_TOKEN_WRONG"
    await counted(faults, "API_TOKEN_WRONG")


async def test_one_client_too_many_is_told_so(nursery: trio.Nursery, tmp_path: Path) -> None:
    faults = await open_door(nursery, tmp_path)
    streams = [
        await trio.open_unix_socket(str(socket_path(tmp_path))) for _ in range(API_CLIENTS_MAX)
    ]
    for stream in streams:
        assert await Talker(stream).greet() == WELCOME
    error = await refusal(tmp_path)
    assert isinstance(error, Unavailable)
    assert error.code == "API_CLIENTS_FULL"
    await counted(faults, "API_CLIENTS_FULL")
    for stream in streams:
        await stream.aclose()


async def _send(stream: trio.abc.Stream, data: bytes) -> None:
    await stream.send_all(data)
    await stream.aclose()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "API_FRAME_TOO_LARGE"),
        (b"\x00\x00\x00\x05\xc1", "API_FRAME_TORN"),
        (b"\x00\x00\x00\x01\xc1", "API_MALFORMED"),
        (b"", "API_HELLO_MISSING"),
    ],
)
async def test_a_broken_client_is_counted_and_costs_the_others_nothing(
    nursery: trio.Nursery, tmp_path: Path, tcp: bool, data: bytes, code: str
) -> None:
    faults = await open_door(nursery, tmp_path, tcp=tcp)
    async with connect(tmp_path, client="good") as node:
        endpoint = read_tcp(tmp_path)
        stream: trio.abc.Stream = (
            await trio.open_tcp_stream("127.0.0.1", endpoint.port)
            if endpoint
            else await trio.open_unix_socket(str(socket_path(tmp_path)))
        )
        await _send(stream, data)
        await counted(faults, code)
        assert isinstance(await node.status(), Summary)


async def test_a_slow_reader_is_cut_off_and_the_others_are_served(
    nursery: trio.Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.doors.session.API_SEND_MS_MAX", 100)

    async def much(request: Request) -> Reply:
        return CardReply(None, "x" * 1_000_000)

    faults = await open_door(nursery, tmp_path, FakeService(much))
    async with (
        await trio.open_unix_socket(str(socket_path(tmp_path))) as stream,
        connect(tmp_path, client="good") as node,
    ):
        talker = Talker(stream)
        await talker.greet()
        for request_id in (2, 3):
            await talker.say(request_id, FindCard("1"))
        await counted(faults, "API_CLIENT_SLOW")
        assert isinstance(await node.status(), Summary)


async def test_a_dead_nodes_socket_is_replaced(nursery: trio.Nursery, tmp_path: Path) -> None:
    with trio.socket.socket(trio.socket.AF_UNIX) as dead:
        await dead.bind(str(socket_path(tmp_path)))
    await open_door(nursery, tmp_path)
    async with connect(tmp_path, client="test") as node:
        assert node.welcome == WELCOME


async def fault_of_opening(data_dir: Path) -> str:
    try:
        await LocalDoor(FakeService(), data_dir, faults=Counter()).serve()
    except OperatorFault as error:
        return error.code
    pytest.fail("was opened")


async def test_a_second_door_on_the_same_data_is_refused(
    nursery: trio.Nursery, tmp_path: Path
) -> None:
    await open_door(nursery, tmp_path)
    assert await fault_of_opening(tmp_path) == "NODE_ALREADY_RUNNING"
    async with connect(tmp_path, client="test") as node:
        assert node.welcome == WELCOME


async def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    socket_path(tmp_path).write_text("mine")
    assert await fault_of_opening(tmp_path) == "API_DOOR_BLOCKED"
    assert socket_path(tmp_path).read_text() == "mine"


@pytest.mark.parametrize("path_of", [socket_path, tcp_path])
async def test_a_closed_door_leaves_nothing_behind(
    tmp_path: Path, path_of: Callable[[Path], Path]
) -> None:
    async with trio.open_nursery() as nursery:
        await open_door(nursery, tmp_path, tcp=path_of is tcp_path)
        assert path_of(tmp_path).exists()
        nursery.cancel_scope.cancel()
    assert list(tmp_path.iterdir()) == []


async def test_a_long_data_directory_works_like_any_other(
    nursery: trio.Nursery, tmp_path: Path
) -> None:
    data_dir = tmp_path / ("long" * 40)
    await open_door(nursery, data_dir)
    async with connect(data_dir, client="test") as node:
        assert (await node.status()).height == 0
