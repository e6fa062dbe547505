"""The checkout: what each of the cashier's acts does to the sale in work.

Every method returns at once; what needs the node goes on in the nursery. Points are held
while the cashier asks the customer (D-12): at the scan, for the most that may be used.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Final

import trio
from liandao_node.errors import Unavailable
from liandao_node.types import Amount

from liandao_app.services.draft import (
    Choice,
    Customer,
    Draft,
    EnrolFailed,
    Enrolling,
    Looking,
    LookupFailed,
    Nobody,
    Stranger,
    Tender,
    Visitor,
)
from liandao_app.services.hold import ASK_AGAIN_S, Hold, HoldState
from liandao_app.services.link import EXPECTED, Changed, Link
from liandao_app.services.sales import Sale, Sales

SETTLE_S: Final = 0.3
"""A larger hold is asked for when the amount has stood still this long."""
RELEASE_PATIENCE_S: Final = 2.0
"""A card scanned again is looked up when its last hold is given back, or after this."""


class Answer(Enum):
    """What pressing a tender key led to."""

    TAKEN = "taken"
    NO_AMOUNT = "no_amount"
    CASH_SHORT = "cash_short"
    """Less cash was given than is to be paid."""


class Checkout:
    """One register's sale in work."""

    def __init__(self, link: Link, sales: Sales, nursery: trio.Nursery, changed: Changed) -> None:
        self._link = link
        self._sales = sales
        self._nursery = nursery
        self._changed = changed
        self._settling = trio.CancelScope()
        self._let_go: Hold | None = None
        self.draft = Draft()

    # --- amount ---

    def set_gross(self, gross: Amount) -> None:
        """The bill, in minor units."""
        if gross == self.draft.gross:
            return
        self._become(gross=gross)
        self._settling.cancel()
        self._settling = trio.CancelScope()
        self._nursery.start_soon(self._hold_when_settled, self._settling)

    # --- customer ---

    def present(self, presented: str) -> None:
        """A card was scanned or its code typed; it takes the place of an earlier one."""
        customer = self.draft.customer
        if customer is not None and customer.presented == presented:
            return
        self._replace_visitor(Looking(presented))
        self._nursery.start_soon(self._look_up, presented)

    def enrol(self, presented: str) -> None:
        """Makes ``presented`` a card of this street; empty for a card that the node makes."""
        visitor = Enrolling(presented)
        self._replace_visitor(visitor)
        self._nursery.start_soon(self._enrol, visitor)

    def forget_customer(self) -> None:
        self._replace_visitor(Nobody())

    # --- points ---

    def choose_max(self) -> None:
        self._choose(Choice.MAX, Amount(0))

    def choose_none(self) -> None:
        """No points: what was held goes back."""
        self._choose(Choice.NONE, Amount(0))
        self._drop_hold()
        self._become(hold=None)

    def choose(self, number: Amount) -> None:
        """Any number; above the maximum it counts as the maximum."""
        self._choose(Choice.NUMBER, number)

    def wait_for_points(self) -> None:
        """The cashier saw that the points are slow, and waits."""
        if self.draft.hold is not None:
            self.draft.hold.wait_on()

    # --- the end of the sale ---

    def take(self, tender: Tender, given: Amount) -> Answer:
        """Takes the sale. ``given`` is the cash handed over, 0 for the exact sum."""
        if self.draft.gross == 0:
            return Answer.NO_AMOUNT
        if tender is Tender.CASH and given and given < self.draft.to_pay:
            return Answer.CASH_SHORT
        if self.draft.points:
            self._ensure_hold()
        sale = self._sales.take(self.draft, tender, given if tender is Tender.CASH else Amount(0))
        if sale.hold is None:
            self._drop_hold()
        self._start_over()
        self._book(sale)
        return Answer.TAKEN

    def clear(self) -> None:
        """Nothing of this sale: the customer's points go back."""
        self._drop_hold()
        self._start_over()

    def drop_points(self, sale: Sale) -> None:
        """A taken sale goes on without its points, which are late or were refused."""
        if sale.hold is not None and sale.hold.pending:
            self._sales.drop_points(sale)
            self._changed()
        else:
            self._sales.ask_without_points(sale)
            self._book(sale)

    def follow_rules(self) -> None:
        """The street's rules may change while a bill is in work: what is offered goes by those
        that the ledger will go by."""
        if self.draft.gross and self.draft.share_bps_max != self._link.share_bps_max:
            self._become()
            if self.draft.points:
                self._ensure_hold()

    def restore(self) -> None:
        """Books what an earlier run had taken."""
        for sale in self._sales.restore():
            self._book(sale)

    def _book(self, sale: Sale) -> None:
        self._nursery.start_soon(self._sales.book, sale)
        self._changed()

    # --- inside ---

    def _choose(self, choice: Choice, number: Amount) -> None:
        self._become(choice=choice, number=number)
        if self.draft.points:
            self._ensure_hold()

    def _replace_visitor(self, visitor: Visitor) -> None:
        self._drop_hold()
        self._become(visitor=visitor, hold=None, choice=Choice.OPEN, number=Amount(0))

    def _start_over(self) -> None:
        self._settling.cancel()
        self.draft = Draft()
        self._changed()

    def _drop_hold(self) -> None:
        hold = self.draft.hold
        if hold is not None:
            hold.let_go()
            self._let_go = hold

    def _ensure_hold(self) -> None:
        wanted, hold, customer = self.draft.hold_wanted, self.draft.hold, self.draft.customer
        if wanted == 0 or customer is None or (hold is not None and hold.covers(wanted)):
            return
        self._drop_hold()
        fresh = Hold(customer.presented, customer.card.card, wanted, self._changed, after=hold)
        self._become(hold=fresh)
        self._nursery.start_soon(fresh.live, self._link)

    async def _hold_when_settled(self, scope: trio.CancelScope) -> None:
        with scope:
            await trio.sleep(SETTLE_S)
            if not self._refused_before():
                self._ensure_hold()

    def _refused_before(self) -> bool:
        """After a refusal only the cashier asks again."""
        hold = self.draft.hold
        return hold is not None and hold.state is HoldState.REFUSED

    async def _look_up(self, presented: str) -> None:
        visitor = self.draft.visitor
        last = self._let_go
        if last is not None and last.presented == presented:
            with trio.move_on_after(RELEASE_PATIENCE_S):
                await last.over.wait()
        found = await self._find(presented, lambda: self.draft.visitor is visitor)
        if self.draft.visitor is not visitor:
            return
        self._become(visitor=found)
        self._ensure_hold()

    async def _find(self, presented: str, current: Callable[[], bool]) -> Visitor:
        while True:
            node = await self._link.node()
            try:
                reply = await node.find_card(presented)
            except Unavailable as error:
                if not current():
                    return LookupFailed(presented, error)
                await trio.sleep(ASK_AGAIN_S)
            except EXPECTED as error:
                return LookupFailed(presented, error)
            else:
                card = reply.card
                return Stranger(presented) if card is None else Customer(card, presented)

    async def _enrol(self, visitor: Enrolling) -> None:
        outcome: Visitor
        node = await self._link.node()
        try:
            enrolled = await node.enrol(visitor.presented)
        except EXPECTED as error:
            outcome = EnrolFailed(visitor.presented, error)
        else:
            presented = visitor.presented or enrolled.payload
            outcome = Customer(enrolled.card, presented, enrolled.payload)
        if self.draft.visitor is visitor:
            self._become(visitor=outcome)

    def _become(self, **changes: object) -> None:
        share = self._link.share_bps_max
        self.draft = replace(self.draft, share_bps_max=share, **changes)  # type: ignore[arg-type]
        self._changed()
