"""Records of stake: what each shop has, where it stands, who sits (docs/ledger.md 4 and 13).

Plain records and how they are found; the rules that change them are in the modules beside this
one. Whatever they do, a shop's bond adds up (L-4.3).
"""

from typing import Final

from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, BlockHash, Epoch, PublicKey, Seq, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.committee import CommitteeRecord

NUMBER: Final = 2
BASIS_POINTS: Final = 10_000
KEYS_FORGIVEN: Final = 1
"""Keys that a shop may lose for contradicting itself and still come back (L-13.12)."""
NO_DAY: Final = -1

TO_OWN_BOND: Final = 0xFFFF
"""Destination of stake that comes back to the bond of the shop that had delegated it."""
TO_TREASURERS: Final = 0xFFFE
"""Destination of bond that the treasurers will pay out."""


class Bond(Canonical, frozen=True):
    """A shop's deposit in minor units, by what it does."""

    attested: Amount
    """What the treasurers hold for the shop: the sum of all that follow."""
    incoming: Amount
    """Becomes ``own`` when the epoch ends."""
    own: Amount
    """Backs the shop as a candidate, and the points that it issues."""
    delegated: Amount
    """Backs other candidates."""
    leaving: Amount
    """Backs nothing any more and is still liable."""
    withdrawable: Amount
    slashed: Amount
    statements: int
    """Treasurers' statements about this shop so far; the next one bears the next number."""

    moves: int
    """Records of `leaving` that are the shop's."""


_NONE: Final = Amount(0)
NO_BOND: Final = Bond(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, statements=0, moves=0)


class Treasurers(Canonical, frozen=True):
    keys: list[PublicKey]
    quorum: int


class Term(Canonical, frozen=True):
    """The epoch under way."""

    epoch: Epoch
    first_seq: Seq
    day: int
    """The street's day of its first block, `NO_DAY` while there is none."""


class Standing(Canonical, frozen=True):
    """What a shop's conduct has brought it. Indexed by seat, so that a new key changes nothing."""

    last_seated: int
    """Last epoch in which it had a seat, -1 for never."""
    jailed_until: Epoch
    """First epoch in which it may ask to be a candidate again; 0 when it is not jailed."""
    banned_until: Epoch
    """First epoch in which it may have a seat again; 0 when it was never banned."""
    tombstones: int
    """Keys of its that signed two contradicting statements."""

    @property
    def is_out_for_good(self) -> bool:
        return self.tombstones > KEYS_FORGIVEN

    def is_banned(self, epoch: Epoch) -> bool:
        return self.is_out_for_good or epoch < self.banned_until


NO_STANDING: Final = Standing(-1, Epoch(0), Epoch(0), 0)


class Tombstone(Canonical, frozen=True):
    """A key that signed two contradicting statements: no seat is ever held with it again."""

    shop: ShopId
    epoch: Epoch
    """In which it signed them."""
    slashed: Amount


class Share(Canonical, frozen=True):
    amount: Amount


class Delegation(Canonical, frozen=True):
    amount: Amount
    settled_in: Epoch
    """From this epoch on it owes nothing to a seat that it backed before (L-4.8)."""


class Pool(Canonical, frozen=True):
    """The street's: nobody's in particular."""

    slashed: Amount


class Tally(Canonical, frozen=True):
    """What one proposer of this epoch said of the seats, summed (L-13.8)."""

    blocks: int
    present: list[int]
    """By position in the committee: blocks that it counted the seat present in."""


class Word(Canonical, frozen=True):
    """A proposer's last word on whether a seat was there."""

    epoch: Epoch
    absent: bool


class Milestone(Canonical, frozen=True):
    """A block that only a node that has followed the chain can name (L-13.10)."""

    height: Seq
    block: BlockHash


bonds: Final = Table(NUMBER, 1, ("u16",), Bond)
terms: Final = Table(NUMBER, 2, (), Term)
committees: Final = Table(NUMBER, 3, ("u64",), CommitteeRecord)
"""By epoch: the present one and those that evidence may still speak of (L-13.6)."""
standings: Final = Table(NUMBER, 4, ("u16",), Standing)
tombstones: Final = Table(NUMBER, 5, (32,), Tombstone)
delegations: Final = Table(NUMBER, 6, ("u16", "u16"), Delegation)
"""By candidate and delegator."""
leaving: Final = Table(NUMBER, 7, ("u16", "u16", "u64", "u16"), Share)
"""By liable seat, owner, epoch in which it left and destination (L-4.7)."""
pool: Final = Table(NUMBER, 8, (), Pool)
tallies: Final = Table(NUMBER, 9, ("u16",), Tally)
"""By proposer."""
words: Final = Table(NUMBER, 10, ("u16", "u16"), Word)
"""By seat and proposer."""
milestones: Final = Table(NUMBER, 11, ("u16",), Milestone)
treasurers: Final = Table(NUMBER, 12, (), Treasurers)

TABLES: Final[tuple[KeySpace, ...]] = (
    bonds,
    terms,
    committees,
    standings,
    tombstones,
    delegations,
    leaving,
    pool,
    tallies,
    words,
    milestones,
    treasurers,
)


def bond_of(view: View, shop: int) -> Bond:
    return bonds.get(view, shop) or NO_BOND


def standing_of(view: View, shop: int) -> Standing:
    return standings.get(view, shop) or NO_STANDING


def term_of(view: View) -> Term:
    term = terms.get(view)
    assert term is not None, "the genesis began an epoch"
    return term


def committee_of(view: View) -> CommitteeRecord:
    committee = committees.get(view, term_of(view).epoch)
    assert committee is not None, "an epoch has a committee"
    return committee


def backing_of(view: View, seat: int) -> Amount:
    """What others delegated to a candidate."""
    return Amount(sum(share.amount for _, share in delegations.under(view, seat)))
