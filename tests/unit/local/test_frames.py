"""Frames of the local API survive any cut of the stream, and bad ones are named."""

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.errors import InputFault
from liandao_node.limits import API_FRAME_BYTES_MAX
from liandao_node.local.frames import FrameReader, frame


class Pieces(trio.abc.ReceiveStream):
    """A stream that hands ``data`` out in reads of ``piece_bytes``, then ends."""

    def __init__(self, data: bytes, piece_bytes: int) -> None:
        self.rest = data
        self.piece_bytes = piece_bytes

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        await trio.lowlevel.checkpoint()
        size = min(self.piece_bytes, max_bytes or self.piece_bytes)
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece

    async def aclose(self) -> None:
        await trio.lowlevel.checkpoint()


async def read_all(data: bytes, piece_bytes: int) -> list[bytes]:
    reader = FrameReader(Pieces(data, piece_bytes))
    payloads = []
    while (payload := await reader.next()) is not None:
        payloads.append(payload)
    return payloads


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 40))
def test_frames_come_out_as_they_went_in(payloads: list[bytes], piece_bytes: int) -> None:
    data = b"".join(frame(payload) for payload in payloads)
    assert trio.run(read_all, data, piece_bytes) == payloads


async def test_a_frame_of_the_limit_passes() -> None:
    payload = bytes(API_FRAME_BYTES_MAX)
    assert await read_all(frame(payload), 1 << 20) == [payload]


async def test_a_length_above_the_limit_is_refused_before_anything_follows() -> None:
    stream = Pieces((API_FRAME_BYTES_MAX + 1).to_bytes(4, "big") + b"never read", 4)
    with pytest.raises(InputFault) as caught:
        await FrameReader(stream).next()
    assert stream.rest == b"never read"
    assert caught.value.code == "API_FRAME_TOO_LARGE"
    assert caught.value.facts["size"] == API_FRAME_BYTES_MAX + 1


@pytest.mark.parametrize("cut", [1, 3, 4, 7])
async def test_half_a_frame_is_no_frame(cut: int) -> None:
    with pytest.raises(InputFault) as caught:
        await read_all(frame(b"four")[:cut], 8)
    assert caught.value.code == "API_FRAME_TORN"


def test_our_own_frames_are_never_too_large() -> None:
    with pytest.raises(AssertionError):
        frame(bytes(API_FRAME_BYTES_MAX + 1))
