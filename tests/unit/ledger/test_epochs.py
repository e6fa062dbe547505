"""Epochs on the chain: where one ends, what its last block says, who is in office above it."""

from typing import ClassVar, Final

import pytest
from liandao_node.errors import BugFound, PeerFault
from liandao_node.ledger.chain import Execution
from liandao_node.ledger.module_api import Context, Module, Seating
from liandao_node.ledger.modules import BUILTIN, stake_books
from liandao_node.ledger.modules.cards import Cards
from liandao_node.ledger.modules.epochs import Committees
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.modules.stake_calls import Delegate
from liandao_node.ledger.state import View
from liandao_node.ledger.transactions import SignedTx
from liandao_node.types import Amount, Epoch, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules, first_committee
from msgspec.structs import replace
from support.ledger_street import DAY_MS, Street, make_card, make_genesis, sale, shop_key
from support.stake_street import RULES, StakeStreet

EPOCH_BLOCKS: Final = RULES.epoch_blocks


@pytest.fixture
def street() -> StakeStreet:
    return StakeStreet([10_000, 9_000, 8_000, 7_000, 6_000])


def _above(street: StakeStreet, parent: Execution, number: int) -> Execution:
    street.wait(1)
    tx = street.tx(0, sale(number, 1))
    return street.execute(tx, parent=parent.hash, seq=parent.header.seq + 1)


def _first(street: StakeStreet, number: int = 1) -> Execution:
    street.wait(1)
    return street.execute(street.tx(0, sale(number, 1)))


@pytest.mark.rule("L-13.6")
def test_epoch_zero_has_the_committee_of_the_genesis_file(street: StakeStreet) -> None:
    assert street.ledger.committee() == first_committee(street.genesis)
    assert street.ledger.committee().first_seq == 1
    assert street.seats() == [0, 1, 2, 3]


@pytest.mark.rule("L-13.6")
def test_an_epoch_ends_with_its_last_block(street: StakeStreet) -> None:
    for _ in range(EPOCH_BLOCKS - 1):
        street.tick()
        assert street.epoch == 0
    street.tick()
    assert street.epoch == 1
    assert street.ledger.committee().first_seq == EPOCH_BLOCKS + 1
    assert [execution.header.epoch for execution in street.history] == [0] * EPOCH_BLOCKS


