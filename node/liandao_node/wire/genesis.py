"""The genesis file: who the street is, in JSON that a person can read.

``chain_id`` is the digest of its canonical JSON (sorted keys, no spaces, ASCII, integers
only), so a re-indented copy is the same street.
"""

import json
from typing import Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.errors import OperatorFault
from liandao_node.limits import COMMITTEE_SEATS_MAX, NAME_CHARS_MAX
from liandao_node.types import Amount, ChainId, Millis, PublicKey, ShopId

GENESIS_TAG: Final = b"liandao/genesis/1"


class GenesisShop(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    shop: ShopId
    name: str
    node_key: str
    """Hex of the hot Ed25519 key that votes and signs transactions."""
    owner_key: str
    """Hex of the cold Ed25519 key that may replace the others."""
    bond: Amount
    """Bonded deposit in minor units, attested by the treasurers."""

    @property
    def public_key(self) -> PublicKey:
        return PublicKey(bytes.fromhex(self.node_key))


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The street's rulebook. Integers: basis points, minor units, months, milliseconds."""

    earn_bps: int = 200
    """Points for what was paid: 200 is 2 %."""
    expiry_months: int = 6
    """A lot lives to the end of the month that lies this many months ahead."""
    hold_ms: int = 120_000
    share_bps_max: int = 5_000
    """Part of a bill that points may pay."""
    code_hold_max: Amount = Amount(2_000)
    """Points of one card a day that a shop may hold on a typed code, without the card."""
    issue_limit_bps: int = 10_000
    """A shop's live points may reach bond * this / 10000."""


class Genesis(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    street: str
    currency: str
    """ISO 4217."""
    exponent: int
    """Decimal digits of the currency: 2 for CNY, 0 for JPY."""
    utc_offset_minutes: int
    """The street's day for expiry and periods; fixed, without summer time."""
    created_ms: Millis
    modules: list[tuple[str, int]]
    """Ledger modules with their versions."""
    rules: Rules
    shops: list[GenesisShop]

    @property
    def chain_id(self) -> ChainId:
        return chain_id_of(msgspec.json.encode(self))

    def keys(self) -> dict[PublicKey, ShopId]:
        """Node keys of the members."""
        return {shop.public_key: shop.shop for shop in self.shops}


def chain_id_of(document: bytes) -> ChainId:
    """Chain id of a genesis document, however it is indented."""
    tree = json.loads(document)
    canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return ChainId(tagged(GENESIS_TAG, canonical.encode()))


def load_genesis(document: bytes) -> Genesis:
    """Reads and checks a genesis file.

    Raises OperatorFault ``GENESIS_BAD`` with a detail that says what is wrong.
    """
    try:
        genesis = msgspec.json.decode(document, type=Genesis)
        keys = [bytes.fromhex(key) for s in genesis.shops for key in (s.node_key, s.owner_key)]
    except (msgspec.DecodeError, ValueError) as error:
        raise OperatorFault("GENESIS_BAD", detail=str(error)) from error
    complaint = _complaint(genesis, keys)
    if complaint:
        raise OperatorFault("GENESIS_BAD", detail=complaint)
    return genesis


def _complaint(genesis: Genesis, keys: list[bytes]) -> str:
    if not 1 <= len(genesis.shops) <= COMMITTEE_SEATS_MAX:
        return f"a street has 1 to {COMMITTEE_SEATS_MAX} shops"
    if [shop.shop for shop in genesis.shops] != list(range(len(genesis.shops))):
        return "shops are numbered from 0 in order"
    if any(len(key) != 32 for key in keys):
        return "a key has 32 bytes"
    if len({shop.node_key for shop in genesis.shops}) != len(genesis.shops):
        return "two shops share a node key"
    if any(not 0 < len(shop.name) <= NAME_CHARS_MAX for shop in genesis.shops):
        return f"a shop's name has 1 to {NAME_CHARS_MAX} characters"
    if not 0 < len(genesis.street) <= NAME_CHARS_MAX:
        return f"a street's name has 1 to {NAME_CHARS_MAX} characters"
    if any(shop.bond < 0 for shop in genesis.shops):
        return "a bond is not negative"
    rules = genesis.rules
    if not (0 <= rules.earn_bps <= 10_000 and 0 <= rules.share_bps_max <= 10_000):
        return "earn_bps and share_bps_max lie between 0 and 10000"
    if not 0 <= genesis.exponent <= 4 or abs(genesis.utc_offset_minutes) > 14 * 60:
        return "exponent lies between 0 and 4, utc_offset_minutes between -840 and 840"
    return ""
