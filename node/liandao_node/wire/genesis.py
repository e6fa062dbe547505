"""The genesis file: who the street is, in JSON that a person can read.

``chain_id`` is the digest of its canonical JSON (sorted keys, no spaces, ASCII, integers
only), so a re-indented copy is the same street.
"""

import json
from typing import Final

import msgspec

from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import is_sound_key
from liandao_node.errors import OperatorFault
from liandao_node.limits import AMOUNT_MAX, COMMITTEE_SEATS_MAX, NAME_CHARS_MAX
from liandao_node.types import Amount, ChainId, Epoch, Millis, PublicKey, Seq, ShopId
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.protocol import FIRST_PROTOCOL

GENESIS_TAG: Final = b"liandao/genesis/1"
RULE_COUNT_MAX: Final = 10**9
TREASURERS_MAX: Final = 16
PAYMENT_DAYS_MAX: Final = 366
VEST_MS_MAX: Final = 366 * 86_400_000
RETURNED_DAYS_MAX: Final = 366
CLAIM_DAYS_MAX: Final = 366
MOVE_WAIT_DAYS_MAX: Final = 366
CARD_WORDS_MAX: Final = 10_000
EXPIRY_MONTHS_MAX: Final = 1_200
HOLD_MS_MAX: Final = 86_400_000
ISSUE_LIMIT_BPS_MAX: Final = 1_000_000
COMMITTEE_SIZES: Final = (4, 7, 10, 13, 16, 19)
"""Sizes 3f + 1: a seat more than one of them bears no liar more."""


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
    """A shop's live points and what it has to pay for others may reach bond * this / 10000."""
    vest_ms: int = 0
    """Points of a dear sale may be used so long after it: the return window. 0: at once."""
    vest_over: Amount = Amount(0)
    """A sale is dear if more than this was paid."""
    returned_days: int = 30
    """Points that a refund gives back live at least so long."""
    breakage_bps: int = 5_000
    """Part of expired points that their issuer owes the street's pool."""
    manual_day_max: Amount = Amount(5_000)
    """Points that a shop's staff may give by hand in one day."""
    claim_days: int = 30
    """So long the receipt of an order without a card can be claimed; 0: never."""
    blocks_day_max: int = 20
    """Cards that a shop may block in one day at its customers' word."""
    move_wait_days: int = 30
    """So long a card whose recovery paper nobody has must stay unseen before it is moved; 0: such
    cards are never moved."""
    moves_day_max: int = 5
    """Such moves that a shop may begin in one day."""
    payment_min: Amount = Amount(1_000)
    """Clearing makes no smaller payments; what is below is carried into the next period."""
    payment_days: int = 10
    """From the turn of a clearing period to the default of who has not paid."""
    epoch_blocks: int = 4_096
    """An epoch ends with this many blocks, or with the first block of another day."""
    committee_seats: int = COMMITTEE_SIZES[-1]
    """The committee never grows beyond."""
    self_bond_min: Amount = Amount(1)
    """Own bond, not delegated, of a candidate."""
    cap_multiple: int = 2
    """A candidate's stake counts up to this times the candidates' median."""
    unbonding_epochs: int = 28
    """Stake that leaves stays liable for so long, and evidence counts for so long."""
    ban_epochs: int = 28
    """Epochs without a seat for a shop whose key signed two contradicting statements."""
    slash_bps: int = 500
    """Part of the stake behind such a seat that goes to the street's pool."""
    jail_epochs: int = 1
    """Epochs after which a seat that was away may ask to be a candidate again."""
    attendance_blocks_min: int = 16
    """Blocks of one proposer in one epoch from which its word about the others counts."""


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
    committee: list[ShopId] = []
    """Shops that vote in epoch 0, rising. Empty: as `first_committee` says."""
    treasurers: list[str] = []
    """Hex of the Ed25519 keys of those who hold the deposits and attest them."""
    treasurer_quorum: int = 0
    """How many of them must sign a statement; 0 without treasurers."""

    @property
    def chain_id(self) -> ChainId:
        return chain_id_of(msgspec.json.encode(self))

    def keys(self) -> dict[PublicKey, ShopId]:
        """Node keys of the members."""
        return {shop.public_key: shop.shop for shop in self.shops}


def first_committee(genesis: Genesis) -> CommitteeRecord:
    """The committee of epoch 0 (P-8.1): the shops that the file lists, ordered by number.

    Where it lists none: all of fewer than four shops, else those with the greatest bonds, the
    lower number first among equals, as many as the greatest committee size allows.
    """
    seated = genesis.committee
    if not seated:
        most = min(len(genesis.shops), genesis.rules.committee_seats)
        count = max((n for n in COMMITTEE_SIZES if n <= most), default=0)
        by_bond = sorted(genesis.shops, key=lambda shop: (-shop.bond, shop.shop))
        seated = [shop.shop for shop in by_bond[: count or None]]
    seats = [Seat(shop, genesis.shops[shop].public_key) for shop in sorted(seated)]
    return CommitteeRecord(Epoch(0), Seq(1), FIRST_PROTOCOL, seats)


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
        keys += [bytes.fromhex(key) for key in genesis.treasurers]
    except (msgspec.DecodeError, ValueError) as error:
        raise OperatorFault("GENESIS_BAD", detail=str(error)) from error
    complaint = _complaint(genesis, keys)
    if not complaint and chain_id_of(document) != genesis.chain_id:
        # Its chain id would be another one to whoever reads the document alone.
        complaint = "every field stands in the file, also where it has its usual value"
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
    if not all(map(is_sound_key, keys)):
        return "a key is no point of the curve or, worse, one of small order"
    if len({shop.public_key for shop in genesis.shops}) != len(genesis.shops):
        return "two shops share a node key"
    if any(not 0 < len(shop.name) <= NAME_CHARS_MAX for shop in genesis.shops):
        return f"a shop's name has 1 to {NAME_CHARS_MAX} characters"
    if not 0 < len(genesis.street) <= NAME_CHARS_MAX:
        return f"a street's name has 1 to {NAME_CHARS_MAX} characters"
    seated = genesis.committee
    if any(not 0 <= shop < len(genesis.shops) for shop in seated) or seated != sorted({*seated}):
        return "the committee lists shops of the street, rising"
    if any(shop.bond < 0 for shop in genesis.shops):
        return "a bond is not negative"
    if not 0 <= genesis.exponent <= 4 or abs(genesis.utc_offset_minutes) > 14 * 60:
        return "exponent lies between 0 and 4, utc_offset_minutes between -840 and 840"
    return rules_complaint(genesis.rules) or _treasurers_complaint(genesis)