@pytest.mark.rule("L-13.6")
def test_the_first_block_of_another_day_ends_it_too() -> None:
    street = StakeStreet([1_000] * 4, replace(RULES, epoch_blocks=100))
    epochs = []
    for after_ms in (1, DAY_MS // 2 + 1, 1, 1, DAY_MS, 1):
        street.wait(after_ms)
        street.tick()
        epochs.append(street.epoch)
    assert epochs == [0, 1, 1, 1, 2, 2], "16:00, then after midnight: the day's first block closes"


@pytest.mark.rule("L-13.6")
def test_an_epoch_that_begins_on_another_day_than_it_was_elected_lasts_its_own_day() -> None:
    street = StakeStreet([1_000] * 4, replace(RULES, epoch_blocks=2))
    street.turn()
    street.wait(DAY_MS)
    street.tick()
    assert street.epoch == 1
    street.tick()
    assert street.epoch == 2


@pytest.mark.rule("L-13.6")
def test_an_epoch_of_one_block_is_possible() -> None:
    street = StakeStreet([1_000] * 4, replace(RULES, epoch_blocks=1))
    for epoch in range(1, 4):
        street.tick()
        assert street.epoch == epoch


@pytest.mark.rule("L-8.7")
@pytest.mark.rule("L-13.7")
@pytest.mark.rule("P-12.2")
def test_the_last_header_names_the_next_committee_and_no_other_does(street: StakeStreet) -> None:
    street.turn()
    *others, last = street.history
    assert {execution.header.next_committee for execution in others} == {b""}
    assert not any(execution.ends_epoch for execution in others)
    assert last.ends_epoch
    assert last.header.next_committee == street.ledger.committee().hash
    assert last.office.committee == street.ledger.committee()


@pytest.mark.rule("L-8.7")
def test_several_blocks_stand_above_an_unfinished_epoch_and_none_of_it_above_its_end(
    street: StakeStreet,
) -> None:
    line = [_first(street)]
    while not line[-1].ends_epoch:
        line.append(_above(street, line[-1], len(line) + 1))
    assert len(line) == EPOCH_BLOCKS
    assert street.epoch == 0, "nothing is committed"
    assert street.ledger.committee(line[-1].hash).epoch == 1
    header = line[-1].header
    tx = street.tx(0, sale(99, 1))
    arguments = {
        "parent": line[-1].hash,
        "seq": Seq(header.seq + 1),
        "time_ms": header.time_ms + 1,
        "proposer": ShopId(0),
        "attendance": 0,
        "txs": [tx],
    }
    with pytest.raises(BugFound, match=r"BLOCK_IMPOSSIBLE.*why=epoch"):
        street.ledger.execute(epoch=Epoch(0), **arguments)  # type: ignore[arg-type]
    above = street.ledger.execute(epoch=Epoch(1), **arguments)  # type: ignore[arg-type]
    for execution in (*line, above):
        street.ledger.commit(execution.hash)
    assert street.epoch == 1


def _peer_block(street: StakeStreet, **changed: object) -> tuple[Block, list[SignedTx]]:
    other = StakeStreet([10_000, 9_000, 8_000, 7_000, 6_000])
    other.wait(5)
    tx = street.tx(0, sale(1, 100))
    made = other.execute(tx).header
    return Block(replace(made, **changed), [tx.raw]), [tx]


@pytest.mark.rule("L-8.2")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"epoch": 1}, "epoch"),
        ({"proposer": 4}, "proposer"),
        ({"proposer": 9}, "proposer"),
        ({"attendance": 16}, "attendance"),
    ],
)
def test_a_block_of_the_wrong_epoch_or_seat_is_the_peers_fault(
    street: StakeStreet, changed: dict[str, object], why: str
) -> None:
    block, txs = _peer_block(street, **changed)
    with pytest.raises(PeerFault, match=f"BLOCK_BAD.*why={why}"):
        street.ledger.check(block, txs)


@pytest.mark.rule("L-8.2")
def test_a_block_that_names_another_committee_is_the_peers_fault(street: StakeStreet) -> None:
    for _ in range(EPOCH_BLOCKS - 1):
        street.tick()
    other = StakeStreet([10_000, 9_000, 8_000, 7_000, 6_000])
    for _ in range(EPOCH_BLOCKS - 1):
        other.tick()
    street.wait(5)
    other.wait(5)
    tx = street.tx(0, sale(1, 100))
    header = other.execute(tx).header
    assert len(header.next_committee) == 32
    for lie in (b"", bytes(32)):
        with pytest.raises(PeerFault, match=r"BLOCK_HEADER_MISMATCH.*field=next_committee"):
            street.ledger.check(Block(replace(header, next_committee=lie), [tx.raw]), [tx])
    assert street.ledger.check(Block(header, [tx.raw]), [tx]).ends_epoch


@pytest.mark.rule("L-2.2")
@pytest.mark.rule("L-4.10")
@pytest.mark.rule("L-13.7")
def test_a_new_key_takes_office_with_the_epoch_and_the_old_one_leaves(street: StakeStreet) -> None:
    """Shop 4 follows: its key changes at the same moment as a seat's."""
    for shop in (1, 4):
        assert street.call(0, street.rekey(shop, shop_key(50 + shop))).code == "OK"
        assert street.ledger.keys()[ShopId(shop)] == shop_key(shop).public_key
    signed_before = street.tx(1, sale(1, 1))
    street.turn()
    for shop in (1, 4):
        assert street.ledger.keys()[ShopId(shop)] == shop_key(50 + shop).public_key
    assert street.ledger.committee().seats[1].key == shop_key(51).public_key
    old = street.ledger.past_committee(Epoch(0))
    assert old is not None
    assert old.seats[1].key == shop_key(1).public_key
    street.wait(1)
    with pytest.raises(BugFound, match="why=key"):
        street.execute(signed_before)
    street.keys[ShopId(1)] = shop_key(51)
    assert street.call(1, sale(1, 1)).code == "OK"


