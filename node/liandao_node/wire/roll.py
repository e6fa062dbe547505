"""The roll of a street, as a node tells it over the local API: who is here, who votes (O22)."""

from enum import StrEnum

from liandao_node.types import Millis, ShopId
from liandao_node.wire.api_message import ApiMessage


class SeatState(StrEnum):
    """What this node can say of a shop. Only VOTING ones count for the margin."""

    VOTING = "voting"
    FOLLOWING = "following"
    """Here, and without a seat in this epoch."""
    AWAY = "away"
    """No connection."""
    QUIET = "quiet"
    """Connected, and has said nothing of itself lately: stopped, or overloaded."""
    BEHIND = "behind"
    """Here, and fetching blocks that it missed."""
    IDLE = "idle"
    """Here, up to date, and has not voted lately."""
    OUTDATED = "outdated"
    """Its program is older than the street's protocol: it stands still until its update."""


class RollSeat(ApiMessage, frozen=True):
    """One shop in the roll."""

    shop: ShopId
    name: str
    seated: bool
    """Has a seat in the committee of this epoch."""
    state: SeatState
    problem: str
    """Code of what keeps it from being connected, empty when there is nothing to say."""
    two_sessions: bool
    """Two computers were met that use its key (O7)."""
    height: int
    """As it last told, -1 when it never did; so are view and session."""
    view: int
    session: int
    """How often its node was started."""
    channel: str
    """Version of the protocol between two nodes that it speaks, empty when it never came."""
    speaks: int
    """The highest protocol of the street that its program speaks, as it told the ledger."""
    holds_back: bool
    """For its sake the street does not go on to what other seats speak already."""
    heard_ms: int
    """Milliseconds since it last told of itself, -1: never."""
    voted: int
    """Blocks of the grid that it is known to have voted for."""
    blocks: int
    """Blocks of the grid in which it had a seat."""
    late_votes: int
    """Votes of it that came when their block was final already."""
    wants_to_leave: bool
    """It wishes to leave the present view."""
    marks: str
    """Its row of the grid, one mark a block: ``#`` its signature is in the certificate, ``+``
    its vote was heard here, ``~`` the proposer counted it lately, ``.`` missing, `` `` no seat."""


class RollBlock(ApiMessage, frozen=True):
    """One column of the grid."""

    seq: int
    epoch: int
    view: int
    """-1 when the certificate of a later block speaks for it."""
    proposer: ShopId
    time_ms: Millis


class RollViewChange(ApiMessage, frozen=True):
    view: int
    """The view that began, or is to begin."""
    reason: str
    ago_ms: int


class Roll(ApiMessage, frozen=True, tag="roll"):
    """Who is here, who takes part, and how much is left; reply to `GetRoll`."""

    street: str
    me: ShopId
    height: int
    epoch: int
    protocol: int
    """The street's in this epoch."""
    view: int
    leader: ShopId
    active: bool
    """The view is active here."""
    quorum: int
    voting: int
    """Seats in state VOTING, this shop's own included."""
    margin: int
    """How many of them may fail before the street stands still; below 0: so many are missing."""
    waiting: int
    """Transactions that wait to be ordered."""
    block_ms: int
    """Milliseconds by street time since the last block, -1 at genesis."""
    view_changes: list[tuple[str, int]]
    """Since this node was started, by reason."""
    last_view_change: RollViewChange | None
    blocks: list[RollBlock]
    seats: list[RollSeat]
    """In order of their numbers."""
    lacking_module: str = ""
    """A ledger module that the street works with and this node has not got, or not a fitting one;
    empty when it has all."""
    lacking_version: int = 0
