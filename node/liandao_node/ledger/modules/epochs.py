"""Epochs: when one ends, and who takes office then (L-13.1, L-13.6, L-13.7, L-13.13).

Asked after the transactions of every block; mostly it finds that the epoch goes on.
"""

from msgspec.structs import replace

from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Context, Seating
from liandao_node.ledger.modules import attendance, stake_moves
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import Bar, Contender, Election, elect, protocol_after
from liandao_node.ledger.modules.membership import Member, Members
from liandao_node.ledger.modules.stake_books import NO_DAY, Term
from liandao_node.ledger.state import View
from liandao_node.types import Amount, Epoch, PublicKey, Seq, ShopId
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.genesis import Genesis, Rules, first_committee


class Committees(Seating):
    """Service: the elected committees."""

    def epoch(self, view: View) -> Epoch:
        return books.term_of(view).epoch

    def committee(self, view: View) -> CommitteeRecord:
        return books.committee_of(view)

    def past_committee(self, view: View, epoch: Epoch) -> CommitteeRecord | None:
        return books.committees.get(view, epoch)

    def keys(self, view: View) -> dict[ShopId, PublicKey]:
        return {shop: member.node_key for shop, member in Members().all(view).items()}


def begin(view: View, genesis: Genesis) -> None:
    """Epoch 0, with the committee of the genesis file (P-12.1)."""
    books.terms.put(view, value=Term(Epoch(0), Seq(1), NO_DAY))
    _seat(view, first_committee(genesis))


def ends_epoch(ctx: Context, term: Term) -> bool:
    """Whether the block at work is the last one of its epoch (L-13.6)."""
    if ctx.height - term.first_seq + 1 >= ctx.rules.epoch_blocks:
        return True
    return term.day not in (NO_DAY, day_of(ctx.time_ms, ctx.utc_offset_minutes))


def note_first_block(ctx: Context, term: Term) -> None:
    """Keeps the day on which an epoch began to work."""
    if term.day == NO_DAY:
        day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        books.terms.put(ctx.view, value=replace(term, day=day))


def contenders_in(view: View, rules: Rules) -> list[Contender]:
    """All members as the next election would see them, by number."""
    members = Members().all(view)
    return [contender_of(view, shop, members[shop], rules) for shop in members]


def next_election(view: View, rules: Rules) -> Election:
    """Who would sit if the epoch ended with this state (L-13.1)."""
    return elect(
        contenders_in(view, rules),
        [seat.shop for seat in books.committee_of(view).seats],
        cap_multiple=rules.cap_multiple,
        seats_max=rules.committee_seats,
    )


def contender_of(view: View, shop: ShopId, member: Member, rules: Rules) -> Contender:
    """A member as the election for the next epoch sees it (L-13.2)."""
    committee = books.committee_of(view)
    epoch = Epoch(books.term_of(view).epoch + 1)
    bond, standing = books.bond_of(view, shop), books.standing_of(view, shop)
    stake = Amount(bond.own + books.backing_of(view, shop))
    if standing.is_banned(epoch) or books.tombstones.has(view, member.node_key):
        return Contender(shop, stake, Bar.BANNED)
    if standing.jailed_until:
        return Contender(shop, stake, Bar.JAILED)
    if Members().speaks(view, shop) < committee.protocol:
        return Contender(shop, stake, Bar.OUTDATED)
    short = bond.own < rules.self_bond_min
    return Contender(shop, stake, Bar.BOND_SHORT if short else Bar.NONE)


def turn(ctx: Context, term: Term) -> None:
    """Ends the epoch: what was waiting for it happens, then the next committee is elected from
    what is then true, and takes office with the keys then in force (L-13.7)."""
    view, old, epoch = ctx.view, books.committee_of(ctx.view), Epoch(term.epoch + 1)
    stake_moves.welcome_incoming(view)
    stake_moves.mature(view, epoch, ctx.rules)
    Members().change_keys(ctx)
    attendance.close(ctx, old, contenders_in(view, ctx.rules))
    election = next_election(view, ctx.rules)
    members = Members().all(view)
    seats = [Seat(shop, members[shop].node_key) for shop in election.seats]
    first_seq = Seq(ctx.height + 1)
    books.terms.put(view, value=Term(epoch, first_seq, NO_DAY))
    spoken = [Members().speaks(view, shop) for shop in election.seats]
    protocol = protocol_after(old.protocol, spoken)
    _seat(view, CommitteeRecord(epoch, first_seq, protocol, seats))
    for seat in old.seats:
        if seat.shop not in election.seats:
            attendance.forget(view, seat.shop)
    # One epoch longer than evidence counts, so that no rule depends on the order of the two.
    too_old = epoch - ctx.rules.unbonding_epochs - 2
    if too_old >= 0:
        books.committees.delete(view, too_old)


def _seat(view: View, committee: CommitteeRecord) -> None:
    books.committees.put(view, committee.epoch, value=committee)
    for seat in committee.seats:
        standing = replace(books.standing_of(view, seat.shop), last_seated=committee.epoch)
        books.standings.put(view, seat.shop, value=standing)
