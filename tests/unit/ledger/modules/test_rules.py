"""The street's rulebook: who proposes, who votes, when it takes effect (L-19)."""

import pytest
from liandao_node.ledger import rule_queries as queries
from liandao_node.ledger import rulebook
from liandao_node.ledger.calendar import DAY_MS, period_of, period_start_ms
from liandao_node.ledger.modules import rule_books
from liandao_node.ledger.modules.rule_books import Fate
from liandao_node.ledger.modules.rule_calls import (
    NewValue,
    Propose,
    Proposed,
    Retract,
    Vote,
    Voted,
)
from liandao_node.ledger.modules.rule_tally import needed_of
from liandao_node.ledger.rulebook import NEVER
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace
from support.ledger_street import SECOND_MS, Street, make_genesis, sale
from support.stake_street import RULES
from support.voting import BONDS, OFFSET, VotingStreet

FOLLOWER = 4
FIELDS = set(Rules.__struct_fields__)


@pytest.fixture
def street() -> VotingStreet:
    return VotingStreet()


def _earned(street: Street, card_number: int) -> int:
    """What an order of 10 000 earns now."""
    card = street.enrol(card_number)
    done = street.call(0, sale(card_number, 10_000, card))
    earned = getattr(done.answer, "earned", None)
    assert isinstance(earned, int), done.code
    return earned


# --- the rulebook as data ---


@pytest.mark.rule("L-19.1")
def test_a_street_begins_with_the_rules_of_its_genesis_file(street: VotingStreet) -> None:
    assert street.present == RULES
    edition = queries.edition(street.ledger.view())
    assert edition.number == 1
    assert {one.name: one.value for one in edition.rules} == {
        name: getattr(RULES, name) for name in FIELDS
    }
    assert [(o.name, o.version) for o in edition.modules] == street.genesis.modules


@pytest.mark.rule("L-19.1")
def test_a_street_without_the_module_keeps_its_genesis_rules() -> None:
    modules = [m for m in VotingStreet().genesis.modules if m[0] != rulebook.NAME]
    genesis = replace(make_genesis(rules=Rules(earn_bps=300)), modules=modules)
    street = Street(genesis)
    assert street.ledger.rules() == genesis.rules
    assert not queries.has_rulebook(street.ledger.view())
    assert street.call(0, Vote(1, yes=True)).code == "CALL_UNKNOWN"


@pytest.mark.rule("L-19.1")
def test_a_rule_that_an_edition_does_not_name_has_its_usual_value(street: VotingStreet) -> None:
    edition = queries.edition(street.ledger.view())
    older = replace(edition, rules=[one for one in edition.rules if one.name != "payment_days"])
    assert rulebook.rules_of(older) == replace(RULES, payment_days=Rules().payment_days)


@pytest.mark.rule("L-19.1")
def test_a_block_in_which_nothing_is_due_reads_the_rulebook_once(street: VotingStreet) -> None:
    street.tick()
    reads: list[bytes] = []
    plain = street.disk.get

    def counted(key: bytes) -> bytes | None:
        reads.append(key)
        return plain(key)

    street.disk.get = counted  # type: ignore[method-assign]
    street.wait(SECOND_MS)
    street.execute(street.tx(0, sale(77, 100)))
    assert sum(key[0] == rulebook.NUMBER for key in reads) == 1


# --- proposing ---


@pytest.mark.rule("L-19.3")
def test_any_member_proposes_and_nothing_changes_by_that(street: VotingStreet) -> None:
    done = street.propose(FOLLOWER, earn_bps=300)
    assert done.answer == Proposed(1, Millis(street.time_ms + 30 * DAY_MS))
    assert street.present == RULES
    assert street.told(1).proposal.shop == FOLLOWER
    assert street.sound()


@pytest.mark.rule("L-19.3")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"earn_bps": 10_001}, "RULE_OUT_OF_BOUNDS"),
        ({"committee_seats": 3}, "RULE_OUT_OF_BOUNDS"),
        ({"payment_days": 0}, "RULE_OUT_OF_BOUNDS"),
        ({"manual_day_max": 10**12 + 1}, "RULE_OUT_OF_BOUNDS"),
        ({"expiry_months": 1_201}, "RULE_OUT_OF_BOUNDS"),
        ({"hold_ms": 0}, "RULE_OUT_OF_BOUNDS"),
        ({"issue_limit_bps": 2**62}, "RULE_OUT_OF_BOUNDS"),
        ({"tax_bps": 1}, "RULE_UNKNOWN"),
        ({"exponent": 3}, "RULE_UNKNOWN"),
        ({"utc_offset_minutes": 0}, "RULE_UNKNOWN"),
        ({"unbonding_epochs": 4}, "RULE_FIXED"),
        ({"earn_bps": RULES.earn_bps}, "CHANGE_EMPTY"),
        ({}, "CHANGE_EMPTY"),
    ],
)
def test_what_no_vote_may_make_of_the_rules_is_not_proposed(
    street: VotingStreet, values: dict[str, int], code: str
) -> None:
    assert street.propose(0, **values).code == code
    assert street.propose(0, earn_bps=1).code == "OK"


