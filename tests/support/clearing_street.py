"""A street that clears: a module that makes obligations at will, treasurers, periods to turn."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from liandao_node.ledger.calendar import period_start_ms
from liandao_node.ledger.module_api import AmountField, CallBody, Context, Done, Module
from liandao_node.ledger.modules import clearing_books as books
from liandao_node.ledger.modules.clearing import Clearing
from liandao_node.ledger.modules.clearing_books import Conduct, Counts, Obligations, Payment
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsVouched,
    Paid,
    Received,
    Vouch,
    arrears_preimage,
    payment_preimage,
)
from liandao_node.ledger.modules.clearing_services import Issuance, Reserve
from liandao_node.ledger.modules.clearing_turn import nets_of
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.stake import Bonds, Stake
from liandao_node.ledger.modules.stake_calls import ShopField, TreasurerSignature
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace

from support.ledger_street import DAY_MS, SECOND_MS, Outcome, Street
from support.stake_street import stake_genesis, treasurer

NUMBER: Final = 200
RULES: Final = Rules(payment_min=Amount(100), payment_days=10)


class Owe(CallBody, frozen=True):
    """Makes an obligation, as points and coupons do."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Done

    debtor: ShopField
    creditor: ShopField
    amount: AmountField
    for_points: bool = True


class Unowe(CallBody, frozen=True):
    """Takes an obligation back, as a refund does."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Done

    debtor: ShopField
    creditor: ShopField
    amount: AmountField
    for_points: bool = True


class Till(Canonical, frozen=True):
    """What clearing told the pool's till."""

    reserve: int
    drawn: int
    came_in: int
    went_out: int


class Live(Canonical, frozen=True):
    amount: int


_tills: Final = Table(NUMBER, 1, (), Till)
_lives: Final = Table(NUMBER, 2, ("u16",), Live)


class FakeReserve(Reserve):
    """A till that counts."""

    def draw(self, view: View, wanted: Amount) -> Amount:
        till = till_of(view)
        drawn = min(wanted, till.reserve)
        changed = replace(till, reserve=till.reserve - drawn, drawn=till.drawn + drawn)
        _tills.put(view, value=changed)
        return Amount(drawn)

    def give_back(self, view: View, amount: Amount) -> None:
        till = till_of(view)
        changed = replace(till, reserve=till.reserve + amount, drawn=till.drawn - amount)
        _tills.put(view, value=changed)

    def came_in(self, view: View, amount: Amount) -> None:
        till = till_of(view)
        _tills.put(view, value=replace(till, came_in=till.came_in + amount))

    def went_out(self, view: View, amount: Amount) -> None:
        till = till_of(view)
        _tills.put(view, value=replace(till, went_out=till.went_out + amount))


class FakeIssuance(Issuance):
    """Every shop has issued ten times what customers have."""

    def counts(self, view: View, issuer: ShopId) -> Counts:
        live = self.live(view, issuer)
        nothing = Amount(0)
        return Counts(Amount(live * 10), nothing, Amount(live * 9), nothing, nothing)

    def live(self, view: View, issuer: ShopId) -> Amount:
        live = _lives.get(view, issuer)
        return Amount(live.amount if live is not None else 0)


class Debts(Module):
    """Stands behind clearing, as points, coupons and the pool do."""

    name: ClassVar[str] = "debts"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Owe, Unowe)
    tables: ClassVar[tuple[KeySpace, ...]] = (_tills, _lives)
    needs: ClassVar[tuple[type, ...]] = (Obligations,)

    def __init__(self, reserve: int | None = None, live: Sequence[int] = ()) -> None:
        self._reserve = reserve
        self._live = live

    def services(self) -> tuple[object, ...]:
        return (
            *((FakeReserve(),) if self._reserve is not None else ()),
            *((FakeIssuance(),) if self._live else ()),
        )

    def genesis(self, ctx: Context, genesis: object) -> None:  # noqa: ARG002
        _tills.put(ctx.view, value=Till(self._reserve or 0, 0, 0, 0))
        for shop, amount in enumerate(self._live):
            _lives.put(ctx.view, shop, value=Live(amount))

    def apply(self, ctx: Context, call: CallBody) -> Done:
        obligations = ctx.service(Obligations)
        assert isinstance(call, Owe | Unowe)
        book = obligations.owe if isinstance(call, Owe) else obligations.unowe
        book(ctx.view, call.debtor, call.creditor, call.amount, for_points=call.for_points)
        return Done()

    def invariants(self, view: View) -> list[str]:  # noqa: ARG002
        return []


def till_of(view: View) -> Till:
    return _tills.get(view) or Till(0, 0, 0, 0)


