"""The node in one look over the local API: greeting, summary, who is missing."""

from typing import TypeAlias

from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.api_message import ApiMessage
from liandao_node.wire.roll import Roll


class Hello(ApiMessage, frozen=True, tag="hello"):
    version: int
    token: str
    """Content of the token file, for TCP; empty on a Unix socket, which checks the uid."""
    client: str


class GetStatus(ApiMessage, frozen=True, tag="get_status"):
    pass


class GetRoll(ApiMessage, frozen=True, tag="get_roll"):
    """Asks who is missing: works best when the street does not."""


class Watch(ApiMessage, frozen=True, tag="watch"):
    """Asks for a `Summary` push whenever something changed, at most 20 a second."""


class Welcome(ApiMessage, frozen=True, tag="welcome"):
    street: str
    chain_id: bytes
    shop: ShopId
    shop_name: str
    currency: str
    exponent: int
    utc_offset_minutes: int
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
    share_bps_max: int
    """The most of a bill that points may pay, by the rules in force: a vote may change it."""
    earn_bps: int
    """What a shop without a rule of its own gives, likewise."""
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


StreetRequest: TypeAlias = Hello | GetStatus | GetRoll | Watch
StreetReply: TypeAlias = Welcome | Summary | Roll
