"""Module 3, cards: which cards the street knows, and what stands in front of them (L-5).

A card is a pseudonym: a public key and eight digits. Whose it is, no node knows. A card is
enrolled by proof that its secret was there; what it owns is the points module's matter. This
file joins the parts; each of them says what it does.
"""

from enum import IntEnum
from typing import ClassVar

from liandao_node.crypto.cards import CardCode, card_code, card_id
from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import CallBody, Context, Module, refuse
from liandao_node.ledger.modules import card_books as books
from liandao_node.ledger.modules.card_books import Card, CodeOwner
from liandao_node.ledger.modules.card_calls import (
    NUMBER,
    Block,
    CancelMove,
    CardsRefusal,
    Enrol,
    EnrolDone,
    FinishMove,
    Merge,
    Move,
    SetPin,
    SetRecovery,
    Unblock,
    enrol_preimage,
)
from liandao_node.ledger.modules.card_directory import CardDirectory
from liandao_node.ledger.modules.card_guards import block, set_pin, set_recovery, unblock
from liandao_node.ledger.modules.card_moves import cancel_move, finish_move, merge, move
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.types import PublicKey
from liandao_node.wire.codec import Canonical

__all__ = [
    "NUMBER",
    "Card",
    "CardDirectory",
    "Cards",
    "CardsRefusal",
    "Enrol",
    "EnrolDone",
    "enrol_preimage",
]


class Cards(Module):
    name: ClassVar[str] = "cards"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (
        Enrol,
        SetPin,
        SetRecovery,
        Block,
        Unblock,
        Move,
        FinishMove,
        CancelMove,
        Merge,
    )
    refusals: ClassVar[type[IntEnum] | None] = CardsRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = books.TABLES

    def services(self) -> tuple[object, ...]:
        return (CardDirectory(),)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Enrol():
                return _enrol(ctx, call)
            case Block() | Unblock() | SetPin() | SetRecovery():
                return _guarded(ctx, call)
            case Move():
                return move(ctx, call)
            case FinishMove():
                return finish_move(ctx, call)
            case CancelMove():
                return cancel_move(ctx, call)
            case Merge():
                return merge(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def invariants(self, view: View) -> list[str]:
        wrong = [
            f"card {card!r} has another key's id"
            for (card,), record in books.cards.rows(view)
            if card != card_id(record.public_key)
        ]
        return wrong + books.broken_promises(view)


def _guarded(ctx: Context, call: Block | Unblock | SetPin | SetRecovery) -> Canonical:
    match call:
        case Block():
            return block(ctx, call)
        case Unblock():
            return unblock(ctx, call)
        case SetPin():
            return set_pin(ctx, call)
        case SetRecovery():
            return set_recovery(ctx, call)


def _enrol(ctx: Context, call: Enrol) -> EnrolDone:
    """Enrols a card (L-5.5, L-5.6)."""
    key = PublicKey(call.public_key)
    card, code = card_id(key), CardCode(call.code)
    if code != card_code(card):
        raise refuse(CardsRefusal.CODE_WRONG)
    if books.cards.has(ctx.view, card):
        raise refuse(CardsRefusal.CARD_KNOWN)
    if books.codes.has(ctx.view, int(code)):
        raise refuse(CardsRefusal.CODE_TAKEN, code=code)
    record = Card(key, code, ctx.shop, enrolled_ms=ctx.time_ms, last_seen_ms=ctx.time_ms)
    preimage = enrol_preimage(ctx.chain_id, ctx.shop, code)
    CardDirectory().require_signature(ctx, record, preimage, call.signature)
    books.cards.put(ctx.view, card, value=record)
    books.codes.put(ctx.view, int(code), value=CodeOwner(card))
    return EnrolDone(card)
