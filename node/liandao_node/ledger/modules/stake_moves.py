"""Stake on its way: into the street, behind a candidate, away from one, out (L-4.3 to L-4.8).

Stake that stood behind a seat stays liable for it as long as evidence counts, wherever it went
meanwhile: else whoever means to lie would first take the stake away.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake_books import (
    TO_OWN_BOND,
    TO_TREASURERS,
    Bond,
    Delegation,
    Share,
)
from liandao_node.ledger.modules.stake_calls import (
    Attest,
    Attested,
    Delegate,
    Direction,
    Redelegate,
    StakeMoved,
    StakeRefusal,
    Undelegate,
    Withdraw,
    bond_preimage,
)
from liandao_node.ledger.modules.stake_treasurers import TreasurersWord
from liandao_node.ledger.state import View
from liandao_node.limits import AMOUNT_MAX, STAKE_MOVES_PER_SHOP_MAX
from liandao_node.types import Amount, Epoch, ShopId
from liandao_node.wire.genesis import Rules

NOTHING: Final = Amount(0)


def attest(ctx: Context, call: Attest) -> Attested:
    """The treasurers' word on a deposit or a payout (L-4.5)."""
    if ctx.service(Members).find(ctx.view, call.shop) is None:
        raise refuse(StakeRefusal.CANDIDATE_UNKNOWN, shop=call.shop)
    bond = books.bond_of(ctx.view, call.shop)
    if call.number != bond.statements + 1:
        raise refuse(StakeRefusal.STATEMENT_OUT_OF_TURN, next=bond.statements + 1)
    preimage = bond_preimage(ctx.chain_id, call.shop, call.number, call.direction, call.amount)
    TreasurersWord().require(ctx, preimage, call.signatures)
    if call.direction is Direction.DEPOSIT:
        if bond.attested + call.amount > AMOUNT_MAX:
            raise refuse(StakeRefusal.BOND_TOO_LARGE, most=AMOUNT_MAX - bond.attested)
        sign = 1
        bond = replace(bond, incoming=Amount(bond.incoming + call.amount))
    else:
        if call.amount > bond.withdrawable:
            raise refuse(StakeRefusal.PAYOUT_SHORT, withdrawable=bond.withdrawable)
        sign = -1
        bond = replace(bond, withdrawable=Amount(bond.withdrawable - call.amount))
    attested = Amount(bond.attested + sign * call.amount)
    bond = replace(bond, attested=attested, statements=call.number)
    books.bonds.put(ctx.view, call.shop, value=bond)
    return Attested(attested)


def withdraw(ctx: Context, call: Withdraw) -> StakeMoved:
    """Own bond on its way out of the street (L-4.6)."""
    bond = _spare(ctx, call.amount)
    bond = replace(bond, leaving=Amount(bond.leaving + call.amount))
    return _leave(ctx, bond, ctx.shop, TO_TREASURERS, call.amount)


def delegate(ctx: Context, call: Delegate) -> StakeMoved:
    """Own bond behind another candidate (L-4.6). It stays liable for the own seat (L-4.8)."""
    _check_candidate(ctx, call.seat)
    bond = _spare(ctx, call.amount)
    bond = replace(bond, delegated=Amount(bond.delegated + call.amount))
    return _back(ctx, bond, ctx.shop, call.seat, call.amount)


def undelegate(ctx: Context, call: Undelegate) -> StakeMoved:
    """Delegated stake on its way back to the own bond (L-4.7)."""
    _take_back(ctx, call.seat, call.amount)
    bond = books.bond_of(ctx.view, ctx.shop)
    bond = replace(
        bond,
        delegated=Amount(bond.delegated - call.amount),
        leaving=Amount(bond.leaving + call.amount),
    )
    return _leave(ctx, bond, call.seat, TO_OWN_BOND, call.amount)


def redelegate(ctx: Context, call: Redelegate) -> StakeMoved:
    """Delegated stake from one candidate to another at once (L-4.8)."""
    _check_candidate(ctx, call.to)
    if call.to == call.seat:
        raise refuse(StakeRefusal.DELEGATION_TO_SELF)
    moved = _take_back(ctx, call.seat, call.amount)
    if ctx.epoch < moved.settled_in:
        raise refuse(StakeRefusal.MOVED_LATELY, epoch=moved.settled_in)
    bond = books.bond_of(ctx.view, ctx.shop)
    return _back(ctx, bond, call.seat, call.to, call.amount)


def welcome_incoming(view: View) -> None:
    """When an epoch ends: deposits become bonds (L-4.5)."""
    for (shop,), bond in list(books.bonds.rows(view)):
        if bond.incoming:
            own = Amount(bond.own + bond.incoming)
            books.bonds.put(view, shop, value=replace(bond, incoming=NOTHING, own=own))