def rules_complaint(rules: Rules) -> str:
    """What is wrong with rules, of a genesis file or of a vote (L-19.4); empty if nothing is."""
    return (
        _points_complaint(rules)
        or _returns_complaint(rules)
        or _cards_complaint(rules)
        or _stake_complaint(rules)
        or _clearing_complaint(rules)
    )


def _points_complaint(rules: Rules) -> str:
    if not (0 <= rules.earn_bps <= 10_000 and 0 <= rules.share_bps_max <= 10_000):
        return "earn_bps and share_bps_max lie between 0 and 10000"
    if not 0 <= rules.expiry_months <= EXPIRY_MONTHS_MAX:
        return f"expiry_months lies between 0 and {EXPIRY_MONTHS_MAX}"
    if not 1 <= rules.hold_ms <= HOLD_MS_MAX:
        return f"hold_ms lies between 1 and {HOLD_MS_MAX}"
    if not 0 <= rules.issue_limit_bps <= ISSUE_LIMIT_BPS_MAX:
        return f"issue_limit_bps lies between 0 and {ISSUE_LIMIT_BPS_MAX}"
    amounts = (rules.code_hold_max, rules.vest_over, rules.manual_day_max, rules.payment_min)
    if any(amount > AMOUNT_MAX for amount in (*amounts, rules.self_bond_min)):
        return f"no amount is above {AMOUNT_MAX}"
    return "code_hold_max is not negative" if rules.code_hold_max < 0 else ""


def _returns_complaint(rules: Rules) -> str:
    if not 0 <= rules.vest_ms <= VEST_MS_MAX or not 0 <= rules.returned_days <= RETURNED_DAYS_MAX:
        return f"vest_ms lies between 0 and {VEST_MS_MAX}, returned_days up to {RETURNED_DAYS_MAX}"
    if not 0 <= rules.breakage_bps <= 10_000:
        return "breakage_bps lies between 0 and 10000"
    if rules.vest_over < 0 or rules.manual_day_max < 0:
        return "vest_over and manual_day_max are not negative"
    return ""


def _cards_complaint(rules: Rules) -> str:
    if not 0 <= rules.claim_days <= CLAIM_DAYS_MAX:
        return f"claim_days lies between 0 and {CLAIM_DAYS_MAX}"
    if not 0 <= rules.move_wait_days <= MOVE_WAIT_DAYS_MAX:
        return f"move_wait_days lies between 0 and {MOVE_WAIT_DAYS_MAX}"
    if not all(0 <= most <= CARD_WORDS_MAX for most in (rules.blocks_day_max, rules.moves_day_max)):
        return f"blocks_day_max and moves_day_max lie between 0 and {CARD_WORDS_MAX}"
    return ""


def _clearing_complaint(rules: Rules) -> str:
    if rules.payment_min < 0 or not 1 <= rules.payment_days <= PAYMENT_DAYS_MAX:
        return f"payment_min is not negative, payment_days lies between 1 and {PAYMENT_DAYS_MAX}"
    return ""


def _stake_complaint(rules: Rules) -> str:
    if not COMMITTEE_SIZES[0] <= rules.committee_seats <= COMMITTEE_SIZES[-1]:
        return f"committee_seats lies between {COMMITTEE_SIZES[0]} and {COMMITTEE_SIZES[-1]}"
    at_least_one = (
        rules.epoch_blocks,
        rules.cap_multiple,
        rules.unbonding_epochs,
        rules.ban_epochs,
        rules.jail_epochs,
        rules.attendance_blocks_min,
    )
    if not all(1 <= count <= RULE_COUNT_MAX for count in at_least_one):
        return f"counts of blocks and epochs and cap_multiple lie between 1 and {RULE_COUNT_MAX}"
    if rules.self_bond_min < 0 or not 0 <= rules.slash_bps <= 10_000:
        return "self_bond_min is not negative, slash_bps lies between 0 and 10000"
    return ""


def _treasurers_complaint(genesis: Genesis) -> str:
    if len({key.lower() for key in genesis.treasurers}) != len(genesis.treasurers):
        return "two treasurers share a key"
    if len(genesis.treasurers) > TREASURERS_MAX:
        return f"a street has at most {TREASURERS_MAX} treasurers"
    if not min(1, len(genesis.treasurers)) <= genesis.treasurer_quorum <= len(genesis.treasurers):
        return "treasurer_quorum lies between 1 and the number of treasurers, or both are 0"
    return ""
