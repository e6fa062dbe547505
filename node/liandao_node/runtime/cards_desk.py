"""The desk for cards: find, enrol, put points aside, give them back."""

import secrets

from liandao_node.crypto.cards import CardCode, CardSecret, read_presented
from liandao_node.crypto.keys import SEED_BYTES
from liandao_node.errors import BugFound, InputFault, Refused
from liandao_node.ledger import card_queries, queries
from liandao_node.ledger.modules.card_calls import BlockReason
from liandao_node.ledger.modules.cards import Enrol, EnrolDone, enrol_preimage
from liandao_node.ledger.modules.points_books import purses
from liandao_node.ledger.modules.points_calls import (
    Hold,
    HoldDone,
    Release,
    ReleaseDone,
    hold_preimage,
)
from liandao_node.ledger.points_queries import purse_at
from liandao_node.ledger.state import View
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.pin_keys import PinKeys, signed
from liandao_node.types import Amount, CardId, Millis
from liandao_node.wire.api import (
    BlockFor,
    CardReply,
    CardView,
    Certified,
    DebtView,
    EnrolCard,
    Enrolled,
    FindCard,
    GuardView,
    Held,
    HoldPoints,
    LotView,
    Released,
    ReleaseHold,
)

CODE_TRIES_MAX = 64
_REASONS = {
    BlockReason.LOST: BlockFor.LOST,
    BlockReason.STOLEN: BlockFor.STOLEN,
    BlockReason.COPIED: BlockFor.COPIED,
    BlockReason.OTHER: BlockFor.OTHER,
}


