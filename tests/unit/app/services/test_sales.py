"""Taken sales: never lost, never twice, and in one of three states at any time (D-16)."""

from pathlib import Path

import msgspec
import pytest
import trio
from liandao_app.services.checkout import Checkout
from liandao_app.services.draft import Tender
from liandao_app.services.hold import HoldState
from liandao_app.services.outbox import Slip
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_node.errors import Refused, Unavailable
from liandao_node.types import Amount
from support.fake_node import FakeStreet, scan_of
from support.till_rig import checkout_of, last_of, open_till, settle, until
from trio.testing import MockClock


@pytest.fixture
def street() -> FakeStreet:
    made = FakeStreet()
    made.add_card(1, 1560)
    return made


def take(checkout: Checkout, gross: int) -> None:
    checkout.set_gross(Amount(gross))
    checkout.take(Tender.CASH, Amount(0))


async def points_asked(till: Till, street: FakeStreet) -> Checkout:
    """A sale with the most points is taken while its hold is not answered."""
    checkout = checkout_of(till)
    street.stop("hold")
    checkout.set_gross(Amount(2350))
    checkout.present(scan_of(1))
    await until(lambda: street.asked["hold"] == 1)
    checkout.choose_max()
    checkout.take(Tender.CASH, Amount(0))
    return checkout


def saved(data: Path) -> list[Slip]:
    document = (data / "counter" / "outbox-1.json").read_bytes()
    return msgspec.json.decode(document, type=list[Slip])