@pytest.mark.rule("L-13.6")
def test_committees_are_kept_as_long_as_evidence_counts(street: StakeStreet) -> None:
    street.turn(RULES.unbonding_epochs + 4)
    kept = [
        epoch
        for epoch in range(street.epoch + 2)
        if street.ledger.past_committee(Epoch(epoch)) is not None
    ]
    assert kept == list(range(street.epoch - RULES.unbonding_epochs - 1, street.epoch + 1))


@pytest.mark.rule("L-13.1")
@pytest.mark.rule("L-13.7")
def test_delegated_stake_elects_and_the_change_is_bounded() -> None:
    street = StakeStreet([900, 900, 900, 900, 500, 500])
    street.call(2, Delegate(ShopId(4), Amount(450)))
    street.call(3, Delegate(ShopId(5), Amount(450)))
    street.turn()
    assert street.seats() == [0, 1, 2, 4], "one of four a time: shop 3 is below 2 by its number"
    street.turn()
    assert street.seats() == [0, 1, 4, 5]


@pytest.mark.rule("L-13.7")
def test_a_reopened_ledger_knows_who_is_in_office(street: StakeStreet) -> None:
    street.turn(2)
    again = type(street.ledger)(street.genesis, street.disk, street.ledger.tip)
    assert again.committee() == street.ledger.committee()
    assert again.keys() == street.ledger.keys()


# --- streets that do not elect, and modules that would both do it ---


@pytest.mark.rule("L-3.5")
def test_without_a_module_that_elects_the_founders_stay() -> None:
    modules = (Membership(), Cards())
    street = Street(make_genesis(4, rules=Rules(epoch_blocks=1), modules=modules), modules)
    for number in range(3):
        street.call(0, street.enrolment(0, make_card(number)), after_ms=DAY_MS)
    assert street.ledger.committee() == first_committee(street.genesis)
    assert street.ledger.past_committee(Epoch(0)) == street.ledger.committee()
    assert street.ledger.past_committee(Epoch(1)) is None
    assert street.ledger.keys()[ShopId(3)] == shop_key(3).public_key


class _SecondCourt(Module):
    name = "second_court"
    number = 201
    version = 1

    def services(self) -> tuple[object, ...]:
        return (_OtherCommittees(),)

    def invariants(self, view: View) -> list[str]:  # noqa: ARG002
        return []


class _OtherCommittees(Committees):
    """A second opinion."""


@pytest.mark.rule("L-3.5")
def test_two_modules_that_elect_do_not_start() -> None:
    assert issubclass(_OtherCommittees, Seating)
    modules = (*BUILTIN, _SecondCourt())
    with pytest.raises(Exception, match=r"MODULE_BAD.*module stake seats the committee"):
        Street(make_genesis(modules=modules), modules)


class _Diary(Module):
    """Writes after every block how far the block's calls had come."""

    name = "diary"
    number = 202
    version = 1
    each_block = True
    seen: ClassVar[list[tuple[int, int, int, bytes, int]]] = []

    def on_block(self, ctx: Context) -> None:
        blocks = stake_books.tallies.get(ctx.view, ctx.proposer)
        assert blocks is not None
        self.seen.append((ctx.height, ctx.epoch, ctx.attendance, ctx.parent, blocks.blocks))

    def invariants(self, view: View) -> list[str]:  # noqa: ARG002
        return []


@pytest.mark.rule("L-3.4")
def test_work_of_every_block_comes_after_its_calls_in_the_order_of_the_modules() -> None:
    _Diary.seen.clear()
    modules = (*BUILTIN, _Diary())
    street = Street(make_genesis(4, modules=modules), modules)
    street.attendance = 5
    parents = [street.ledger.tip.hash]
    for number in range(2):
        street.call(0, sale(number, 1))
        parents.append(street.ledger.tip.hash)
    assert _Diary.seen == [(1, 0, 5, parents[0], 1), (2, 0, 5, parents[1], 2)]
