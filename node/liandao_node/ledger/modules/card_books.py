"""Records of the cards module (L-5).

Most cards are plain: known by their key, nothing more. What a few of them have besides (a PIN, a
paper, a block, a successor) is a record of its own, and the card says whether there is one, so
that a sale reads no more than it did.
"""

from typing import Final

from msgspec.structs import replace

from liandao_node.crypto.cards import CARD_ID_BYTES, CardCode
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Context
from liandao_node.ledger.modules.card_calls import NUMBER
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import CardId, Millis, PublicKey, ShopId
from liandao_node.wire.codec import Canonical


class Card(Canonical, frozen=True):
    """A card as the street knows it."""

    public_key: PublicKey
    code: CardCode
    shop: ShopId
    """Where it was enrolled."""
    enrolled_ms: Millis
    last_seen_ms: Millis
    """Ledger time of the last applied call that named the card."""
    guarded: bool = False
    """There is a `Guard` of it."""


class CodeOwner(Canonical, frozen=True):
    card: CardId


class Guard(Canonical, frozen=True):
    """What stands between a card and what somebody wants with it."""

    said: int
    """Number of its last statement."""
    pin: bytes
    """Public key of its PIN, empty if it has none."""
    recovery: bytes
    """Public key of its recovery paper, empty if it has none."""
    blocked: int
    """A `BlockReason`, 0 if it is not blocked."""
    blocked_by: ShopId
    blocked_ms: Millis
    waiting: bytes
    """The card that a move without a paper would bring it to; empty if none waits."""
    waiting_by: ShopId
    waiting_ready_ms: Millis
    successor: bytes
    """The card that has all that was this one's; empty while it is in use."""


class Joined(Canonical, frozen=True):
    """Cards whose successor a card is."""

    cards: list[CardId]


class ShopWords(Canonical, frozen=True):
    """What a shop did with cards without their owners' keys, for everybody to see."""

    day: int
    """The last one on which it did."""
    blocks_today: int
    moves_today: int
    blocks: int
    """Ever."""
    moves: int
    """Ever begun without a paper."""


NO_GUARD: Final = Guard(0, b"", b"", 0, ShopId(0), Millis(0), b"", ShopId(0), Millis(0), b"")

cards: Final = Table(NUMBER, 1, (CARD_ID_BYTES,), Card)
codes: Final = Table(NUMBER, 2, ("u32",), CodeOwner)
guards: Final = Table(NUMBER, 3, (CARD_ID_BYTES,), Guard)
joined: Final = Table(NUMBER, 4, (CARD_ID_BYTES,), Joined)
shop_words: Final = Table(NUMBER, 5, ("u16",), ShopWords)

TABLES: Final[tuple[KeySpace, ...]] = (cards, codes, guards, joined, shop_words)


def guard_of(view: View, card: bytes) -> Guard:
    return guards.get(view, card) or NO_GUARD


def put_guard(view: View, card: bytes, guard: Guard) -> None:
    """Writes it, and has the card say that it is there."""
    guards.put(view, card, value=guard)
    record = cards.get(view, card)
    assert record is not None
    if not record.guarded:
        cards.put(view, card, value=replace(record, guarded=True))


def joined_to(view: View, card: bytes) -> list[CardId]:
    """Cards whose successor that card is, the earliest first."""
    found = joined.get(view, card)
    return found.cards if found is not None else []


def words_today(ctx: Context) -> ShopWords:
    """What the calling shop did so far."""
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    words = shop_words.get(ctx.view, ctx.shop) or ShopWords(day, 0, 0, 0, 0)
    if words.day != day:
        words = replace(words, day=day, blocks_today=0, moves_today=0)
    return words


def broken_promises(view: View) -> list[str]:
    """What does not hold of all cards; reads everything."""
    broken = [f"a code of {name} is wrong" for name in _codes_broken(view)]
    successors: dict[bytes, bytes] = {}
    for (card,), guard in guards.rows(view):
        assert isinstance(card, bytes)
        record = cards.get(view, card)
        if record is None or not record.guarded:
            broken.append(f"card {card.hex()} does not know its guard")
        if guard.successor:
            successors[card] = guard.successor
    for card, successor in successors.items():
        if successor in successors or not cards.has(view, successor):
            broken.append(f"successor of card {card.hex()} is none")
    listed = [
        (predecessor, heir) for (heir,), row in joined.rows(view) for predecessor in row.cards
    ]
    if len(listed) != len(successors) or dict(listed) != successors:
        broken.append("cards and their successors do not know each other")
    return broken + [
        f"card {card!r} guards nothing"
        for (card,), record in cards.rows(view)
        if record.guarded and not guards.has(view, card)
    ]


def _codes_broken(view: View) -> list[str]:
    broken = []
    owners = {int(code): owner.card for (code,), owner in codes.rows(view)}
    for (card,), record in cards.rows(view):
        if owners.pop(int(record.code), None) != card:
            broken.append(f"card {card!r}")
    return broken + [f"nobody: {code}" for code in owners]
