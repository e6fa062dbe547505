"""Which order a cancellation takes goods back of: invented goods, every way to find or miss one."""

import pytest
from liandao_node.cli.replay.returns import Goods, Part, Purchases, RowReason


@pytest.fixture
def bought() -> Purchases[str]:
    """Ann bought cups three times, and a bag for nothing."""
    purchases: Purchases[str] = Purchases()
    purchases.bought("ann", "first", (Goods("cup", 6, 600), Goods("bag", 1, 0)))
    purchases.bought("ann", "second", (Goods("cup", 4, 480),))
    purchases.bought("ann", "third", (Goods("cup", 6, 540), Goods("plate", 3, 100)))
    purchases.bought("bob", "other", (Goods("cup", 2, 200),))
    return purchases


def test_the_order_with_exactly_these_pieces_is_the_one(bought: Purchases[str]) -> None:
    assert bought.take_back("ann", "cup", 4) == [Part("second", 480)]
    assert bought.take_back("ann", "cup", 6) == [Part("third", 540)], "the newer one of two"
    assert bought.take_back("ann", "cup", 6) == [Part("first", 600)]
    assert bought.take_back("ann", "cup", 1) == RowReason.OVER


def test_else_the_newest_orders_are_taken_from_first(bought: Purchases[str]) -> None:
    assert bought.take_back("ann", "cup", 2) == [Part("third", 180)]
    assert bought.take_back("ann", "cup", 9) == [
        *(Part("third", 360), Part("second", 480), Part("first", 100))
    ]
    assert bought.take_back("ann", "cup", 5) == [Part("first", 500)], "what is left of it"


def test_all_steps_together_take_back_what_was_paid_and_no_more(bought: Purchases[str]) -> None:
    steps = [bought.take_back("ann", "plate", 1) for _ in range(3)]
    assert steps == [[Part("third", 33)], [Part("third", 33)], [Part("third", 34)]]


def test_what_cannot_be_found_says_why_and_takes_nothing(bought: Purchases[str]) -> None:
    assert bought.take_back("", "cup", 1) == RowReason.ANONYMOUS
    assert bought.take_back("ann", "spoon", 1) == RowReason.UNKNOWN
    assert bought.take_back("carl", "cup", 1) == RowReason.UNKNOWN
    assert bought.take_back("bob", "cup", 3) == RowReason.OVER, "ann's cups are not his"
    assert bought.take_back("bob", "cup", 0) == RowReason.OVER
    assert bought.take_back("ann", "bag", 1) == RowReason.WORTHLESS
    assert bought.take_back("bob", "cup", 2) == [Part("other", 200)], "nothing was taken before"
