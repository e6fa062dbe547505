"""The desk for claims: a receipt's code for who has no card yet, and its points later (L-7.16).

A claim's secret is derived, not stored: the shop's secret and the order give it again, so a lost
answer loses no receipt. Whoever runs the till sees it either way; it is told for some minutes only,
so that nobody goes through old orders for codes that their buyers forgot.
"""

from typing import Final

from liandao_node.crypto.card_papers import CLAIM_SECRET_BYTES, ClaimSecret, read_paper
from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault, Refused
from liandao_node.ledger import card_queries, queries
from liandao_node.ledger.modules.points_books import Order, as_order, import_key, imports
from liandao_node.ledger.modules.points_calls import PointsRefusal
from liandao_node.ledger.modules.points_claims import (
    Claim,
    Claimable,
    ClaimDone,
    OfferClaim,
    OfferClaimDone,
    claim_preimage,
)
from liandao_node.ledger.modules.points_services import OrderName as LedgerName
from liandao_node.limits import CLAIM_AGAIN_MS
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.references import reference_hash, unknown_order
from liandao_node.types import CardId
from liandao_node.wire.api import Certified
from liandao_node.wire.claims import (
    ClaimOffered,
    ClaimPoints,
    ClaimsReply,
    ClaimsRequest,
    OfferOrderClaim,
    PointsClaimed,
)
from liandao_node.wire.codec import encode
from liandao_node.wire.refunds import OrderName

CLAIM_TAG: Final = b"liandao/claim-secret/1"


class ClaimsDesk:
    """Answers and orders for one shop. ``secret`` (32 bytes) makes the claims' secrets."""

    def __init__(self, desk: LedgerDesk, cards: CardsDesk, secret: bytes) -> None:
        self._desk = desk
        self._cards = cards
        self._secret = secret

    async def handle(self, request: ClaimsRequest) -> ClaimsReply:
        """Raises Refused as the ledger does; then nothing was changed."""
        match request:
            case OfferOrderClaim(order):
                return await self._offer(order)
            case ClaimPoints():
                return await self._claim(request)

    # --- the receipt ---

    def offer(self, name: OrderName) -> OfferClaim:
        """The call that makes an order one that can be claimed."""
        key = self._claim_secret(name).key.public_key
        return OfferClaim(name.register, name.number, name.source, _hash(name), key)

    def has_code(self, name: OrderName) -> bool:
        """Whether an order can be claimed, or was."""
        return bool(card_queries.receipt_of(self._desk.view(), self._desk.shop, _ledger_name(name)))

    def offered(self, name: OrderName) -> ClaimOffered | None:
        """The code of an order that has one, for some minutes after it and until it is claimed."""
        view, secret = self._desk.view(), self._claim_secret(name)
        found = card_queries.receipt_of(view, self._desk.shop, _ledger_name(name))
        if found != secret.key.public_key:
            return None
        claimable = card_queries.claim_of(view, secret.key.public_key)
        assert claimable is not None, "a receipt's claim is there as long as the receipt"
        order = self._order(claimable)
        if claimable.claimed_ms or self._desk.time_ms() >= order.time_ms + CLAIM_AGAIN_MS:
            return None
        return ClaimOffered(secret.payload, claimable.until_ms)

    async def _offer(self, name: OrderName) -> ClaimOffered:
        try:
            done, _ = await self._desk.call(self.offer(name), OfferClaimDone)
        except Refused as refused:
            if refused.code == PointsRefusal.ORDER_UNKNOWN.name:
                raise unknown_order(name) from refused
            known = self.offered(name)
            if refused.code != PointsRefusal.CLAIM_KNOWN.name or known is None:
                raise
            return known
        return ClaimOffered(self._claim_secret(name).payload, done.until_ms)

    def _claim_secret(self, name: OrderName) -> ClaimSecret:
        about = encode((name.register, name.number, name.source, _hash(name)))
        return ClaimSecret(tagged(CLAIM_TAG, self._secret + about)[:CLAIM_SECRET_BYTES])

    # --- its points ---

    async def _claim(self, request: ClaimPoints) -> PointsClaimed:
        paper = read_paper(request.paper)
        if not isinstance(paper, ClaimSecret):
            raise InputFault("PAPER_OTHER_KIND")
        card = self._cards.known(request.presented)
        key = paper.key.public_key
        signature = paper.key.sign(claim_preimage(self._desk.chain, key, card))
        try:
            done, certified = await self._desk.call(Claim(card, key, signature), ClaimDone)
        except Refused as refused:
            known = self._claimed_before(key, card)
            if refused.code != PointsRefusal.CLAIM_MADE.name or known is None:
                raise
            return known
        return PointsClaimed(done.shop, done.earned, done.balance, done.pending, certified)

    def _claimed_before(self, key: bytes, card: CardId) -> PointsClaimed | None:
        """The answer of the first asking, if it was for that card."""
        view = self._desk.view()
        claimable = card_queries.claim_of(view, key)
        assert claimable is not None
        order = self._order(claimable)
        if order.card != card:
            return None
        account = queries.account_at(view, card, self._desk.time_ms())
        certified = Certified(0, claimable.claimed_ms, 0)
        return PointsClaimed(
            claimable.shop, order.earned, account.available, account.pending, certified
        )

    def _order(self, claimable: Claimable) -> Order:
        view = self._desk.view()
        if claimable.imported:
            imported = imports.get(view, claimable.shop, claimable.imported)
            assert imported is not None
            return as_order(imported)
        order = queries.order(view, claimable.shop, claimable.register, claimable.number)
        assert order is not None
        return order


def _ledger_name(name: OrderName) -> LedgerName:
    imported = import_key(name.source, _hash(name)) if name.source else b""
    return LedgerName(name.register, name.number, imported)


def _hash(name: OrderName) -> bytes:
    return reference_hash(name.reference) if name.source else b""
