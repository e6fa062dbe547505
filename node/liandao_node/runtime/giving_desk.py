"""The desk for points given by hand: two people of the shop answer for them (L-7.13, R21).

Names stay here. The ledger gets pseudonyms that only this shop can tell the names of: hashes
under the shop's own secret.
"""

from typing import Final

from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault, Refused
from liandao_node.ledger import points_queries, queries
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.points_giving import Grant, GrantDone, Granted, Reason
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.staff import Staff, plain_name
from liandao_node.types import Amount, CardId
from liandao_node.wire.api_message import Certified
from liandao_node.wire.giving import GivePoints, GivingReason, GivingTold, PointsGiven

STAFF_TAG: Final = b"liandao/staff/1"
PSEUDONYM_BYTES: Final = 16
_REASONS: Final = {
    GivingReason.GOODWILL: Reason.GOODWILL,
    GivingReason.COMPLAINT: Reason.COMPLAINT,
    GivingReason.CORRECTION: Reason.CORRECTION,
    GivingReason.PROMOTION: Reason.PROMOTION,
    GivingReason.OTHER: Reason.OTHER,
}


class GivingDesk:
    """Answers and orders for one shop. ``secret`` (32 bytes) makes the pseudonyms."""

    def __init__(
        self, desk: LedgerDesk, staff: Staff, secret: bytes, utc_offset_minutes: int
    ) -> None:
        self._desk = desk
        self._staff = staff
        self._secret = secret
        self._offset = utc_offset_minutes

    def told(self) -> GivingTold:
        """Raises OperatorFault ``STAFF_FILE_BAD``."""
        most = self._desk.rules().manual_day_max
        people = self._staff.people()
        return GivingTold(
            day_max=most,
            left_today=self._left_today(),
            staff=[one.name for one in people],
            approvers=[one.name for one in people if one.pin_hash],
        )

    async def give(self, request: GivePoints) -> PointsGiven:
        """Has the points given. Asked again it is the same gift (R12).

        Raises Refused as the ledger does, with what is left for today; InputFault
        ``NAME_MISSING`` and what the approver's PIN is refused with. Then nothing was given.
        """
        asked, approved = self._pseudonym(request.asked_by), self._pseudonym(request.approved_by)
        if asked == approved:
            raise Refused("TWO_NAMES_NEEDED")
        await self._staff.check(request.approved_by, request.pin)
        call = Grant(
            grant=request.grant,
            card=request.card,
            amount=request.amount,
            asked_by=asked,
            approved_by=approved,
            reason=_REASONS[request.reason],
            at_ms=request.at_ms,
        )
        known = self._given_before(call)
        if known is not None:
            return known
        try:
            done, certified = await self._desk.call(call, GrantDone)
        except Refused as refused:
            if refused.code == PointsRefusal.GRANT_KNOWN.name:
                known = self._given_before(call)
                assert known is not None
                return known
            raise Refused(refused.code, left=self._left_today()) from refused
        return PointsGiven(call.grant, done.amount, done.balance, done.left_today, certified)

    def _given_before(self, call: Grant) -> PointsGiven | None:
        """The answer that the first asking got, or would have got.

        Raises Refused ``GRANT_KNOWN`` if another gift has that name.
        """
        view = self._desk.view()
        made = points_queries.granted(view, self._desk.shop, call.grant)
        if made is None:
            return None
        if not _same(made, call):
            raise Refused("GRANT_KNOWN")
        account = queries.account_at(view, CardId(call.card), self._desk.time_ms())
        certified = Certified(0, made.time_ms, 0)
        return PointsGiven(
            call.grant, made.amount, account.available, self._left_today(), certified
        )

    def _left_today(self) -> Amount:
        most = self._desk.rules().manual_day_max
        last = points_queries.hand_day(self._desk.view(), self._desk.shop)
        today = day_of(self._desk.time_ms(), self._offset)
        given = last.given if last is not None and last.day == today else 0
        return Amount(max(0, most - given))

    def _pseudonym(self, name: str) -> bytes:
        plain = plain_name(name)
        if not plain:
            raise InputFault("NAME_MISSING")
        return tagged(STAFF_TAG, self._secret + plain.encode())[:PSEUDONYM_BYTES]


def _same(made: Granted, call: Grant) -> bool:
    return (made.card, made.amount, made.asked_by, made.approved_by, made.reason) == (
        call.card,
        call.amount,
        call.asked_by,
        call.approved_by,
        call.reason,
    )
