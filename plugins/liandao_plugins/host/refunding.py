"""Refunds of a source on their way to a node: of which orders, and under which names.

A refund that names its order is one for the node. One that tells goods is one for each row, so that
a row whose order is found later, in an import with older files, is refunded then and the others not
again. Its name is made of what the source says, so that asking again asks for the same (R12).
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

from liandao_node.client import RefundIn, RefundOut, RefundPart, RefundsDone
from liandao_node.limits import REFUND_PARTS_PER_REQUEST_MAX
from liandao_node.types import Amount, Millis

from liandao_plugins.api import Line, Order, Refund, Rejected, excerpt
from liandao_plugins.host.returns import Purchases, Unmatched

OK: Final = "OK"
NAME_BYTES: Final = 16


class RefundFeed(Protocol):
    """The part of a node that takes refunds; `liandao_node.client.Node` is one."""

    async def submit_refunds(self, refunds: list[RefundIn]) -> RefundsDone: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund as the node is asked for it, and the rows that share its fate."""

    request: RefundIn
    lines: tuple[Line, ...]
    shown: str
    """The refund's reference, for a list of rejected rows."""

    def rejected(self, code: str) -> Iterator[Rejected]:
        for line in self.lines:
            yield Rejected(line, code, self.shown)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the node made of it."""

    asked: Asked
    told: RefundOut

    @property
    def code(self) -> str:
        """``OK``, or the first refusal of a part."""
        return next((code for code in self.told.codes if code != OK), OK)

    @property
    def gross_minor(self) -> int:
        """Of the parts that were refunded."""
        parts = zip(self.asked.request.parts, self.told.codes, strict=True)
        return sum(part.gross for part, code in parts if code == OK)


class RefundMatcher:
    """Finds the orders of a source's refunds among those that came before."""

    def __init__(self) -> None:
        self._purchases: Purchases[str] = Purchases()

    def bought(self, order: Order) -> None:
        """An order that the ledger has, from now or from an earlier import."""
        self._purchases.bought(order.customer, order.reference, order.goods)

    def asked(self, refund: Refund) -> Iterator[Asked | Rejected]:
        """Every row of ``refund`` comes out once."""
        shown = excerpt(refund.reference)
        if refund.order:
            name = _name("order", refund.source, refund.reference, refund.order)
            parts = [RefundPart(refund.order, Amount(refund.gross_minor))]
            yield Asked(_request(name, refund, parts), refund.lines, shown)
            return
        before: Counter[str] = Counter()
        for line, goods in zip(refund.lines, refund.goods, strict=True):
            code, number = goods.code, before[goods.code]
            before[code] += 1
            found = self._purchases.take_back(refund.customer, code, goods.quantity_milli)
            if isinstance(found, Unmatched):
                yield Rejected(line, found, shown)
                continue
            name = _name("goods", refund.source, refund.reference, code, number)
            parts = [RefundPart(part.order, Amount(part.amount_minor)) for part in found]
            yield Asked(_request(name, refund, parts), (line,), shown)


async def submit_refunds(feed: RefundFeed, asked: Sequence[Asked]) -> list[Answered]:
    """The node's answers, in order."""
    answered: list[Answered] = []
    for batch in _batches(asked):
        done = await feed.submit_refunds([one.request for one in batch])
        answered += [Answered(one, told) for one, told in zip(batch, done.refunds, strict=True)]
    return answered


def _batches(asked: Sequence[Asked]) -> Iterator[list[Asked]]:
    """As many at a time as a request takes."""
    batch: list[Asked] = []
    room = REFUND_PARTS_PER_REQUEST_MAX
    for one in asked:
        parts = len(one.request.parts)
        if parts > room:
            yield batch
            batch, room = [], REFUND_PARTS_PER_REQUEST_MAX
        batch.append(one)
        room -= parts
    if batch:
        yield batch


def _request(name: bytes, refund: Refund, parts: list[RefundPart]) -> RefundIn:
    return RefundIn(name, refund.source, Millis(refund.at_ms), parts)


def _name(*parts: str | int) -> bytes:
    return blake2b(json.dumps(parts).encode(), digest_size=NAME_BYTES).digest()
