"""The local door: the API of `liandao_node.wire.api` for the app and registers of this shop.

Who may enter: processes of the same user. A Unix socket lies in a folder that is ours alone
and tells the peer's uid; where there are none, a loopback port asks for the token of a file
that is ours alone. Everything a client does wrong has a named error, is counted, and costs
that client its connection and nobody else anything.
"""

import os
import secrets
import socket
import stat
import struct
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

import trio

from liandao_node.doors.service import NodeService
from liandao_node.doors.session import Session
from liandao_node.errors import LiandaoError, OperatorFault, Unavailable
from liandao_node.limits import API_CLIENTS_MAX
from liandao_node.local.endpoint import (
    LOOPBACK,
    UNIX_SOCKETS,
    TcpEndpoint,
    make_private,
    socket_address,
    socket_path,
    tcp_path,
    write_tcp,
)

TOKEN_BYTES: Final = 32
BACKLOG: Final = 64
_CREDENTIALS: Final = struct.Struct("3i")
"""Linux's struct ucred: pid, uid, gid."""


def peer_uid(connection: trio.socket.SocketType) -> int:
    """User id of the process at the other end of a Unix socket, by the kernel's word."""
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(packed)
    return int(uid)


class LocalDoor:
    """Serves the local API for the node in ``data_dir``.

    ``faults`` counts clients' errors by code. ``tcp`` asks for loopback even where there are
    Unix sockets.
    """

    def __init__(
        self, service: NodeService, data_dir: Path, *, faults: Counter[str], tcp: bool = False
    ) -> None:
        self._service = service
        self._data_dir = data_dir
        self._faults = faults
        self._tcp = tcp or not UNIX_SOCKETS
        self._clients = 0

    async def serve(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serves until cancelled; ``nursery.start`` returns when clients may come.

        Raises OperatorFault ``NODE_ALREADY_RUNNING`` when somebody answers at our socket,
        ``API_DOOR_BLOCKED`` when something else lies in its place, ``FOLDER_NOT_OURS``.
        """
        make_private(self._data_dir)
        opened = self._loopback() if self._tcp else self._unix()
        async with opened as (listener, token):
            task_status.started()

            async def welcome(stream: trio.SocketStream) -> None:
                await self._admit(stream, token)

            await trio.serve_listeners(welcome, [listener])

    async def _admit(self, stream: trio.SocketStream, token: str) -> None:
        """Lets one client in, or tells it why not."""
        session = Session(self._service, stream, token)
        self._clients += 1
        try:
            async with stream:
                refusal = self._refusal(stream)
                if refusal is None:
                    refusal = await session.run()
                else:
                    await session.refuse(refusal)
        finally:
            self._clients -= 1
        if refusal is not None:
            self._faults[refusal.code] += 1

    def _refusal(self, stream: trio.SocketStream) -> LiandaoError | None:
        if not self._tcp:
            uid = peer_uid(stream.socket)
            if uid != os.geteuid():
                return OperatorFault("API_USER_WRONG", uid=uid)
        if self._clients > API_CLIENTS_MAX:
            return Unavailable("API_CLIENTS_FULL", limit=API_CLIENTS_MAX)
        return None

    @asynccontextmanager
    async def _unix(self) -> AsyncIterator[tuple[trio.SocketListener, str]]:
        path = socket_path(self._data_dir)
        await _make_way(path)
        tcp_path(self._data_dir).unlink(missing_ok=True)
        with trio.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            with socket_address(path) as address:
                await door.bind(address)
            path.chmod(0o600)
            door.listen(BACKLOG)
            with _removed_at_the_end(path):
                yield trio.SocketListener(door), ""

    @asynccontextmanager
    async def _loopback(self) -> AsyncIterator[tuple[trio.SocketListener, str]]:
        with trio.socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
            await door.bind((LOOPBACK, 0))
            door.listen(BACKLOG)
            endpoint = TcpEndpoint(
                port=door.getsockname()[1], token=secrets.token_urlsafe(TOKEN_BYTES)
            )
            write_tcp(self._data_dir, endpoint)
            with _removed_at_the_end(tcp_path(self._data_dir)):
                yield trio.SocketListener(door), endpoint.token


async def _make_way(path: Path) -> None:
    """Removes the socket of a node that died, and nothing else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise OperatorFault("API_DOOR_BLOCKED", path=str(path))
    with trio.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        try:
            with socket_address(path) as address:
                await knock.connect(address)
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            raise OperatorFault("API_DOOR_BLOCKED", path=str(path)) from error
    raise OperatorFault("NODE_ALREADY_RUNNING", path=str(path.parent))


@contextmanager
def _removed_at_the_end(path: Path) -> Iterator[None]:
    """Removes ``path`` unless it is another file by then: a successor's."""
    ours = path.lstat().st_ino
    try:
        yield
    finally:
        # A path that is gone already, or a folder that cannot be written, harms nobody.
        with suppress(OSError):
            if path.lstat().st_ino == ours:
                path.unlink()
