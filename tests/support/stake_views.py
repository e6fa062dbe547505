"""What a node tells of stake, for tests of the words that people read."""

from liandao_node.client import Fitness, NextCommittee, ShopStakeView, Stakes
from liandao_node.types import Amount, ShopId
from liandao_node.wire.stake import DelegationView
from msgspec.structs import replace


def shop(number: int, **changes: object) -> ShopStakeView:
    nothing = Amount(0)
    made = ShopStakeView(
        shop=ShopId(number),
        name=("茶馆 Tea", "Noodles", "书局", "Flowers", "Shoes")[number],
        seated=number < 4,
        own=Amount(1_000),
        incoming=nothing,
        delegated=nothing,
        leaving=nothing,
        withdrawable=nothing,
        slashed=nothing,
        backing=nothing,
        counted=Amount(1_000),
        fitness=Fitness.CANDIDATE,
        jailed_until=0,
        banned_until=0,
        out_for_good=False,
        rekeys=False,
        statements=0,
    )
    return replace(made, **changes)


def stakes(*shops: ShopStakeView, seats: list[int], **changes: object) -> Stakes:
    sitting = [ShopId(seat) for seat in seats]
    return Stakes(
        me=ShopId(0),
        epoch=7,
        first_height=101,
        height=110,
        epoch_blocks=4_096,
        pool=Amount(50),
        shops=list(shops),
        delegations=[DelegationView(ShopId(1), ShopId(4), Amount(300))],
        next=replace(NextCommittee(sitting, sitting, [], failed_safe=False), **changes),
    )
