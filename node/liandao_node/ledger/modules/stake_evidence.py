"""Proof of a lie, and what it costs (L-4.9, L-13.11, L-13.12).

It takes nobody's word: two signatures of one key on statements that no honest seat signs both.
A key is punished once; a shop that did it again stays out. What is taken goes to the street's
pool and to no person, so that nobody earns by another's mistake.
"""

from msgspec.structs import replace

from liandao_node.errors import InputFault
from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.stake_books import (
    BASIS_POINTS,
    TO_OWN_BOND,
    TO_TREASURERS,
    Pool,
    Share,
    Tombstone,
)
from liandao_node.ledger.modules.stake_calls import Accuse, Punished, StakeRefusal
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Epoch, PublicKey, ShopId
from liandao_node.wire.evidence import Evidence, accused, decode_evidence, epoch_of, proves


def accuse(ctx: Context, call: Accuse) -> Punished:
    """Judges evidence (L-13.11) and punishes (L-13.12)."""
    try:
        evidence = decode_evidence(call.evidence)
    except InputFault as error:
        raise refuse(StakeRefusal.EVIDENCE_BAD) from error
    shop, epoch = accused(evidence), Epoch(epoch_of(evidence))
    if epoch + ctx.rules.unbonding_epochs < ctx.epoch:
        raise refuse(StakeRefusal.EVIDENCE_OLD, epoch=epoch)
    key = _key_of(ctx.view, shop, epoch)
    if books.tombstones.has(ctx.view, key):
        raise refuse(StakeRefusal.EVIDENCE_KNOWN, shop=shop)
    if not _holds(ctx, evidence, key):
        raise refuse(StakeRefusal.EVIDENCE_BAD)
    return _punish(ctx, shop, epoch, key)


def _key_of(view: View, shop: ShopId, epoch: Epoch) -> PublicKey:
    """The key that the seat voted with in that epoch."""
    committee = books.committees.get(view, epoch)
    for seat in committee.seats if committee is not None else ():
        if seat.shop == shop:
            return seat.key
    raise refuse(StakeRefusal.EVIDENCE_BAD)


def _holds(ctx: Context, evidence: Evidence, key: PublicKey) -> bool:
    return proves(evidence, ctx.chain_id, key, ctx.verify)


def _punish(ctx: Context, shop: ShopId, epoch: Epoch, key: PublicKey) -> Punished:
    slashed = slash(ctx.view, shop, epoch, ctx.rules.slash_bps)
    grave = Tombstone(shop, epoch, slashed)
    books.tombstones.put(ctx.view, key, value=grave)
    before = books.standing_of(ctx.view, shop)
    banned_until = Epoch(ctx.epoch + 1 + ctx.rules.ban_epochs)
    standing = replace(before, banned_until=banned_until, tombstones=before.tombstones + 1)
    books.standings.put(ctx.view, shop, value=standing)
    return Punished(shop, key, slashed, banned_until, standing.is_out_for_good)


def slash(view: View, seat: ShopId, epoch: Epoch, slash_bps: int) -> Amount:
    """Takes a part of all stake that stood behind a seat since ``epoch`` (L-4.9)."""
    own = _part(books.bond_of(view, seat).own, slash_bps)
    total = _take(view, seat, own, own=own)
    for (_, shop), delegation in list(books.delegations.under(view, seat)):
        cut = _part(delegation.amount, slash_bps)
        total += _cut_delegation(view, seat, int(shop), cut)
    for key, share in list(books.leaving.under(view, seat)):
        _, shop, began, to = (int(part) for part in key)
        if began >= epoch:
            cut = _part(share.amount, slash_bps)
            books.leaving.put(view, *key, value=Share(Amount(share.amount - cut)))
            if to in (TO_OWN_BOND, TO_TREASURERS):
                total += _take(view, shop, cut, leaving=cut)
            else:
                total += _follow(view, shop, to, cut, epoch)
    _grow_pool(view, total)
    return Amount(total)


def take_own(view: View, shop: ShopId, amount: Amount) -> Amount:
    """Takes up to ``amount`` of a shop's own bond for the pool; what it took."""
    cut = min(amount, books.bond_of(view, shop).own)
    if cut:
        _grow_pool(view, _take(view, shop, cut, own=cut))
    return Amount(cut)


def _grow_pool(view: View, taken: int) -> None:
    slashed = books.pool.get(view) or Pool(Amount(0))
    books.pool.put(view, value=Pool(Amount(slashed.slashed + taken)))


def _part(amount: int, slash_bps: int) -> int:
    return amount * slash_bps // BASIS_POINTS


def _follow(view: View, shop: int, seat: int, cut: int, since: Epoch) -> int:
    """Takes from stake that moved on to another seat, wherever it is now.

    It may have left that seat, too, but not for a third one (L-4.8), and what leaves takes as
    long as liability lasts. Only another punishment can have made it less.
    """
    taken = _cut_delegation(view, seat, shop, cut)
    for key, share in list(books.leaving.under(view, seat, shop)):
        _, _, began, to = (int(part) for part in key)
        part = min(cut - taken, share.amount)
        if part and began >= since and to in (TO_OWN_BOND, TO_TREASURERS):
            books.leaving.put(view, *key, value=Share(Amount(share.amount - part)))
            taken += _take(view, shop, part, leaving=part)
    return taken


def _cut_delegation(view: View, seat: int, shop: int, cut: int) -> int:
    """Takes up to ``cut`` from a delegation; what it took."""
    delegation = books.delegations.get(view, seat, shop)
    if delegation is None:
        return 0
    cut = min(cut, delegation.amount)
    left = replace(delegation, amount=Amount(delegation.amount - cut))
    books.delegations.put(view, seat, shop, value=left)
    return _take(view, shop, cut, delegated=cut)


def _take(
    view: View, shop: int, cut: int, *, own: int = 0, delegated: int = 0, leaving: int = 0
) -> int:
    """Books a cut as slashed; exactly one of the three places is it."""
    assert own + delegated + leaving == cut
    bond = books.bond_of(view, shop)
    bond = replace(
        bond,
        own=Amount(bond.own - own),
        delegated=Amount(bond.delegated - delegated),
        leaving=Amount(bond.leaving - leaving),
        slashed=Amount(bond.slashed + cut),
    )
    books.bonds.put(view, shop, value=bond)
    return cut
