"""The desk for stake: this shop's stake, statements of others, and the dry run of an election."""

from typing import Final

from liandao_node.errors import Refused
from liandao_node.ledger import stake_queries
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.clearing_calls import ArrearsLeft, ArrearsVouched, Said, Vouch
from liandao_node.ledger.modules.election import Bar
from liandao_node.ledger.modules.membership import Rekey, Rekeyed
from liandao_node.ledger.modules.pool_calls import Deposit, Deposited
from liandao_node.ledger.modules.stake_calls import (
    Accuse,
    Attest,
    Attested,
    Delegate,
    Punished,
    Redelegate,
    Released,
    StakeMoved,
    Undelegate,
    Unjail,
    Withdraw,
)
from liandao_node.ledger.stake_queries import ShopStake
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Canonical, Decoder
from liandao_node.wire.stake import (
    BringStatement,
    DelegationView,
    Fitness,
    MoveStake,
    NextCommittee,
    ShopStakeView,
    StakeDone,
    StakeMove,
    Stakes,
)

_FITNESS: Final = {
    Bar.NONE: Fitness.CANDIDATE,
    Bar.BOND_SHORT: Fitness.BOND_SHORT,
    Bar.OUTDATED: Fitness.OUTDATED,
    Bar.JAILED: Fitness.JAILED,
    Bar.BANNED: Fitness.BANNED,
}
_BROUGHT: Final[dict[int, tuple[Decoder[CallBody], type[Canonical]]]] = {
    Rekey.kind: (Decoder(Rekey), Rekeyed),
    Attest.kind: (Decoder(Attest), Attested),
    Accuse.kind: (Decoder(Accuse), Punished),
    Vouch.kind: (Decoder(Vouch), Said),
    ArrearsVouched.kind: (Decoder(ArrearsVouched), ArrearsLeft),
    Deposit.kind: (Decoder(Deposit), Deposited),
}
"""Calls that carry their own signatures, so that any member may bring them."""


class StakeDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    def stakes(self) -> Stakes:
        view, rules = self._desk.view(), self._desk.rules()
        committee, election = stake_queries.seats(view), stake_queries.election(view, rules)
        seated = {seat.shop for seat in committee.seats}
        return Stakes(
            me=self._desk.shop,
            epoch=committee.epoch,
            first_height=committee.first_seq,
            height=self._desk.height,
            epoch_blocks=rules.epoch_blocks,
            pool=stake_queries.pool(view),
            shops=[
                _view(shop, stake, election.counted.get(shop, Amount(0)), seated=shop in seated)
                for shop, stake in stake_queries.stakes(view, rules).items()
            ],
            delegations=[DelegationView(*one) for one in stake_queries.delegations(view)],
            next=NextCommittee(
                seats=list(election.seats),
                target=list(election.target),
                overdue=list(election.overdue),
                failed_safe=election.failed_safe,
            ),
        )

    async def move(self, request: MoveStake) -> StakeDone:
        """Raises Refused as the ledger does."""
        moved, certified = await self._desk.call(_call_of(request), StakeMoved)
        return StakeDone(certified.height, moved.own, moved.liable_until)

    async def leave_jail(self) -> StakeDone:
        """Raises Refused ``MILESTONE_UNKNOWN`` while the chain is too young to name a block."""
        newest = stake_queries.milestone(self._desk.view())
        if newest is None:
            raise Refused("MILESTONE_UNKNOWN", height=self._desk.height)
        released, certified = await self._desk.call(Unjail(newest.height, newest.block), Released)
        return StakeDone(certified.height, self._own(), released.epoch)

    async def bring(self, request: BringStatement) -> StakeDone:
        """Orders what somebody else signed. Raises Refused ``CALL_UNKNOWN`` for other calls;
        InputFault ``MALFORMED`` or ``NOT_CANONICAL``."""
        known = _BROUGHT.get(request.call)
        if known is None:
            raise Refused("CALL_UNKNOWN", kind=request.call)
        decode, answer = known
        done, certified = await self._desk.call(decode(request.body), answer)
        epoch = done.from_epoch if isinstance(done, Rekeyed) else 0
        return StakeDone(certified.height, self._own(), epoch)

    def _own(self) -> Amount:
        return stake_queries.stakes(self._desk.view(), self._desk.rules())[self._desk.shop].bond.own


def _call_of(request: MoveStake) -> CallBody:
    match request.move:
        case StakeMove.WITHDRAW:
            return Withdraw(request.amount)
        case StakeMove.DELEGATE:
            return Delegate(request.seat, request.amount)
        case StakeMove.UNDELEGATE:
            return Undelegate(request.seat, request.amount)
        case StakeMove.REDELEGATE:
            return Redelegate(request.seat, request.to, request.amount)


def _view(shop: ShopId, stake: ShopStake, counted: Amount, *, seated: bool) -> ShopStakeView:
    bond, standing = stake.bond, stake.standing
    return ShopStakeView(
        shop=shop,
        name=stake.name,
        seated=seated,
        own=bond.own,
        incoming=bond.incoming,
        delegated=bond.delegated,
        leaving=bond.leaving,
        withdrawable=bond.withdrawable,
        slashed=bond.slashed,
        backing=stake.backing,
        counted=counted,
        fitness=_FITNESS[stake.contender.bar],
        jailed_until=standing.jailed_until,
        banned_until=standing.banned_until,
        out_for_good=standing.is_out_for_good,
        rekeys=stake.rekeys,
        statements=bond.statements,
    )
