"""The refund in work and on its way, on trio alone: what is previewed, sent once, restored."""

from pathlib import Path

import trio
from liandao_app.services.refunding import Chosen, Confirmed, Finding, Refunding
from liandao_app.services.refunds import Refund
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_node.client import OrderName
from liandao_node.errors import Refused, StorageFault
from liandao_node.types import Amount
from support.fake_node import FakeStreet
from support.till_rig import open_till, settle, until

FIRST = OrderName(1, 17)


def refunding_of(till: Till) -> Refunding:
    assert till.refunding is not None
    return till.refunding


def chosen(till: Till) -> Chosen:
    step = refunding_of(till).step
    assert isinstance(step, Chosen)
    return step


async def choose(till: Till, written: str = "17") -> None:
    refunding_of(till).find(written)
    await until(lambda: isinstance(refunding_of(till).step, Chosen) and chosen(till).ready)


def confirm(till: Till) -> Refund:
    refund = refunding_of(till).confirm()
    assert refund is not None
    return refund


async def test_a_preview_belongs_to_one_amount(tmp_path: Path) -> None:
    """Until the node has said what would move for exactly this amount, nothing is confirmed."""
    street = FakeStreet()
    street.add_order(17, 2_350, points=400)
    async with open_till(street, tmp_path) as till:
        await choose(till)
        assert chosen(till).gross == 2_350
        street.stop("preview_refund")
        refunding_of(till).set_gross(Amount(1_000))
        await settle()
        assert refunding_of(till).confirm() is None
        refunding_of(till).set_gross(Amount(500))
        street.go("preview_refund")
        await until(lambda: chosen(till).ready)
        preview = chosen(till).preview
        assert preview is not None
        assert (preview.gross, preview.cash, preview.points_back) == (500, 415, 85)
        await settle()
        assert chosen(till).preview is preview, "the late answer for 1000 changes nothing"
        refunding_of(till).set_gross(Amount(99_999))
        assert chosen(till).gross == 2_350


async def test_a_sale_whose_refund_is_on_its_way_is_not_refunded_again(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_order(17, 2_350)
    async with open_till(street, tmp_path) as till:
        await choose(till)
        street.stop("refund")
        refund = confirm(till)
        assert refunding_of(till).confirm() is None
        refunding_of(till).begin()
        refunding_of(till).find("1-17")
        await until(lambda: isinstance(refunding_of(till).step, Confirmed))
        step = refunding_of(till).step
        assert isinstance(step, Confirmed)
        assert step.refund is refund
        assert till.refunds.waiting == 1
        street.go("refund")
        await until(lambda: refund.stage is Stage.CERTIFIED)
        assert (till.refunds.waiting, till.refunds.attention) == (0, refund)
        refund.seen = True
        assert till.refunds.attention is None


async def test_what_was_confirmed_is_on_disk_before_it_is_sent_and_sent_once(
    tmp_path: Path,
) -> None:
    """R12: across a window that was killed, too."""
    street = FakeStreet()
    street.add_order(17, 2_350)
    file = tmp_path / "counter" / "refunds-1.json"
    async with open_till(street, tmp_path) as till:
        await choose(till)
        refunding_of(till).set_gross(Amount(700))
        await until(lambda: chosen(till).ready)
        street.lose_answers.add("refund")
        street.leave()
        await until(lambda: not till.link.connected)
        confirm(till)
        await until(file.exists)
        assert street.asked["refund"] == 0
        kept = file.read_bytes()
    assert b'"gross":700' in kept
    street.come_back()
    async with open_till(street, tmp_path) as again:
        await until(lambda: again.refunds.attention is not None)
        refund = again.refunds.attention
        assert refund is not None
        assert (refund.stage, street.asked["refund"], len(street.refunds)) == (
            Stage.CERTIFIED,
            2,
            1,
        )
        await until(lambda: file.read_bytes() == b"[]")
    assert street.past[FIRST].refunded == 700


async def test_a_refund_that_happened_without_an_answer_is_not_made_again_by_the_next_window(
    tmp_path: Path,
) -> None:
    """R12: the street had it already when the first window ended."""
    street = FakeStreet()
    street.add_order(17, 2_350)
    async with open_till(street, tmp_path) as till:
        await choose(till)
        refunding_of(till).set_gross(Amount(700))
        await until(lambda: chosen(till).ready)
        street.lose_answers.add("refund")
        refund = confirm(till)
        await until(lambda: len(street.refunds) == 1)
        street.stop("refund")
        assert refund.stage is Stage.ASKED
    street.go("refund")
    async with open_till(street, tmp_path) as again:
        await until(lambda: again.refunds.attention is not None)
    assert (len(street.refunds), street.past[FIRST].refunded) == (1, 700)


async def test_a_refusal_is_final_and_forgotten_on_disk(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_order(17, 2_350)
    async with open_till(street, tmp_path) as till:
        await choose(till)
        street.refuse("refund", Refused("REFUND_OVER_ORDER", order="1-17", left=3))
        refund = confirm(till)
        await until(lambda: refund.stage is Stage.REFUSED)
        await until(lambda: (tmp_path / "counter" / "refunds-1.json").read_bytes() == b"[]")
        await settle()
        assert street.asked["refund"] == 1


async def test_a_disk_that_refuses_is_told_and_the_refund_goes_on(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_order(17, 2_350)
    async with open_till(street, tmp_path) as till:
        await choose(till)
        (tmp_path / "counter").write_text("no folder")
        refund = confirm(till)
        await until(lambda: refund.stage is Stage.CERTIFIED)
        assert isinstance(till.storage_trouble, StorageFault)
        till.forget_storage_trouble()
        assert till.storage_trouble is None


async def test_an_unknown_sale_is_said_and_the_next_is_looked_up(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_order(17, 2_350)
    async with open_till(street, tmp_path) as till:
        refunding_of(till).find("99")
        await until(lambda: isinstance(refunding_of(till).step, Finding))
        step = refunding_of(till).step
        assert isinstance(step, Finding)
        assert step.error is not None
        assert step.error.facts == {"register": 1, "number": 99}
        street.stop("find_order")
        refunding_of(till).find("16")
        refunding_of(till).find("17")
        with trio.CancelScope():
            await settle()
        street.go("find_order")
        await until(lambda: isinstance(refunding_of(till).step, Chosen))
        assert chosen(till).order.order == FIRST, "the one asked for last"