async def test_receipt_numbers_count_up_without_gaps(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        for gross in (100, 200, 300):
            take(checkout_of(till), gross)
            await until(lambda: till.sales.waiting == 0)
        assert [request.order.number for request in street.requests] == [1, 2, 3]


async def test_a_taken_sale_is_asked_until_its_certificate(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        street.stop("sell")
        take(checkout_of(till), 990)
        await until(lambda: street.asked["sell"] == 1)
        assert (last_of(till).stage, last_of(till).sold) == (Stage.ASKED, None)
        assert till.sales.attention is None
        street.go("sell")
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert last_of(till).sold is not None


async def test_an_asked_sale_lies_on_disk_until_it_is_answered(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        street.stop("sell")
        take(checkout_of(till), 990)
        await until(lambda: street.asked["sell"] == 1)
        assert [(slip.gross, slip.order) for slip in saved(tmp_path)] == [(990, 1)]
        street.go("sell")
        await until(lambda: saved(tmp_path) == [])


async def test_the_next_sale_does_not_wait_for_the_last(street: FakeStreet, tmp_path: Path) -> None:
    async with open_till(street, tmp_path) as till:
        street.stop("sell")
        for gross in (100, 200, 300):
            take(checkout_of(till), gross)
        await until(lambda: street.asked["sell"] == 3)
        street.go("sell")
        await until(lambda: till.sales.waiting == 0)
        assert sorted(request.gross for request in street.requests) == [100, 200, 300]


async def test_a_lost_answer_is_asked_for_again_as_the_same_sale(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    """Carried out, the connection broke: asking again sells nothing twice."""
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        street.lose_answers.add("sell")
        take(checkout_of(till), 990)
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert (street.asked["sell"], len(street.sold)) == (2, 1)
        assert street.orders[1] == 1


async def test_a_number_lost_on_the_way_leaves_no_gap(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    """Also when the next sales want theirs before the first has asked again."""
    async with open_till(street, tmp_path) as till:
        street.lose_answers.add("next_order")
        take(checkout_of(till), 100)
        await until(lambda: street.asked["next_order"] == 1)
        take(checkout_of(till), 200)
        take(checkout_of(till), 300)
        await until(lambda: len(saved(tmp_path)) == 3)
        for _ in range(10):
            await trio.to_thread.run_sync(lambda: None)  # what was written is noticed
            await settle()
        mock_clock.jump(1)
        await until(lambda: till.sales.waiting == 0)
        assert sorted(request.order.number for request in street.requests) == [1, 2, 3]


async def test_sales_during_an_outage_are_sent_when_the_node_is_back(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        street.leave()
        await until(lambda: not till.link.connected)
        take(checkout_of(till), 990)
        take(checkout_of(till), 450)
        assert till.sales.waiting == 2
        street.come_back()
        await until(lambda: till.sales.waiting == 0)
        assert sorted(request.gross for request in street.requests) == [450, 990]


async def test_sales_not_sent_before_closing_are_sent_at_the_next_start(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        street.leave()
        await until(lambda: not till.link.connected)
        take(checkout_of(till), 990)
    assert [slip.gross for slip in saved(tmp_path)] == [990]
    street.come_back()
    async with open_till(street, tmp_path) as till:
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].gross == 990
        await until(lambda: saved(tmp_path) == [])


async def test_a_sale_cut_off_in_the_middle_keeps_its_receipt_number(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    """Closed between the ledger's answer and ours: the next start sells nothing twice."""
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        take(checkout_of(till), 990)
        street.stop("sell")
        await until(lambda: street.asked["sell"] == 1)
    street.go("sell")
    async with open_till(street, tmp_path) as till:
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
    assert street.orders[1] == 1
    assert len(street.sold) == 1


async def test_a_refused_sale_is_told_and_gives_its_points_back(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("sell", Refused("HOLD_EXPIRED"))
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.customer is not None)
        checkout.choose_max()
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.REFUSED)
        assert till.sales.attention is last_of(till)
        await until(lambda: street.card(1).held == 0)
        last_of(till).seen = True
        assert till.sales.attention is None


async def test_a_refused_sale_can_be_asked_again_without_points(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("sell", Refused("HOLD_EXPIRED"))
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.customer is not None)
        checkout.choose_max()
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.REFUSED)
        checkout.drop_points(last_of(till))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert (street.requests[-1].points, street.requests[-1].hold) == (0, b"")
        assert last_of(till).points_dropped == 1175
        assert street.card(1).available == 1560 + 70


@pytest.mark.parametrize(("code", "number"), [("HOLD_EXPIRED", 1), ("ORDER_KNOWN", 2)])
async def test_a_sale_asked_again_keeps_its_number_unless_that_was_refused(
    street: FakeStreet, tmp_path: Path, code: str, number: int
) -> None:
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.refuse("sell", Refused(code))
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(lambda: checkout.draft.customer is not None)
        checkout.choose_max()
        checkout.take(Tender.CASH, Amount(0))
        await until(lambda: last_of(till).stage is Stage.REFUSED)
        checkout.drop_points(last_of(till))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].order.number == number


async def test_points_are_never_sold_before_their_hold_is_granted(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        await points_asked(till, street)
        assert (last_of(till).stage, street.asked["sell"]) == (Stage.ASKED, 0)
        street.go("hold")
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].points == 1175


async def test_a_hold_refused_after_the_sale_was_taken_refuses_the_sale(
    street: FakeStreet, tmp_path: Path
) -> None:
    async with open_till(street, tmp_path) as till:
        street.refuse("hold", Refused("HOLD_TOO_MUCH", available=0))
        await points_asked(till, street)
        street.go("hold")
        await until(lambda: last_of(till).stage is Stage.REFUSED)
        error = last_of(till).error
        assert error is not None
        assert error.code == "HOLD_TOO_MUCH"
        assert street.asked["sell"] == 0


async def test_slow_points_of_a_taken_sale_can_be_given_up(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 20.0
    async with open_till(street, tmp_path) as till:
        checkout = await points_asked(till, street)
        await until(lambda: last_of(till).points_slow)
        assert till.sales.attention is last_of(till)
        checkout.drop_points(last_of(till))
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        assert street.requests[-1].points == 0
        assert last_of(till).points_dropped == 1175
        street.go("hold")
        await until(lambda: street.card(1).held == 0)


async def test_without_a_quorum_a_hold_is_asked_again_and_again(
    street: FakeStreet, tmp_path: Path, mock_clock: MockClock
) -> None:
    mock_clock.rate = 20.0
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        for _ in range(3):
            street.refuse("hold", Unavailable("NO_QUORUM"))
        checkout.set_gross(Amount(2350))
        checkout.present(scan_of(1))
        await until(
            lambda: (
                checkout.draft.hold is not None and checkout.draft.hold.state is HoldState.GRANTED
            )
        )
        assert street.asked["hold"] == 4
        assert street.card(1).held == 1175


async def test_a_disk_that_cannot_be_written_stops_no_sale(
    street: FakeStreet, tmp_path: Path
) -> None:
    (tmp_path / "counter").write_text("a file where the folder should be")
    async with open_till(street, tmp_path) as till:
        take(checkout_of(till), 990)
        await until(lambda: last_of(till).stage is Stage.CERTIFIED)
        trouble = till.sales.storage_trouble
        assert trouble is not None
        assert trouble.code == "OUTBOX_UNWRITABLE"


async def test_no_sale_falls_out_of_sight_however_many_wait(
    street: FakeStreet,
    tmp_path: Path,
    mock_clock: MockClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """D-16: an outage of more sales than are shown; one of them is then refused."""
    monkeypatch.setattr("liandao_app.services.sales.SALES_SHOWN_MAX", 2)
    mock_clock.rate = 50.0
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        street.leave()
        await until(lambda: not till.link.connected)
        for at in range(4):
            take(checkout, 100 + at)
        assert till.sales.waiting == 4
        street.refuse("sell", Refused("EXCLUDED_OVER_GROSS"))
        street.come_back()
        await until(lambda: till.sales.waiting == 0)
        attention = till.sales.attention
        assert attention is not None
        assert attention.stage is Stage.REFUSED
