"""The desk that cares for cards: PIN, recovery paper, block, a lost card's points (L-5.8 on).

What a customer scans or types signs here and is forgotten. Asking again after a lost answer finds
what is so already and orders nothing (R12).
"""

import secrets
from typing import Final, TypeVar

from liandao_node.crypto.card_papers import RecoverySecret, read_paper
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault
from liandao_node.ledger import queries
from liandao_node.ledger.module_api import CallBody, Done
from liandao_node.ledger.modules.card_books import Guard, guard_of
from liandao_node.ledger.modules.card_calls import (
    Block,
    BlockReason,
    CancelMove,
    FinishMove,
    Merge,
    Move,
    MoveDone,
    MovedTo,
    SetPin,
    SetRecovery,
    Unblock,
    word_preimage,
)
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.pin_keys import signed
from liandao_node.types import CardId, Millis
from liandao_node.wire.api import BlockFor, Certified
from liandao_node.wire.card_care import (
    DONE_AT_ONCE,
    BlockCard,
    CancelCardMove,
    CardCared,
    CardCareReply,
    CardCareRequest,
    CardMoved,
    FinishCardMove,
    MakePaper,
    MergeCards,
    MoveCard,
    PaperMade,
    SetCardPaper,
    SetCardPin,
    UnblockCard,
)
from liandao_node.wire.codec import Canonical

A = TypeVar("A", bound=Canonical)

BEFORE: Final = Certified(0, Millis(0), 0)
"""Of what was so when it was asked for."""
_REASONS: Final = {
    BlockFor.LOST: BlockReason.LOST,
    BlockFor.STOLEN: BlockReason.STOLEN,
    BlockFor.COPIED: BlockReason.COPIED,
    BlockFor.OTHER: BlockReason.OTHER,
}


class CardCareDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, cards: CardsDesk) -> None:
        self._desk = desk
        self._cards = cards

    async def handle(self, request: CardCareRequest) -> CardCareReply:
        """Raises Refused as the ledger does; then nothing was changed."""
        match request:
            case SetCardPin():
                return await self._set_pin(request)
            case MakePaper():
                return PaperMade(RecoverySecret(secrets.token_bytes(SEED_BYTES)).payload)
            case SetCardPaper():
                return await self._set_paper(request)
            case BlockCard():
                return await self._block(request)
            case UnblockCard():
                return await self._unblock(request)
            case CancelCardMove():
                return await self._cancel(request)
            case MoveCard():
                return await self._move(request)
            case FinishCardMove():
                return await self._finish(request)
            case MergeCards():
                return await self._merge(request)

    # --- what a card says of itself ---

    async def _set_pin(self, request: SetCardPin) -> CardCared:
        secret = self._cards.scanned(request.presented)
        old = await self._cards.pins.key(secret, request.pin)
        new = await self._cards.pins.key(secret, request.new_pin)
        key = _public(new)
        guard = self._guard(secret.id)
        if guard.pin == key and not guard.successor:
            return self._cared(secret.id, BEFORE)
        number, preimage = self._word(SetPin.kind, secret.id, key)
        call = SetPin(
            secret.id,
            number,
            key,
            secret.key.sign(preimage),
            signed(old, preimage),
            signed(new, preimage),
        )
        return await self._done(secret.id, call)

    async def _set_paper(self, request: SetCardPaper) -> CardCared:
        secret = self._cards.scanned(request.presented)
        old, new = _paper_key(request.paper), _paper_key(request.new_paper)
        pin = await self._cards.pins.key(secret, request.pin)
        key = _public(new)
        guard = self._guard(secret.id)
        if guard.recovery == key and not guard.successor:
            return self._cared(secret.id, BEFORE)
        number, preimage = self._word(SetRecovery.kind, secret.id, key)
        call = SetRecovery(
            secret.id,
            number,
            key,
            secret.key.sign(preimage),
            signed(pin, preimage),
            signed(old, preimage),
            signed(new, preimage),
        )
        return await self._done(secret.id, call)

    async def _block(self, request: BlockCard) -> CardCared:
        card = self._cards.known(request.presented)
        return await self._done(card, Block(card, _REASONS[request.reason]))

    async def _unblock(self, request: UnblockCard) -> CardCared:
        secret = self._cards.scanned(request.presented)
        pin = await self._cards.pins.key(secret, request.pin)
        number, preimage = self._word(Unblock.kind, secret.id, b"")
        call = Unblock(secret.id, number, secret.key.sign(preimage), signed(pin, preimage))
        return await self._done(secret.id, call)

    async def _cancel(self, request: CancelCardMove) -> CardCared:
        secret = self._cards.scanned(request.presented)
        number, preimage = self._word(CancelMove.kind, secret.id, b"")
        return await self._done(secret.id, CancelMove(secret.id, number, secret.key.sign(preimage)))

    # --- points on another card ---

    async def _move(self, request: MoveCard) -> CardMoved:
        lost, heir = self._cards.known(request.lost), self._cards.secret_in(request.to)
        paper = _paper_key(request.paper)
        guard = self._guard(lost)
        if guard.successor == heir.id:
            return self._moved(heir.id, BEFORE)
        if guard.waiting == heir.id and paper is None:
            # Asked again it would wait anew.
            return self._moved(heir.id, BEFORE, guard.waiting_ready_ms)
        number, preimage = self._word(Move.kind, lost, heir.id)
        move = Move(lost, number, heir.id, signed(paper, preimage), heir.key.sign(preimage))
        done, certified = await self._with_heir(heir, move, MoveDone)
        return self._moved(heir.id, certified, done.ready_ms)

    async def _finish(self, request: FinishCardMove) -> CardMoved:
        lost = self._cards.known(request.lost)
        done, certified = await self._desk.call(FinishMove(lost), MovedTo)
        return self._moved(done.to, certified)

    async def _merge(self, request: MergeCards) -> CardMoved:
        secret, heir = self._cards.scanned(request.presented), self._cards.secret_in(request.to)
        pin = await self._cards.pins.key(secret, request.pin)
        if self._guard(secret.id).successor == heir.id:
            return self._moved(heir.id, BEFORE)
        number, preimage = self._word(Merge.kind, secret.id, heir.id)
        merge = Merge(
            secret.id,
            number,
            heir.id,
            secret.key.sign(preimage),
            signed(pin, preimage),
            heir.key.sign(preimage),
        )
        _, certified = await self._with_heir(heir, merge, MovedTo)
        return self._moved(heir.id, certified)

    async def _with_heir(
        self, heir: CardSecret, call: CallBody, answer: type[A]
    ) -> tuple[A, Certified]:
        """Orders it, and before it the enrolment of a card that the street does not know yet."""
        calls: list[CallBody] = [call]
        if queries.card(self._desk.view(), heir.id) is None:
            calls.insert(0, self._cards.enrolment(heir))
        outcome = await self._desk.order(calls)
        for entry in outcome.entries:
            self._desk.raise_refusal(entry)
        return self._desk.answer(outcome.entries[-1], answer), outcome.certified

    # --- parts of both ---

    def _guard(self, card: CardId) -> Guard:
        return guard_of(self._desk.view(), card)

    def _word(self, kind: int, card: CardId, about: bytes) -> tuple[int, bytes]:
        """Number and preimage of the card's next statement."""
        number = self._guard(card).said + 1
        return number, word_preimage(self._desk.chain, kind, card, number, about)

    async def _done(self, card: CardId, call: CallBody) -> CardCared:
        _, certified = await self._desk.call(call, Done)
        return self._cared(card, certified)

    def _cared(self, card: CardId, certified: Certified) -> CardCared:
        return CardCared(self._cards.card_view(card, present=False), certified)

    def _moved(
        self, card: CardId, certified: Certified, ready_ms: Millis = DONE_AT_ONCE
    ) -> CardMoved:
        return CardMoved(self._cards.card_view(card, present=False), ready_ms, certified)


def _public(key: SigningKey | None) -> bytes:
    return key.public_key if key is not None else b""


def _paper_key(text: str) -> SigningKey | None:
    """Of a recovery paper; None for no text.

    Raises InputFault ``PAPER_OTHER_KIND`` and what `read_paper` raises.
    """
    if not text:
        return None
    paper = read_paper(text)
    if not isinstance(paper, RecoverySecret):
        raise InputFault("PAPER_OTHER_KIND")
    return paper.key
