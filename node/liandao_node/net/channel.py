"""One encrypted connection to one peer after the verdict: frames out, frames in.

Sending never waits: a frame is sealed and written to the non-blocking socket by the caller
itself, which saves a task switch on every vote (performance.md: a quarter of the commit
latency). Only what the kernel does not take is queued, bounded, and drained by a writer
task; a peer that reads too slowly loses its channel and never slows the street.

The channel does not know who its peer is, nor what a frame means.
"""

import socket
from collections import deque
from collections.abc import Callable
from typing import Final

import trio

from liandao_node.errors import LiandaoError, PeerFault, Unavailable
from liandao_node.limits import (
    FRAME_BYTES_MAX,
    PEER_QUEUE_BYTES_MAX,
    PEER_QUEUE_FRAMES_MAX,
    PEER_SILENCE_MS_MAX,
    PING_MS,
)
from liandao_node.net.records import PING, Opener, Sealer

RECEIVE_BYTES: Final = 64 * 1024
"""Read at one go; between two reads every other task has its turn."""
DRAIN_BYTES: Final = 256 * 1024
"""Queued frames sealed at one go."""


class Channel:
    """Owns ``sock``, a connected non-blocking stream socket, and closes it.

    ``on_frame`` gets every frame, synchronously and in order; a PeerFault that it raises
    closes the channel. Everything is called from one trio thread.
    """

    def __init__(
        self, sock: socket.socket, sealer: Sealer, opener: Opener, on_frame: Callable[[bytes], None]
    ) -> None:
        self._sock = sock
        self._sealer = sealer
        self._opener = opener
        self._on_frame = on_frame
        self._scope = trio.CancelScope()
        self._unsent = memoryview(b"")
        """Sealed bytes the kernel has not taken."""
        self._queue: deque[bytes] = deque()
        self._queue_bytes = 0
        self._stalled = trio.lowlevel.ParkingLot()
        self._sent_lately = False
        self._heard_lately = False
        self.closed_by: LiandaoError | None = None
        """Why it ended: PeerFault, or Unavailable ``PEER_GONE``, ``PEER_SILENT``,
        ``PEER_TOO_SLOW``, ``CHANNEL_SPENT`` and what `close` was given."""

    def send(self, frame: bytes) -> bool:
        """Sends 1 to `FRAME_BYTES_MAX` bytes; False when the channel is closed.

        True says that the frame is on its way, not that it arrives. A full queue closes the
        channel with ``PEER_TOO_SLOW``.
        """
        assert 0 < len(frame) <= FRAME_BYTES_MAX
        return self._send(frame)

    def ping(self) -> None:
        """Makes a dead connection show itself, and a live one be seen as such."""
        self._send(PING)

    def close(self, reason: LiandaoError) -> None:
        """Ends `run`, now or as soon as it is called; the first reason stays."""
        if self.closed_by is None:
            self.closed_by = reason
            self._scope.cancel()

    async def run(self) -> None:
        """Receives until the channel is closed; then ``closed_by`` says why."""
        try:
            with self._scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write)
                    nursery.start_soon(self._keep_alive)
                    await self._read()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Closes the socket of a channel whose `run` is over or was never begun."""
        self.close(Unavailable("CHANNEL_ABANDONED"))
        self._sock.close()

    # --- sending ---

    def _send(self, frame: bytes) -> bool:
        if self.closed_by is not None:
            return False
        if self._unsent or self._queue:
            return self._enqueue(frame)
        self._push((frame,))
        if self._unsent:
            self._stalled.unpark()
        return self.closed_by is None

    def _enqueue(self, frame: bytes) -> bool:
        size_bytes = self._queue_bytes + len(frame)
        if len(self._queue) >= PEER_QUEUE_FRAMES_MAX or size_bytes > PEER_QUEUE_BYTES_MAX:
            self.close(Unavailable("PEER_TOO_SLOW", queued_bytes=self._queue_bytes))
            return False
        self._queue.append(frame)
        self._queue_bytes = size_bytes
        return True

    def _push(self, frames: tuple[bytes, ...] | list[bytes]) -> None:
        try:
            self._unsent = memoryview(self._sealer.seal(frames))
        except Unavailable as spent:
            self.close(spent)
        else:
            self._flush()

    def _flush(self) -> None:
        try:
            taken = self._sock.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.close(_gone(error))
            return
        self._unsent = self._unsent[taken:]
        self._sent_lately = True

    async def _write(self) -> None:
        while True:
            if not self._unsent and not self._queue:
                await self._stalled.park()
            await trio.lowlevel.wait_writable(self._sock)
            if self._unsent:
                self._flush()
            elif self._queue:
                self._push(self._dequeue())

    def _dequeue(self) -> list[bytes]:
        frames, size_bytes = [self._queue.popleft()], 0
        size_bytes += len(frames[0])
        while self._queue and size_bytes + len(self._queue[0]) <= DRAIN_BYTES:
            frames.append(self._queue.popleft())
            size_bytes += len(frames[-1])
        self._queue_bytes -= size_bytes
        return frames

    async def _keep_alive(self) -> None:
        """Once a second: a sign of life where nothing else was sent, and the end of a channel
        on which nothing came for too long.

        The silence is counted in turns of this task. A pause of ours is one turn however long
        it was, so it is not taken for one of the peer's; and no message has to set a clock.
        """
        silent_turns = 0
        while True:
            await trio.sleep(PING_MS / 1_000)
            if not self._sent_lately:
                self.ping()
            silent_turns = 0 if self._heard_lately else silent_turns + 1
            if silent_turns * PING_MS >= PEER_SILENCE_MS_MAX:
                self.close(Unavailable("PEER_SILENT", silent_ms=PEER_SILENCE_MS_MAX))
            self._sent_lately = self._heard_lately = False

    # --- receiving ---

    async def _read(self) -> None:
        while self.closed_by is None:
            await trio.lowlevel.wait_readable(self._sock)
            self._receive()

    def _receive(self) -> None:
        try:
            data = self._sock.recv(RECEIVE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.close(_gone(error))
            return
        if not data:
            self.close(Unavailable("PEER_GONE"))
            return
        self._heard_lately = True
        try:
            for frame in self._opener.feed(data):
                if frame:
                    self._on_frame(frame)
                if self.closed_by is not None:
                    return
        except PeerFault as fault:
            self.close(fault)


def _gone(error: OSError) -> Unavailable:
    return Unavailable("PEER_GONE", detail=error.strerror or type(error).__name__)
