"""Who took part in the last blocks: one column a block, one bit a shop.

Three sources, of falling weight: the signatures in a block's certificate, the COMMITs that
this node heard itself, and the proposer's word about whose votes it lately counted (P-12.6).
For people; nothing of it decides anything. At four seats it costs about ten microseconds a
block, and no memory beyond `PARTICIPATION_BLOCKS_MAX` columns.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, takewhile

from liandao_node.consensus.committee import Committee
from liandao_node.limits import PARTICIPATION_BLOCKS_MAX, WINDOW_SEQS
from liandao_node.types import Epoch, Millis, Seq, ShopId
from liandao_node.wire.blocks import Certificate, CommittedBlock, Header

UNKNOWN_VIEW = -1


class Mark(StrEnum):
    """What is known of one seat in one block; the strongest of it."""

    SIGNED = "#"
    """Its signature stands in the certificate."""
    HEARD = "+"
    """This node heard its vote."""
    COUNTED = "~"
    """The proposer says that it lately counted votes of it."""
    MISSING = "."
    NO_SEAT = " "

    @property
    def voted(self) -> bool:
        return self in (Mark.SIGNED, Mark.HEARD)


@dataclass(slots=True)
class Column:
    """One block. The integers hold a bit for each shop, by number."""

    seq: Seq
    epoch: Epoch
    view: int
    """View that its certificate is of, `UNKNOWN_VIEW` when a later block's speaks for it."""
    time_ms: Millis
    proposer: ShopId
    seats: int
    signed: int
    counted: int
    heard: int = 0

    def mark(self, shop: ShopId) -> Mark:
        bit = 1 << shop
        for bits, mark in (
            (~self.seats, Mark.NO_SEAT),
            (self.signed, Mark.SIGNED),
            (self.heard, Mark.HEARD),
            (self.counted, Mark.COUNTED),
        ):
            if bits & bit:
                return mark
        return Mark.MISSING


class Participation:
    """The last blocks that this node has delivered, and votes that came beside them."""

    def __init__(self) -> None:
        self.columns: deque[Column] = deque(maxlen=PARTICIPATION_BLOCKS_MAX)
        """The oldest first, without a gap."""
        self.late_votes: Counter[ShopId] = Counter()
        """COMMITs for blocks that were final already when they came."""
        self._ahead: dict[Seq, int] = {}
        self._came: dict[ShopId, Seq] = {}
        """Own tip when the shop's channel last came up."""
        self.tip = Seq(0)
        """The last block delivered here."""

    def came(self, shop: ShopId) -> None:
        """Its channel is up: what it missed before is nothing to hold against it now."""
        self._came[shop] = self.tip

    def voted(self, shop: ShopId, seq: Seq) -> None:
        """A COMMIT of ``shop``, by the word of its own channel, was heard."""
        if seq > self.tip:
            if seq <= self.tip + WINDOW_SEQS:
                self._ahead[seq] = self._ahead.get(seq, 0) | 1 << shop
            return
        self.late_votes[shop] += 1
        back = self.tip - seq
        if back < len(self.columns):
            self.columns[-1 - back].heard |= 1 << shop

    def delivered(
        self, header: Header, certificate: Certificate | None, committee: Committee
    ) -> None:
        """A block is final; ``committee`` is that of its epoch."""
        column = _column(header, certificate, committee)
        column.heard = self._ahead.pop(header.seq, 0)
        if self.columns and self.columns[-1].seq != header.seq - 1:
            self.columns.clear()  # a snapshot took the node over a gap
        self.columns.append(column)
        self.tip = header.seq
        if len(self._ahead) > WINDOW_SEQS:
            self._ahead = {seq: bits for seq, bits in self._ahead.items() if seq > self.tip}

    def recall(self, blocks: Iterable[CommittedBlock], committee: Committee) -> None:
        """Blocks of an earlier life of this node, in order; those of another epoch's
        committee are passed over."""
        for committed in blocks:
            header = committed.block.header
            if header.epoch == committee.epoch:
                self.delivered(header, committed.certificate, committee)

    def marks(self, shop: ShopId) -> list[Mark]:
        """The shop's row, the oldest block first."""
        return [column.mark(shop) for column in self.columns]

    def idle_blocks(self, shop: ShopId) -> int:
        """Blocks in a row, up to the last but one, without a sign of a seat that is here.

        The newest is left out: the vote for it may be on its way.
        """
        since = self.tip - self._came.get(shop, Seq(0))
        lately = list(islice(reversed(self.columns), 1, max(since, 1)))
        return sum(1 for _ in takewhile(lambda column: column.mark(shop) is Mark.MISSING, lately))


def _column(header: Header, certificate: Certificate | None, committee: Committee) -> Column:
    seats = signed = counted = 0
    signers = 0 if certificate is None else certificate.signers
    for position, member in enumerate(committee.members):
        bit = 1 << member.shop
        seats |= bit
        if signers >> position & 1:
            signed |= bit
        if header.attendance >> position & 1:
            counted |= bit
    return Column(
        seq=header.seq,
        epoch=header.epoch,
        view=UNKNOWN_VIEW if certificate is None else certificate.view,
        time_ms=header.time_ms,
        proposer=header.proposer,
        seats=seats,
        signed=signed,
        counted=counted,
    )


def last_blocks(block: Callable[[Seq], CommittedBlock | None], tip: Seq) -> list[CommittedBlock]:
    """Stored blocks up to ``tip``, as many as a grid has columns, the oldest first."""
    found: list[CommittedBlock] = []
    for seq in range(tip, max(tip - PARTICIPATION_BLOCKS_MAX, 0), -1):
        stored = block(Seq(seq))
        if stored is None:
            break
        found.append(stored)
    return found[::-1]
