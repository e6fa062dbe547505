"""Who holds which card, and what cards and receipts sign."""

from dataclasses import dataclass
from typing import Final

from liandao_node.cli.replay.street import Asked, Street, ask, seed_of
from liandao_node.crypto.card_papers import CLAIM_SECRET_BYTES, ClaimSecret
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import queries
from liandao_node.ledger.modules.card_calls import Enrol, enrol_preimage
from liandao_node.ledger.modules.points_calls import Hold, hold_preimage
from liandao_node.ledger.modules.points_claims import Claim, claim_preimage
from liandao_node.types import Amount, ShopId

HOLD_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody without a card took home."""

    secret: ClaimSecret
    shop: int
    reference: str


class Cards:
    """One card for each customer, known to the street from the first purchase on."""

    def __init__(self, street: Street) -> None:
        self._street = street
        self._cards: dict[str, CardSecret] = {}
        self._codes: set[str] = set()

    def __len__(self) -> int:
        return len(self._cards)

    def find(self, customer: str) -> CardSecret | None:
        return self._cards.get(customer)

    def enrolment(self, shop: int, customer: str) -> Asked | None:
        """The first card of a customer; nothing for those that have one. A card whose eight
        digits another one has is left in the drawer, and the next one taken."""
        if customer in self._cards:
            return None
        card, attempt = CardSecret(seed_of("card", customer, 0)), 0
        while card.code in self._codes:
            attempt += 1
            card = CardSecret(seed_of("card", customer, attempt))
        self._cards[customer] = card
        self._codes.add(card.code)
        signed = card.key.sign(enrol_preimage(self._street.chain_id, ShopId(shop), card.code))
        return ask(shop, Enrol(card.key.public_key, card.code, signed))

    def available(self, customer: str) -> int:
        """Free points of a customer now."""
        card = self._cards.get(customer)
        if card is None:
            return 0
        return queries.account_at(self._street.view, card.id, self._street.now_ms).available

    def hold(self, shop: int, customer: str, reference: str, amount: int) -> Hold:
        card, name = self._cards[customer], seed_of("hold", reference)[:HOLD_BYTES]
        preimage = hold_preimage(self._street.chain_id, ShopId(shop), name, Amount(amount))
        return Hold(name, card.id, Amount(amount), True, card.key.sign(preimage))

    def claim(self, customer: str, receipt: Receipt) -> Claim:
        card, key = self._cards[customer], receipt.secret.key
        preimage = claim_preimage(self._street.chain_id, key.public_key, card.id)
        return Claim(card.id, key.public_key, key.sign(preimage))


def receipt_of(shop: int, reference: str) -> Receipt:
    return Receipt(ClaimSecret(seed_of("claim", reference)[:CLAIM_SECRET_BYTES]), shop, reference)
