"""The seats of one epoch: who votes, who leads, how many make a quorum."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from liandao_node.consensus.quorum import faults_tolerated, quorum_size
from liandao_node.types import Epoch, PublicKey, Seq, ShopId, View
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.protocol import FIRST_PROTOCOL

FIRST_EPOCH = Epoch(0)
FIRST_SEQ = Seq(1)


@dataclass(frozen=True)
class Member:
    shop: ShopId
    key: PublicKey


@dataclass(frozen=True)
class Committee:
    """One seat, one vote (P-1.3). ``members`` are ordered by shop."""

    epoch: Epoch
    members: tuple[Member, ...]
    first_seq: Seq = FIRST_SEQ
    """Height of its first block; the block below is the root that its views build on."""
    protocol: int = FIRST_PROTOCOL
    """In force in its epoch: the version of every header (P-12.12)."""
    faults: int = field(init=False)
    """f of P-1.1."""
    quorum: int = field(init=False)
    """Q of P-1.2."""
    _position: dict[ShopId, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        assert self.members, "a committee has members"
        assert len({member.key for member in self.members}) == len(self.members)
        object.__setattr__(self, "faults", faults_tolerated(len(self.members)))
        object.__setattr__(self, "quorum", quorum_size(len(self.members)))
        object.__setattr__(
            self, "_position", {member.shop: at for at, member in enumerate(self.members)}
        )

    @classmethod
    def of(
        cls, keys: Sequence[tuple[ShopId, PublicKey]], epoch: Epoch = FIRST_EPOCH
    ) -> "Committee":
        return cls(epoch, tuple(Member(shop, key) for shop, key in sorted(keys)))

    @classmethod
    def from_record(cls, record: CommitteeRecord) -> "Committee":
        """The committee that the ledger elected."""
        members = tuple(Member(seat.shop, seat.key) for seat in record.seats)
        return cls(record.epoch, members, record.first_seq, record.protocol)

    def __contains__(self, shop: ShopId) -> bool:
        return shop in self._position

    def holds(self, shop: ShopId, key: PublicKey) -> bool:
        """Whether the shop has a seat with this key: not one that it will have, or had."""
        at = self._position.get(shop)
        return at is not None and self.members[at].key == key

    def position(self, shop: ShopId) -> int:
        """Index of the seat's bit in a certificate."""
        return self._position[shop]

    def key(self, shop: ShopId) -> PublicKey:
        return self.members[self._position[shop]].key

    def leader(self, view: View) -> ShopId:
        """P-1.4: seats lead in turn, one view each; each epoch begins with another seat."""
        return self.members[(self.epoch + view) % len(self.members)].shop
