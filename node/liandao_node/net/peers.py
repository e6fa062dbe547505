"""The street's network as one shop's node sees it: one channel to each other member.

Listens, dials, and hears of addresses; tells the runtime who is up, who is down, and what
came. It checks who is a member and knows nothing of what members say to each other. One
slow, dead or wicked peer costs its own task and its own bounded queue.
"""

import random
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import trio

from liandao_node.crypto.keys import Signer
from liandao_node.errors import LiandaoError, OperatorFault, PeerFault, Unavailable
from liandao_node.limits import HANDSHAKE_MS_MAX, PEERS_MAX, STRANGERS_MAX
from liandao_node.net.addresses import Address, AddressBook, Addresses, Forgetful
from liandao_node.net.admission import Doorway, Verdict
from liandao_node.net.claims import key_in_use
from liandao_node.net.discovery import Announcement, Discovery, Hint
from liandao_node.net.greeting import (
    Answer,
    Introduced,
    answer,
    fresh_key,
    raw_socket,
    until_gone,
)
from liandao_node.net.handler import PeerHandler, PeerState
from liandao_node.net.handshake import Identity
from liandao_node.net.pair import Pair
from liandao_node.types import ChainId, PublicKey, ShopId

__all__ = ["Address", "AddressBook", "Network", "NetworkConfig", "PeerHandler", "PeerState"]

_ANY_HOST = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, not bound to
_FAREWELL_MS = 1_000
"""For a refused caller to read its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig:
    listen_host: str
    listen_port: int = 0
    """0: any free one."""
    former_port: int = 0
    """Where the others remember this node: tried first when any will do; 0: nowhere."""
    interfaces: tuple[str, ...] = ()
    """Addresses of the interfaces to use for discovery; empty: all."""
    discover: bool = True
    peers: Mapping[ShopId, Sequence[tuple[str, int]]] = field(default_factory=dict)
    """(host, port), typed by a person."""
    street: str = ""
    """The street's name, announced for screens that list streets nearby."""