@pytest.mark.rule("L-19.3")
def test_a_rule_is_named_once(street: VotingStreet) -> None:
    twice = [NewValue("earn_bps", 1), NewValue("earn_bps", 2)]
    assert street.call(0, Propose(twice, [], street.period + 1)).code == "CHANGE_EMPTY"


@pytest.mark.rule("L-19.4")
def test_promises_to_those_outside_and_the_committees_work_have_bounds_of_their_own() -> None:
    rules = replace(RULES, epoch_blocks=8, slash_bps=500, attendance_blocks_min=2)
    street = VotingStreet(rules)
    for values, code in (
        ({"epoch_blocks": 7}, "RULE_OUT_OF_BOUNDS"),
        ({"slash_bps": 499}, "RULE_OUT_OF_BOUNDS"),
        ({"attendance_blocks_min": 9}, "RULE_OUT_OF_BOUNDS"),
        ({"attendance_blocks_min": 9, "epoch_blocks": 9}, "OK"),
        ({"self_bond_min": 701}, "RULE_OUT_OF_BOUNDS"),
        ({"self_bond_min": 700}, "OK"),
    ):
        assert street.propose(0, **values).code == code, values


@pytest.mark.rule("L-19.3")
def test_it_is_for_one_of_the_next_periods(street: VotingStreet) -> None:
    now = street.period
    assert street.propose(0, now, earn_bps=1).code == "PERIOD_UNFIT"
    assert street.propose(0, now + 7, earn_bps=1).code == "PERIOD_UNFIT"
    assert street.propose(0, now + 6, earn_bps=1).code == "OK"


@pytest.mark.rule("L-19.3")
def test_a_shop_has_two_open_proposals_and_the_street_thirty_two() -> None:
    street = VotingStreet(bonds=[1_000] * 17)
    for shop in range(16):
        for value in (1, 2):
            assert street.propose(shop, earn_bps=value).code == "OK"
        assert street.propose(shop, earn_bps=3).code == "PROPOSALS_MANY"
    assert street.propose(16, earn_bps=3).code == "PROPOSALS_FULL"
    assert street.call(3, Retract(7)).code == "OK"
    assert street.propose(16, earn_bps=3).code == "OK"
    assert street.sound()


@pytest.mark.rule("L-19.3")
def test_a_proposal_is_taken_back_by_its_shop_alone(street: VotingStreet) -> None:
    street.propose(1, earn_bps=1)
    assert street.call(2, Retract(1)).code == "PROPOSAL_OTHERS"
    assert street.call(1, Retract(1)).code == "OK"
    assert street.vote(1, 0).code == "PROPOSAL_CLOSED"
    assert street.call(1, Retract(1)).code == "PROPOSAL_CLOSED"
    assert street.call(1, Retract(2)).code == "PROPOSAL_UNKNOWN"
    assert street.told(1).proposal.fate is Fate.RETRACTED


# --- voting ---


