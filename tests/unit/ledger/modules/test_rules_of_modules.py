"""The modules of a street as its seats vote for them: taken in, raised, taken out (L-19.9)."""

import pytest
from liandao_node.errors import BugFound, OperatorFault, PeerFault
from liandao_node.ledger.modules.rule_books import Fate
from liandao_node.ledger.modules.rule_calls import NewValue, NewVersion, Propose
from liandao_node.wire.blocks import Block
from msgspec.structs import replace
from support.ledger_street import Outcome, sale
from support.voting import BONDS, Count, Hush, Knock, Knocks, VotingStreet, counts


@pytest.fixture
def street() -> VotingStreet:
    return VotingStreet()


def _take_in(street: VotingStreet, **versions: int) -> int:
    """To the first block that goes by these modules, without making it."""
    number = street.accepted(street.propose_modules(0, **versions))
    street.to_period(street.told(number).proposal.from_period)
    epoch = street.epoch
    street.tick()
    while street.told(number).proposal.fate is Fate.ACCEPTED:
        street.tick()
    assert street.epoch > epoch
    return number


@pytest.mark.rule("L-3.6", "L-19.9")
def test_a_module_is_in_force_from_an_epochs_first_block_on(street: VotingStreet) -> None:
    assert street.call(1, Knock()).code == "CALL_UNKNOWN"
    number = street.accepted(street.propose_modules(0, knocks=1))
    period = street.told(number).proposal.from_period
    street.turn()
    assert "knocks" not in street.modules(), "an epoch, and yet too early"
    street.tick()
    street.to_period(period)
    first = street.call(1, Knock())
    assert first.code == "CALL_UNKNOWN", "the first block of the period is of the old epoch"
    assert street.modules()["knocks"] == 1
    assert counts.get(street.ledger.view()) is None
    assert street.call(1, Knock()) == Outcome("OK", Count(1))
    assert street.call(2, Knock()) == Outcome("OK", Count(2))
    assert street.sound()


@pytest.mark.rule("L-19.9")
def test_it_waits_for_the_epoch_that_is_under_way(street: VotingStreet) -> None:
    """An epoch that began with the period's first block goes on by the modules that it has."""
    number = street.accepted(street.propose_modules(0, knocks=1))
    street.turn()
    while street.ledger.committee().first_seq != street.ledger.tip.seq + 1:
        street.tick()
    street.to_period(street.told(number).proposal.from_period)
    for _ in range(3):
        assert street.call(1, Knock()).code == "CALL_UNKNOWN"
    assert street.call(1, Knock()).code == "CALL_UNKNOWN"  # the fourth ends it
    assert street.call(1, Knock()) == Outcome("OK", Count(1))


@pytest.mark.rule("L-3.6")
def test_a_raised_module_begins_with_what_the_one_before_it_wrote(street: VotingStreet) -> None:
    _take_in(street, knocks=1)
    for _ in range(3):
        street.call(1, Knock())
    assert street.call(1, Hush()).code == "CALL_UNKNOWN"
    _take_in(street, knocks=2)
    assert street.modules()["knocks"] == 2
    assert street.call(1, Knock()) == Outcome("OK", Count(35))
    assert street.call(1, Hush()).code == "OK"
    assert street.sound()


@pytest.mark.rule("L-3.6")
def test_a_module_that_came_by_vote_goes_by_vote_and_its_records_wait(street: VotingStreet) -> None:
    _take_in(street, knocks=1)
    street.call(1, Knock())
    _take_in(street, knocks=0)
    assert "knocks" not in street.modules()
    assert street.call(1, Knock()).code == "CALL_UNKNOWN"
    assert street.sound()
    _take_in(street, knocks=1)
    assert street.call(1, Knock()) == Outcome("OK", Count(2))
    _take_in(street, knocks=2)
    _take_in(street, knocks=0)
    assert street.propose_modules(1, knocks=1).code == "MODULE_CHANGE_BAD"
    _take_in(street, knocks=2)
    assert street.call(1, Knock()) == Outcome("OK", Count(25))


@pytest.mark.rule("L-19.3")
@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ({"points": 0}, "MODULE_CHANGE_BAD"),
        ({"points": 1}, "MODULE_CHANGE_BAD"),
        ({"rules": 2}, "MODULE_CHANGE_BAD"),
        ({"knocks": 0}, "MODULE_CHANGE_BAD"),
        ({"nobody_has_it": 7}, "OK"),
        ({"points": 65_535}, "OK"),
        ({}, "CHANGE_EMPTY"),
    ],
)
def test_a_list_of_modules_is_judged_as_a_list(
    street: VotingStreet, versions: dict[str, int], code: str
) -> None:
    assert street.propose_modules(0, **versions).code == code


@pytest.mark.rule("L-19.3")
def test_rules_and_modules_are_changed_apart(street: VotingStreet) -> None:
    both = Propose([NewValue("earn_bps", 1)], [NewVersion("knocks", 1)], street.period + 1)
    assert street.call(0, both).code == "CHANGE_EMPTY"
    twice = Propose([], [NewVersion("a", 1), NewVersion("a", 2)], street.period + 1)
    assert street.call(0, twice).code == "CHANGE_EMPTY"


