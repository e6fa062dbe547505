"""A member gone bad, or a stranger: the node's own handshake and records, and no manners."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import PeerFault, Unavailable
from liandao_node.net.addresses import Address
from liandao_node.net.admission import Verdict
from liandao_node.net.greeting import Call, Introduced, connect, fresh_key
from liandao_node.net.handshake import Identity
from liandao_node.types import ChainId
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Message, PrePrepare, decode_message

LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0


class Line:
    """A connection on which its owner may say anything."""

    def __init__(self, call: Introduced) -> None:
        self._call = call
        self.heard: list[Message] = []

    async def say(self, frame: bytes) -> None:
        """A sealed frame, of whatever size and content."""
        data = memoryview(self._call.sealer.seal((frame,)))
        while data:
            await trio.lowlevel.wait_writable(self._call.sock)
            try:
                data = data[self._call.sock.send(data) :]
            except BlockingIOError:
                continue
            except OSError:
                return  # cut off before it had heard all

    async def message(self, message: Message) -> None:
        await self.say(encode(message))

    async def listen(self) -> bool:
        """Takes in what has come; False when the other side has hung up."""
        await trio.lowlevel.wait_readable(self._call.sock)
        try:
            data = self._call.sock.recv(65_536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.heard += [decode_message(frame) for frame in self._call.opener.feed(data) if frame]
        return bool(data)

    async def until_cut_off(self) -> None:
        with trio.fail_after(PATIENCE_S):
            while await self.listen():
                pass

    async def proposal(self) -> PrePrepare:
        """The next proposal that is heard."""
        self.heard.clear()
        with trio.fail_after(PATIENCE_S):
            while True:
                found = [message for message in self.heard if isinstance(message, PrePrepare)]
                if found:
                    return found[-1]
                assert await self.listen(), "cut off while it listened"


class Rogue:
    """One key, dialling whom it likes, as the newest session of its shop."""

    def __init__(self, key: SigningKey, boot: int = 0, *, chain: ChainId) -> None:
        self.key = key
        self._identity = Identity(key, chain, fresh_key(), boot)

    async def _dial(self, port: int) -> tuple[socket.socket, Introduced, Verdict]:
        sock = await connect(Address(LOOPBACK, port))
        try:
            call = Call(sock, self._identity)
            await call.introduce_host()
            introduced = await call.introduce_self()
            return sock, introduced, (await introduced.hear()).verdict
        except BaseException:
            sock.close()
            raise

    async def verdict(self, port: int) -> Verdict:
        """What a node says to a caller with this key."""
        sock, _, verdict = await self._dial(port)
        sock.close()
        return verdict

    @asynccontextmanager
    async def line(self, port: int) -> AsyncIterator[Line]:
        """A channel, as soon as the node lets this key in again."""
        with trio.fail_after(PATIENCE_S):
            while True:
                try:
                    sock, introduced, verdict = await self._dial(port)
                except (PeerFault, Unavailable):
                    await trio.sleep(0.05)
                    continue
                if verdict is Verdict.WELCOME:
                    break
                sock.close()
                await trio.sleep(0.05)
        try:
            yield Line(introduced)
        finally:
            sock.close()
