"""A bill in work when the street's rules change by a vote."""

from pathlib import Path

import pytest
from liandao_app.services.draft import Draft
from liandao_app.services.hold import HoldState
from liandao_node.types import Amount
from msgspec.structs import replace
from support.fake_node import FakeStreet, scan_of
from support.till_rig import checkout_of, open_till, settle, until
from trio.testing import MockClock


@pytest.mark.parametrize("share_bps", [2_000, 6_000])
async def test_a_rule_that_changes_while_a_bill_is_in_work_counts_at_once(
    tmp_path: Path, mock_clock: MockClock, share_bps: int
) -> None:
    street = FakeStreet()
    street.add_card(1, 1560)
    async with open_till(street, tmp_path) as till:
        checkout = checkout_of(till)
        checkout.set_gross(Amount(2_000))
        checkout.present(scan_of(1))
        await until(lambda: street.card(1).held == 1_000)
        checkout.choose_max()
        assert checkout.draft.points == 1_000
        most = 2_000 * share_bps // 10_000
        street.tell(replace(street.summary, share_bps_max=share_bps))
        await settle()
        assert checkout.draft.points == most
        # On a clock that stands still no amount settles: only the rule asks for another hold.
        hold = checkout.draft.hold
        assert hold is not None
        assert hold.covers(Amount(most))
        await until(lambda: hold.state is HoldState.GRANTED)
        assert street.card(1).held >= most
        checkout.clear()
        assert checkout.draft == Draft(), "an empty bill asks for nothing"