@pytest.mark.rule("L-3.7")
def test_entries_of_old_blocks_are_read_when_their_module_is_gone(street: VotingStreet) -> None:
    _take_in(street, knocks=1)
    street.call(1, Knock())
    result = street.ledger.machine.decode_answer(Knock.kind, b"\x91\x07")
    _take_in(street, knocks=0)
    back = street.reopened()
    assert back.machine.decode_answer(Knock.kind, b"\x91\x07") == result == Count(7)
    assert back.machine.code_name(601) == "CHANGE_EMPTY"
    with pytest.raises(KeyError):
        back.machine.code_name(22_099)


@pytest.mark.rule("L-3.7")
def test_a_kind_answers_for_ever_as_it_did(street: VotingStreet) -> None:
    class Other(Count, frozen=True):
        more: int = 0

    class OtherKnock(Knock, frozen=True):
        answer = Other

    class Changed(Knocks):
        version = 2
        calls = (OtherKnock,)

    street.installed = [Knocks(), Changed()]
    _take_in(street, knocks=1)
    with pytest.raises(OperatorFault, match="MODULE_BAD"):
        street.ledger.machine.join((("knocks", 2),))


# --- a node that lacks one ---


@pytest.mark.rule("L-3.8")
def test_a_node_without_the_module_stops_above_the_epochs_last_block(street: VotingStreet) -> None:
    twin = VotingStreet(installed=())
    number = street.accepted(street.propose_modules(0, knocks=1))
    street.tick()
    street.to_period(street.told(number).proposal.from_period)
    street.tick()  # the last one of its epoch, for it is of another day than the first
    assert street.modules()["knocks"] == 1
    for execution, txs in zip(street.history, street.sealed, strict=True):
        assert twin.ledger.lacking is None
        twin.commit(twin.ledger.check(Block(execution.header, [tx.raw for tx in txs]), txs))
    fault = twin.ledger.lacking
    assert fault is not None
    assert fault.facts == {"module": "knocks", "version": 1}
    assert twin.ledger.tip == street.ledger.tip
    # It knows who is in office, and takes no further block.
    assert twin.ledger.committee() == street.ledger.committee()
    assert twin.ledger.rules() == street.ledger.rules()
    street.call(1, Knock())
    above, txs = street.history[-1], street.sealed[-1]
    block = Block(above.header, [tx.raw for tx in txs])
    with pytest.raises(PeerFault, match="modules"):
        twin.ledger.check(block, txs)
    with pytest.raises(BugFound, match="modules"):
        twin.execute(*txs)
    # Started again without it, it stands there still; installed, it goes on.
    assert twin.reopened().lacking is not None
    twin.installed = [Knocks()]
    twin.ledger = twin.reopened()
    assert twin.ledger.lacking is None
    twin.commit(twin.ledger.check(block, txs))
    assert twin.ledger.tip == street.ledger.tip


@pytest.mark.rule("L-3.8")
def test_in_the_middle_of_an_epoch_it_stands_still_too(street: VotingStreet) -> None:
    _take_in(street, knocks=1)
    street.call(1, Knock())
    without = street.reopened(lambda _name, _version: None)
    assert without.lacking is not None
    assert without.committee() == street.ledger.committee()


@pytest.mark.rule("L-3.8")
def test_a_raised_module_that_seats_the_committee_is_read_by_its_older_version_until_it_begins(
    street: VotingStreet,
) -> None:
    number = street.accepted(street.propose_modules(0, stake=9))
    street.tick()
    street.to_period(street.told(number).proposal.from_period)
    street.tick()  # the last one of its epoch, for it is of another day than the first
    assert street.modules()["stake"] == 9
    assert street.ledger.lacking is not None
    assert street.ledger.lacking.facts["module"] == "stake"
    assert street.ledger.committee().first_seq == street.ledger.tip.seq + 1
    assert street.reopened().committee() == street.ledger.committee()


@pytest.mark.rule("L-3.8")
def test_a_module_that_does_not_fit_is_said_to_be_so(street: VotingStreet) -> None:
    class NotLater(Knocks):
        may_begin_later = False

    street.installed = [NotLater()]
    number = street.accepted(street.propose_modules(0, knocks=1))
    street.tick()
    street.to_period(street.told(number).proposal.from_period)
    street.tick()  # the last one of its epoch, for it is of another day than the first
    fault = street.ledger.lacking
    assert fault is not None
    assert fault.code == "MODULE_BAD"
    assert "from its beginning" in str(fault.facts["why"])


@pytest.mark.rule("L-3.1")
def test_a_founding_module_that_is_missing_keeps_a_node_from_starting() -> None:
    street = VotingStreet()
    genesis = replace(street.genesis, modules=[*street.genesis.modules, ("knocks", 1)])
    street.genesis = genesis
    with pytest.raises(OperatorFault, match="MODULE_UNKNOWN"):
        type(street.ledger)(genesis, street.disk, street.ledger.tip).machine.join(
            tuple(genesis.modules)
        )


def test_a_module_joins_behind_the_others(street: VotingStreet) -> None:
    founding = [name for name, _ in street.genesis.modules]
    _take_in(street, knocks=1)
    assert list(street.modules()) == [*founding, "knocks"]
    assert len(BONDS) == 5
    assert street.call(0, sale(991, 5)).code == "OK"
