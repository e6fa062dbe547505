"""What simulated shops do with orders that were made: refunds, claims, gifts, votes on rules.

It comes on top of what an order of `Trade` holds and is drawn on its own, so that the orders of a
plan that was written down earlier stay what they were. Much of it the ledger must refuse: refunds
above their order, claims that somebody else made, votes of shops without a seat.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import Signer
from liandao_node.ledger.calendar import period_of
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.points_claims import Claim, OfferClaim, claim_preimage
from liandao_node.ledger.modules.points_giving import Grant, Reason
from liandao_node.ledger.modules.refund_calls import Refund
from liandao_node.ledger.modules.rule_calls import NewValue, Propose, Vote
from liandao_node.sim.charter import Charter
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.transactions import Call

OFTEN = 0.75
"""Of all orders have something of this beside them."""
NEWEST = 4
"""Orders of a shop, and claims of the street, that somebody comes back for."""

_Order = Callable[[random.Random, ShopId, CardId], list[Call]]


@dataclass(frozen=True)
class Made:
    """An order as its shop names it."""

    register: int
    number: int
    source: str
    reference_hash: bytes
    gross: Amount
    anonymous: bool


class Economy:
    """Orders of one street that something may still come of."""

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._made: dict[ShopId, list[Made]] = {shop: [] for shop in charter.keys}
        self._claims: list[Signer] = []
        self._refunds: list[bytes] = []
        self._proposed = 0
        period = period_of(charter.begin_ms, charter.genesis.utc_offset_minutes)
        self._next_period = period + 1
        weights: dict[_Order, int] = {
            self._refund: 40,
            self._offer: 20,
            self._claim: 18,
            self._grant: 10,
            self._proposal: 3,
            self._vote: 9,
        }
        self._kinds, self._weights = list(weights), list(weights.values())

    def made(self, shop: ShopId, order: Made) -> None:
        """``shop`` orders it; whether the ledger takes it nobody knows."""
        self._made[shop].append(order)

    def more(self, rng: random.Random, shop: ShopId, card: CardId) -> list[Call]:
        """What comes on top of an order of ``shop``, often nothing."""
        if rng.random() >= OFTEN:
            return []
        (order,) = rng.choices(self._kinds, self._weights)
        return order(rng, shop, card)

    def _newest(self, rng: random.Random, shop: ShopId, *, anonymous: bool = False) -> Made | None:
        orders = [one for one in self._made[shop] if one.anonymous or not anonymous][-NEWEST:]
        return rng.choice(orders) if orders else None

    def _refund(self, rng: random.Random, shop: ShopId, _: CardId) -> list[Call]:
        order = self._newest(rng, shop)
        if order is None:
            return []
        again = self._refunds and rng.random() < 0.05
        name = rng.choice(self._refunds) if again else rng.randbytes(16)
        self._refunds.append(name)
        part = rng.choice((1, order.gross // 3, order.gross // 2, order.gross, order.gross + 1))
        body = Refund(
            name,
            order.register,
            order.number,
            order.source,
            order.reference_hash,
            Amount(max(1, part)),
            Millis(0),
        )
        return [as_call(body)]

    def _offer(self, rng: random.Random, shop: ShopId, _: CardId) -> list[Call]:
        order = self._newest(rng, shop, anonymous=rng.random() < 0.9)
        if order is None:
            return []
        secret = self._charter.keyring.make(b"claim %d" % len(self._claims))
        self._claims.append(secret)
        body = OfferClaim(
            order.register, order.number, order.source, order.reference_hash, secret.public_key
        )
        return [as_call(body)]

    def _claim(self, rng: random.Random, _: ShopId, card: CardId) -> list[Call]:
        if not self._claims:
            return []
        secret = rng.choice(self._claims[-NEWEST:])
        preimage = claim_preimage(self._charter.chain, secret.public_key, card)
        other = rng.random() < 0.1
        signer = self._charter.keyring.make(b"somebody else") if other else secret
        return [as_call(Claim(card, secret.public_key, signer.sign(preimage)))]

    def _grant(self, rng: random.Random, _: ShopId, card: CardId) -> list[Call]:
        staff = [tagged(b"sim/staff", b"%d" % at)[:16] for at in range(3)]
        amount = Amount(rng.randint(1, 2_500))
        body = Grant(
            rng.randbytes(16),
            card,
            amount,
            rng.choice(staff),
            rng.choice(staff),
            rng.choice(list(Reason)),
            Millis(0),
        )
        return [as_call(body)]

    def _proposal(self, rng: random.Random, shop: ShopId, card: CardId) -> list[Call]:
        name, value = rng.choice((("earn_bps", 300), ("hold_ms", 60_000), ("share_bps_max", 9_000)))
        self._proposed += 1
        values = [NewValue(name, value + rng.randrange(3))]
        body = Propose(values, [], self._next_period + rng.randrange(2))
        return [as_call(body), *self._vote(rng, shop, card)]

    def _vote(self, rng: random.Random, _: ShopId, __: CardId) -> list[Call]:
        """Of every shop on its turn: more than two thirds have to say yes."""
        if not self._proposed:
            return []
        number = rng.randint(max(1, self._proposed - 1), self._proposed)
        return [as_call(Vote(number, rng.random() < 0.9))]
