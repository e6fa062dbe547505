"""What was taken and not yet certified, on disk: closing the window loses no sale and no refund.

One small JSON file for each register and kind, replaced atomically. A sale keeps its receipt
number here and a refund its name, so that sending it again after a crash is the same one.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec
import trio
from liandao_node.errors import StorageFault
from liandao_node.types import Amount, Millis


class Kept(Protocol):
    """Whatever an outbox keeps."""

    @property
    def key(self) -> int:
        """Unique in its outbox."""


K = TypeVar("K", bound=Kept)


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sale as it was taken at the counter."""

    key: int
    """Unique in this outbox."""
    gross: Amount
    points: Amount
    tender: str
    given: Amount
    """Cash given; 0 for exact."""
    card: bytes
    code: str
    hold: bytes
    at_ms: Millis
    order: int
    """Receipt number, 0 until the node gave one."""

    @property
    def paid(self) -> Amount:
        return Amount(self.gross - self.points)

    @property
    def change(self) -> Amount:
        """Money back; 0 unless cash was given."""
        return Amount(max(0, self.given - self.paid) if self.given else 0)


class RefundSlip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One refund as it was asked for at the counter."""

    key: int
    refund: bytes
    """Its name: 16 bytes of chance."""
    register: int
    number: int
    source: str
    reference: str
    gross: Amount
    cash: Amount
    """As it was previewed, like the points."""
    points_back: Amount
    at_ms: Millis

    @property
    def order(self) -> str:
        """The order as people write it."""
        if self.source:
            return f"{self.source} {self.reference}"
        return f"{self.register}-{self.number}"


class Outbox(Generic[K]):
    """The file, and the same in memory."""

    def __init__(self, path: Path, kind: type[K]) -> None:
        self._path = path
        self._kind = kind
        self._slips: dict[int, K] = {}
        self._writing = trio.Lock()

    def load(self) -> list[K]:
        """What an earlier run left, oldest first. Call it once, before the loop runs.

        Raises StorageFault ``OUTBOX_DAMAGED`` for a file that cannot be read or makes no
        sense; it is kept under another name, and the outbox starts empty.
        """
        try:
            read: msgspec.json.Decoder[list[K]] = msgspec.json.Decoder(list[self._kind])  # type: ignore[name-defined]
            slips = read.decode(self._path.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:
            kept = self._path.with_suffix(".damaged")
            with suppress(OSError):
                self._path.replace(kept)
            raise StorageFault("OUTBOX_DAMAGED", path=str(kept)) from error
        self._slips = {slip.key: slip for slip in slips}
        return slips

    def next_key(self) -> int:
        return max(self._slips, default=0) + 1

    def remember(self, slip: K) -> None:
        """Takes the slip, or its newer form; `save` makes it durable."""
        self._slips[slip.key] = slip

    def forget(self, key: int) -> None:
        self._slips.pop(key, None)

    async def save(self) -> None:
        """Writes the slips to disk, away from the window's thread.

        Raises StorageFault ``OUTBOX_UNWRITABLE``.
        """
        async with self._writing:
            document = msgspec.json.encode(list(self._slips.values()))
            try:
                await trio.to_thread.run_sync(_replace, self._path, document)
            except OSError as error:
                raise StorageFault("OUTBOX_UNWRITABLE", path=str(self._path)) from error


def _replace(path: Path, document: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
