"""A coupon on paper: which one of which campaign, and the secret that proves it (L-20.5).

The street knows a digest of the key only, so that neither the ledger nor whoever reads it can
print the coupon. Each use signs for one shop, one hold and one bill: what passes over the net is
worth nothing to anybody else.
"""

from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from typing import Final

from liandao_node.crypto.crockford import payload_of, plain_text, secret_in
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault
from liandao_node.types import ShopId

COUPON_PREFIX: Final = "LD1:P:"

_LAYOUT: Final = Struct(f">HII{SEED_BYTES}s")


@dataclass(frozen=True)
class CouponPaper:
    """What is printed. Whoever has it may use the coupon."""

    issuer: ShopId
    campaign: int
    serial: int
    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a coupon's seed has 32 bytes")

    @cached_property
    def key(self) -> SigningKey:
        return SigningKey(self.seed)

    @property
    def payload(self) -> str:
        """Text of the QR code."""
        packed = _LAYOUT.pack(self.issuer, self.campaign, self.serial, self.seed)
        return payload_of(COUPON_PREFIX, packed)

    def __repr__(self) -> str:
        """Names the coupon and keeps the secret out of logs."""
        return f"CouponPaper({self.issuer}, {self.campaign}, {self.serial})"


def read_coupon(text: str) -> CouponPaper:
    """What was scanned or typed (L-5.4).

    Raises InputFault ``SCAN_NOT_OURS`` for what is no coupon; ``CARD_PAYLOAD_BAD`` (``why``),
    ``CARD_PAYLOAD_CHECK``.
    """
    plain = plain_text(text)
    if not plain.startswith(COUPON_PREFIX):
        raise InputFault("SCAN_NOT_OURS")
    issuer, campaign, serial, seed = _LAYOUT.unpack(secret_in(plain, COUPON_PREFIX, _LAYOUT.size))
    return CouponPaper(ShopId(issuer), campaign, serial, seed)
