"""The committee of an epoch as all agree on it, and the proof that it took office.

The header of an epoch's last block names the digest of the next committee (P-12.2), so that a
quorum of the old one vouches for the new one, and whoever trusts the first committee can
follow from epoch to epoch without asking anybody.
"""

from typing import Final

from liandao_node.crypto.digest import tagged
from liandao_node.types import PublicKey, ShopId
from liandao_node.wire.blocks import Certificate, Header
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.numbers import WireEpoch, WireProtocol, WireSeq

COMMITTEE_TAG: Final = b"liandao/committee/1"


class Seat(Canonical, frozen=True):
    shop: ShopId
    key: PublicKey
    """Node key that the seat votes with in this epoch."""


class CommitteeRecord(Canonical, frozen=True):
    epoch: WireEpoch
    first_seq: WireSeq
    """Height of the first block that it may make."""
    protocol: WireProtocol
    """The street's rules in this epoch, all of it (P-12.12)."""
    seats: list[Seat]
    """Ordered by shop; the index is the seat's position in certificates."""

    @property
    def hash(self) -> bytes:
        """Digest that the header before it names, 32 bytes."""
        return tagged(COMMITTEE_TAG, encode(self))


class Handover(Canonical, frozen=True):
    """The last block of an epoch, certified by its committee, and the committee it names."""

    header: Header
    certificate: Certificate
    next: CommitteeRecord


decode_committee: Decoder[CommitteeRecord] = Decoder(CommitteeRecord)
decode_handover: Decoder[Handover] = Decoder(Handover)
