"""Frames of the local API: a 4-byte big-endian length, then that many bytes.

A length is judged before anything of that size is allocated or awaited.
"""

from typing import Final

import trio

from liandao_node.errors import InputFault
from liandao_node.limits import API_FRAME_BYTES_MAX

LENGTH_BYTES: Final = 4
READ_BYTES: Final = 64 * 1024


def frame(payload: bytes) -> bytes:
    """``payload`` as it goes over the wire; ours are never too large."""
    assert len(payload) <= API_FRAME_BYTES_MAX, f"a frame of {len(payload)} bytes"
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload


class FrameReader:
    """Cuts a stream into frames; holds at most one of them and a read more."""

    def __init__(self, stream: trio.abc.ReceiveStream) -> None:
        self._stream = stream
        self._buffer = bytearray()

    async def next(self) -> bytes | None:
        """The next payload, or None when the stream ended between two frames.

        Raises InputFault ``API_FRAME_TOO_LARGE`` or ``API_FRAME_TORN``, and what the stream
        raises when it breaks.
        """
        if not await self._fill(LENGTH_BYTES):
            if self._buffer:
                raise InputFault("API_FRAME_TORN")
            return None
        size = int.from_bytes(self._buffer[:LENGTH_BYTES], "big")
        if size > API_FRAME_BYTES_MAX:
            raise InputFault("API_FRAME_TOO_LARGE", size=size, limit=API_FRAME_BYTES_MAX)
        if not await self._fill(LENGTH_BYTES + size):
            raise InputFault("API_FRAME_TORN")
        payload = bytes(self._buffer[LENGTH_BYTES : LENGTH_BYTES + size])
        del self._buffer[: LENGTH_BYTES + size]
        return payload

    async def _fill(self, size: int) -> bool:
        """Reads until ``size`` bytes lie ready; False when the stream ends before."""
        while len(self._buffer) < size:
            read = await self._stream.receive_some(READ_BYTES)
            if not read:
                return False
            self._buffer += read
        return True
