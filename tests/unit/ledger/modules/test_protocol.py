"""Which protocol an epoch works by: told by each shop, raised by an election, never lowered."""

import pytest
from liandao_node.errors import BugFound, PeerFault
from liandao_node.ledger import protocol_queries
from liandao_node.ledger.modules.election import Bar, protocol_after
from liandao_node.ledger.modules.epochs import contenders_in
from liandao_node.ledger.modules.membership import Speaks, Spoken
from liandao_node.types import ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.protocol import FIRST_PROTOCOL, PROTOCOL_MAX
from msgspec.structs import replace
from support.ledger_street import SECOND_MS, Outcome, sale
from support.stake_street import RULES, StakeStreet

BONDS = (1_000, 900, 800, 700, 600)
"""Four sit; shop 4 follows."""


@pytest.fixture
def street() -> StakeStreet:
    return StakeStreet(BONDS, replace(RULES, epoch_blocks=8))


def _say(street: StakeStreet, protocol: int, *shops: int) -> None:
    for shop in shops:
        assert street.call(shop, Speaks(protocol)) == Outcome("OK", Spoken(protocol))


def _protocol(street: StakeStreet) -> int:
    return street.ledger.committee().protocol


def _bars(street: StakeStreet) -> list[Bar]:
    return [one.bar for one in contenders_in(street.ledger.view(), street.rules)]


# --- telling ---


@pytest.mark.rule("L-4.11", "P-12.12")
def test_a_street_begins_with_the_first_protocol_and_shops_that_have_told_nothing() -> None:
    street = StakeStreet(BONDS)
    assert _protocol(street) == FIRST_PROTOCOL
    assert protocol_queries.in_force(street.ledger.view()) == FIRST_PROTOCOL
    assert set(protocol_queries.spoken(street.ledger.view()).values()) == {FIRST_PROTOCOL}
    street.turn(2)
    assert _protocol(street) == FIRST_PROTOCOL


@pytest.mark.rule("L-4.11")
def test_a_shop_speaks_for_itself_and_may_take_it_back(street: StakeStreet) -> None:
    _say(street, 3, 1)
    assert protocol_queries.spoken(street.ledger.view()) == {0: 1, 1: 3, 2: 1, 3: 1, 4: 1}
    _say(street, 2, 1)
    assert protocol_queries.spoken(street.ledger.view())[ShopId(1)] == 2


@pytest.mark.rule("L-4.11")
@pytest.mark.parametrize("number", [0, -1, PROTOCOL_MAX + 1])
def test_what_is_no_protocol_is_refused(street: StakeStreet, number: int) -> None:
    assert street.call(1, Speaks(number)).code == "CALL_MALFORMED"
    assert street.call(1, Speaks(PROTOCOL_MAX)).code == "OK"


# --- the election ---


@pytest.mark.rule("L-13.13")
@pytest.mark.parametrize(
    ("current", "spoken", "following"),
    [
        (1, [2, 2, 2, 2], 2),
        (1, [2, 2, 2, 1], 1),
        (1, [5, 3, 4, 3], 3),
        (3, [2, 4, 4, 4], 3),
        (3, [1, 1, 1, 1], 3),
        (2, [], 2),
    ],
)
def test_it_is_the_least_that_all_seats_speak_and_never_less_than_before(
    current: int, spoken: list[int], following: int
) -> None:
    assert protocol_after(current, spoken) == following


@pytest.mark.rule("L-13.13", "P-12.12", "T42")
def test_it_rises_with_the_epoch_after_the_last_seat_told(street: StakeStreet) -> None:
    _say(street, 2, 0, 1, 2)
    street.turn()
    assert _protocol(street) == 1, "shop 3 has not told"
    _say(street, 2, 3)
    assert _protocol(street) == 1, "not within the epoch"
    epoch = street.epoch
    street.turn()
    assert (_protocol(street), street.epoch) == (2, epoch + 1)
    versions = {e.header.epoch: e.header.version for e in street.history}
    street.tick()
    assert street.history[-1].header.version == 2
    assert set(versions.values()) == {1}, "the last block before it follows the old one"


@pytest.mark.rule("L-13.13", "T42")
def test_one_shop_that_is_not_updated_holds_the_street_and_does_not_stop_it(
    street: StakeStreet,
) -> None:
    _say(street, 2, 0, 1, 3, 4)
    street.turn(5)
    assert _protocol(street) == 1
    assert street.seats() == [0, 1, 2, 3], "it is not put out for it"
    assert protocol_queries.held_back_by(street.ledger.view()) == [2]


@pytest.mark.rule("L-13.13")
def test_a_follower_holds_nobody_back(street: StakeStreet) -> None:
    _say(street, 2, 0, 1, 2, 3)
    assert protocol_queries.held_back_by(street.ledger.view()) == []
    street.turn()
    assert _protocol(street) == 2


@pytest.mark.rule("L-13.13")
def test_nothing_makes_it_fall(street: StakeStreet) -> None:
    _say(street, 2, 0, 1, 2, 3)
    street.turn()
    _say(street, 1, 0, 1, 2, 3)
    street.turn(3)
    assert _protocol(street) == 2
    assert street.seats() == [0, 1, 2, 3], "with too few candidates the seats stay (L-13.5)"
    assert protocol_queries.held_back_by(street.ledger.view()) == []


@pytest.mark.rule("L-13.2", "L-13.13", "T42")
def test_who_does_not_speak_it_is_no_candidate(street: StakeStreet) -> None:
    _say(street, 2, 0, 1, 2, 3)
    assert _bars(street) == [Bar.NONE] * 5, "before it is in force everybody is"
    street.turn()
    assert _bars(street) == [*[Bar.NONE] * 4, Bar.OUTDATED]
    _say(street, 2, 4)
    assert _bars(street) == [Bar.NONE] * 5
    _say(street, 1, 1)
    street.turn()
    assert street.seats() == [0, 2, 3, 4], "another one takes the seat of a shop that went back"
    assert _protocol(street) == 2


@pytest.mark.rule("L-13.2", "L-13.4")
def test_no_more_of_them_leave_at_once_than_may(street: StakeStreet) -> None:
    _say(street, 2, 0, 1, 2, 3, 4)
    street.turn()
    _say(street, 1, 2, 3)
    street.turn()
    assert len(set(street.seats()) & {2, 3}) >= 1
    assert len(street.seats()) >= 4


@pytest.mark.rule("L-13.13")
def test_the_record_is_in_the_state_and_under_the_header(street: StakeStreet) -> None:
    _say(street, 7, 0, 1, 2, 3)
    street.turn()
    (last,) = [e for e in street.history if e.header.next_committee]
    assert last.header.next_committee == street.ledger.committee().hash
    assert street.ledger.committee().protocol == 7


@pytest.mark.rule("L-8.2", "P-12.12")
def test_a_block_in_another_protocol_is_refused(street: StakeStreet) -> None:
    street.wait(SECOND_MS)
    tx = street.tx(0, sale(1, 1_000))
    execution = street.execute(tx)
    block = Block(replace(execution.header, version=2), [tx.raw])
    with pytest.raises(PeerFault, match="BLOCK_HEADER_MISMATCH") as fault:
        street.ledger.check(block, [tx])
    assert fault.value.facts["field"] == "version"


def test_a_call_that_is_not_the_modules_is_our_own_fault(street: StakeStreet) -> None:
    membership = next(
        m
        for m in street.ledger.machine.set_in(street.ledger.view()).modules
        if m.name == "membership"
    )
    with pytest.raises(BugFound, match="CALL_UNHANDLED"):
        membership.apply(None, sale(1, 1))  # type: ignore[arg-type]
