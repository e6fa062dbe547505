"""All that app, plugins and command line see of a node.

`connect` opens a `NodeClient`; code that only uses one asks for the `Node` protocol, so that
a fake serves its tests. The requests' and replies' types are here too: nothing outside the
node imports `liandao_node.wire`.
"""

from liandao_node.client.connection import NodeClient, connect
from liandao_node.client.protocol import Node
from liandao_node.wire.api import (
    CARD,
    CASH,
    OTHER,
    CardReply,
    CardView,
    Certified,
    Enrolled,
    Held,
    HitIn,
    HitsDone,
    OrderIn,
    OrderOut,
    OrderRef,
    OrdersDone,
    Released,
    Sealed,
    SeatView,
    Sell,
    Sold,
    Summary,
    Welcome,
)
from liandao_node.wire.roll import Roll, RollSeat, SeatState
from liandao_node.wire.stake import (
    BringStatement,
    Fitness,
    LeaveJail,
    MoveStake,
    NextCommittee,
    ShopStakeView,
    StakeDone,
    StakeMove,
    Stakes,
)

__all__ = [
    "CARD",
    "CASH",
    "OTHER",
    "BringStatement",
    "CardReply",
    "CardView",
    "Certified",
    "Enrolled",
    "Fitness",
    "Held",
    "HitIn",
    "HitsDone",
    "LeaveJail",
    "MoveStake",
    "NextCommittee",
    "Node",
    "NodeClient",
    "OrderIn",
    "OrderOut",
    "OrderRef",
    "OrdersDone",
    "Released",
    "Roll",
    "RollSeat",
    "Sealed",
    "SeatState",
    "SeatView",
    "Sell",
    "ShopStakeView",
    "Sold",
    "StakeDone",
    "StakeMove",
    "Stakes",
    "Summary",
    "Welcome",
    "connect",
]
