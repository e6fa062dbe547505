"""Catching up, and helping others to: blocks in ranges, state in snapshots (section 7)."""

from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

from liandao_node.runtime.ranges import BlockSource, RangeIntake, range_frame
from liandao_node.runtime.snapshots import SnapshotFetcher
from liandao_node.store.snapshots import SnapshotFolder
from liandao_node.types import Seq, ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import FetchRange, FetchSnapshot, Range, Snapshot

CatchUpMessage: TypeAlias = FetchRange | Range | FetchSnapshot | Snapshot


class CatchUp:
    """What the driver hands on of the messages of section 7 that are not for the replica.

    ``send`` puts a frame on its way to a peer; ``feed`` gives a range to the replica.
    """

    def __init__(
        self,
        blocks: BlockSource,
        *,
        send: Callable[[ShopId, bytes], None],
        feed: Callable[[ShopId, Range], None],
        behind: Callable[[], bool],
        faults: Counter[str],
    ) -> None:
        self._blocks = blocks
        self._send = send
        self._faults = faults
        self.late_faults: dict[ShopId, str] = {}
        """What a peer's earlier message turned out to be; it is cut off with its next one."""
        self.folder: SnapshotFolder | None = None
        """Snapshots to give; none in a node that makes none."""
        self.fetcher: SnapshotFetcher | None = None
        self.intake = RangeIntake(
            feed=feed,
            ask=lambda peer, first: send(peer, encode(FetchRange(first))),
            # While a snapshot is on its way, blocks that it makes superfluous can wait.
            behind=lambda: behind() or (self.fetcher is not None and self.fetcher.busy),
        )

    def forget(self, peer: ShopId) -> None:
        """Its channel is gone."""
        self.intake.forget(peer)
        self.late_faults.pop(peer, None)

    def late_fault(self, peer: ShopId, code: str | None) -> None:
        """What a message of ``peer`` turned out to be when it was taken up, if anything."""
        if code is not None:
            self.late_faults[peer] = code

    def ask_for_piece(self, peer: ShopId, question: FetchSnapshot) -> None:
        self._send(peer, encode(question))

    def snapshot_failed(self, peer: ShopId, code: str) -> None:
        """A snapshot from ``peer`` came to nothing; for a lie it is cut off."""
        self._faults[code] += 1
        if code == "SNAPSHOT_BAD":
            self.late_faults[peer] = code

    def take(self, peer: ShopId, message: CatchUpMessage) -> None:
        match message:
            case FetchRange(first):
                self._send(peer, range_frame(self._blocks, first))
            case Range():
                self._take_range(peer, message)
            case FetchSnapshot(seq, piece):
                self._give_piece(peer, seq, piece)
            case Snapshot():
                if self.fetcher is not None:
                    self.fetcher.heard(peer, message)

    def _take_range(self, peer: ShopId, message: Range) -> None:
        if self.fetcher is not None:
            if message.blocks:
                self.fetcher.has_blocks(peer)
            else:
                self.fetcher.has_no_blocks(peer)
        self.intake.take(peer, message)

    def _give_piece(self, peer: ShopId, seq: Seq, piece: int) -> None:
        data = b""
        if self.folder is not None:
            seq, data = self.folder.piece(seq, piece)
        self._send(peer, encode(Snapshot(seq, piece, data)))
