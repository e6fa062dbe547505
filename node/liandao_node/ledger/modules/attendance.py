"""Who was there: words of proposers, jail, and the way out of it (L-13.8 to L-13.10).

One proposer's word proves nothing, for nobody can check it. A seat is jailed only when f+1
different proposers said the same last, of whom one at least is honest; and never so many that
the committee would lose more than it can bear.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import SEATS_MIN, Bar, Contender, faults_borne
from liandao_node.ledger.modules.stake_books import Milestone, Tally, Word
from liandao_node.ledger.modules.stake_calls import Released, StakeRefusal, Unjail
from liandao_node.ledger.state import View
from liandao_node.limits import MILESTONE_BLOCKS, MILESTONES_KEPT
from liandao_node.types import BlockHash, Epoch, Seq, ShopId
from liandao_node.wire.committee import CommitteeRecord

NEVER: Final = -1


def count(ctx: Context) -> None:
    """Adds a block's word to its proposer's (L-13.8)."""
    tally = books.tallies.get(ctx.view, ctx.proposer)
    if tally is None:
        tally = Tally(0, [0] * len(books.committee_of(ctx.view).seats))
    present = [times + (ctx.attendance >> at & 1) for at, times in enumerate(tally.present)]
    books.tallies.put(ctx.view, ctx.proposer, value=Tally(tally.blocks + 1, present))


def note_milestone(ctx: Context) -> None:
    """Keeps the hash of the block below, now and then (L-13.10)."""
    below = ctx.height - 1
    if below % MILESTONE_BLOCKS == 0:
        place = below // MILESTONE_BLOCKS % MILESTONES_KEPT
        books.milestones.put(ctx.view, place, value=Milestone(Seq(below), ctx.parent))


def newest_milestone(view: View) -> Milestone | None:
    kept = [milestone for _, milestone in books.milestones.rows(view)]
    return max(kept, key=lambda milestone: milestone.height, default=None)


def unjail(ctx: Context, call: Unjail) -> Released:
    """A seat that was away asks to be a candidate again (L-13.10)."""
    standing = books.standing_of(ctx.view, ctx.shop)
    if not standing.jailed_until:
        raise refuse(StakeRefusal.NOT_JAILED)
    if ctx.epoch < standing.jailed_until:
        raise refuse(StakeRefusal.JAIL_LASTS, until=standing.jailed_until)
    place = call.height // MILESTONE_BLOCKS % MILESTONES_KEPT
    if books.milestones.get(ctx.view, place) != Milestone(Seq(call.height), BlockHash(call.block)):
        raise refuse(StakeRefusal.MILESTONE_UNKNOWN, height=call.height)
    books.standings.put(ctx.view, ctx.shop, value=replace(standing, jailed_until=Epoch(0)))
    return Released(Epoch(ctx.epoch + 1))


def close(ctx: Context, committee: CommitteeRecord, contenders: list[Contender]) -> None:
    """At an epoch's end: proposers' words, and who is jailed by them (L-13.8, L-13.9)."""
    _speak(ctx, committee)
    until = Epoch(committee.epoch + 1 + ctx.rules.jail_epochs)
    for shop in _to_jail(ctx.view, committee, contenders):
        standing = replace(books.standing_of(ctx.view, shop), jailed_until=until)
        books.standings.put(ctx.view, shop, value=standing)
        forget(ctx.view, shop)


def forget(view: View, shop: ShopId) -> None:
    """Words about a shop that has no seat any more speak of it no longer."""
    for key, _ in list(books.words.under(view, shop)):
        books.words.delete(view, *key)


def _speak(ctx: Context, committee: CommitteeRecord) -> None:
    """Turns the epoch's tallies into words and drops them."""
    for (proposer,), tally in list(books.tallies.rows(ctx.view)):
        books.tallies.delete(ctx.view, proposer)
        if tally.blocks < ctx.rules.attendance_blocks_min:
            continue
        for seat, times in zip(committee.seats, tally.present, strict=True):
            if seat.shop != proposer:
                word = Word(committee.epoch, absent=2 * times < tally.blocks)
                books.words.put(ctx.view, seat.shop, proposer, value=word)


def _to_jail(view: View, committee: CommitteeRecord, contenders: list[Contender]) -> list[ShopId]:
    """Of those that f+1 proposers call absent, as many as the street can spare."""
    bars = {contender.shop: contender.bar for contender in contenders}
    faults = faults_borne(len(committee.seats))
    absences = {seat.shop: _absences(view, seat.shop) for seat in committee.seats}
    accused = sorted(
        (shop for shop, words in absences.items() if words > faults and bars[shop] < Bar.JAILED),
        key=lambda shop: (-absences[shop], shop),
    )
    inside = sum(bars[seat.shop] >= Bar.JAILED for seat in committee.seats)
    candidates = sum(bar is Bar.NONE for bar in bars.values())
    jailed: list[ShopId] = []
    for shop in accused:
        candidates_left = candidates - (bars[shop] is Bar.NONE)
        if inside + len(jailed) < faults and candidates_left >= SEATS_MIN:
            jailed.append(shop)
            candidates = candidates_left
    return jailed


def _absences(view: View, shop: ShopId) -> int:
    """Proposers whose last words all say that the seat was away; one that saw it, in the same
    epoch or later, refutes them."""
    words = [word for _, word in books.words.under(view, shop)]
    seen = max((word.epoch for word in words if not word.absent), default=NEVER)
    return sum(word.epoch > seen for word in words)
