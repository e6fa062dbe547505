"""Members of a street for tests of the network: keys, a handler that keeps a diary."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio
from liandao_node.crypto.keys import SigningKey
from liandao_node.crypto.noise import CipherState, KeyPair
from liandao_node.errors import OperatorFault, PeerFault
from liandao_node.net.handshake import Identity
from liandao_node.net.peers import Address, AddressBook, Network, NetworkConfig
from liandao_node.net.records import Opener, Sealer
from liandao_node.types import ChainId, PublicKey, ShopId

STREET = ChainId(b"\x11" * 32)
NEXT_STREET = ChainId(b"\x22" * 32)
KEYS = sorted((SigningKey(bytes([seed]) * 32) for seed in range(1, 9)), key=lambda k: k.public_key)
"""Shop 0 has the lowest public key."""
STRANGER = SigningKey(b"\xff" * 32)
LOOPBACK = "127.0.0.1"


def members(count: int) -> dict[PublicKey, ShopId]:
    return {key.public_key: ShopId(shop) for shop, key in enumerate(KEYS[:count])}


def x25519(number: int) -> KeyPair:
    return KeyPair.from_secret(bytes([number]) * 32)


def identity(shop: int, chain_id: ChainId = STREET) -> Identity:
    return Identity(KEYS[shop], chain_id, x25519(100 + shop), boot=7)


def sealer_and_opener() -> tuple[Sealer, Opener]:
    """The two ends of one direction."""
    return Sealer(CipherState(b"k" * 32)), Opener(CipherState(b"k" * 32))


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Two connected non-blocking sockets."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


@dataclass
class Diary:
    """A PeerHandler that writes down what it is told."""

    frames: list[tuple[int, bytes]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    refuse: str = ""
    """Code of the PeerFault to raise for every frame."""
    _news: trio.lowlevel.ParkingLot = field(default_factory=trio.lowlevel.ParkingLot)

    def on_message(self, peer: ShopId, frame: bytes) -> None:
        if self.refuse:
            raise PeerFault(self.refuse)
        self.frames.append((peer, frame))
        self._news.unpark_all()

    def on_up(self, peer: ShopId) -> None:
        self._write(f"up {peer}")

    def on_down(self, peer: ShopId) -> None:
        self._write(f"down {peer}")

    def on_fault(self, peer: ShopId | None, code: str) -> None:
        self._write(code if peer is None else f"{code} by {peer}")

    def _write(self, line: str) -> None:
        self.lines.append(line)
        self._news.unpark_all()

    async def until(self, line: str, times: int = 1) -> None:
        """Waits until ``line`` stands there so often."""
        with trio.fail_after(60):
            while self.lines.count(line) < times:
                await self._news.park()

    async def until_frame(self, peer: int, frame: bytes) -> None:
        with trio.fail_after(60):
            while (peer, frame) not in self.frames:
                await self._news.park()


class Shop:
    """One shop's network with its diary, to be started in a nursery and stopped again."""

    def __init__(
        self,
        number: int,
        *,
        street: dict[PublicKey, ShopId],
        chain_id: ChainId = STREET,
        port: int = 0,
        peers: dict[int, int] | None = None,
        discover: bool = False,
        key: SigningKey | None = None,
        boot: int = 0,
        former_port: int = 0,
        book: AddressBook | None = None,
        interfaces: tuple[str, ...] = (LOOPBACK,),
    ) -> None:
        """``peers``: ports on this computer by shop number."""
        self.diary = Diary()
        self.port = 0
        self.stopped_by: OperatorFault | None = None
        """What made the network give up by itself."""
        self._scope = trio.CancelScope()
        self._stopped = trio.Event()
        own = key or KEYS[number]
        self.network = Network(
            NetworkConfig(
                listen_host=LOOPBACK,
                listen_port=port,
                former_port=former_port,
                interfaces=interfaces,
                discover=discover,
                peers={ShopId(s): [Address(LOOPBACK, p)] for s, p in (peers or {}).items()},
                street="tests",
            ),
            key=own,
            chain_id=chain_id,
            members=street,
            me=street[own.public_key],
            handler=self.diary,
            boot=boot,
            book=book,
            jitter=lambda: 0.5,
        )

    async def open(self, nursery: trio.Nursery) -> "Shop":
        self.port = await nursery.start(self._run)
        return self

    async def _run(self, *, task_status: trio.TaskStatus[int]) -> None:
        try:
            with self._scope:
                await self.network.run(task_status=task_status)
        except* OperatorFault as group:
            self.stopped_by = _leaves(group)[0]
        self._stopped.set()

    async def until_it_stops(self) -> OperatorFault:
        """The fault for which it has stopped by itself."""
        with trio.fail_after(60):
            await self._stopped.wait()
        assert self.stopped_by is not None
        return self.stopped_by

    async def close(self) -> None:
        """Stops it as a killed process stops: nothing is said, sockets close."""
        self._scope.cancel()
        await self._stopped.wait()


def _leaves(group: BaseExceptionGroup[OperatorFault]) -> list[OperatorFault]:
    found: list[OperatorFault] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found


@asynccontextmanager
async def open_street() -> AsyncIterator[trio.Nursery]:
    """A nursery that ends with whatever was opened in it; nothing may hang."""
    with trio.fail_after(120):
        async with trio.open_nursery() as nursery:
            yield nursery
            nursery.cancel_scope.cancel()


def free_ports(count: int) -> list[int]:
    socks = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    try:
        return [sock.getsockname()[1] for sock in socks]
    finally:
        for sock in socks:
            sock.close()
