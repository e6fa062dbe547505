"""A module that somebody else wrote from docs/ledger.md section 15, beside the built-in ones."""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec
import pytest
from liandao_node.ledger.module_api import (
    Bytes16Field,
    CallBody,
    Context,
    Module,
    refuse,
)
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.cards import CardDirectory
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis
from support.ledger_street import DAY_MS, SECOND_MS, Street, make_genesis, sale

NUMBER: Final = 200


class StampRefusal(IntEnum):
    STAMPED_TODAY = 1


class Stamps(Canonical, frozen=True):
    count: int


class Stamp(CallBody, frozen=True):
    """One stamp a day on a card."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Stamps

    card: Bytes16Field
    note: Annotated[str, msgspec.Meta(max_length=10)]


_stamps: Final = Table(NUMBER, 1, (16,), Stamps)
_today: Final = Table(NUMBER, 2, (16,), Stamps)


class StampCards(Module):
    name: ClassVar[str] = "stamp_cards"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Stamp,)
    refusals: ClassVar[type[IntEnum] | None] = StampRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_stamps, _today)
    needs: ClassVar[tuple[type, ...]] = (CardDirectory,)
    daily: ClassVar[bool] = True

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        _stamps.put(ctx.view, bytes(16), value=Stamps(len(genesis.shops)))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        assert isinstance(call, Stamp)
        directory = ctx.service(CardDirectory)
        card = directory.require(ctx, call.card)
        before = _stamps.get(ctx.view, call.card) or Stamps(0)
        after = Stamps(before.count + 1)
        _stamps.put(ctx.view, call.card, value=after)
        if _today.has(ctx.view, call.card):
            raise refuse(StampRefusal.STAMPED_TODAY)
        _today.put(ctx.view, call.card, value=after)
        directory.saw(ctx, card)
        return after

    def on_day(self, ctx: Context) -> bool:
        """Two cards a block."""
        rows = _today.first(ctx.view, 2)
        for (card,), _ in rows:
            _today.delete(ctx.view, card)
        return len(rows) < 2

    def invariants(self, view: View) -> list[str]:
        return [f"{key}" for key, stamps in _stamps.rows(view) if stamps.count <= 0]


@pytest.fixture
def street() -> Street:
    modules = (*BUILTIN, StampCards())
    return Street(make_genesis(modules=modules), modules)


@pytest.mark.rule("L-3.2")
def test_it_takes_calls_and_keeps_records(street: Street) -> None:
    card = street.enrol(1)
    assert street.call(0, Stamp(card.id, "cake")).answer == Stamps(1)
    refused = street.call(1, Stamp(card.id, "cake"))
    assert refused.code == "STAMPED_TODAY"
    assert street.call(1, Stamp(card.id, "cake"), after_ms=DAY_MS).answer == Stamps(2)
    assert street.call(1, Stamp(bytes(16), "x")).code == "CARD_UNKNOWN"
    assert street.call(1, Stamp(card.id, "more than ten")).code == "CALL_MALFORMED"
    assert street.ledger.machine.code_name(NUMBER * 100 + 1) == "STAMPED_TODAY"
    assert street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-3.3")
def test_its_daily_work_goes_on_block_by_block(street: Street) -> None:
    cards = [street.enrol(number) for number in range(5)]
    street.block(*(street.tx(0, Stamp(card.id, "tea")) for card in cards))
    left = []
    for number, after_ms in enumerate((DAY_MS, SECOND_MS, SECOND_MS, SECOND_MS)):
        street.call(1, sale(number, 1), after_ms=after_ms)
        left.append(len(list(_today.rows(street.ledger.view()))))
    assert left == [3, 1, 0, 0]


@pytest.mark.rule("L-3.3")
def test_work_left_at_midnight_starts_again(street: Street) -> None:
    cards = [street.enrol(number) for number in range(5)]
    street.block(*(street.tx(0, Stamp(card.id, "tea")) for card in cards))
    for number in range(2):
        street.call(1, sale(number, 1), after_ms=DAY_MS)
    assert len(list(_today.rows(street.ledger.view()))) == 1


def test_genesis_is_its_own_too(street: Street) -> None:
    assert _stamps.get(street.ledger.view(), bytes(16)) == Stamps(3)
