"""The desk for refunds of other tills: many under one signature, each part with its own answer.

What a refund takes off which orders was found out by whoever brings it; another import, of other
files, may find other orders for it. So all its parts go in one transaction, and when the ledger has
the first of them the refund was made and none is ordered again (R12).
"""

from collections.abc import Iterator, Sequence

from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault
from liandao_node.ledger import points_queries
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.refund_calls import Refund, RefundDone
from liandao_node.limits import REFUND_PARTS_PER_REQUEST_MAX
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.references import reference_hash
from liandao_node.types import Amount
from liandao_node.wire.codec import encode
from liandao_node.wire.refunds import RefundIn, RefundOut, RefundsDone, SubmitRefunds
from liandao_node.wire.transactions import Entry

PART_TAG = b"liandao/refund-part/1"


class ReturnsDesk:
    """See the module."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    async def submit(self, request: SubmitRefunds) -> RefundsDone:
        """Has refunds made; they are kept here until the street has them.

        Raises InputFault ``TOO_MANY_REFUNDS``.
        """
        if sum(len(one.parts) for one in request.refunds) > REFUND_PARTS_PER_REQUEST_MAX:
            raise InputFault("TOO_MANY_REFUNDS", limit=REFUND_PARTS_PER_REQUEST_MAX)
        unmade = self._unmade(request.refunds)
        if not unmade:
            return RefundsDone([_known(one) for one in request.refunds], None)
        calls = [call for at in unmade for call in _calls(request.refunds[at])]
        outcome = await self._desk.order(calls, keep=True)
        entries = iter(outcome.entries)
        told = [
            self._told(one, [next(entries) for _ in one.parts]) if at in unmade else _known(one)
            for at, one in enumerate(request.refunds)
        ]
        return RefundsDone(told, outcome.certified)

    def _unmade(self, refunds: Sequence[RefundIn]) -> set[int]:
        """The places of those that the ledger does not have; of two of one name the first."""
        view, shop = self._desk.view(), self._desk.shop
        first = {one.refund: at for at, one in reversed(list(enumerate(refunds)))}
        return {
            at for name, at in first.items() if points_queries.refunded(view, shop, name) is None
        }

    def _told(self, refund: RefundIn, entries: Sequence[Entry]) -> RefundOut:
        done = [self._desk.answer(entry, RefundDone) for entry in entries if entry.code == 0]
        return RefundOut(
            refund=refund.refund,
            codes=[self._desk.code_of(entry) for entry in entries],
            taken_back=Amount(sum(one.clawed for one in done)),
            debt=Amount(sum(one.debt for one in done)),
        )


def _known(refund: RefundIn) -> RefundOut:
    codes = [PointsRefusal.REFUND_KNOWN.name] * len(refund.parts)
    return RefundOut(refund.refund, codes, Amount(0), Amount(0))


def _calls(refund: RefundIn) -> Iterator[Refund]:
    name = refund.refund
    for number, part in enumerate(refund.parts):
        yield Refund(
            refund=name if not number else tagged(PART_TAG, encode((name, number)))[: len(name)],
            register=0,
            number=0,
            source=refund.source,
            reference_hash=reference_hash(part.reference),
            gross=part.gross,
            at_ms=refund.at_ms,
        )
