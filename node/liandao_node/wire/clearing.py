"""What a node tells and does about clearing, over the local API (docs/ledger.md section 16)."""

from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage
from liandao_node.wire.stake import AnyShop

RUNNING: Final = -1
"""Stands for the running period in a question."""

Period = Annotated[int, msgspec.Meta(ge=RUNNING, le=2**32 - 1)]
SettledAmount = Annotated[Amount, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


class ClearingWord(StrEnum):
    PAID = "paid"
    RECEIVED = "received"
    ARREARS = "arrears"
    LEAVE = "leave"
    STAY = "stay"
    HAND_OVER = "hand-over"


class Reminder(StrEnum):
    """What a payment asks of one of its two parties."""

    PAY = "pay"
    PAY_SOON = "pay_soon"
    """Little time is left before it fails."""
    WAIT = "wait"
    """The other side is to confirm, or to pay."""
    CONFIRM = "confirm"
    """The debtor says that it paid: look at the account, and confirm."""
    SETTLED = "settled"
    FAILED = "failed"


class GetClearing(ApiMessage, frozen=True, tag="get_clearing"):
    """Asks for all parties' statements of a period."""

    period: Period


class SayClearing(ApiMessage, frozen=True, tag="say_clearing"):
    """This shop's word. Period, party and amount are looked at only where the word has them."""

    word: ClearingWord
    period: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
    party: AnyShop
    """The other side of the payment."""
    amount: SettledAmount


class DeedView(ApiMessage, frozen=True):
    party: ShopId
    amount: Amount
    points: Amount
    """The part of the amount that is for points of the debtor."""


class PaymentView(ApiMessage, frozen=True):
    debtor: ShopId
    creditor: ShopId
    amount: Amount
    due_ms: Millis
    paid_ms: Millis
    """0 for never, as the next two."""
    received_ms: Millis
    failed_ms: Millis
    from_bond: Amount
    from_reserve: Amount
    cut: Amount
    reminder: Reminder
    """What it asks of the statement's party."""


class PointsView(ApiMessage, frozen=True):
    """What became of a shop's points in the period."""

    issued: Amount
    returned: Amount
    redeemed_here: int
    """Its own, at its own counter."""
    expired: Amount
    clawed: Amount


class StatementView(ApiMessage, frozen=True):
    """One party's period, in minor units."""

    party: ShopId
    name: str
    points: PointsView | None
    redeemed_elsewhere: int
    redeemed_of_others: int
    owes: list[DeedView]
    claims: list[DeedView]
    net: int
    carry: int
    payments: list[PaymentView]
    payable: Amount
    """Now, whatever the period."""
    arrears: Amount
    defaults: int
    leaving: bool
    handed_over: bool


class ClearingTold(ApiMessage, frozen=True, tag="clearing_told"):
    me: ShopId
    period: int
    running: int
    begins_ms: Millis
    ends_ms: Millis
    height: int
    utc_offset_minutes: int
    statements: list[StatementView]
    """By number; the pool is the last."""

    def only(self, statements: list[StatementView]) -> "ClearingTold":
        """The same with some of its statements."""
        return replace(self, statements=statements)


class ClearingDone(ApiMessage, frozen=True, tag="clearing_done"):
    """A word is final."""

    height: int
    amount: Amount
    """Of the payment, of the arrears or of what is payable now, of the points handed over."""
    settled: bool


ClearingRequest: TypeAlias = GetClearing | SayClearing
ClearingReply: TypeAlias = ClearingTold | ClearingDone