class CardsDesk:
    """See the module."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk
        self.pins = PinKeys()

    def find(self, request: FindCard) -> CardReply:
        """The card behind a scan or eight digits. Raises InputFault for neither."""
        presented = read_presented(request.presented)
        card = self._identify(self._desk.view(), presented)
        if card is None:
            return CardReply(None, request.presented)
        present = isinstance(presented, CardSecret)
        return CardReply(self.card_view(card, present=present), request.presented)

    def card_view(self, card: CardId, *, present: bool) -> CardView:
        """A known card as it stands now."""
        view, now_ms = self._desk.view(), self._desk.time_ms()
        record = queries.card(view, card)
        assert record is not None
        account = queries.account_at(view, card, now_ms)
        purse = purse_at(view, card, now_ms)
        return CardView(
            card=card,
            code=record.code,
            available=account.available,
            held=account.held,
            next_expiry=account.next_expiry,
            next_expiry_ms=account.next_expiry_ms,
            last_seen_ms=record.last_seen_ms,
            present=present,
            pending=account.pending,
            lots=[
                LotView(lot.issuer, lot.amount, lot.expires_ms, lot.vests_ms)
                for lot in (*purse.lots, *purse.pending)
            ],
            debts=[DebtView(debt.shop, debt.amount) for debt in purse.debts],
            guard=self._guard_view(card) if record.guarded else None,
        )

    def _guard_view(self, card: CardId) -> GuardView:
        guard = card_queries.guarded(self._desk.view(), card)
        return GuardView(
            has_pin=guard.has_pin,
            has_paper=guard.has_recovery,
            blocked=_REASONS[guard.blocked] if guard.blocked is not None else None,
            blocked_by=guard.blocked_by,
            blocked_ms=guard.blocked_ms,
            moved=guard.successor is not None,
            waiting_ready_ms=guard.waiting_ready_ms,
            waiting_by=guard.waiting_by,
        )

    async def enrol(self, request: EnrolCard) -> Enrolled:
        """Makes a card known. One that is known already is simply shown (R22)."""
        made = not request.presented
        secret = self.fresh_secret() if made else self._secret(request.presented)
        record = queries.card(self._desk.view(), secret.id)
        if record is not None:
            certified = Certified(0, record.enrolled_ms, 0)
            return Enrolled(self.card_view(secret.id, present=True), "", certified)
        _, certified = await self._desk.call(self.enrolment(secret), EnrolDone)
        payload = secret.payload if made else ""
        return Enrolled(self.card_view(secret.id, present=True), payload, certified)

    def enrolment(self, secret: CardSecret) -> Enrol:
        """The call that proves the card's secret to be here."""
        preimage = enrol_preimage(self._desk.chain, self._desk.shop, secret.code)
        return Enrol(secret.key.public_key, secret.code, secret.key.sign(preimage))

    def fresh_secret(self) -> CardSecret:
        """A new card whose eight digits are nobody's yet."""
        view = self._desk.view()
        for _ in range(CODE_TRIES_MAX):
            secret = CardSecret(secrets.token_bytes(SEED_BYTES))
            if queries.card_by_code(view, secret.code) is None:
                return secret
        raise BugFound("CODES_EXHAUSTED")

    async def hold(self, request: HoldPoints) -> Held:
        """Puts points aside. The same hold asked twice is one hold (R12)."""
        card, presented = self.known(request.presented), read_presented(request.presented)
        signature = pin_signature = b""
        if isinstance(presented, CardSecret):
            preimage = hold_preimage(
                self._desk.chain, self._desk.shop, request.hold, request.amount
            )
            signature = presented.key.sign(preimage)
            pin_signature = signed(await self.pins.key(presented, request.pin), preimage)
        call = Hold(
            hold=request.hold,
            card=card,
            amount=request.amount,
            present=bool(signature),
            card_signature=signature,
            pin_signature=pin_signature,
        )
        try:
            done, certified = await self._desk.call(call, HoldDone)
        except Refused as refused:
            known = self._open_hold(card, request.hold)
            if refused.code != "HOLD_KNOWN" or known is None:
                raise
            amount, expires_ms = known
            return Held(request.hold, amount, expires_ms, Certified(0, Millis(0), 0))
        return Held(request.hold, done.amount, done.expires_ms, certified)

    async def release(self, request: ReleaseHold) -> Released:
        call = Release(hold=request.hold, card=request.card)
        done, certified = await self._desk.call(call, ReleaseDone)
        return Released(done.amount, certified)

    def _open_hold(self, card: CardId, hold: bytes) -> tuple[Amount, Millis] | None:
        purse = purses.get(self._desk.view(), card)
        for opened in purse.holds if purse is not None else ():
            if opened.id == hold and opened.shop == self._desk.shop:
                return opened.amount, opened.expires_ms
        return None

    # --- who was shown ---

    def known(self, presented: str) -> CardId:
        """A card of this street. Raises Refused ``CARD_UNKNOWN``, InputFault for what is none."""
        card = self._identify(self._desk.view(), read_presented(presented))
        if card is None:
            raise Refused("CARD_UNKNOWN")
        return card

    def scanned(self, presented: str) -> CardSecret:
        """The same, if the card itself was there. Raises InputFault ``CARD_NOT_SCANNED``, too."""
        self.known(presented)
        return self.secret_in(presented)

    @staticmethod
    def secret_in(presented: str) -> CardSecret:
        """Of a scanned card, known or not. Raises InputFault ``CARD_NOT_SCANNED``."""
        read = read_presented(presented)
        if not isinstance(read, CardSecret):
            raise InputFault("CARD_NOT_SCANNED")
        return read

    @staticmethod
    def _identify(view: View, presented: CardSecret | CardCode) -> CardId | None:
        if isinstance(presented, CardSecret):
            return presented.id if queries.card(view, presented.id) is not None else None
        return queries.card_by_code(view, presented)

    @staticmethod
    def _secret(presented: str) -> CardSecret:
        read = read_presented(presented)
        if not isinstance(read, CardSecret):
            # Eight digits name a card; only its secret can prove that it is here.
            raise InputFault("ENROL_NEEDS_CARD")
        return read
