"""Replays invoices at the tills of the street's shops: sales, points taken off bills, refunds,
receipts for those without a card.

What the export does not say is drawn from hashes of what it says, so that every replay of the
same input asks the ledger for the same: at which shop an invoice was written, who pays with
points, who keeps a receipt and claims it later.
"""

from collections import defaultdict
from itertools import groupby
from typing import Final, NamedTuple

from liandao_plugins import api
from liandao_plugins.api import Line, Order, Rejected
from liandao_plugins.host import Purchases, Unmatched

from liandao_node.cli.replay.cards import Cards, Receipt, receipt_of
from liandao_node.cli.replay.coupons import NO_COUPONS, CouponDesk, OnBill
from liandao_node.cli.replay.sheets import Sheet
from liandao_node.cli.replay.street import SHOPS, Answer, Asked, Street, ask, draw, seed_of
from liandao_node.cli.replay.tally import Tally
from liandao_node.ledger import queries
from liandao_node.ledger.modules.coupon_calls import UseCoupons
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.points_calls import (
    Hold,
    Import,
    ImportDone,
    Sale,
    SaleDone,
    Tender,
)
from liandao_node.ledger.modules.points_claims import ClaimDone, OfferClaim
from liandao_node.ledger.modules.refund_calls import Refund, RefundDone
from liandao_node.types import Amount, Millis, ShopId

REGISTER: Final = 1
POINTS_MIN: Final = 300
"""With fewer nobody bothers to pay with them."""
PAYS_WITH_POINTS: Final = 2
"""One in so many orders of those who could."""
TAKES_RECEIPT: Final = 2
"""One in so many buyers without a card."""
CLAIMS: Final = 3
"""Two of so many who took a receipt claim it."""
CLAIM_DAYS: Final = 35
"""They do so within so many days: some come too late."""
CLAIMS_HOUR: Final = 5
"""Before the first sale of a day."""
BASIS_POINTS: Final = 10_000
NOTHING: Final = Amount(0)


class Written(NamedTuple):
    """An order as the ledger knows it."""

    shop: int
    number: int
    """At the register; 0 for an imported one."""
    source: str
    reference_hash: bytes


class _Till(NamedTuple):
    """One invoice on its way through a till."""

    order: Order
    shop: int
    hold: Hold | None
    coupons: OnBill


