"""What the shops of a simulated street order: cards, sales, holds, imports, traffic, and more.

Each shop keeps what it ordered until that is final, and says it again every second, as the
outbox of a node does. Some orders are such that the ledger must refuse them: points spent in
two shops at once, calls that are no calls, transactions sent twice.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from liandao_node.crypto.cards import CardCode, card_code, card_id
from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import Signer
from liandao_node.ledger.module_api import CallBody, as_call
from liandao_node.ledger.modules.cards import Enrol, enrol_preimage
from liandao_node.ledger.modules.points_calls import (
    Hold,
    Import,
    Release,
    Sale,
    Tender,
    hold_preimage,
)
from liandao_node.ledger.modules.traffic import Batch, Count
from liandao_node.ledger.transactions import sign_tx
from liandao_node.sim.charter import Charter
from liandao_node.sim.economy import Economy, Made
from liandao_node.sim.street import Street
from liandao_node.types import Amount, CardId, Millis, ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Requests
from liandao_node.wire.transactions import Call

REPEAT_MS = 1_000


@dataclass(frozen=True)
class _Card:
    signer: Signer
    id: CardId
    code: CardCode


@dataclass(frozen=True)
class _Held:
    shop: ShopId
    card: _Card
    hold: bytes
    amount: int


class Trade:
    """Orders of one street, made from its seed."""

    def __init__(self, charter: Charter, street: Street, seed: str) -> None:
        self.pending: dict[ShopId, dict[bytes, list[Call]]] = {shop: {} for shop in charter.keys}
        """By shop: transactions that are not final yet, oldest first, with what they ask."""
        self.asked = 0
        self._charter = charter
        self._street = street
        self._seed = seed
        self._signers = dict(charter.signers)
        self._later: dict[ShopId, list[list[Call]]] = {}
        """What shops without a key in force want to order."""
        self._nonces = dict.fromkeys(charter.keys, 0)
        self._windows = dict.fromkeys(charter.keys, int(charter.begin_ms))
        self._cards: list[_Card] = []
        self._held: list[_Held] = []
        self._sent: list[bytes] = []
        self._economy = Economy(charter)
        self._kinds: list[tuple[Callable[[random.Random, ShopId], list[Call]], int]] = [
            (self._sale, 40),
            (self._enrolment, 12),
            (self._hold, 16),
            (self._capture, 12),
            (self._release, 3),
            (self._two_holds, 3),
            (self._import, 6),
            (self._traffic, 8),
            (self._nonsense, 2),
        ]

    # --- the way of an order ---

    def ask(self, number: int) -> None:
        """Order ``number`` of the street; the same number gives much the same order."""
        rng = random.Random(f"trade {self._seed} {number}")  # noqa: S311
        shop = ShopId(rng.randrange(len(self.pending)))
        if self._sent and rng.random() < 0.03:
            self._say(shop, [rng.choice(self._sent)])  # a copy that the ledger must refuse
            return
        kinds, weights = zip(*self._kinds, strict=True)
        calls: list[Call] = []
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            calls += rng.choices(kinds, weights)[0](rng, shop)
        self.order(shop, [*(calls or self._enrolment(rng, shop)), *self._more(number, shop)])

    def _more(self, number: int, shop: ShopId) -> list[Call]:
        """What comes on top: drawn on its own, so that orders of old plans stay what they were."""
        rng = random.Random(f"economy {self._seed} {number}")  # noqa: S311
        card = self._card(rng)
        return [] if card is None else self._economy.more(rng, shop, card.id)

    def order(self, shop: ShopId, calls: list[Call]) -> None:
        """Signs calls in the name of a shop and tells the street."""
        if shop in self._later:
            self._later[shop].append(calls)
            return
        self._nonces[shop] += 1
        charter = self._charter
        signed = sign_tx(charter.chain, shop, self._nonces[shop], calls, self._signers[shop])
        if charter.memory is not None:
            charter.memory.parsed[signed.raw] = signed
        self.pending[shop][signed.raw] = calls
        self._sent.append(signed.raw)
        self.asked += 1
        self._say(shop, [signed.raw])

    def lose_key(self, shop: ShopId) -> None:
        """Its node has a new key, which nobody believes yet: what it wants has to wait."""
        self._later.setdefault(shop, [])

    def use_key(self, shop: ShopId, signer: Signer) -> None:
        """A new key is in force: what is not final is signed anew with it, as the outbox does."""
        self.left(shop)
        wanted = [*self.pending[shop].values(), *self._later.pop(shop, [])]
        self.pending[shop] = {}
        self._signers[shop] = signer
        for calls in wanted:
            self.order(shop, calls)

    def repeat(self) -> None:
        """Every shop says again what is not final."""
        for shop in self.pending:
            if left := self.left(shop):
                self._say(shop, left)
        self._street.timeline.after(REPEAT_MS, self.repeat)

    def left(self, shop: ShopId) -> list[bytes]:
        final = self._street.checks.delivered_txs
        left = {raw: calls for raw, calls in self.pending[shop].items() if raw not in final}
        self.pending[shop] = left
        return list(left)

    def _say(self, shop: ShopId, raws: list[bytes]) -> None:
        for node in self._street.places_of[shop]:
            if node.up and not node.paused:
                node.take(raws)
                node.broadcast(Requests(raws))

    # --- what is ordered ---

    def _card(self, rng: random.Random) -> _Card | None:
        return rng.choice(self._cards) if self._cards else None

    def _enrolment(self, rng: random.Random, shop: ShopId) -> list[Call]:
        signer = self._charter.keyring.make(b"card %d" % rng.randrange(40))
        card = card_id(signer.public_key)
        made = _Card(signer, card, card_code(card))
        self._cards.append(made)
        preimage = enrol_preimage(self._charter.chain, shop, made.code)
        return [as_call(Enrol(signer.public_key, made.code, signer.sign(preimage)))]

    def _sale(self, rng: random.Random, shop: ShopId) -> list[Call]:
        card = self._card(rng) if rng.random() < 0.8 else None
        return [as_call(self._bill(rng, shop, None if card is None else card.id, 0, b""))]

    def _bill(
        self, rng: random.Random, shop: ShopId, card: CardId | None, points: int, hold: bytes
    ) -> Sale:
        gross = 2 * points + rng.randrange(30_000)
        sale = Sale(
            register=1,
            number=len(self._sent) if rng.random() < 0.97 else 1,
            card=card or b"",
            gross=Amount(gross),
            excluded=Amount(0),
            hold=hold,
            points=Amount(points),
            tender=rng.choice(list(Tender)),
            at_ms=Millis(0),
        )
        made = Made(sale.register, sale.number, "", b"", sale.gross, anonymous=not sale.card)
        self._economy.made(shop, made)
        return sale

    def _hold(self, rng: random.Random, shop: ShopId) -> list[Call]:
        card = self._card(rng)
        return [] if card is None else [self._held_by(rng, shop, card, rng.randint(1, 300))]

    def _held_by(self, rng: random.Random, shop: ShopId, card: _Card, amount: int) -> Call:
        name = rng.randbytes(16)
        self._held.append(_Held(shop, card, name, amount))
        preimage = hold_preimage(self._charter.chain, shop, name, Amount(amount))
        if rng.random() < 0.2:  # typed, not shown
            return as_call(Hold(name, card.id, Amount(amount), present=False, card_signature=b""))
        signature = card.signer.sign(preimage)
        return as_call(Hold(name, card.id, Amount(amount), True, signature))

    def _capture(self, rng: random.Random, shop: ShopId) -> list[Call]:
        if not self._held:
            return []
        held = rng.choice(self._held[-8:])
        points = rng.randint(0, held.amount)
        bill: CallBody = self._bill(rng, held.shop, held.card.id, points, held.hold)
        if held.shop != shop:
            self.order(held.shop, [as_call(bill)])
            return self._sale(rng, shop)
        return [as_call(bill)]

    def _release(self, rng: random.Random, _: ShopId) -> list[Call]:
        if not self._held:
            return []
        held = rng.choice(self._held[-8:])
        return [as_call(Release(held.hold, held.card.id))]

    def _two_holds(self, rng: random.Random, shop: ShopId) -> list[Call]:
        """All points of one card in two shops at once."""
        card = self._card(rng)
        if card is None:
            return []
        other = ShopId(rng.randrange(len(self.pending)))
        self.order(other, [self._held_by(rng, other, card, 400)])
        return [self._held_by(rng, shop, card, 400)]

    def _import(self, rng: random.Random, shop: ShopId) -> list[Call]:
        card = self._card(rng)
        name = tagged(b"sim/order", b"%d" % rng.randrange(200))[:16]
        gross = Amount(rng.randrange(20_000))
        online = rng.random() < 0.3
        body = Import("till", name, card.id if card else b"", gross, Millis(0), online=online)
        made = Made(0, 0, body.source, name, gross, anonymous=card is None)
        self._economy.made(shop, made)
        return [as_call(body)]

    def _traffic(self, rng: random.Random, shop: ShopId) -> list[Call]:
        first = self._windows[shop] + rng.choice((1, 1, 1, 0))
        last = first + rng.randrange(1_000)
        self._windows[shop] = last
        counts = [Count(kind, 0, rng.randint(1, 50)) for kind in range(rng.randint(1, 3))]
        root = tagged(b"sim/events", b"%d" % first)
        return [as_call(Batch(Millis(first), Millis(last), root, counts))]

    def _nonsense(self, rng: random.Random, _: ShopId) -> list[Call]:
        kind = rng.choice((401, 403, 501, 9_999))
        return [Call(kind, rng.choice((b"", b"\xc1", encode((1, 2)), encode([b"x" * 40]))))]
