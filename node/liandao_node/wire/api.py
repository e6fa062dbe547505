"""The local API: what the app, registers and plugins ask of their shop's node.

Frames are a 4-byte big-endian length and one msgpack value: ``[request_id, message]``. The
node answers with the same id; id 0 is a push (`Summary`, after `Watch`). The API is internal
to one version of the product: `Hello` refuses another. Each theme has its messages in a module
of its own; the ones of daily life can be had from here.
"""

from typing import Final, TypeAlias

import msgspec

from liandao_node.wire.api_cards import (
    BlockFor,
    CardReply,
    CardsReply,
    CardsRequest,
    CardView,
    DebtView,
    EnrolCard,
    Enrolled,
    FindCard,
    GuardView,
    Held,
    HoldPoints,
    LotView,
    Released,
    ReleaseHold,
)
from liandao_node.wire.api_message import ApiMessage, Certified
from liandao_node.wire.api_orders import (
    CARD,
    CASH,
    OTHER,
    GetReceipt,
    NextOrder,
    OrderIn,
    OrderNumber,
    OrderOut,
    OrderRef,
    OrdersDone,
    OrdersReply,
    OrdersRequest,
    ReceiptReply,
    Sell,
    Sold,
    SubmitOrders,
)
from liandao_node.wire.api_street import (
    CatchingUp,
    GetRoll,
    GetStatus,
    Hello,
    SeatView,
    StreetReply,
    StreetRequest,
    Summary,
    Watch,
    Welcome,
)
from liandao_node.wire.api_traffic import (
    HitIn,
    HitsDone,
    Sealed,
    SealTraffic,
    SubmitHits,
    TrafficReply,
    TrafficRequest,
)
from liandao_node.wire.card_care import CardCareReply, CardCareRequest
from liandao_node.wire.claims import ClaimsReply, ClaimsRequest
from liandao_node.wire.clearing import ClearingReply, ClearingRequest
from liandao_node.wire.coupons import CouponsReply, CouponsRequest
from liandao_node.wire.earn_rules import EarnRulesReply, EarnRulesRequest
from liandao_node.wire.giving import GivingReply, GivingRequest
from liandao_node.wire.module_calls import CallDone, OrderCall
from liandao_node.wire.notary import NotaryReply, NotaryRequest
from liandao_node.wire.people import PeopleReply, PeopleRequest
from liandao_node.wire.refunds import RefundsReply, RefundsRequest
from liandao_node.wire.rules import RulesReply, RulesRequest
from liandao_node.wire.stake import StakeReply, StakeRequest

__all__ = [
    "API_VERSION",
    "CARD",
    "CASH",
    "OTHER",
    "BlockFor",
    "CardReply",
    "CardView",
    "CatchingUp",
    "Certified",
    "CustomersReply",
    "CustomersRequest",
    "DebtView",
    "EnrolCard",
    "Enrolled",
    "Failed",
    "FindCard",
    "GetReceipt",
    "GetRoll",
    "GetStatus",
    "GuardView",
    "Held",
    "Hello",
    "HitIn",
    "HitsDone",
    "HoldPoints",
    "LotView",
    "NextOrder",
    "OrderIn",
    "OrderNumber",
    "OrderOut",
    "OrderRef",
    "OrdersDone",
    "ReceiptReply",
    "ReleaseHold",
    "Released",
    "Reply",
    "Request",
    "SealTraffic",
    "Sealed",
    "SeatView",
    "Sell",
    "Sold",
    "SubmitHits",
    "SubmitOrders",
    "Summary",
    "Watch",
    "Welcome",
    "decode_reply",
    "decode_request",
    "encode_api",
]

API_VERSION: Final = 1

CustomersRequest: TypeAlias = CardCareRequest | ClaimsRequest | CouponsRequest | PeopleRequest
CustomersReply: TypeAlias = CardCareReply | ClaimsReply | CouponsReply | PeopleReply

Request: TypeAlias = (
    StreetRequest
    | CardsRequest
    | OrdersRequest
    | RefundsRequest
    | GivingRequest
    | EarnRulesRequest
    | TrafficRequest
    | StakeRequest
    | NotaryRequest
    | OrderCall
    | ClearingRequest
    | RulesRequest
    | CustomersRequest
)


class Failed(ApiMessage, frozen=True, tag="failed"):
    """The request was refused; nothing was changed. ``guilty`` as in errors.py."""

    guilty: str
    code: str
    facts: list[tuple[str, int | str]]


Reply: TypeAlias = (
    StreetReply
    | CardsReply
    | OrdersReply
    | RefundsReply
    | GivingReply
    | EarnRulesReply
    | TrafficReply
    | StakeReply
    | NotaryReply
    | CallDone
    | ClearingReply
    | RulesReply
    | CustomersReply
    | Failed
)

encode_api = msgspec.msgpack.Encoder().encode
decode_request: msgspec.msgpack.Decoder[tuple[int, Request]] = msgspec.msgpack.Decoder(
    tuple[int, Request]
)
decode_reply: msgspec.msgpack.Decoder[tuple[int, Reply]] = msgspec.msgpack.Decoder(
    tuple[int, Reply]
)
