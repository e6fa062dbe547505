"""Which order goods came back of: invented goods, every way to find or miss one."""

import pytest
from liandao_node.limits import REFUND_PARTS_MAX
from liandao_plugins.api import Goods
from liandao_plugins.host import Purchases, Unmatched
from liandao_plugins.host.returns import Part


def goods(code: str, pieces: int, amount_minor: int) -> Goods:
    return Goods(code, 1_000 * pieces, amount_minor)


@pytest.fixture
def bought() -> Purchases[str]:
    """Ann bought cups three times, and a bag for nothing."""
    purchases: Purchases[str] = Purchases()
    purchases.bought("ann", "first", [goods("cup", 6, 600), goods("bag", 1, 0)])
    purchases.bought("ann", "second", [goods("cup", 4, 480)])
    purchases.bought("ann", "third", [goods("cup", 6, 540), goods("plate", 3, 100)])
    purchases.bought("bob", "other", [goods("cup", 2, 200)])
    purchases.bought("", "nobody's", [goods("cup", 2, 200)])
    return purchases


def test_the_order_with_exactly_these_pieces_is_the_one(bought: Purchases[str]) -> None:
    assert bought.take_back("ann", "cup", 4_000) == [Part("second", 480)]
    assert bought.take_back("ann", "cup", 6_000) == [Part("third", 540)], "the newer one of two"
    assert bought.take_back("ann", "cup", 6_000) == [Part("first", 600)]
    assert bought.take_back("ann", "cup", 1_000) == Unmatched.OVER


def test_else_the_newest_orders_are_taken_from_first(bought: Purchases[str]) -> None:
    assert bought.take_back("ann", "cup", 2_000) == [Part("third", 180)]
    assert bought.take_back("ann", "cup", 9_000) == [
        *(Part("third", 360), Part("second", 480), Part("first", 100))
    ]
    assert bought.take_back("ann", "cup", 5_000) == [Part("first", 500)], "what is left of it"


def test_all_steps_together_take_back_what_was_paid_and_no_more(bought: Purchases[str]) -> None:
    steps = [bought.take_back("ann", "plate", 1_000) for _ in range(3)]
    assert steps == [[Part("third", 33)], [Part("third", 33)], [Part("third", 34)]]


def test_what_cannot_be_found_says_why_and_takes_nothing(bought: Purchases[str]) -> None:
    assert bought.take_back("", "cup", 1_000) == Unmatched.ANONYMOUS
    assert bought.take_back("ann", "spoon", 1_000) == Unmatched.UNKNOWN
    assert bought.take_back("carl", "cup", 1_000) == Unmatched.UNKNOWN
    assert bought.take_back("bob", "cup", 2_001) == Unmatched.OVER, "ann's cups are not his"
    assert bought.take_back("bob", "cup", 0) == Unmatched.OVER
    assert bought.take_back("ann", "bag", 1_000) == Unmatched.WORTHLESS
    assert bought.take_back("bob", "cup", 2_000) == [Part("other", 200)], "nothing was taken before"


def test_more_orders_than_a_refund_may_touch_are_none() -> None:
    purchases: Purchases[int] = Purchases()
    for number in range(REFUND_PARTS_MAX + 1):
        purchases.bought("ann", number, [goods("cup", 1, 100)])
    assert purchases.take_back("ann", "cup", 1_000 * (REFUND_PARTS_MAX + 1)) == Unmatched.SCATTERED
    most = purchases.take_back("ann", "cup", 1_000 * REFUND_PARTS_MAX)
    assert not isinstance(most, Unmatched)
    assert [part.order for part in most] == list(range(REFUND_PARTS_MAX, 0, -1))


def test_the_oldest_rows_are_forgotten_beyond_a_bound() -> None:
    purchases: Purchases[str] = Purchases(rows_max=2)
    purchases.bought("ann", "1", [goods("cup", 1, 100), goods("plate", 1, 200)])
    purchases.bought("ann", "2", [goods("cup", 1, 300)])
    assert purchases.take_back("ann", "cup", 2_000) == Unmatched.OVER
    assert purchases.take_back("ann", "cup", 1_000) == [Part("2", 300)]
    assert purchases.take_back("ann", "plate", 1_000) == [Part("1", 200)]
    purchases.bought("ann", "3", [goods("bowl", 1, 400), goods("dish", 1, 400)])
    assert purchases.take_back("ann", "plate", 1_000) == Unmatched.UNKNOWN
