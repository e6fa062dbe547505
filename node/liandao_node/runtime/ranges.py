"""Final blocks for shops that were away: giving them, and taking them in (P-7.3, P-7.6)."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import msgspec
import trio

from liandao_node.limits import CERTIFY_BLOCKS, RANGE_BLOCKS_MAX, RANGE_BYTES_MAX, STATUS_MS
from liandao_node.runtime.clock import monotonic_ms
from liandao_node.store.ledger import StoredRange
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Range

log = logging.getLogger(__name__)

RANGES_WAITING_MAX: Final = 2
"""One at work, one on hand: while it is executed the next is on its way."""
STEP_BLOCKS: Final = CERTIFY_BLOCKS
"""Blocks that are executed in one go; the counter's requests are served in between."""


class BlockSource(Protocol):
    """Committed blocks for peers that were away."""

    def range(self, first: Seq, bytes_max: int, count_max: int) -> StoredRange: ...


def range_frame(source: BlockSource, first: Seq) -> bytes:
    """An encoded RANGE from ``first`` upwards; an empty one when there is nothing to give.

    What is stored is canonical already: it is put together without being decoded.
    """
    stored = source.range(first, RANGE_BYTES_MAX, RANGE_BLOCKS_MAX)
    proof = None
    if stored.certificate:
        proof = ([msgspec.Raw(raw) for raw in stored.headers], msgspec.Raw(stored.certificate))
    tag = Range.__struct_config__.tag
    return encode((tag, [msgspec.Raw(raw) for raw in stored.blocks], proof))


class RangeIntake:
    """Takes ranges in a bounded piece at a time, and asks for the next one meanwhile.

    The replica asks when it has executed a range; here the same question goes out as soon as
    the range is there. ``feed`` gives a piece to the replica, ``ask`` puts a question to a
    peer, ``behind`` says that the disk should be let catch up first.
    """

    def __init__(
        self,
        *,
        feed: Callable[[ShopId, Range], None],
        ask: Callable[[ShopId, Seq], None],
        behind: Callable[[], bool],
    ) -> None:
        self._feed = feed
        self._ask = ask
        self._behind = behind
        self._waiting: deque[tuple[ShopId, Range]] = deque()
        self._asked: dict[ShopId, tuple[Seq, Millis]] = {}
        """Questions that are not answered, by whom they were put to, and when."""
        self._stirred = trio.Event()

    def asking(self, peer: ShopId, first: Seq) -> bool:
        """The replica wants to ask ``peer``; whether that has not been done already."""
        asked, at_ms = self._asked.get(peer, (Seq(0), Millis(0)))
        now_ms = monotonic_ms()
        if asked == first and now_ms - at_ms < STATUS_MS:
            return False
        if any(_has(held, first) for _, held in self._waiting):
            self._ask_beyond(peer, first)
            return False
        self._asked[peer] = (first, now_ms)
        return True

    def forget(self, peer: ShopId) -> None:
        """The channel is gone, and with it what was asked."""
        self._asked.pop(peer, None)

    def take(self, peer: ShopId, message: Range) -> None:
        """A range came in; a small one that nothing waits before is executed at once."""
        asked = self._is_answer(peer, message)
        # One place is for answers alone: who gives unasked must not drive them out.
        if len(self._waiting) >= (RANGES_WAITING_MAX if asked else RANGES_WAITING_MAX - 1):
            log.info("blocks from shop %d dropped: enough of them wait", peer)
            return
        if asked and message.blocks and len(self._waiting) + 1 < RANGES_WAITING_MAX:
            self._ask_on(peer, _after(message))
        if len(message.blocks) <= STEP_BLOCKS and not self._waiting and not self._behind():
            self._feed(peer, message)
            return
        self._waiting.append((peer, message))
        self._stirred.set()

    def _is_answer(self, peer: ShopId, message: Range) -> bool:
        """Whether that was asked of it; the question is answered then."""
        if peer not in self._asked:
            return False
        first, _ = self._asked[peer]
        if message.blocks and message.blocks[0].block.header.seq != first:
            return False  # an older question's, that came late
        del self._asked[peer]
        return True

    def _ask_on(self, peer: ShopId, first: Seq) -> None:
        self._asked[peer] = (first, monotonic_ms())
        self._ask(peer, first)

    def _ask_beyond(self, peer: ShopId, first: Seq) -> None:
        """What ``peer`` is to be asked for is on hand: it is asked for what follows instead, or its
        turn would go by without a question."""
        for _, held in self._waiting:
            if _has(held, first):
                first = _after(held)
        on_its_way = any(
            asked == first and monotonic_ms() - at_ms < STATUS_MS
            for asked, at_ms in self._asked.values()
        )
        if not on_its_way and len(self._waiting) < RANGES_WAITING_MAX:
            self._ask_on(peer, first)

    async def run(self) -> None:
        """Gives what waits to the replica, and lets others have their turn in between."""
        while True:
            await self._stirred.wait()
            self._stirred = trio.Event()
            while self._waiting:
                peer, message = self._waiting[0]
                for piece in pieces(message):
                    while self._behind():
                        await trio.sleep(0.01)
                    self._feed(peer, piece)
                    await trio.sleep(0)
                self._waiting.popleft()


def pieces(message: Range) -> Iterator[Range]:
    """The range in small ones: each but the last ends with a certificate."""
    blocks: list[CommittedBlock] = []
    for committed in message.blocks:
        blocks.append(committed)
        if len(blocks) >= STEP_BLOCKS and committed.certificate is not None:
            yield Range(blocks)
            blocks = []
    if blocks or not message.blocks:
        yield Range(blocks, message.proof)


def _has(held: Range, first: Seq) -> bool:
    """Whether a range that waits begins at ``first``, or leads up to it."""
    blocks = held.blocks
    if not blocks:
        return False
    return blocks[0].block.header.seq <= first <= blocks[-1].block.header.seq


def _after(held: Range) -> Seq:
    return Seq(held.blocks[-1].block.header.seq + 1)