@pytest.mark.rule("L-19.6")
def test_more_than_two_thirds_of_the_seats_and_never_less_than_a_quorum_of_blocks() -> None:
    assert [needed_of(n) for n in (1, 2, 3, 4, 5, 6, 7, 10, 19)] == [1, 2, 3, 3, 4, 5, 5, 7, 13]
    for seats in range(1, 20):
        assert needed_of(seats) * 3 > seats * 2 >= (needed_of(seats) - 1) * 3
        assert needed_of(seats) >= (seats + (seats - 1) // 3) // 2 + 1


@pytest.mark.rule("L-19.5", "L-19.6")
def test_seats_vote_and_the_third_yes_of_four_accepts(street: VotingStreet) -> None:
    street.propose(FOLLOWER, earn_bps=300)
    assert street.vote(1, FOLLOWER).code == "SEAT_MISSING"
    assert street.vote(2, 0).code == "PROPOSAL_UNKNOWN"
    assert street.vote(1, 0).answer == Voted(1, 0, 3, 0)
    assert street.vote(1, 1, yes=False).answer == Voted(1, 1, 3, 0)
    assert street.vote(1, 2).answer == Voted(2, 1, 3, 0)
    assert street.vote(1, 1).answer == Voted(3, 0, 3, street.period + 1)
    assert street.vote(1, 3).code == "PROPOSAL_CLOSED"
    assert street.told(1).proposal.fate is Fate.ACCEPTED
    assert street.sound()


@pytest.mark.rule("L-19.5")
def test_the_latest_word_of_a_seat_counts(street: VotingStreet) -> None:
    street.propose(0, earn_bps=300)
    assert street.vote(1, 0, 1, 0, 1, 0).answer == Voted(2, 0, 3, 0)
    assert street.vote(1, 1, yes=False).answer == Voted(1, 1, 3, 0)


@pytest.mark.rule("L-19.5")
def test_votes_of_shops_without_a_seat_do_not_count_until_they_have_one_again(
    street: VotingStreet,
) -> None:
    street.propose(0, earn_bps=300)
    assert street.vote(1, 2, 3).answer == Voted(2, 0, 3, 0)
    street.lie(3)  # banned: it leaves with the next epoch, and shop 4 joins
    street.turn(2)
    assert street.seats() == [0, 1, 2, 4]
    assert street.told(1).yes == 1
    assert street.vote(1, 4).answer == Voted(2, 0, 3, 0)
    assert street.vote(1, 3).code == "SEAT_MISSING"


@pytest.mark.rule("L-19.5")
def test_after_thirty_days_it_has_lapsed_to_the_millisecond(street: VotingStreet) -> None:
    street.propose(0, earn_bps=300)
    street.propose(1, earn_bps=301)
    lapses_ms = street.told(1).proposal.lapses_ms
    street.vote(1, 0, 1)
    street.time_ms = Millis(lapses_ms - 2 * SECOND_MS)
    street.tick()  # so that the day's work was before
    assert street.told(1).proposal.fate is Fate.OPEN
    assert street.vote(1, 2).code == "PROPOSAL_CLOSED"
    street.time_ms = Millis(lapses_ms + DAY_MS)
    street.tick()
    assert street.told(1).proposal.fate is Fate.LAPSED
    assert queries.proposals(street.ledger.view()) == []
    assert street.sound()


# --- taking effect ---


@pytest.mark.rule("L-19.7")
def test_values_take_effect_with_the_first_block_of_the_period_and_not_before(
    street: VotingStreet,
) -> None:
    period = street.period + 1
    street.accepted(street.propose(0, earn_bps=300))
    assert _earned(street, 1) == 200
    street.to_period(period)
    street.time_ms = Millis(street.time_ms - 10 * SECOND_MS)
    assert _earned(street, 2) == 200
    street.to_period(period)
    assert street.present.earn_bps == 200
    assert period_of(Millis(street.time_ms + SECOND_MS), OFFSET) == period
    card = street.enrol(3)  # the first block of the period
    assert street.present.earn_bps == 300
    assert getattr(street.call(0, sale(3, 10_000, card)).answer, "earned", 0) == 300
    edition = queries.edition(street.ledger.view())
    assert (edition.number, edition.since_ms) == (2, period_start_ms(period, OFFSET))
    assert street.told(1).proposal.fate is Fate.IN_FORCE
    assert street.sound()


@pytest.mark.rule("L-19.7")
def test_a_period_that_is_nearer_than_the_notice_is_passed_over(street: VotingStreet) -> None:
    period = street.period + 1
    street.propose(0, earn_bps=300)
    notice_ms = period_start_ms(period, OFFSET) - 7 * DAY_MS
    street.vote(1, 0)
    street.time_ms = Millis(notice_ms - 2 * SECOND_MS)
    street.vote(1, 1, yes=False)
    # The next block lies exactly the notice before the period.
    street.propose(1, earn_bps=400)
    street.vote(1, 1)
    assert getattr(street.vote(1, 2).answer, "from_period", 0) == period + 1
    assert street.sound()


@pytest.mark.rule("L-19.7")
def test_notice_to_the_millisecond_is_enough(street: VotingStreet) -> None:
    period = street.period + 1
    street.propose(0, earn_bps=300)
    street.vote(1, 0, 1)
    street.time_ms = Millis(period_start_ms(period, OFFSET) - 7 * DAY_MS - SECOND_MS)
    assert getattr(street.vote(1, 2).answer, "from_period", 0) == period


@pytest.mark.rule("L-19.8")
def test_changes_of_one_period_apply_in_the_order_of_acceptance(street: VotingStreet) -> None:
    period = street.period + 1
    street.accepted(street.propose(0, earn_bps=300, vest_ms=5))
    street.accepted(street.propose(1, period + 1, earn_bps=350))
    street.accepted(street.propose(2, earn_bps=310))
    street.to_period(period + 1)
    street.tick()
    assert (street.present.earn_bps, street.present.vest_ms) == (350, 5)
    assert queries.edition(street.ledger.view()).number == 2
    assert street.sound()


@pytest.mark.rule("L-19.8")
def test_what_no_longer_fits_when_its_time_comes_is_void() -> None:
    street = VotingStreet(replace(RULES, epoch_blocks=4, attendance_blocks_min=2))
    street.accepted(street.propose(0, attendance_blocks_min=9, epoch_blocks=9))
    street.accepted(street.propose(1, epoch_blocks=5))
    street.to_period(street.period + 1)
    street.tick()
    assert (street.present.epoch_blocks, street.present.attendance_blocks_min) == (9, 9)
    assert [street.told(n).proposal.fate for n in (1, 2)] == [Fate.IN_FORCE, Fate.VOID]
    assert rulebook.in_force.get(street.ledger.view()).rules_from == NEVER  # type: ignore[union-attr]
    assert street.sound()


@pytest.mark.rule("L-19.7", "L-3.6")
def test_orders_lots_and_holds_keep_the_terms_that_they_were_made_by(street: VotingStreet) -> None:
    street = VotingStreet(bonds=[10**6] * 4)
    period = street.period + 1
    card = street.enrol(1)
    street.call(0, sale(1, 100_000, card))
    street.accepted(street.propose(0, earn_bps=0, expiry_months=0, hold_ms=1_000, share_bps_max=1))
    street.to_period(period)
    street.time_ms = Millis(street.time_ms - SECOND_MS)
    held = street.call(0, street.hold(0, card, 1, 500))
    assert held.code == "OK"
    street.wait(2 * SECOND_MS)  # into the new period, with a hold of the old one
    done = street.call(0, sale(2, 10**7, card, hold=1, points=500))
    assert done.code == "OK"
    assert getattr(done.answer, "balance", 0) == 1_500
    assert street.sound()


@pytest.mark.rule("L-19.4")
def test_smaller_committees_by_vote_shrink_by_no_more_than_a_committee_may() -> None:
    street = VotingStreet(bonds=[1_000 - at for at in range(10)])
    assert len(street.seats()) == 10
    street.accepted(street.propose(0, committee_seats=4))
    street.to_period(street.period + 1)
    sizes = [len(street.seats())]
    while sizes[-1] > 4:
        before = street.seats()
        street.turn()
        assert len(set(before) - set(street.seats())) <= (len(before) - 1) // 3
        sizes.append(len(street.seats()))
    assert sizes[0] == 10


@pytest.mark.rule("L-19.2")
def test_a_ledger_that_comes_back_and_one_that_replays_agree(street: VotingStreet) -> None:
    street.accepted(street.propose(0, epoch_blocks=5))
    street.to_period(street.period + 1)
    street.turn(2)
    back = street.reopened()
    assert back.rules() == street.present == replace(RULES, epoch_blocks=5)
    fresh = VotingStreet()
    for execution, txs in zip(street.history, street.sealed, strict=True):
        h = execution.header
        again = fresh.ledger.execute(
            parent=h.parent,
            epoch=h.epoch,
            seq=h.seq,
            time_ms=h.time_ms,
            proposer=h.proposer,
            attendance=h.attendance,
            txs=txs,
        )
        assert again.header == h
        fresh.commit(again)


@pytest.mark.rule("L-19.8")
def test_the_audit_sees_a_docket_that_forgets(street: VotingStreet) -> None:
    street.propose(0, earn_bps=1)
    view = street.ledger.view()
    docket = rule_books.docket_of(view)
    rule_books.dockets.put(view, value=replace(docket, open=[]))
    assert any("docket" in line for line in street.ledger.machine.invariants(view))
    kept = rulebook.in_force.get(view)
    assert kept is not None
    rulebook.in_force.put(view, value=replace(kept, rules_from=1))
    assert any("values are due" in line for line in street.ledger.machine.invariants(view))


def test_the_bonds_that_the_tests_count_on() -> None:
    assert VotingStreet().seats() == [0, 1, 2, 3]
    assert min(BONDS[:4]) == 700
    assert ShopId(FOLLOWER) not in VotingStreet().seats()
    assert Amount(RULES.self_bond_min) == 100
