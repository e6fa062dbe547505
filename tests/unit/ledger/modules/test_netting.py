"""Netting by hand, and its properties over any street (L-16.5, L-16.6, L-16.9)."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.ledger.modules.netting import Transfer, apportion, match, set_aside

AMOUNTS = st.integers(-(10**12), 10**12)
NETS = st.dictionaries(st.integers(0, 65_535), AMOUNTS, max_size=12).map(
    lambda nets: {**nets, 65_536: -sum(nets.values())}
)
"""Any amounts that sum to nothing."""
WEIGHTS = st.dictionaries(st.integers(0, 65_535), st.integers(1, 10**12), min_size=1, max_size=12)


def _sums(transfers: list[Transfer]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for debtor, creditor, amount in transfers:
        sums[debtor] -= amount
        sums[creditor] += amount
    return sums


@pytest.mark.rule("L-16.6")
def test_the_greatest_debtor_pays_the_greatest_creditor_first() -> None:
    nets = {1: -700, 2: -300, 3: 600, 4: 400}
    assert match(nets) == [(1, 3, 600), (1, 4, 100), (2, 4, 300)]


@pytest.mark.rule("L-16.6")
def test_equals_go_by_number() -> None:
    assert match({9: -5, 2: -5, 7: 5, 3: 5}) == [(2, 3, 5), (9, 7, 5)]


@pytest.mark.rule("L-16.6")
@given(NETS)
def test_payments_of_each_party_sum_to_its_net(nets: dict[int, int]) -> None:
    sums = _sums(match(nets))
    assert {party: sums[party] for party in nets} == nets


@pytest.mark.rule("L-16.6")
@given(NETS)
def test_fewer_payments_than_parties_each_above_zero(nets: dict[int, int]) -> None:
    transfers = match(nets)
    assert len(transfers) <= max(0, sum(net != 0 for net in nets.values()) - 1)
    assert all(transfer.amount > 0 for transfer in transfers)
    assert len({(debtor, creditor) for debtor, creditor, _ in transfers}) == len(transfers)


@pytest.mark.rule("L-16.6")
@given(NETS)
def test_nobody_both_pays_and_is_paid(nets: dict[int, int]) -> None:
    transfers = match(nets)
    assert not {t.debtor for t in transfers} & {t.creditor for t in transfers}


@pytest.mark.rule("L-16.6")
@given(NETS, st.randoms())
def test_the_order_in_which_parties_are_given_does_not_matter(
    nets: dict[int, int], chance: random.Random
) -> None:
    shuffled = list(nets.items())
    chance.shuffle(shuffled)
    assert match(dict(shuffled)) == match(nets)


@pytest.mark.rule("L-16.6")
@given(NETS, st.integers(0, 10**12), st.sets(st.integers(0, 65_536), max_size=3))
def test_what_is_not_paid_is_carried_to_the_unit(
    nets: dict[int, int], least: int, at_once: set[int]
) -> None:
    transfers = match(nets)
    payments, carries = set_aside(transfers, least, at_once)
    assert sum(carries.values()) == 0
    sums = _sums(payments)
    sums.update(carries)
    assert {party: sums[party] for party in nets} == nets
    for transfer in transfers:
        worth = transfer.amount >= least or bool({*transfer[:2]} & at_once)
        assert (transfer in payments) == worth


@pytest.mark.rule("L-16.6")
def test_small_amounts_grow_until_they_are_worth_a_payment() -> None:
    carries: dict[int, int] = {}
    for _ in range(3):
        nets = {1: carries.get(1, 0) - 40, 2: carries.get(2, 0) + 40}
        payments, carries = set_aside(match(nets), 100, frozenset())
    assert payments == [(1, 2, 120)]
    assert set_aside([Transfer(1, 2, 100)], 100, frozenset()) == ([(1, 2, 100)], {})
    assert carries == {}


@pytest.mark.rule("L-16.9")
def test_the_rest_goes_to_the_greatest_remainder() -> None:
    # 10 over 5, 3, 1: 5.56, 3.33, 1.11
    assert apportion(10, {1: 5, 2: 3, 3: 1}) == {1: 6, 2: 3, 3: 1}
    # equal remainders: the greater weight, then the lower number
    assert apportion(2, {1: 1, 2: 3}) == {1: 0, 2: 2}
    assert apportion(3, {1: 2, 2: 2}) == {1: 2, 2: 1}
    assert apportion(0, {1: 2}) == {1: 0}


@pytest.mark.rule("L-16.9")
@given(WEIGHTS, st.integers(0, 10**12))
def test_shares_sum_to_the_amount_and_are_fair_to_the_unit(
    weights: dict[int, int], amount: int
) -> None:
    shares = apportion(amount, weights)
    total = sum(weights.values())
    assert sum(shares.values()) == amount
    assert all(abs(shares[p] * total - amount * w) < total for p, w in weights.items())
    if amount <= total:
        assert all(shares[party] <= weight for party, weight in weights.items())
    assert apportion(amount, dict(reversed(weights.items()))) == shares