class ClearingStreet(Street):
    """Shops with bonds; every helper looks at what always holds afterwards."""

    def __init__(
        self,
        bonds: Sequence[int] = (10_000, 10_000, 10_000, 10_000),
        *,
        rules: Rules = RULES,
        treasurers: int = 3,
        reserve: int | None = None,
        live: Sequence[int] = (),
    ) -> None:
        modules = (Membership(), Stake(), Clearing(), Debts(reserve, live))
        genesis = stake_genesis(bonds, rules, treasurers, min(2, treasurers))
        named = [(module.name, module.version) for module in modules]
        super().__init__(replace(genesis, modules=named), modules)

    @property
    def view(self) -> View:
        return self.ledger.view()

    @property
    def period(self) -> int:
        return Obligations().period(self.view)

    def ask(self, shop: int, call: CallBody, after_ms: int = SECOND_MS) -> str:
        code = self.call(shop, call, after_ms=after_ms).code
        assert self.ledger.machine.invariants(self.view) == []
        return code

    def said(self, shop: int, call: CallBody) -> Outcome:
        return self.call(shop, call)

    # --- what happens ---

    def owe(self, debtor: int, creditor: int, amount: int, *, for_points: bool = True) -> None:
        call = Owe(ShopId(debtor), ShopId(creditor), Amount(amount), for_points)
        assert self.ask(0, call) == "OK"

    def unowe(self, debtor: int, creditor: int, amount: int) -> None:
        assert self.ask(0, Unowe(ShopId(debtor), ShopId(creditor), Amount(amount))) == "OK"

    def tick(self, after_ms: int = SECOND_MS) -> None:
        """A block in which nothing is done."""
        assert self.ask(0, Owe(ShopId(0), ShopId(0), Amount(0)), after_ms) == "OK"

    def days(self, days: int) -> None:
        self.tick(days * DAY_MS)

    def turn(self, periods: int = 1) -> int:
        """To the first block of a later period; the period that was closed."""
        closed = self.period
        begin_ms = period_start_ms(closed + periods, self.genesis.utc_offset_minutes)
        self.tick(begin_ms - self.time_ms)
        return closed

    # --- what is said ---

    def paid(self, period: int, debtor: int, creditor: int) -> str:
        return self.ask(debtor, Paid(period, ShopId(creditor)))

    def received(self, period: int, debtor: int, creditor: int) -> str:
        return self.ask(creditor, Received(period, ShopId(debtor)))

    def vouch(
        self,
        period: int,
        debtor: int,
        creditor: int,
        *,
        signers: Iterable[int] = (0, 1),
        of: int | None = None,
    ) -> Vouch:
        """The treasurers' word on a payment, or on another period's put on this one."""
        key = (ShopId(debtor), ShopId(creditor))
        preimage = payment_preimage(self.chain_id, period if of is None else of, *key)
        return Vouch(period, *key, _signed(preimage, signers))

    def arrears_paid_in(
        self, debtor: int, amount: int, *, number: int = 1, signers: Iterable[int] = (0, 1)
    ) -> ArrearsVouched:
        value = (ShopId(debtor), number, Amount(amount))
        preimage = arrears_preimage(self.chain_id, *value)
        return ArrearsVouched(*value, _signed(preimage, signers))

    # --- what is there ---

    def payment(self, period: int, debtor: int, creditor: int) -> Payment:
        payment = books.payments.get(self.view, period, debtor, creditor)
        assert payment is not None
        return payment

    def payments(self, period: int) -> dict[tuple[int, int], int]:
        return {
            (int(key[1]), int(key[2])): payment.amount
            for key, payment in books.payments.under(self.view, period)
        }

    def conduct(self, shop: int) -> Conduct:
        return books.conduct_of(self.view, shop)

    def nets(self) -> dict[int, int]:
        """What the next netting would bring whom, without those whom it would bring nothing."""
        return {int(party): net for party, net in nets_of(self.view).items() if net}

    def payable(self, shop: int) -> int:
        return Obligations().payable(self.view, ShopId(shop))

    def may_issue(self, shop: int) -> bool:
        return Obligations().may_issue(self.view, ShopId(shop))

    def bond(self, shop: int) -> int:
        return Bonds().bond(self.view, ShopId(shop))

    def till(self) -> Till:
        return till_of(self.view)


def _signed(preimage: bytes, signers: Iterable[int]) -> list[TreasurerSignature]:
    return [TreasurerSignature(at, treasurer(at).sign(preimage)) for at in signers]


__all__ = ["POOL", "RULES", "ClearingStreet", "Owe", "Unowe"]
