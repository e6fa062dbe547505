"""What an entry of the ledger says, in plain words, read from its bytes alone.

The layouts of calls and answers are written down here once more, as lists of names, so that
who reads a receipt needs no other code of the node. A kind that is not listed is named by its
number; its receipt is as good.
"""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Final, NamedTuple

import msgspec

Value = int | str
Money = Callable[[int], str]
"""How an amount in minor units is written."""

_DAY_S: Final = 86_400
_NOT_READ: Final = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)
"""Of bytes that are no call's: whoever made the receipt chose them."""


class Kind(NamedTuple):
    """One kind of call: names of its fields in their order, and what they mean together."""

    call: tuple[str, ...]
    answer: tuple[str, ...]
    """An answer may end earlier: the ledger adds fields at the end; older receipts stay good."""
    applied: str
    """Sentence with the names of fields in braces."""
    refused: str


KINDS: Final[Mapping[int, Kind]] = {
    301: Kind(("public_key", "code", "signature"), ("card",), "card {code} enrolled", "enrolment"),
    302: Kind(
        ("card", "number", "key", "card_signature", "pin_signature", "key_signature"),
        (),
        "PIN of card {card} set, changed or taken off",
        "PIN of card {card}",
    ),
    303: Kind(
        (
            *("card", "number", "key", "card_signature", "pin_signature"),
            *("recovery_signature", "key_signature"),
        ),
        (),
        "recovery paper of card {card} set, changed or taken off",
        "recovery paper of card {card}",
    ),
    304: Kind(("card", "reason"), (), "card {card} blocked", "block of card {card}"),
    305: Kind(
        ("card", "number", "card_signature", "pin_signature"),
        (),
        "card {card} unblocked",
        "card {card} to be unblocked",
    ),
    306: Kind(
        ("card", "number", "to", "recovery_signature", "to_signature"),
        ("ready_ms",),
        "lost card {card} moves to card {to}",
        "move of lost card {card} to card {to}",
    ),
    307: Kind(("card",), ("to",), "lost card {card} moved to card {to}", "move of card {card}"),
    308: Kind(
        ("card", "number", "card_signature"),
        (),
        "move of card {card} called off",
        "move of card {card} to be called off",
    ),
    309: Kind(
        ("card", "number", "to", "card_signature", "pin_signature", "to_signature"),
        ("to",),
        "card {card} joined to card {to}",
        "card {card} to be joined to card {to}",
    ),
    401: Kind(
        ("hold", "card", "amount", "present", "card_signature", "pin_signature"),
        ("held", "expires_ms"),
        "{held} in points held for card {card}",
        "hold of {amount} in points for card {card}",
    ),
    402: Kind(("hold", "card"), ("released",), "{released} in points released", "release"),
    403: Kind(
        ("register", "number", "card", "gross", "excluded", "hold", "points", "tender", "at_ms"),
        ("points_used", "earned", "limited", "balance", "pending", "set_off"),
        "sale {register}-{number}: bill {gross}, {points_used} paid in points, {earned} earned",
        "sale {register}-{number}: bill {gross}",
    ),
    404: Kind(
        ("source", "reference_hash", "card", "gross", "at_ms", "online"),
        ("earned", "limited", "balance", "pending", "set_off"),
        "order from {source}: bill {gross}, {earned} earned",
        "order from {source}: bill {gross}",
    ),
    405: Kind(
        ("refund", "register", "number", "source", "reference_hash", "gross", "at_ms"),
        ("cash", "points_back", "clawed", "debt"),
        "refund of {gross}: {cash} in money, {points_back} in points; of those earned {clawed}"
        " taken back, {debt} to be set off",
        "refund of {gross}",
    ),
    406: Kind(
        ("terms",),
        ("version", "from_ms"),
        "earn rule {version} published, in force from {from_ms}",
        "earn rule",
    ),
    407: Kind(
        ("grant", "card", "amount", "asked_by", "approved_by", "reason", "at_ms"),
        ("amount", "balance", "left_today"),
        "{amount} in points given by hand to card {card}",
        "{amount} in points by hand for card {card}",
    ),
    408: Kind(
        ("register", "number", "source", "reference_hash", "claim"),
        ("amount", "until_ms"),
        "order can be claimed until {until_ms}: {amount} in points",
        "order to be claimed",
    ),
    409: Kind(
        ("card", "claim", "signature"),
        ("shop", "earned", "balance", "pending", "set_off"),
        "order of shop {shop} claimed: {earned} for card {card}",
        "claim of an order for card {card}",
    ),
    501: Kind(
        ("window_first_ms", "window_last_ms", "root", "counts", "visitors"),
        ("events",),
        "{events} traffic events committed to",
        "traffic batch",
    ),
    801: Kind(
        ("terms",), ("campaign", "is_open"), "coupons offered, campaign {campaign}", "coupons"
    ),
    802: Kind(("terms",), ("campaign", "is_open"), "stamp card {campaign} offered", "stamp card"),
    803: Kind(("terms",), ("campaign", "is_open"), "rebate {campaign} offered", "rebate"),
    804: Kind(
        ("issuer", "campaign"),
        ("reserved",),
        "campaign {campaign} of shop {issuer} sponsored, {reserved} reserved in all",
        "word to pay for campaign {campaign} of shop {issuer}",
    ),
    805: Kind(
        ("issuer", "campaign"),
        ("spent", "held"),
        "campaign {campaign} of shop {issuer} closed: {spent} spent, {held} held",
        "end of campaign {campaign} of shop {issuer}",
    ),
    806: Kind(
        ("campaign", "digests"),
        ("first", "printed"),
        "coupons of campaign {campaign} printed from serial {first} on",
        "printing of coupons of campaign {campaign}",
    ),
    807: Kind(
        ("campaign", "card"),
        ("unused",),
        "coupon of campaign {campaign} given to card {card}",
        "coupon of campaign {campaign} for card {card}",
    ),
    808: Kind(
        (*("hold", "issuer", "campaign", "card"), *("serial", "public_key", "signature", "bill")),
        ("discount", "expires_ms"),
        "coupon of campaign {campaign} of shop {issuer} held: {discount} off {bill}",
        "coupon of campaign {campaign} of shop {issuer} for {bill}",
    ),
    809: Kind(
        ("holds", "register", "number"),
        ("discount",),
        "coupons taken off sale {register}-{number}: {discount}",
        "coupons for sale {register}-{number}",
    ),
    810: Kind(("hold",), ("discount",), "coupon of {discount} given back", "coupon to give back"),
    811: Kind(
        ("register", "number"),
        ("discount",),
        "coupons of sale {register}-{number} undone: {discount}",
        "coupons of sale {register}-{number} to be undone",
    ),
    812: Kind(
        ("issuer", "campaign"),
        (),
        "part taken in stamp card {campaign} of shop {issuer}",
        "part in stamp card {campaign} of shop {issuer}",
    ),
    813: Kind(
        ("issuer", "campaign"),
        (),
        "stamp card {campaign} of shop {issuer} left",
        "end of a part in stamp card {campaign} of shop {issuer}",
    ),
    814: Kind(
        ("terms",),
        ("version", "from_ms"),
        "terms {version} for customers sent here published, in force from {from_ms}",
        "terms for customers sent here",
    ),
    815: Kind(
        ("card", "to", "day", "signature"),
        ("until_ms", "version"),
        "card {card} sent to shop {to}, which pays until {until_ms}",
        "card {card} to be sent to shop {to}",
    ),
    902: Kind(
        ("card", "day", "signature"),
        ("visits",),
        "visit {visits} of card {card}",
        "visit of card {card}",
    ),
    1001: Kind(
        ("document", "document_kind", "parties"),
        ("number",),
        "document {document} stamped",
        "stamp on document {document}",
    ),
    1002: Kind(
        ("document", "shop"),
        ("stamped_ms", "missing"),
        "document {document}, stamped by shop {shop}, countersigned",
        "countersignature on document {document} of shop {shop}",
    ),
    1003: Kind(
        ("document", "shop"),
        ("height", "stamped_ms", "document_kind", "parties"),
        "document {document} was stamped by shop {shop} in block {height} of {stamped_ms}",
        "recall of document {document} of shop {shop}",
    ),
}
_MONEY: Final = frozenset({"amount", "held", "released", "gross", "excluded", "points"}) | {
    *("points_used", "earned", "balance", "pending", "set_off"),
    *("cash", "points_back", "clawed", "debt", "left_today"),
    *("reserved", "spent", "bill", "discount"),
}

