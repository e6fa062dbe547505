"""The handshake over a socket: connect, introduce, hear or speak the verdict.

Reads exactly what is due, so no byte of the channel is taken by the handshake, and every
wait has its end in the caller's cancel scope.
"""

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

import nacl.utils
import trio

from liandao_node.crypto.noise import DH_BYTES, KeyPair
from liandao_node.errors import PeerFault, Unavailable
from liandao_node.net.addresses import Address
from liandao_node.net.admission import Verdict
from liandao_node.net.claims import CLAIM_BYTES, Claim
from liandao_node.net.handshake import (
    FIRST_BYTES,
    HELLO_BYTES,
    LAST_BYTES,
    REPLY_BYTES,
    Acquaintance,
    Caller,
    Host,
    Identity,
    check_hello,
)
from liandao_node.net.records import Opener, Sealer, sealed_bytes
from liandao_node.types import PublicKey

_NO_CLAIM = bytes(CLAIM_BYTES)


@dataclass(frozen=True, slots=True)
class Answer:
    """The host's first frame: a verdict, and for OLDER_SESSION what it rests on."""

    verdict: Verdict
    newer: Claim | None = None

    def pack(self) -> bytes:
        claim = _NO_CLAIM if self.newer is None else self.newer.pack()
        return bytes([self.verdict]) + claim


ANSWER_BYTES = 1 + CLAIM_BYTES


@dataclass(frozen=True, slots=True)
class Introduced:
    """A connection with a proved peer, up to its verdict. ``sock`` has its owner elsewhere."""

    sock: socket.socket
    peer: PublicKey
    claim: Claim
    sealer: Sealer
    opener: Opener

    def speak(self, answer: Answer) -> None:
        """The host's first frame. Raises Unavailable ``PEER_GONE``."""
        sealed = self.sealer.seal((answer.pack(),))
        try:
            taken = self.sock.send(sealed)
        except OSError as error:
            raise Unavailable("PEER_GONE") from error
        if taken != len(sealed):
            raise Unavailable("PEER_GONE")

    async def hear(self) -> Answer:
        """The host's first frame, at the caller. Raises PeerFault, Unavailable."""
        record = await _receive(self.sock, sealed_bytes(ANSWER_BYTES))
        frames = list(self.opener.feed(record))
        try:
            (frame,) = frames
            verdict = Verdict(frame[0])
            claim = Claim.unpack(frame[1:])
        except (ValueError, IndexError, struct.error) as error:
            raise PeerFault("VERDICT_UNKNOWN") from error
        return Answer(verdict, claim if verdict is Verdict.OLDER_SESSION else None)


class Call:
    """A dialled connection: `introduce_host`, then `introduce_self`."""

    def __init__(self, sock: socket.socket, identity: Identity) -> None:
        self._sock = sock
        self._identity = identity
        self._caller = Caller(identity, fresh_key())

    async def introduce_host(self) -> tuple[PublicKey, Claim]:
        """The host's proved key and session. Raises PeerFault, Unavailable ``PEER_GONE``."""
        await _send(self._sock, self._caller.first())
        hello = await _receive(self._sock, HELLO_BYTES)
        check_hello(self._identity, hello)
        rest = await _receive(self._sock, REPLY_BYTES - HELLO_BYTES)
        return self._caller.on_reply(hello + rest)

    async def introduce_self(self) -> Introduced:
        last, met = self._caller.last()
        await _send(self._sock, last)
        return _introduced(self._sock, met)


async def answer(sock: socket.socket, identity: Identity) -> Introduced:
    """The host's side of a call. Raises PeerFault, Unavailable ``PEER_GONE``."""
    hello = await _receive(sock, HELLO_BYTES)
    try:
        check_hello(identity, hello)
    except PeerFault as fault:
        if fault.code != "NOT_LIANDAO":
            # So that the neighbour's screen, too, can say what is wrong.
            await _send(sock, identity.hello)
        raise
    host = Host(identity, fresh_key())
    first = hello + await _receive(sock, FIRST_BYTES - HELLO_BYTES)
    await _send(sock, host.on_first(first))
    return _introduced(sock, host.on_last(await _receive(sock, LAST_BYTES)))


async def connect(address: Address) -> socket.socket:
    """A connected non-blocking socket without Nagle's delay. Raises Unavailable ``PEER_GONE``."""
    try:
        return raw_socket(await trio.open_tcp_stream(address.host, address.port))
    except (OSError, ValueError) as error:  # ValueError: a host name that cannot be encoded
        raise Unavailable("PEER_GONE", address=str(address), detail=str(error)) from error


def raw_socket(stream: trio.SocketStream) -> socket.socket:
    """The operating system's socket out of trio's stream, which has set TCP_NODELAY on it."""
    sock = socket.socket(fileno=stream.socket.detach())
    sock.setblocking(False)
    return sock


async def until_gone(sock: socket.socket) -> None:
    """Waits until the peer has closed; what it still says is thrown away."""
    with suppress(Unavailable):
        while True:
            await _receive(sock, 1)


def fresh_key() -> KeyPair:
    return KeyPair.from_secret(nacl.utils.random(DH_BYTES))


def _introduced(sock: socket.socket, met: Acquaintance) -> Introduced:
    return Introduced(sock, met.peer, met.claim, Sealer(met.sending), Opener(met.receiving))


async def _send(sock: socket.socket, data: bytes) -> None:
    while data:
        await trio.lowlevel.wait_writable(sock)
        try:
            data = data[sock.send(data) :]
        except (BlockingIOError, InterruptedError):
            continue
        except OSError as error:
            raise Unavailable("PEER_GONE") from error


async def _receive(sock: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        await trio.lowlevel.wait_readable(sock)
        try:
            data = sock.recv(size - len(received))
        except (BlockingIOError, InterruptedError):
            continue
        except OSError as error:
            raise Unavailable("PEER_GONE") from error
        if not data:
            raise Unavailable("PEER_GONE")
        received += data
    return received
