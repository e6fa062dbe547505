"""The window of nonces: each once, in any order, whatever came before (T21, I9)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.errors import Refused
from liandao_node.ledger.replay import Window, take
from liandao_node.limits import MEMPOOL_TXS_PER_SHOP_MAX, NONCE_WINDOW

BOOT = 2**32


def _feed(nonces: list[int]) -> tuple[list[str], Window]:
    window: Window | None = None
    answers = []
    for nonce in nonces:
        try:
            window = take(window, nonce)
            answers.append("OK")
        except Refused as refused:
            answers.append(refused.code)
    assert window is not None
    return answers, window


@pytest.mark.rule("L-2.3")
@given(
    st.lists(
        st.one_of(
            st.integers(0, 40),
            st.integers(NONCE_WINDOW - 5, NONCE_WINDOW + 40),
            st.integers(BOOT - 3, BOOT + 40),
            st.integers(2**64 - 5, 2**64 - 1),
        ),
        min_size=1,
        max_size=60,
    )
)
@settings(max_examples=200, deadline=None)
def test_window_agrees_with_a_set(nonces: list[int]) -> None:
    taken: set[int] = set()
    expected = []
    for nonce in nonces:
        if taken and nonce <= max(taken) - NONCE_WINDOW:
            expected.append("TX_NONCE_OLD")
        elif nonce in taken:
            expected.append("TX_REPLAYED")
        else:
            taken.add(nonce)
            expected.append("OK")
    answers, window = _feed(nonces)
    assert answers == expected
    assert window.highest == max(taken)


@pytest.mark.rule("L-2.3")
def test_a_full_mempool_in_any_order_loses_nothing() -> None:
    nonces = list(range(MEMPOOL_TXS_PER_SHOP_MAX))
    random.Random(1).shuffle(nonces)
    assert set(_feed(nonces)[0]) == {"OK"}


@pytest.mark.rule("L-2.3")
def test_edges_of_the_window() -> None:
    top = 5 * NONCE_WINDOW
    answers, _ = _feed([top, top - NONCE_WINDOW + 1, top - NONCE_WINDOW, top - NONCE_WINDOW + 1])
    assert answers == ["OK", "OK", "TX_NONCE_OLD", "TX_REPLAYED"]


@pytest.mark.rule("L-2.3")
def test_a_new_boot_closes_the_old_one() -> None:
    assert _feed([7, BOOT, 8, BOOT + 1, BOOT])[0] == [
        "OK",
        "OK",
        "TX_NONCE_OLD",
        "OK",
        "TX_REPLAYED",
    ]


def test_record_keeps_its_size() -> None:
    _, window = _feed([0, 3 * NONCE_WINDOW, 2**64 - 1])
    assert len(window.taken) == NONCE_WINDOW // 8