class Tills:
    """The tills of all shops."""

    def __init__(
        self,
        street: Street,
        tally: Tally,
        cards: Cards,
        *,
        online_shop: int | None = None,
        coupons: CouponDesk | None = None,
    ) -> None:
        """``online_shop`` has no till: its orders are imported, and nobody pays there with
        points."""
        self._street = street
        self._tally = tally
        self._cards = cards
        self._online_shop = online_shop
        self._coupons = coupons
        self._purchases: Purchases[Written] = Purchases()
        self._numbers = [0] * SHOPS
        self._claims: defaultdict[int, list[Receipt]] = defaultdict(list)
        """By the day on which somebody comes with it."""

    def day(self, sheet: Sheet) -> None:
        """All that happened on a day, minute by minute."""
        events = [(one.at_ms, 0, one.reference, one) for one in sheet.orders]
        back = [(one.at_ms, 1, one.reference, one) for one in sheet.refunds]
        for _, minute in groupby(
            sorted([*events, *back], key=lambda event: event[:3]), key=lambda event: event[:2]
        ):
            items = [item for *_, item in minute]
            self._sell([one for one in items if isinstance(one, Order)])
            for one in items:
                if isinstance(one, api.Refund):
                    self._give_back(one)

    # --- sales ---

    def _sell(self, orders: list[Order]) -> None:
        if not orders:
            return
        at_ms = Millis(orders[0].at_ms)
        tills = [_Till(one, self._shop_of(one), None, NO_COUPONS) for one in orders]
        named = [till for till in tills if till.order.customer]
        wanted = [self._cards.enrolment(till.shop, till.order.customer) for till in named]
        self._all(at_ms, [one for one in wanted if one is not None])
        tills = [till._replace(hold=self._hold(till)) for till in tills]
        held = self._all(at_ms, [ask(till.shop, till.hold) for till in tills if till.hold])
        answers = iter(held)
        tills = [
            till._replace(hold=None) if till.hold and not next(answers)[0].is_ok else till
            for till in tills
        ]
        if self._coupons is not None:
            desk = self._coupons
            tills = [till._replace(coupons=desk.hold(till.shop, till.order)) for till in tills]
        asked = [self._order(till) for till in tills]
        for till, one, told in zip(tills, asked, self._all(at_ms, asked), strict=True):
            self._sold(till, one, told)

    def _shop_of(self, order: Order) -> int:
        """A customer buys at one shop a day, and at several in a month."""
        who = order.customer or order.reference
        return draw(SHOPS, "shop", who, self._street.day_of(Millis(order.at_ms)))

    def _hold(self, till: _Till) -> Hold | None:
        """Who has enough points pays with them every other time, as much as the street allows."""
        order = till.order
        if till.shop == self._online_shop or draw(PAYS_WITH_POINTS, "pays", order.reference):
            return None
        share = order.gross_minor * self._street.ledger.rules().share_bps_max // BASIS_POINTS
        available = self._cards.available(order.customer)
        if available < POINTS_MIN or share == 0:
            return None
        amount = min(available, share)
        return self._cards.hold(till.shop, order.customer, order.reference, amount)

    def _order(self, till: _Till) -> Asked:
        """The order, the coupons on it and, for some of those without a card, a receipt that they
        can claim."""
        order, shop = till.order, till.shop
        card = self._cards.find(order.customer) if order.customer else None
        card_id = card.id if card is not None else b""
        gross, at_ms = Amount(order.gross_minor), Millis(order.at_ms)
        wants_receipt = card is None and not draw(TAKES_RECEIPT, "receipt", order.reference)
        claim = receipt_of(shop, order.reference).secret.key.public_key
        if shop == self._online_shop:
            name = seed_of("reference", order.reference)[:16]
            brought = Import(order.source, name, card_id, gross, at_ms, online=True)
            offer = OfferClaim(0, 0, order.source, name, claim)
            return ask(shop, brought, offer) if wants_receipt else ask(shop, brought)
        self._numbers[shop] += 1
        number, hold = self._numbers[shop], till.hold
        held = (hold.hold, hold.amount) if hold is not None else (b"", NOTHING)
        sale = Sale(REGISTER, number, card_id, gross, NOTHING, *held, Tender.CARD, at_ms)
        if till.coupons.holds:
            return ask(shop, sale, UseCoupons(list(till.coupons.holds), REGISTER, number))
        offer = OfferClaim(REGISTER, number, "", b"", claim)
        return ask(shop, sale, offer) if wants_receipt else ask(shop, sale)

    def _sold(self, till: _Till, asked: Asked, told: list[Answer]) -> None:
        order = till.order
        if self._coupons is not None and till.coupons.holds:
            self._tally.told(asked.calls[1], told[1])
            self._coupons.used(till.coupons, told[1])
        elif len(told) > 1 and self._tally.told(asked.calls[1], told[1]):
            self._keep_receipt(receipt_of(till.shop, order.reference))
        call, answer = asked.calls[0], told[0]
        if not self._tally.told(call, answer):
            self._tally.reject(Rejected(line, answer.code, order.reference) for line in order.lines)
            return
        self._tally.accept(len(order.lines))
        assert isinstance(call, Sale | Import)
        number = call.number if isinstance(call, Sale) else 0
        named = ("", b"") if isinstance(call, Sale) else (call.source, call.reference_hash)
        written = Written(till.shop, number, *named)
        self._purchases.bought(order.customer, written, order.goods)
        if till.hold is not None:
            self._count_points(written)
        self._count(call, answer)

    def _count(self, call: Sale | Import, answer: Answer) -> None:
        assert isinstance(answer.result, SaleDone | ImportDone)
        counts = self._tally.counts
        counts["orders"] += 1
        counts["orders imported"] += isinstance(call, Import)
        counts["orders without a card"] += not call.card
        counts["points earned"] += answer.result.earned
        counts["orders limited"] += answer.result.limited

    def _count_points(self, written: Written) -> None:
        order = queries.order(self._street.view, ShopId(written.shop), REGISTER, written.number)
        assert order is not None
        counts = self._tally.counts
        issuers = {lot.issuer for lot in order.paid_with}
        counts["redemptions"] += 1
        counts["redemptions at another shop"] += bool(issuers - {written.shop, POOL})
        counts["redemptions at the issuer"] += written.shop in issuers
        counts["redemptions of the pool's points"] += POOL in issuers
        for lot in order.paid_with:
            own, pool = lot.issuer == written.shop, lot.issuer == POOL
            whose = "pool" if pool else "own" if own else "other shops'"
            counts[f"{whose} points redeemed"] += lot.amount

    # --- goods that come back ---

    def _give_back(self, back: api.Refund) -> None:
        """One refund for each order that goods are taken off."""
        sums: defaultdict[Written, int] = defaultdict(int)
        led_to: list[tuple[Line, list[Written]]] = []
        for line, goods in zip(back.lines, back.goods, strict=True):
            parts = self._purchases.take_back(back.customer, goods.code, goods.quantity_milli)
            if isinstance(parts, Unmatched):
                self._tally.reject([Rejected(line, parts, back.reference)])
                continue
            for part in parts:
                sums[part.order] += part.amount_minor
            led_to.append((line, [part.order for part in parts]))
        codes = {
            written: self._refund(back.reference, written, Amount(gross), Millis(back.at_ms))
            for written, gross in sums.items()
        }
        for line, orders in led_to:
            refused = [codes[order] for order in orders if codes[order] != "OK"]
            if refused:
                self._tally.reject([Rejected(line, refused[0], back.reference)])
            else:
                self._tally.accept(1)

    def _refund(self, reference: str, written: Written, gross: Amount, at_ms: Millis) -> str:
        whose = (written.shop, written.number, written.reference_hash.hex())
        name = seed_of("refund", reference, *whose)[:16]
        register = REGISTER if written.number else 0
        order = (register, written.number, written.source, written.reference_hash)
        call = Refund(name, *order, gross, at_ms)
        answer = self._street.one(at_ms, written.shop, call)
        if self._tally.told(call, answer):
            assert isinstance(answer.result, RefundDone)
            counts = self._tally.counts
            counts["refunds"] += 1
            counts["sum refunded"] += gross
            counts["points given back"] += answer.result.points_back
            counts["points taken back"] += answer.result.clawed
            counts["points to be set off"] += answer.result.debt
        return answer.code

    # --- receipts ---

    def _keep_receipt(self, receipt: Receipt) -> None:
        self._tally.counts["receipts that can be claimed"] += 1
        if draw(CLAIMS, "claims", receipt.reference) < CLAIMS - 1:
            day = self._street.today + 1 + draw(CLAIM_DAYS, "claim day", receipt.reference)
            self._claims[day].append(receipt)

    def claims_of(self, day: int) -> None:
        """Those who come with a receipt, at any shop, with a card that they get for it."""
        receipts, at_ms = self._claims.pop(day, []), self._street.at(day, CLAIMS_HOUR)
        who = [
            (draw(SHOPS, "claims at", one.reference), f"claimed {one.reference}")
            for one in receipts
        ]
        wanted = [self._cards.enrolment(shop, name) for shop, name in who]
        self._all(at_ms, [one for one in wanted if one is not None])
        asked = [
            ask(shop, self._cards.claim(name, receipt))
            for (shop, name), receipt in zip(who, receipts, strict=True)
        ]
        for one, (answer,) in zip(asked, self._all(at_ms, asked), strict=True):
            if self._tally.told(one.calls[0], answer):
                assert isinstance(answer.result, ClaimDone)
                self._tally.counts["claims"] += 1
                self._tally.counts["claims at another shop"] += answer.result.shop != one.shop
                self._tally.counts["points claimed"] += answer.result.earned

    def _all(self, at_ms: Millis, asked: list[Asked]) -> list[list[Answer]]:
        return self._street.all(at_ms, asked)