class Network:
    """See the module. Every method is called in the trio thread that runs `run`."""

    def __init__(
        self,
        config: NetworkConfig,
        *,
        key: Signer,
        chain_id: ChainId,
        members: Mapping[PublicKey, ShopId],
        me: ShopId,
        handler: PeerHandler,
        boot: int = 0,
        book: AddressBook | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        assert members.get(key.public_key) == me
        assert len(members) <= PEERS_MAX
        self._config = config
        self._identity = Identity(key, chain_id, fresh_key(), boot)
        self._handler = handler
        self._doorway = Doorway()
        self._strangers = 0
        book = book or Forgetful()
        kept = book.known()
        self._pairs = {
            shop: Pair(
                shop,
                peer,
                identity=self._identity,
                addresses=Addresses(config.peers.get(shop, ()), kept.get(shop, ())),
                book=book,
                handler=handler,
                jitter=jitter,
            )
            for peer, shop in members.items()
            if shop != me
        }
        self._by_key = {pair.key: pair for pair in self._pairs.values()}
        self._discovery: Discovery | None = None

    # --- for the runtime ---

    def send(self, peer: ShopId, frame: bytes) -> bool:
        """Whether ``frame`` was put on its way to ``peer``. Never waits."""
        pair = self._pairs.get(peer)
        return pair is not None and pair.send(frame)

    def broadcast(self, frame: bytes) -> None:
        """Sends to every connected member."""
        for pair in self._pairs.values():
            pair.send(frame)

    def connected(self) -> frozenset[ShopId]:
        return frozenset(shop for shop, pair in self._pairs.items() if pair.connected)

    def states(self) -> list[PeerState]:
        """The other members in order, for status screens."""
        return [self._pairs[shop].state() for shop in sorted(self._pairs)]

    @property
    def silent(self) -> bool:
        """Discovery runs and has heard no other shop: offer to type an address."""
        return self._discovery is not None and self._discovery.silent

    async def run(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Works until cancelled; ``started`` gives the port listened on.

        Raises OperatorFault ``LISTEN_FAILED`` (``address``, ``detail``), and
        ``KEY_IN_USE_ELSEWHERE`` (boot counters ``session`` and ``other``) in a group.
        """
        listeners = await self._listen()
        host, port = listeners[0].socket.getsockname()[:2]
        async with trio.open_nursery() as nursery:
            nursery.start_soon(partial(trio.serve_listeners, self._on_call, listeners))
            for pair in self._pairs.values():
                nursery.start_soon(pair.keep_connected)
            if self._config.discover:
                self._discovery = self._discoverer(host, port)
                nursery.start_soon(self._discovery.run)
            task_status.started(port)

    async def _listen(self) -> list[trio.SocketListener]:
        config = self._config
        if config.former_port and not config.listen_port:
            # Taken or not, discovery tells where we are; this only spares the others the wait.
            with suppress(OSError, ValueError):
                return await trio.open_tcp_listeners(config.former_port, host=config.listen_host)
        address = Address(self._config.listen_host, self._config.listen_port)
        try:
            return await trio.open_tcp_listeners(address.port, host=address.host)
        except (OSError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            raise OperatorFault("LISTEN_FAILED", address=str(address), detail=detail) from error

    def _discoverer(self, host: str, port: int) -> Discovery:
        announcement = Announcement(
            key=self._identity.signer.public_key,
            chain_id=self._identity.chain_id,
            street=self._config.street,
            port=port,
            hosts=() if host in _ANY_HOST else (host,),
        )
        return Discovery(
            announcement,
            interfaces=self._config.interfaces,
            members=self._by_key,
            missing=lambda: [p.key for p in self._pairs.values() if not p.connected],
            on_hint=self._on_hint,
            on_fault=self._count,
        )

    def _on_hint(self, hint: Hint) -> None:
        pair = self._by_key.get(hint.key)
        if pair:
            pair.hear(hint.addresses)

    def _count(self, reason: LiandaoError) -> None:
        self._handler.on_fault(None, reason.code)

    # --- calls from others ---

    async def _on_call(self, stream: trio.SocketStream) -> None:
        with raw_socket(stream) as sock:
            try:
                host, port = sock.getpeername()[:2]
            except OSError:
                return  # gone before it was looked at
            if not self._doorway.enter(host):
                self._count(Unavailable("DOORWAY_FULL"))
                return
            try:
                call = await self._greet(sock)
                pair = await self._decide(call) if call else None
            finally:
                self._doorway.leave(host)
            if call and pair:
                await pair.serve(call, str(Address(host, port)))

    async def _greet(self, sock: socket.socket) -> Introduced | None:
        """The handshake with whoever calls; None when it led to nothing."""
        try:
            with trio.fail_after(HANDSHAKE_MS_MAX / 1_000):
                return await answer(sock, self._identity)
        except trio.TooSlowError:
            self._count(PeerFault("HANDSHAKE_TIMEOUT"))
        except PeerFault as fault:
            self._count(fault)
        except Unavailable:
            pass  # hung up
        return None

    async def _decide(self, call: Introduced) -> Pair | None:
        """Speaks the verdict. The pair to serve, which was told WELCOME without an await."""
        pair = self._by_key.get(call.peer)
        if pair is None:
            await self._on_stranger(call)
            return None
        ruling = pair.judge(call.claim)
        try:
            call.speak(ruling)
        except Unavailable:
            return None
        if ruling.verdict is Verdict.WELCOME:
            return pair
        await _farewell(call.sock)
        return None

    async def _on_stranger(self, call: Introduced) -> None:
        """A proved key that is no member's. It is told so; join requests will enter here."""
        own = self._identity
        if call.peer == own.signer.public_key:
            if call.claim.session != own.session:
                raise key_in_use(own.session, call.claim.session)
            return  # this process has found itself
        self._count(PeerFault("UNKNOWN_SHOP", key=call.peer.hex()[:16]))
        if self._strangers >= STRANGERS_MAX:
            return
        self._strangers += 1
        try:
            with suppress(Unavailable):
                call.speak(Answer(Verdict.UNKNOWN_SHOP))
                await _farewell(call.sock)
        finally:
            self._strangers -= 1


async def _farewell(sock: socket.socket) -> None:
    """Leaves a refused caller the time to read why and to hang up itself."""
    with trio.move_on_after(_FAREWELL_MS / 1_000):
        await until_gone(sock)
