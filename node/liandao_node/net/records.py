"""Frames in Noise records: the byte layout of a channel after its handshake. No I/O.

A record is a Noise transport message behind its length (2 bytes, big-endian). The plaintext
of the records is one stream of frames, each behind its length (4 bytes, big-endian): small
frames share a record, a large one spans several. A frame of no bytes is a sign of life.
Both directions renew their key after `REKEY_RECORDS` records, so that a stolen computer's
memory does not open what it said last week.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from liandao_node.crypto.noise import TAG_BYTES, CipherState
from liandao_node.errors import PeerFault
from liandao_node.limits import FRAME_BYTES_MAX, NOISE_MESSAGE_BYTES_MAX, REKEY_RECORDS

RECORD_HEAD_BYTES: Final = 2
FRAME_HEAD_BYTES: Final = 4
PLAIN_BYTES_MAX: Final = NOISE_MESSAGE_BYTES_MAX - TAG_BYTES
PING: Final = b""


def sealed_bytes(frame_bytes: int) -> int:
    """What one short frame, alone in its record, takes on the wire."""
    assert frame_bytes + FRAME_HEAD_BYTES <= PLAIN_BYTES_MAX
    return RECORD_HEAD_BYTES + FRAME_HEAD_BYTES + frame_bytes + TAG_BYTES


class Sealer:
    """Frames to records, in one direction of one channel."""

    __slots__ = ("_cipher", "_left")

    def __init__(self, cipher: CipherState) -> None:
        self._cipher = cipher
        self._left = REKEY_RECORDS

    def seal(self, frames: Iterable[bytes]) -> bytes:
        """The bytes to send for ``frames``, each at most `FRAME_BYTES_MAX` long.

        Raises Unavailable ``CHANNEL_SPENT`` after 2^64 - 1 records.
        """
        plain = b"".join([len(f).to_bytes(FRAME_HEAD_BYTES, "big") + f for f in frames])
        if len(plain) <= PLAIN_BYTES_MAX:
            return self._record(plain)
        cuts = range(0, len(plain), PLAIN_BYTES_MAX)
        return b"".join([self._record(plain[cut : cut + PLAIN_BYTES_MAX]) for cut in cuts])

    def _record(self, plain: bytes) -> bytes:
        sealed = self._cipher.encrypt(plain)
        self._left -= 1
        if not self._left:
            self._cipher.rekey()
            self._left = REKEY_RECORDS
        return len(sealed).to_bytes(RECORD_HEAD_BYTES, "big") + sealed


class Opener:
    """Records to frames, in one direction of one channel, however the bytes arrive.

    It holds at most one unfinished record and one unfinished frame, and of a frame only
    bytes whose tag has held.
    """

    __slots__ = ("_cipher", "_left", "_plain", "_wire")

    def __init__(self, cipher: CipherState) -> None:
        self._cipher = cipher
        self._left = REKEY_RECORDS
        self._wire = b""
        self._plain = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The frames that ``data`` completes, in order.

        The caller runs the iterator to its end before it feeds again. Raises PeerFault
        ``FRAME_FORGED`` where a record is not by the peer, is replayed or torn, and
        ``FRAME_TOO_LARGE`` (``size_bytes``) where a frame's length passes the limit; frames
        before that place come out first. Nothing may be fed after a fault.
        """
        wire, at = self._wire + data if self._wire else data, 0
        while len(wire) - at >= RECORD_HEAD_BYTES:
            start = at + RECORD_HEAD_BYTES
            size = int.from_bytes(wire[at:start], "big")
            if size < TAG_BYTES:
                raise PeerFault("FRAME_FORGED")
            if len(wire) < start + size:
                break
            at = start + size
            yield from self._frames(self._open(wire[start:at]))
        self._wire = wire[at:]

    def _open(self, record: bytes) -> bytes:
        plain = self._cipher.decrypt(record)
        self._left -= 1
        if not self._left:
            self._cipher.rekey()
            self._left = REKEY_RECORDS
        return plain

    def _frames(self, plain: bytes) -> Iterator[bytes]:
        stream, at = self._plain, 0
        stream += plain
        while len(stream) - at >= FRAME_HEAD_BYTES:
            start = at + FRAME_HEAD_BYTES
            size = int.from_bytes(stream[at:start], "big")
            if size > FRAME_BYTES_MAX:
                raise PeerFault("FRAME_TOO_LARGE", size_bytes=size)
            if len(stream) < start + size:
                break
            at = start + size
            yield bytes(stream[start:at])
        del stream[:at]
