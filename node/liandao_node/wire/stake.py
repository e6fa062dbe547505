"""What a node tells and does about stake, over the local API (docs/ledger.md 4 and 13)."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, ShopId
from liandao_node.wire.api_message import ApiMessage

StakeAmount = Annotated[Amount, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
AnyShop = Annotated[ShopId, msgspec.Meta(ge=0, le=2**16 - 1)]


class StakeMove(StrEnum):
    WITHDRAW = "withdraw"
    DELEGATE = "delegate"
    UNDELEGATE = "undelegate"
    REDELEGATE = "redelegate"


class Fitness(StrEnum):
    """Why a shop is no candidate of the next election."""

    CANDIDATE = "candidate"
    BOND_SHORT = "bond_short"
    OUTDATED = "outdated"
    JAILED = "jailed"
    BANNED = "banned"


class GetStakes(ApiMessage, frozen=True, tag="get_stakes"):
    """Asks who has what where, who sits, and who would if the epoch ended now."""


class MoveStake(ApiMessage, frozen=True, tag="move_stake"):
    """Moves this shop's stake. ``seat`` and ``to`` are looked at only where the move has them."""

    move: StakeMove
    seat: AnyShop
    to: AnyShop
    amount: StakeAmount


class LeaveJail(ApiMessage, frozen=True, tag="leave_jail"):
    """Asks to be a candidate again; the node names the block that it has."""


class BringStatement(ApiMessage, frozen=True, tag="bring_statement"):
    """Orders a call that somebody else signed: an owner, treasurers, or a liar twice."""

    call: int
    """Kind of the call: `Rekey`, `Attest`, `Accuse`, `Vouch` or `ArrearsVouched`."""
    body: bytes


class ShopStakeView(ApiMessage, frozen=True):
    """A shop, its stake in minor units and its conduct."""

    shop: ShopId
    name: str
    seated: bool
    own: Amount
    incoming: Amount
    delegated: Amount
    leaving: Amount
    withdrawable: Amount
    slashed: Amount
    backing: Amount
    """What others delegated to it."""
    counted: Amount
    """Its stake as the next election counts it; 0 for no candidate."""
    fitness: Fitness
    jailed_until: int
    banned_until: int
    out_for_good: bool
    rekeys: bool
    """Another node key of its takes office with the next epoch."""
    statements: int
    """Of the treasurers about it, so far."""


class DelegationView(ApiMessage, frozen=True):
    seat: ShopId
    shop: ShopId
    amount: Amount


class NextCommittee(ApiMessage, frozen=True):
    """A dry run: the election as it would be if the epoch ended with this block."""

    seats: list[ShopId]
    target: list[ShopId]
    """By rank; who would sit if nothing bounded the change."""
    overdue: list[ShopId]
    failed_safe: bool


class Stakes(ApiMessage, frozen=True, tag="stakes"):
    """Reply to `GetStakes`."""

    me: ShopId
    epoch: int
    first_height: int
    height: int
    epoch_blocks: int
    pool: Amount
    """What was slashed and is the street's."""
    shops: list[ShopStakeView]
    """By number."""
    delegations: list[DelegationView]
    next: NextCommittee


class StakeDone(ApiMessage, frozen=True, tag="stake_done"):
    """Reply to the others: final, at this height."""

    height: int
    own: Amount
    """Own bond after it."""
    epoch: int
    """After a move: the last epoch in which what moved is liable for what it left. After
    `LeaveJail` and a new key: the first epoch of which it is true. Else 0."""


StakeRequest: TypeAlias = GetStakes | MoveStake | LeaveJail | BringStatement
StakeReply: TypeAlias = Stakes | StakeDone
