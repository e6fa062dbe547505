"""The local API: what the app, registers and plugins ask of their shop's node.

Frames are a 4-byte big-endian length and one msgpack value: ``[request_id, message]``. The
node answers with the same id; id 0 is a push (`Summary`, after `Watch`). The API is internal
to one version of the product: `Hello` refuses another.
"""

from typing import Annotated, Final, TypeAlias

import msgspec

from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage
from liandao_node.wire.clearing import ClearingReply, ClearingRequest
from liandao_node.wire.module_calls import CallDone, OrderCall
from liandao_node.wire.notary import NotaryReply, NotaryRequest
from liandao_node.wire.roll import Roll
from liandao_node.wire.stake import (
    BringStatement,
    GetStakes,
    LeaveJail,
    MoveStake,
    StakeDone,
    Stakes,
)

API_VERSION: Final = 1

CASH: Final = "cash"
CARD: Final = "card"
OTHER: Final = "other"

Register: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
TimeIn: TypeAlias = Annotated[Millis, msgspec.Meta(ge=-(2**62), le=2**62)]
"""A source's clock may say anything that a database can hold; whether it counts is judged."""


# --- what the requests speak of ---


class OrderRef(ApiMessage, frozen=True):
    """A receipt's number: gapless per register, given by the register, never reused (R13)."""

    register: Register
    number: Number


class CardView(ApiMessage, frozen=True):
    """A card as this node's committed state has it."""

    card: bytes
    """Card id, 16 bytes."""
    code: str
    """Eight digits, the last one a check digit."""
    available: Amount
    """Points that may be held now."""
    held: Amount
    next_expiry: Amount
    """Points that expire at ``next_expiry_ms``; 0 when none."""
    next_expiry_ms: Millis
    last_seen_ms: Millis
    """Ledger time of the card's last call, 0 when new."""
    present: bool
    """The card itself was shown (scanned), not only its code typed."""


class Certified(ApiMessage, frozen=True):
    """Where the ledger has it: the third of the counter's states."""

    height: int
    time_ms: Millis
    commit_us: int
    """Microseconds from submission to certificate, as this node saw them."""


class OrderIn(ApiMessage, frozen=True):
    """An order from another till or from an online shop."""

    source: str
    """Name of the import, part of the identity of the order."""
    reference: str
    """The order's id at its source."""
    at_ms: TimeIn
    gross: Amount
    customer: str
    """The source's customer id, empty for an anonymous buyer. Stays in the shop."""


class HitIn(ApiMessage, frozen=True):
    """One line of an access log, or one beacon. Judged by the node, then forgotten."""

    at_ms: TimeIn
    ip: str
    user_agent: str
    method: str
    path: str
    status: int
    referrer: str


# --- requests ---


class Hello(ApiMessage, frozen=True, tag="hello"):
    version: int
    token: str
    """Content of the token file, for TCP; empty on a Unix socket, which checks the uid."""
    client: str


class GetStatus(ApiMessage, frozen=True, tag="get_status"):
    pass


class FindCard(ApiMessage, frozen=True, tag="find_card"):
    presented: str
    """A scan (``LD1:C:...``) or the typed eight digits."""


class EnrolCard(ApiMessage, frozen=True, tag="enrol_card"):
    presented: str
    """A scanned new card, or empty for one that the node makes."""


class HoldPoints(ApiMessage, frozen=True, tag="hold_points"):
    hold: bytes
    """16 bytes, made by the client: the same hold asked twice is one hold."""
    presented: str
    amount: Amount


class ReleaseHold(ApiMessage, frozen=True, tag="release_hold"):
    hold: bytes
    card: bytes


class Sell(ApiMessage, frozen=True, tag="sell"):
    order: OrderRef
    card: bytes
    """Card id, or empty for a sale without one."""
    gross: Amount
    excluded: Amount
    """Part of the bill that earns nothing (gift cards, deposits, tips)."""
    hold: bytes
    """The hold to capture, or empty."""
    points: Amount
    """Points to take off the bill, at most what is held."""
    tender: str
    """CASH, CARD or OTHER, for the rest."""
    at_ms: Millis
    """The register's own clock, only recorded."""


class NextOrder(ApiMessage, frozen=True, tag="next_order"):
    """Reserves the register's next receipt number, durably."""

    register: Register
    ticket: bytes
    """Made by the client for one sale: asked again, the same number comes again, so that no
    lost answer leaves a gap. Empty: a new number in any case."""


class SubmitOrders(ApiMessage, frozen=True, tag="submit_orders"):
    orders: list[OrderIn]


class SubmitHits(ApiMessage, frozen=True, tag="submit_hits"):
    hits: list[HitIn]


class SealTraffic(ApiMessage, frozen=True, tag="seal_traffic"):
    """Closes the traffic window now instead of at its end."""


class GetRoll(ApiMessage, frozen=True, tag="get_roll"):
    """Asks who is missing: works best when the street does not."""


class GetReceipt(ApiMessage, frozen=True, tag="get_receipt"):
    order: OrderRef


class Watch(ApiMessage, frozen=True, tag="watch"):
    """Asks for a `Summary` push whenever something changed, at most 20 a second."""