_TIMES: Final = frozenset({"stamped_ms", "from_ms", "until_ms"})


def fields_of(kind: int, body: bytes, result: bytes) -> dict[str, Value]:
    """Fields of a call and of its answer by name: numbers, text, and bytes as hex.

    Empty for a kind that is not listed, or bytes that do not have its layout.
    """
    known = KINDS.get(kind)
    if known is None:
        return {}
    try:
        call = msgspec.msgpack.decode(body, type=list[object])
        answer = msgspec.msgpack.decode(result, type=list[object]) if result else []
    except _NOT_READ:
        return {}
    if len(call) != len(known.call) or len(answer) > len(known.answer):
        return {}
    named = dict(zip(known.call, call, strict=True))
    named |= dict(zip(known.answer, answer, strict=False))  # no answer when refused
    try:
        return {name: _value(value) for name, value in named.items()}
    except _NOT_READ:
        return {}


def sentence(kind: int, code: int, fields: Mapping[str, Value], money: Money) -> str:
    """One line on what was asked and what the street said to it."""
    known = KINDS.get(kind)
    text = f"call {kind}"
    told = "" if known is None else known.refused if code else known.applied
    needed = {name for _, name, _, _ in Formatter().parse(told) if name}
    if told and fields and fields.keys() >= needed:
        shown = {name: _shown(name, value, money) for name, value in fields.items()}
        text = told.format_map(shown)
    return f"{text}: REFUSED, number {code}" if code else f"{text}: applied"


def _shown(name: str, value: Value, money: Money) -> str:
    if isinstance(value, int) and name in _MONEY:
        return money(value)
    return utc(value) if isinstance(value, int) and name in _TIMES else str(value)


def money_in(currency: str, exponent: int) -> Money:
    """Writes amounts in a currency with ``exponent`` decimal digits."""

    def money(amount: int) -> str:
        if exponent <= 0:
            return f"{amount} {currency}"
        whole, part = divmod(amount, 10**exponent)
        return f"{whole}.{part:0{exponent}} {currency}"

    return money


def utc(time_ms: int) -> str:
    """A ledger time as people write it, in UTC. Days to dates as in Howard Hinnant's
    "chrono-compatible low-level date algorithms"."""
    days, second = divmod(time_ms // 1000, _DAY_S)
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + 400 * era + (month <= 2)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"{year:04}-{month:02}-{day:02} {clock} UTC"


def _value(value: object) -> Value:
    if isinstance(value, int):
        return value
    if isinstance(value, str):  # it ends up on a terminal
        return "".join(letter if letter.isprintable() else "?" for letter in value)
    return value.hex() if isinstance(value, bytes) else msgspec.json.encode(value).decode()
