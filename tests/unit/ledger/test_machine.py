"""The machine: transactions once, calls one by one, modules put together rightly."""

from enum import IntEnum
from typing import ClassVar

import pytest
from liandao_node.errors import BugFound, OperatorFault, Refused
from liandao_node.ledger import queries
from liandao_node.ledger.beginning import genesis_changes
from liandao_node.ledger.module_api import CallBody, Context, Done, Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.modules.points import Points
from liandao_node.ledger.modules.traffic import Traffic
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import Table
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import NONCE_WINDOW
from liandao_node.types import ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.transactions import Call, decode_entry
from support.ledger_street import Street, changed_by_calls, make_card, make_genesis, sale


@pytest.fixture
def street() -> Street:
    return Street()


def _codes(street: Street, *txs: SignedTx) -> list[str]:
    return [outcome.code for outcome in street.block(*txs)]


# --- transactions ---


@pytest.mark.rule("L-2.3")
def test_a_transaction_counts_once_in_a_block_and_ever_after(street: Street) -> None:
    """I9: same transaction id twice is one transaction."""
    tx = street.tx(0, sale(1, 100))
    assert _codes(street, tx, tx) == ["OK", "TX_REPLAYED"]
    assert _codes(street, tx) == ["TX_REPLAYED"]


@pytest.mark.rule("L-2.3")
def test_a_nonce_counts_once_whatever_it_carries(street: Street) -> None:
    first, second = (street.tx(0, sale(number, 100), nonce=5) for number in (1, 2))
    assert _codes(street, first, second) == ["OK", "TX_REPLAYED"]
    assert queries.order(street.ledger.view(), ShopId(0), 1, 2) is None
    assert _codes(street, street.tx(1, sale(1, 100), nonce=5)) == ["OK"]


@pytest.mark.rule("L-2.3")
def test_nonces_come_in_any_order_within_the_window(street: Street) -> None:
    high = 3 * NONCE_WINDOW
    nonces = [high, high - NONCE_WINDOW + 1, high - NONCE_WINDOW, high - 1]
    txs = [street.tx(0, sale(nonce, 1), nonce=nonce) for nonce in nonces]
    assert _codes(street, *txs) == ["OK", "OK", "TX_NONCE_OLD", "OK"]


@pytest.mark.rule("L-2.5")
def test_a_refused_transaction_has_an_entry_for_each_call(street: Street) -> None:
    tx = street.tx(0, sale(1, 100), sale(2, 100), sale(1, 100))
    assert _codes(street, tx) == ["OK", "OK", "ORDER_KNOWN"]
    street.wait(1)
    execution = street.execute(tx)
    entries = [decode_entry(entry) for entry in execution.entries]
    assert [street.outcome(entry).code for entry in entries] == ["TX_REPLAYED"] * 3
    assert [entry.index for entry in entries] == [0, 1, 2]
    assert changed_by_calls(execution) == {}
    assert execution.header.call_count == 3


@pytest.mark.rule("L-2.4")
def test_calls_are_applied_in_the_order_of_the_block(street: Street) -> None:
    card = make_card(1)
    enrol, buy = street.tx(0, street.enrolment(0, card)), street.tx(1, sale(1, 500, card))
    assert _codes(street, buy, enrol) == ["CARD_UNKNOWN", "OK"]
    assert _codes(street, street.tx(1, sale(1, 500, card))) == ["OK"]


@pytest.mark.rule("L-2.4")
def test_positions_are_unique_and_rise(street: Street) -> None:
    cards = [street.enrol(number) for number in range(3)]
    seen = []
    for number in range(2):
        sales = [sale(10 * number + index, 500, card) for index, card in enumerate(cards)]
        street.block(street.tx(0, sale(90 + number, 1)), street.tx(number, *sales))
        for body in sales:
            view = street.ledger.view()
            order = queries.order(view, ShopId(number), body.register, body.number)
            assert order is not None
            seen.append(order.lot)
    height = street.ledger.tip.seq
    assert seen == [(height - 1) * 2**16 + n for n in (1, 2, 3)] + [
        height * 2**16 + n for n in (1, 2, 3)
    ]


@pytest.mark.rule("L-2.6")
def test_entry_tells_who_asked_what_and_got_what(street: Street) -> None:
    tx = street.tx(2, sale(1, 100), sale(1, 100))
    street.wait(1)
    execution = street.execute(tx)
    applied, refused = (decode_entry(entry) for entry in execution.entries)
    assert (applied.shop, applied.nonce, applied.index, applied.code) == (2, 1, 0, 0)
    assert applied.body == tx.tx.calls[0].body
    assert (refused.code, refused.result) == (409, b"")
    assert street.ledger.machine.code_name(409) == "ORDER_KNOWN"
    assert street.ledger.machine.code_name(0) == "OK"


