"""Whatever is bought and given back: no order gives back more than was paid for it, and all of it
in the end. A plain model keeps count beside."""

from collections import Counter
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_plugins.api import Goods
from liandao_plugins.host import Purchases, Unmatched

CUSTOMERS: Final = ("", "ann", "bob")
_bought = st.tuples(
    st.just("bought"), st.sampled_from(CUSTOMERS), st.integers(0, 4), st.integers(0, 50)
)
_back = st.tuples(
    st.just("back"), st.sampled_from(CUSTOMERS), st.integers(-1, 9), st.integers(0, 1)
)
_story = st.lists(st.one_of(_bought, _back), max_size=14)


@settings(max_examples=60, deadline=None)
@given(story=_story)
def test_goods_come_back_once_and_for_what_was_paid(
    story: list[tuple[str, str, int, int]],
) -> None:
    purchases: Purchases[int] = Purchases()
    owner: dict[int, str] = {}
    paid: Counter[int] = Counter()
    left: Counter[str] = Counter()
    """Pieces that a customer still has."""

    def give_back(customer: str, pieces: int) -> None:
        found = purchases.take_back(customer, "cup", pieces)
        expected = customer and 0 < pieces <= left[customer]
        if isinstance(found, Unmatched) and found is not Unmatched.WORTHLESS:
            assert not expected
            return
        assert expected
        left[customer] -= pieces
        if isinstance(found, Unmatched):
            return
        assert len({part.order for part in found}) == len(found)
        for part in found:
            assert owner[part.order] == customer
            assert part.amount_minor > 0
            paid[part.order] -= part.amount_minor
            assert paid[part.order] >= 0

    for number, (what, customer, pieces, amount) in enumerate(story):
        if what == "back":
            give_back(customer, pieces)
            continue
        purchases.bought(customer, number, [Goods("cup", pieces, amount)])
        owner[number] = customer
        if customer and pieces:
            left[customer] += pieces
            paid[number] = amount
    for customer in CUSTOMERS:
        if left[customer]:
            give_back(customer, left[customer])
    assert not any(paid.values()), "all of it came back"