def mature(view: View, epoch: Epoch, rules: Rules) -> None:
    """When ``epoch`` begins: what evidence can no longer reach arrives (L-4.7)."""
    for key, share in list(books.leaving.rows(view)):
        _, shop, began, to = (int(part) for part in key)
        if epoch <= began + rules.unbonding_epochs:
            continue
        books.leaving.delete(view, *key)
        bond = books.bond_of(view, shop)
        bond = replace(bond, moves=bond.moves - 1)
        if to in (TO_OWN_BOND, TO_TREASURERS):
            bond = replace(bond, leaving=Amount(bond.leaving - share.amount))
        if to == TO_OWN_BOND:
            bond = replace(bond, own=Amount(bond.own + share.amount))
        if to == TO_TREASURERS:
            bond = replace(bond, withdrawable=Amount(bond.withdrawable + share.amount))
        books.bonds.put(view, shop, value=bond)


def _check_candidate(ctx: Context, seat: ShopId) -> None:
    if seat == ctx.shop:
        raise refuse(StakeRefusal.DELEGATION_TO_SELF)
    if ctx.service(Members).find(ctx.view, seat) is None:
        raise refuse(StakeRefusal.CANDIDATE_UNKNOWN, shop=seat)


def _spare(ctx: Context, amount: Amount) -> Bond:
    """The caller's bond without a part that nothing needs (L-4.4)."""
    bond = books.bond_of(ctx.view, ctx.shop)
    if amount > bond.own:
        raise refuse(StakeRefusal.BOND_SHORT, own=bond.own)
    in_use = ctx.bond_in_use(ctx.shop)
    if bond.own - amount < in_use:
        raise refuse(StakeRefusal.BOND_IN_USE, free=max(0, bond.own - in_use))
    return replace(bond, own=Amount(bond.own - amount))


def _take_back(ctx: Context, seat: ShopId, amount: Amount) -> Delegation:
    """Takes from the caller's delegation to a seat; the delegation as it was."""
    delegation = books.delegations.get(ctx.view, seat, ctx.shop)
    there = delegation.amount if delegation is not None else NOTHING
    if delegation is None or amount > there:
        raise refuse(StakeRefusal.DELEGATION_SHORT, delegated=there)
    if amount == there:
        # What it still owes to an earlier seat is found among what left this one (L-4.9).
        books.delegations.delete(ctx.view, seat, ctx.shop)
    else:
        rest = replace(delegation, amount=Amount(there - amount))
        books.delegations.put(ctx.view, seat, ctx.shop, value=rest)
    return delegation


def _back(ctx: Context, bond: Bond, left: ShopId, seat: ShopId, amount: Amount) -> StakeMoved:
    """Puts stake that left one seat behind another."""
    until = Epoch(ctx.epoch + ctx.rules.unbonding_epochs)
    last_seated = books.standing_of(ctx.view, left).last_seated
    liable = last_seated >= 0 and last_seated + ctx.rules.unbonding_epochs >= ctx.epoch
    before = books.delegations.get(ctx.view, seat, ctx.shop)
    settled_in = before.settled_in if before is not None else Epoch(0)
    there = before.amount if before is not None else NOTHING
    if liable:
        settled_in = Epoch(until + 1)
    delegation = Delegation(Amount(there + amount), settled_in)
    books.delegations.put(ctx.view, seat, ctx.shop, value=delegation)
    if liable:
        return _leave(ctx, bond, left, seat, amount)
    books.bonds.put(ctx.view, ctx.shop, value=bond)
    return StakeMoved(bond.own, ctx.epoch)


def _leave(ctx: Context, bond: Bond, seat: ShopId, to: int, amount: Amount) -> StakeMoved:
    """Notes what stays liable for the seat that it left."""
    before = books.leaving.get(ctx.view, seat, ctx.shop, ctx.epoch, to)
    if before is None:
        if bond.moves >= STAKE_MOVES_PER_SHOP_MAX:
            raise refuse(StakeRefusal.MOVES_FULL, most=STAKE_MOVES_PER_SHOP_MAX)
        bond = replace(bond, moves=bond.moves + 1)
    there = before.amount if before is not None else NOTHING
    share = Share(Amount(there + amount))
    books.leaving.put(ctx.view, seat, ctx.shop, ctx.epoch, to, value=share)
    books.bonds.put(ctx.view, ctx.shop, value=bond)
    return StakeMoved(bond.own, Epoch(ctx.epoch + ctx.rules.unbonding_epochs))
