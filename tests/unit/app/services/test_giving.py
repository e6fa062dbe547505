"""Points by hand on trio alone: asked once, told, and never with a PIN on disk."""

from pathlib import Path

from liandao_app.services.giving import Giving, Wish
from liandao_app.services.sales import Stage
from liandao_app.services.till import Till
from liandao_node.client import GivingReason
from liandao_node.types import Amount
from msgspec.structs import replace as changed
from support.fake_node import FakeStreet
from support.fake_points import PIN
from support.till_rig import open_till, settle, until

GOOD = Wish(Amount(300), GivingReason.COMPLAINT, "Sato 佐藤", "Wang Li 王丽", PIN)


def giving_of(till: Till) -> Giving:
    assert till.giving is not None
    return till.giving


async def test_a_lost_answer_is_the_same_gift(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_card(1, 100)
    async with open_till(street, tmp_path) as till:
        giving = giving_of(till)
        giving.begin(street.card(1))
        await until(lambda: giving.told is not None)
        street.lose_answers.add("give_points")
        assert giving.give(GOOD)
        assert not giving.give(GOOD), "one is on its way"
        gift = giving.gift
        assert gift is not None
        await until(lambda: gift.stage is Stage.CERTIFIED)
        assert (street.asked["give_points"], len(street.given)) == (2, 1)
        assert street.card(1).available == 400
        await until(lambda: giving.told is not None and giving.told.left_today == 3_950)
        assert not giving.give(GOOD), "it was given"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if PIN.encode() in path.read_bytes()]


async def test_after_a_refusal_it_is_asked_anew_under_another_name(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_card(1, 100)
    async with open_till(street, tmp_path) as till:
        giving = giving_of(till)
        giving.begin(street.card(1))
        wrong = Wish(GOOD.amount, GOOD.reason, GOOD.asked_by, GOOD.approved_by, "0000")
        assert giving.give(wrong)
        await until(lambda: giving.gift is not None and giving.gift.stage is Stage.REFUSED)
        assert street.card(1).available == 100
        assert giving.give(GOOD)
        await until(lambda: giving.gift is not None and giving.gift.stage is Stage.CERTIFIED)
        first, second = street.gifts
        assert first.grant != second.grant
        assert changed(first, grant=second.grant, pin=PIN, at_ms=second.at_ms) == second


async def test_nothing_is_asked_while_something_is_missing(tmp_path: Path) -> None:
    street = FakeStreet()
    street.add_card(1, 100)
    async with open_till(street, tmp_path) as till:
        giving = giving_of(till)
        assert not giving.give(GOOD), "no card"
        giving.begin(street.card(1))
        for wish in (
            Wish(Amount(0), GOOD.reason, "a", "b", PIN),
            Wish(Amount(1), None, "a", "b", PIN),
            Wish(Amount(1), GOOD.reason, "", "b", PIN),
            Wish(Amount(1), GOOD.reason, "a", "", PIN),
            Wish(Amount(1), GOOD.reason, "a", "b", ""),
        ):
            assert not giving.give(wish)
        await settle()
        assert street.asked["give_points"] == 0