Request: TypeAlias = (
    Hello
    | GetStatus
    | FindCard
    | EnrolCard
    | HoldPoints
    | ReleaseHold
    | Sell
    | NextOrder
    | SubmitOrders
    | SubmitHits
    | SealTraffic
    | GetReceipt
    | GetRoll
    | GetStakes
    | MoveStake
    | LeaveJail
    | BringStatement
    | NotaryRequest
    | OrderCall
    | ClearingRequest
    | Watch
)

# --- replies ---


class Welcome(ApiMessage, frozen=True, tag="welcome"):
    street: str
    chain_id: bytes
    shop: ShopId
    shop_name: str
    currency: str
    exponent: int
    utc_offset_minutes: int
    share_bps_max: int
    earn_bps: int
    version: str
    """Of the node."""


class SeatView(ApiMessage, frozen=True):
    shop: ShopId
    name: str
    connected: bool
    """This shop's own seat is always connected."""
    height: int
    """The tip it last told of, -1 when it never did."""
    view: int


class CatchingUp(ApiMessage, frozen=True):
    """How a node that was away comes back."""

    height: int
    street_height: int
    """As at least one honest shop has it."""
    blocks_per_s: int
    eta_s: int
    """Seconds until it is there at this pace, -1: not known yet."""
    pieces_left: int
    """Of a snapshot that is on its way, 0 when there is none."""


class Summary(ApiMessage, frozen=True, tag="summary"):
    """The node in one look; reply to `GetStatus` and the push of `Watch`."""

    height: int
    tip: bytes
    state_root: bytes
    time_ms: Millis
    """Street time now."""
    clock_skew_ms: int
    """This computer's clock minus street time."""
    view: int
    leader: ShopId
    active: bool
    """Whether the view is active, so that blocks can be agreed on."""
    quorum: int
    seats: list[SeatView]
    pending: int
    """Own transactions submitted and not yet certified."""
    calls: int
    """Calls in all blocks so far, refused ones included."""
    points_issued: Amount
    points_redeemed: Amount
    points_expired: Amount
    points_outstanding: Amount
    view_changes: int
    last_view_change: str
    """Reason in words of the log, empty when there was none."""
    faults: list[tuple[str, int]]
    """Counted errors by code: peers', input's, operator's."""
    catching_up: CatchingUp | None = None
    disk_low: bool = False
    """The disk is almost full: this shop follows the street and does not vote."""


class CardReply(ApiMessage, frozen=True, tag="card"):
    card: CardView | None
    """None: no card of this street has that code or key."""
    presented: str


class Enrolled(ApiMessage, frozen=True, tag="enrolled"):
    card: CardView
    payload: str
    """``LD1:C:...`` to print, when the node made the card; else empty."""
    certified: Certified


class Held(ApiMessage, frozen=True, tag="held"):
    hold: bytes
    amount: Amount
    expires_ms: Millis
    certified: Certified


class Released(ApiMessage, frozen=True, tag="released"):
    amount: Amount
    certified: Certified


class Sold(ApiMessage, frozen=True, tag="sold"):
    order: OrderRef
    points_used: Amount
    earned: Amount
    limited: bool
    """No points were given because the shop reached its issue limit."""
    balance: Amount
    """The card's available points after the sale, 0 without a card."""
    certified: Certified


class OrderNumber(ApiMessage, frozen=True, tag="order_number"):
    order: OrderRef


class OrderOut(ApiMessage, frozen=True):
    reference: str
    code: str
    """``OK`` or the code of the refusal."""
    earned: Amount


class OrdersDone(ApiMessage, frozen=True, tag="orders_done"):
    orders: list[OrderOut]
    certified: Certified | None


class HitsDone(ApiMessage, frozen=True, tag="hits_done"):
    counted: int
    dropped: list[tuple[str, int]]
    """By verdict code."""


class Sealed(ApiMessage, frozen=True, tag="sealed"):
    events: int
    certified: Certified | None
    """None when the window was empty."""


class ReceiptReply(ApiMessage, frozen=True, tag="receipt"):
    document: str
    """The receipt file: JSON, see docs/protocol.md section 8."""


class Failed(ApiMessage, frozen=True, tag="failed"):
    """The request was refused; nothing was changed. ``guilty`` as in errors.py."""

    guilty: str
    code: str
    facts: list[tuple[str, int | str]]


Reply: TypeAlias = (
    Welcome
    | Summary
    | CardReply
    | Enrolled
    | Held
    | Released
    | Sold
    | OrderNumber
    | OrdersDone
    | HitsDone
    | Sealed
    | ReceiptReply
    | Roll
    | Stakes
    | StakeDone
    | NotaryReply
    | CallDone
    | ClearingReply
    | Failed
)

encode_api = msgspec.msgpack.Encoder().encode
decode_request: msgspec.msgpack.Decoder[tuple[int, Request]] = msgspec.msgpack.Decoder(
    tuple[int, Request]
)
decode_reply: msgspec.msgpack.Decoder[tuple[int, Reply]] = msgspec.msgpack.Decoder(
    tuple[int, Reply]
)
