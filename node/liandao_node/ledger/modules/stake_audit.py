"""What holds of stake and committees at every height. Reads everything: for checks only."""

from collections import Counter
from itertools import pairwise

from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import SEATS_MIN, faults_borne
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.modules.stake_books import TO_OWN_BOND, TO_TREASURERS
from liandao_node.ledger.state import View
from liandao_node.wire.committee import CommitteeRecord


def audit(view: View) -> list[str]:
    """What does not hold, in words for developers."""
    return [*_amounts(view), *_committee(view), *_protocols(view), *_changes(view)]


def _amounts(view: View) -> list[str]:
    """L-4.3: nothing is lost, made or negative, and the sums are those of their records."""
    broken: list[str] = []
    delegated, leaving, moves = Counter[int](), Counter[int](), Counter[int]()
    for (_, shop), delegation in books.delegations.rows(view):
        delegated[int(shop)] += delegation.amount
        if delegation.amount < 0:
            broken.append(f"a delegation of {shop!r} is negative")
    for (_, shop, _, to), share in books.leaving.rows(view):
        moves[int(shop)] += 1
        leaving[int(shop)] += share.amount if to in (TO_OWN_BOND, TO_TREASURERS) else 0
        if share.amount < 0:
            broken.append(f"stake that leaves {shop!r} is negative")
    slashed = 0
    for (number,), bond in books.bonds.rows(view):
        shop = int(number)
        parts = (bond.incoming, bond.own, bond.delegated, bond.leaving, bond.withdrawable)
        if sum(parts) + bond.slashed != bond.attested or min(*parts, bond.slashed) < 0:
            broken.append(f"the bond of {shop} does not add up: {bond}")
        sums = (delegated.pop(shop, 0), leaving.pop(shop, 0), moves.pop(shop, 0))
        if sums != (bond.delegated, bond.leaving, bond.moves):
            broken.append(f"delegated, leaving and moves of {shop} are {sums}, booked {bond}")
        slashed += bond.slashed
    if delegated or leaving or moves:
        broken.append("stake of shops without a bond")
    pool = books.pool.get(view)
    if slashed != (pool.slashed if pool is not None else 0):
        broken.append(f"the pool has {pool}, slashed was {slashed}")
    return broken


def _committee(view: View) -> list[str]:
    """L-13.7: the committee in office is well formed."""
    committee, term = books.committee_of(view), books.term_of(view)
    members = Members().all(view)
    shops = [seat.shop for seat in committee.seats]
    broken: list[str] = []
    if (committee.epoch, committee.first_seq) != (term.epoch, term.first_seq):
        broken.append(f"epoch {term.epoch} has the committee of {committee.epoch}")
    if shops != sorted(set(shops)) or not shops:
        broken.append(f"seats {shops} do not rise")
    if any(s.shop not in members or members[s.shop].node_key != s.key for s in committee.seats):
        broken.append("a seat votes with another key than its shop's")
    jailed = sum(books.standing_of(view, shop).jailed_until > 0 for shop in shops)
    if jailed > faults_borne(len(shops)):
        broken.append(f"{jailed} seats of {len(shops)} are jailed")
    return broken


def _protocols(view: View) -> list[str]:
    """L-13.13: no epoch falls back behind the one before."""
    kept = [committee for _, committee in books.committees.rows(view)]
    return [
        f"epoch {new.epoch} has protocol {new.protocol} after {old.protocol}"
        for old, new in pairwise(kept)
        if new.protocol < old.protocol
    ]


def _changes(view: View) -> list[str]:
    """L-13.4: from epoch to epoch no more seats change than may."""
    broken: list[str] = []
    if len(Members().all(view)) < SEATS_MIN:
        return broken
    kept = [committee for _, committee in books.committees.rows(view)]
    for old, new in pairwise(kept):
        before, after = _shops(old), _shops(new)
        if len(before) < SEATS_MIN:
            continue
        if len(before - after) > faults_borne(len(before)):
            broken.append(f"{len(before - after)} seats left in epoch {new.epoch}")
        if len(after - before) > faults_borne(len(after)):
            broken.append(f"{len(after - before)} seats joined in epoch {new.epoch}")
        if len(after) < SEATS_MIN:
            broken.append(f"{len(after)} seats in epoch {new.epoch}")
    return broken


def _shops(committee: CommitteeRecord) -> set[int]:
    return {seat.shop for seat in committee.seats}