@pytest.mark.rule("L-2.7")
@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call(9_999, b""), "CALL_UNKNOWN"),
        (Call(0, b"\x90"), "CALL_UNKNOWN"),
        (Call(403, b""), "CALL_MALFORMED"),
        (Call(403, b"\x90"), "CALL_MALFORMED"),
        (Call(402, b"\xc4\x10" + bytes(16)), "CALL_MALFORMED"),
        (Call(402, b"\x92\xc5\x00\x10" + bytes(16) + b"\xc4\x10" + bytes(16)), "CALL_MALFORMED"),
        (Call(402, b"\x92" + 2 * (b"\xc4\x10" + bytes(16)) + b"\0"), "CALL_MALFORMED"),
        (Call(402, b"\x92" + 2 * (b"\xc4\x10" + bytes(16))), "CARD_UNKNOWN"),
    ],
)
def test_calls_that_nobody_takes(street: Street, call: Call, code: str) -> None:
    assert street.call(0, call).code == code


# --- modules ---


class _Nothing(Module):
    """A module that a test spoils in one way."""

    name: ClassVar[str] = "nothing"
    number: ClassVar[int] = 9
    version: ClassVar[int] = 1

    def invariants(self, view: View) -> list[str]:  # noqa: ARG002
        return []


class _Ask(CallBody, frozen=True):
    kind: ClassVar[int] = 901
    answer: ClassVar[type[Canonical]] = Done


class _ForeignKind(_Ask, frozen=True):
    kind: ClassVar[int] = 403


class _OwnRefusal(IntEnum):
    NOTHING_TO_SAY = 1


class _TakenRefusal(IntEnum):
    ORDER_KNOWN = 1


class _HighRefusal(IntEnum):
    TOO_HIGH = 100


@pytest.mark.rule("L-3.1")
@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"number": 4}, "numbers clash"),
        ({"number": 0}, "numbers clash"),
        ({"number": 256}, "numbers clash"),
        ({"calls": (_ForeignKind,)}, "kind 403"),
        ({"calls": (_Ask, _Ask)}, "kind 901"),
        ({"refusals": _TakenRefusal}, "ORDER_KNOWN"),
        ({"refusals": _HighRefusal}, "TOO_HIGH"),
        ({"tables": (Table(8, 1, (), Done),)}, "another module's number"),
        ({"tables": (Table(9, 1, (), Done), Table(9, 1, ("u16",), Done))}, "share a number"),
        ({"needs": (IntEnum,)}, "nobody before it offers IntEnum"),
    ],
)
def test_a_module_that_does_not_fit_is_named(spoilt: dict[str, object], why: str) -> None:
    module: Module = type("Spoilt", (_Nothing,), spoilt)()
    modules = (*BUILTIN, module)
    with pytest.raises(OperatorFault, match="MODULE_BAD") as caught:
        genesis_changes(make_genesis(modules=modules), modules)
    assert caught.value.facts["module"] == "nothing"
    assert why in str(caught.value.facts["why"])


@pytest.mark.rule("L-3.1")
def test_a_street_has_the_modules_of_its_genesis_in_their_versions() -> None:
    genesis = make_genesis()
    others = [module for module in BUILTIN if not isinstance(module, Traffic)]
    with pytest.raises(OperatorFault, match=r"MODULE_UNKNOWN.*traffic"):
        genesis_changes(genesis, others)
    newer = type("NewerTraffic", (Traffic,), {"version": 2})()
    with pytest.raises(OperatorFault, match=r"MODULE_UNKNOWN.*traffic"):
        genesis_changes(genesis, (*others, newer))
    small = Street(make_genesis(modules=BUILTIN[:1]), BUILTIN)
    assert small.call(0, sale(1, 1)).code == "CALL_UNKNOWN"


@pytest.mark.rule("L-3.1")
def test_who_needs_a_service_stands_behind_who_offers_it() -> None:
    points_first = sorted(BUILTIN, key=lambda module: not isinstance(module, Points))
    genesis = make_genesis(modules=points_first)
    with pytest.raises(OperatorFault, match="CardDirectory"):
        genesis_changes(genesis, BUILTIN)


class _Undeclared(_Nothing):
    calls: ClassVar[tuple[type[CallBody], ...]] = (_Ask,)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        ctx.service(CardDirectory)
        return call


class _WrongRefusal(_Undeclared):
    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        raise Refused("NEVER_DECLARED", kind=call.kind, height=ctx.height)


@pytest.mark.rule("L-3.2")
@pytest.mark.parametrize(
    ("module", "code"),
    [(_Undeclared(), "SERVICE_MISSING"), (_WrongRefusal(), "REFUSAL_UNDECLARED")],
)
def test_our_own_mistakes_stop_the_node(module: Module, code: str) -> None:
    modules = (BUILTIN[0], module)
    street = Street(make_genesis(modules=modules), modules)
    with pytest.raises(BugFound, match=code):
        street.call(0, _Ask())
