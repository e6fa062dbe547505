"""The pool's division over whatever numbers: I7 of the invariants, and what weights obey."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.ledger.modules.pool_division import (
    Claim,
    Explained,
    Shares,
    divide,
    explain,
    tie_of,
)
from liandao_node.ledger.modules.pool_heads import amount_for, is_drawn, rates
from liandao_node.ledger.modules.pool_weights import (
    PERIOD_UNITS_MAX,
    SOURCE_SHARE,
    Day,
    Period,
    damped,
    weigh,
)
from liandao_node.types import Amount, CardId, ShopId

SEED = b"block 9"
totals = st.one_of(st.integers(0, 200), st.integers(0, 10**12))
claims_of = st.dictionaries(
    st.integers(0, 30),
    st.builds(
        Claim,
        weight=st.one_of(st.integers(0, 20), st.integers(0, 10**9)),
        cap=st.one_of(st.integers(0, 100), st.integers(0, 10**12)),
    ),
    max_size=12,
)
shops = st.integers(0, 6).map(ShopId)
customers = st.integers(0, 8).map(lambda number: CardId(number.to_bytes(16, "big")))
days_of = st.builds(Day, customers, shops, st.integers(0, 20), st.integers(0, 3), st.integers(0, 9))
periods = st.builds(
    Period,
    shops=st.frozensets(shops, min_size=1),
    days=st.lists(days_of, max_size=40).map(tuple),
    paid_at=st.dictionaries(customers, st.frozensets(shops)),
    visitor_days=st.dictionaries(shops, st.integers(0, 10_000)),
    founding=st.booleans(),
)
skins = st.dictionaries(shops, st.integers(0, 10**6).map(Amount))


def _divided(total: int, claims: dict[int, Claim]) -> Shares[int]:
    names = {key: key.to_bytes(2, "big") for key in claims}
    return divide(Amount(total), claims, names, SEED)


@pytest.mark.rule("L-18.7")
@pytest.mark.rule("L-18.9")
@settings(max_examples=50)
@given(totals, claims_of)
def test_nothing_is_lost_and_no_cap_is_passed(total: int, claims: dict[int, Claim]) -> None:
    shares = _divided(total, claims)
    assert sum(share.amount for share in shares.by.values()) + shares.carry == total
    assert shares.carry >= 0
    assert shares.by.keys() == claims.keys()
    for key, share in shares.by.items():
        assert 0 <= share.amount <= claims[key].cap
        assert claims[key].weight or not share.amount
    room = any(c.weight and shares.by[k].amount < c.cap for k, c in claims.items())
    assert not (shares.carry and room), "something is carried though somebody may have it"


@pytest.mark.rule("L-18.7")
@settings(max_examples=50)
@given(totals, claims_of)
def test_nobody_is_a_unit_from_the_exact_quota(total: int, claims: dict[int, Claim]) -> None:
    """Below the cap, shares differ from one common rate by less than a unit."""
    shares = _divided(total, claims)
    below = {k: c for k, c in claims.items() if c.weight and shares.by[k].amount < c.cap}
    for key, claim in below.items():
        for other, against in claims.items():
            if against.weight and other != key:
                # Nobody has a unit more by weight than somebody who could have had it.
                theirs, mine = shares.by[other].amount, shares.by[key].amount
                assert (theirs - 1) * claim.weight <= (mine + 1) * against.weight


@settings(max_examples=50)
@given(totals, claims_of)
def test_who_weighs_more_gets_no_less(total: int, claims: dict[int, Claim]) -> None:
    shares = _divided(total, claims)
    for key, claim in claims.items():
        for other, against in claims.items():
            if claim.weight > against.weight and claim.cap >= against.cap:
                assert shares.by[key].amount >= shares.by[other].amount


@settings(max_examples=50)
@given(totals, claims_of.filter(bool), st.data(), st.integers(1, 10**6))
def test_more_weight_never_costs(
    total: int, claims: dict[int, Claim], data: st.DataObject, more: int
) -> None:
    """Largest remainders are known for paradoxes; this one they do not have."""
    key = data.draw(st.sampled_from(sorted(claims)))
    before = _divided(total, claims).by[key].amount
    heavier = claims | {key: replace(claims[key], weight=claims[key].weight + more)}
    assert _divided(total, heavier).by[key].amount >= before


@settings(max_examples=50)
@given(totals, claims_of, st.randoms(use_true_random=False))
def test_the_order_of_claims_means_nothing(
    total: int, claims: dict[int, Claim], chance: random.Random
) -> None:
    mixed = list(claims.items())
    chance.shuffle(mixed)
    assert _divided(total, dict(mixed)) == _divided(total, claims)


@pytest.mark.rule("L-18.10")
@pytest.mark.rule("L-18.21")
@settings(max_examples=50)
@given(
    st.one_of(st.integers(0, 200), st.integers(0, 10**6)),
    st.lists(st.one_of(st.integers(1, 6), st.integers(1, 3_200)), max_size=25),
    st.sampled_from([0, 1, 7, 1_000]),
)
def test_heads_that_are_only_counted_get_what_all_of_them_at_hand_do(
    total: int, units: list[int], cap: int
) -> None:
    by = dict(enumerate(units))
    claims = {key: Claim(weight, cap) for key, weight in by.items()}
    shares = _divided(total, claims)
    found = rates(Amount(total), Counter(units), Amount(cap))
    amounts = {key: int(amount_for(weight, found)) for key, weight in by.items()}
    waiting = sorted(
        (key for key, weight in by.items() if is_drawn(weight, found)),
        key=lambda key: tie_of(SEED, key.to_bytes(2, "big")),
    )
    assert len(waiting) > found.drawn or not waiting
    for key in waiting[: found.drawn]:
        amounts[key] += 1
    assert amounts == {key: share.amount for key, share in shares.by.items()}


@pytest.mark.rule("L-18.3")
@settings(max_examples=50)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), max_size=9))
def test_damping_is_the_greatest_weight_that_keeps_the_rule(free: int, sources: list[int]) -> None:
    def allowed(weight: int) -> bool:
        given_ = sum(min(source * SOURCE_SHARE, weight) for source in sources)
        return weight * SOURCE_SHARE <= free * SOURCE_SHARE + given_

    weight = damped(free, sources)
    assert allowed(weight)
    assert not allowed(weight + 1) or weight == free + sum(sources)
    assert free <= weight <= free + sum(sources)


@settings(max_examples=50)
@given(periods, st.randoms(use_true_random=False))
def test_the_order_of_days_means_nothing(period: Period, chance: random.Random) -> None:
    mixed = list(period.days)
    chance.shuffle(mixed)
    assert weigh(replace(period, days=tuple(mixed))) == weigh(period)


@pytest.mark.rule("L-18.1")
@settings(max_examples=50)
@given(periods)
def test_every_unit_weighs_or_is_dropped_by_a_reason(period: Period) -> None:
    weights = weigh(period)
    assert weights.shops.keys() == period.shops
    for weighed in weights.shops.values():
        dropped = sum(units for _, units in weighed.drops)
        assert all(units > 0 for _, units in weighed.drops)
        # Standing multiplies what counts, by 3 at most.
        assert weighed.units - dropped <= weighed.weight <= 3 * weighed.units
        if period.founding:
            assert weighed.weight == weighed.units - dropped
    heads = {one.customer for one in period.days}
    assert weights.customers.keys() <= heads
    most = PERIOD_UNITS_MAX * len(period.shops)
    assert all(0 < units <= most for units in weights.customers.values())


@pytest.mark.rule("L-18.6")
@settings(max_examples=50)
@given(totals, periods, skins)
def test_a_whole_division_adds_up(cash: int, period: Period, skin: dict[ShopId, Amount]) -> None:
    told: Explained = explain(Amount(cash), period, skin, SEED)
    assert told.reserve + told.shops_part + told.customers_part == cash
    shared = sum(line.share for line in told.lines)
    given_ = sum(told.customers.values())
    assert shared + given_ + told.carry == told.shops_part + told.customers_part
    assert shared <= told.shops_part
    assert given_ <= told.customers_part
    for line in told.lines:
        assert line.share <= line.cap <= skin.get(line.shop, 0)
        assert line.weight or not line.share
    assert all(0 < amount <= told.terms.head_cap for amount in told.customers.values())
