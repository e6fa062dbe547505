"""The checkout against a street in memory: what each act of the cashier leads to."""

from pathlib import Path

import pytest
import trio
from liandao_app.services.checkout import SETTLE_S, Answer, Checkout
from liandao_app.services.draft import (
    Customer,
    EnrolFailed,
    LookupFailed,
    Nobody,
    Stranger,
    Tender,
)
from liandao_app.services.hold import SLOW_AFTER_S, HoldState
from liandao_app.services.sales import Stage
from liandao_node.errors import InputFault, Refused
from liandao_node.types import Amount
from support.fake_node import FakeStreet, scan_of
from support.till_rig import checkout_of, last_of, open_till, settle, until
from trio.testing import MockClock


@pytest.fixture
def street() -> FakeStreet:
    made = FakeStreet()
    made.add_card(1, 1560)
    made.add_card(2, 400)
    return made


def granted(checkout: Checkout) -> bool:
    hold = checkout.draft.hold
    return hold is not None and hold.state is HoldState.GRANTED


async def ready(checkout: Checkout, gross: int, card: int = 1) -> None:
    """Amount, card, and the hold granted."""
    checkout.set_gross(Amount(gross))
    checkout.present(scan_of(card))
    await until(lambda: granted(checkout))


async def test_the_most_is_held_at_the_scan_before_anybody_asked(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        await ready(checkout_of(till), 2350)
        assert street.card(1).held == 1175
        assert checkout_of(till).draft.points == 0


async def test_a_sale_with_the_most_points(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.choose_max()
        assert checkout.take(Tender.CASH, Amount(0)) is Answer.TAKEN
        assert last_of(till).stage is Stage.ASKED
        assert checkout.draft.gross == 0
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        sold = last_of(till).sold
        assert sold is not None
        assert (sold.points_used, sold.earned, sold.balance) == (1175, 35, 420)
        assert (street.card(1).available, street.card(1).held) == (420, 0)


@pytest.mark.parametrize(("number", "used"), [(400, 400), (1175, 1175), (9999, 1175), (0, 0)])
async def test_any_number_up_to_the_most(
    street: FakeStreet, tmp_path: Path, number: int, used: int
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.choose(Amount(number))
        checkout.take(Tender.CARD, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].points == used
        assert street.requests[-1].gross == 2350
        await until(lambda: street.card(1).held == 0)
        assert street.card(1).available == 1560 - used + (2350 - used) * 300 // 10_000


async def test_a_sale_without_a_card_asks_for_no_hold(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.set_gross(Amount(990))
        checkout.take(Tender.OTHER, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert (street.asked["hold"], street.requests[-1].card) == (0, b"")
        assert street.requests[-1].tender == "other"


async def test_no_points_gives_the_hold_back(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.choose_none()
        await until(lambda: street.card(1).held == 0)
        assert street.card(1).available == 1560
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].hold == b""


async def test_an_unused_hold_goes_back_when_the_sale_is_taken_without_points(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: street.card(1).held == 0)


async def test_clearing_gives_the_hold_back(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.clear()
        assert isinstance(checkout.draft.visitor, Nobody)
        await until(lambda: street.card(1).held == 0)


async def test_clearing_before_the_hold_is_granted_gives_it_back_afterwards(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.stop("hold")
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: street.asked["hold"] == 1)
        checkout.clear()
        street.go("hold")
        await until(lambda: street.asked["release"] == 1 and street.card(1).held == 0)
        assert street.card(1).available == 1560


async def test_a_second_card_takes_the_place_of_the_first(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350, card=1)
        checkout.choose_max()
        checkout.present(scan_of(2))
        await until(lambda: street.card(1).held == 0 and street.card(2).held == 400)
        assert checkout.draft.points == 0
        assert checkout.draft.points_max == 400


async def test_the_same_card_again_changes_nothing(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.choose_max()
        before = checkout.draft
        checkout.present(scan_of(1))
        await settle()
        assert checkout.draft == before
        assert street.asked["find_card"] == 1


async def test_a_card_scanned_again_after_clearing_shows_its_whole_balance(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.clear()
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.customer is not None)
        assert isinstance(checkout.draft.visitor, Customer)
        assert checkout.draft.visitor.card.available == 1560


async def test_scan_first_then_amount_needs_no_second_hold(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.present(scan_of(1))
        await until(lambda: granted(checkout))
        checkout.set_gross(Amount(2350))
        await settle()
        mock_clock.jump(2 * SETTLE_S)
        await settle()
        checkout.choose_max()
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.asked["hold"] == 1


async def test_a_larger_amount_grows_the_hold_once_it_stands_still(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 1000)
        for gross in (1200, 1500, 2350):
            checkout.set_gross(Amount(gross))
            await settle()
            mock_clock.jump(SETTLE_S / 2)
            await settle()
        assert street.asked["hold"] == 1
        mock_clock.jump(SETTLE_S)
        await until(lambda: street.card(1).held == 1175)
        assert (street.asked["hold"], street.asked["release"]) == (2, 1)


async def test_a_smaller_amount_keeps_the_hold(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        checkout.choose_max()
        checkout.set_gross(Amount(1000))
        await settle()
        mock_clock.jump(2 * SETTLE_S)
        await settle()
        assert (checkout.draft.points, street.asked["hold"]) == (500, 1)


async def test_a_tender_right_after_a_larger_amount_waits_for_the_larger_hold(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 1000)
        checkout.choose_max()
        checkout.set_gross(Amount(2350))
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].points == 1175


async def test_cash_must_suffice_and_gives_change(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        assert checkout.take(Tender.CASH, Amount(0)) is Answer.NO_AMOUNT
        checkout.set_gross(Amount(2350))
        assert checkout.take(Tender.CASH, Amount(2000)) is Answer.CASH_SHORT
        assert till.sales.last is None
        assert checkout.take(Tender.CASH, Amount(5000)) is Answer.TAKEN
        assert last_of(till).slip.change == 2650
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)


async def test_a_key_pressed_twice_is_one_sale(street: FakeStreet, tmp_path: Path) -> None:
    """The second press finds no amount."""
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.set_gross(Amount(2350))
        assert checkout.take(Tender.CASH, Amount(0)) is Answer.TAKEN
        assert checkout.take(Tender.CASH, Amount(0)) is Answer.NO_AMOUNT
        await until(lambda: till.sales.waiting == 0)
        assert len(street.sold) == 1


async def test_a_refused_hold_leaves_the_sale_free_to_go_on(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("hold", Refused("HOLD_CODE_LIMIT", left=300))
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.hold is not None and not checkout.draft.hold.pending)
        hold = checkout.draft.hold
        assert hold is not None
        assert hold.state is HoldState.REFUSED
        checkout.choose(Amount(300))
        await until(lambda: granted(checkout))
        assert street.card(1).held == 300


async def test_after_two_seconds_the_hold_is_slow_and_can_be_waited_for(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.stop("hold")
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.hold is not None)
        hold = checkout.draft.hold
        assert hold is not None
        await settle()
        mock_clock.jump(SLOW_AFTER_S / 2)
        await settle()
        assert hold.state is HoldState.ASKED
        mock_clock.jump(SLOW_AFTER_S)
        await settle()
        mock_clock.jump(SLOW_AFTER_S)
        await until(lambda: hold.state is HoldState.SLOW)
        checkout.wait_for_points()
        assert hold.pending
        assert checkout.draft.hold is hold
        street.go("hold")
        await until(lambda: granted(checkout))


async def test_a_hold_not_used_in_time_lapses_and_is_asked_for_again(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        await ready(checkout, 2350)
        first = checkout.draft.hold
        assert first is not None
        await settle()
        mock_clock.jump(119)
        await until(lambda: first.state is HoldState.LAPSED)
        street.move(street.card(1).card, 1175, -1175)  # the ledger's own expiry
        checkout.choose_max()
        await until(lambda: granted(checkout))
        assert checkout.draft.hold is not first


async def test_an_unknown_card_is_enrolled_in_place(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.set_gross(Amount(1800))
        checkout.present(scan_of(77))
        await until(lambda: isinstance(checkout.draft.visitor, Stranger))
        checkout.enrol(scan_of(77))
        await until(lambda: isinstance(checkout.draft.visitor, Customer))
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.cards[last_of(till).slip.card].available == 54


async def test_a_card_made_by_the_node_comes_with_its_payload(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.enrol("")
        await until(lambda: checkout.draft.customer is not None)
        customer = checkout.draft.customer
        assert customer is not None
        assert customer.payload.startswith("LD1:C:")
        assert customer.presented == customer.payload


async def test_a_refused_enrolment_says_why(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("enrol", Refused("CARD_KNOWN"))
        checkout.enrol(scan_of(77))
        await until(lambda: isinstance(checkout.draft.visitor, EnrolFailed))


async def test_an_answer_that_comes_too_late_changes_nothing(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.stop("find_card")
        checkout.present(scan_of(1))
        await settle()
        checkout.clear()
        street.go("find_card")
        await settle()
        assert isinstance(checkout.draft.visitor, Nobody)
        assert street.asked["hold"] == 0


async def test_a_bad_code_is_told_and_holds_nothing(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("find_card", InputFault("CARD_CODE_BAD"))
        checkout.present("12345678")
        await until(lambda: isinstance(checkout.draft.visitor, LookupFailed))
        assert street.asked["hold"] == 0


async def test_a_lookup_during_an_outage_is_answered_when_the_node_is_back(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.leave()
        await until(lambda: not till.link.connected)
        checkout.present(scan_of(1))
        await trio.sleep(1)
        street.come_back()
        await until(lambda: checkout.draft.customer is not None)
        assert till.link.connected
