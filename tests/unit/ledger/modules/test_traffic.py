"""Traffic batches: one per shop and window, never backwards, sums that agree."""

import pytest
from liandao_node.ledger import queries
from liandao_node.ledger.modules.traffic import COUNTED, Batch, BatchDone, Count
from liandao_node.limits import CLOCK_SKEW_MS_MAX, TRAFFIC_BATCH_EVENTS_MAX
from liandao_node.types import Millis, ShopId
from support.ledger_street import BEGIN_MS, Street

ROOT = b"r" * 32
PAGE_VIEW, ORDER = 3, 1


@pytest.fixture
def street() -> Street:
    return Street()


def _batch(first: int, last: int, *counts: tuple[int, int, int], root: bytes = ROOT) -> Batch:
    listed = [Count(*count) for count in counts or ((ORDER, COUNTED, 1),)]
    return Batch(Millis(first), Millis(last), root, listed)


@pytest.mark.rule("L-10.1")
def test_a_batch_is_kept_and_summed(street: Street) -> None:
    counts = ((ORDER, COUNTED, 2), (PAGE_VIEW, COUNTED, 10), (PAGE_VIEW, 1, 4))
    assert street.call(1, _batch(100, 199, *counts)).answer == BatchDone(16)
    assert street.call(1, _batch(200, 299, (PAGE_VIEW, 1, 5))).answer == BatchDone(5)
    view = street.ledger.view()
    assert list(queries.traffic(view)) == [1]
    sums = queries.traffic(view)[ShopId(1)]
    assert sums.totals == [(ORDER, COUNTED, 2), (PAGE_VIEW, COUNTED, 10), (PAGE_VIEW, 1, 9)]
    assert (sums.batches, sums.window_last_ms) == (2, 299)
    batch = queries.batch_of(view, ShopId(1), Millis(200))
    assert batch is not None
    assert (batch.root, batch.events, batch.window_last_ms) == (ROOT, 5, 299)
    assert street.ledger.machine.invariants(view) == []


@pytest.mark.rule("L-10.2")
@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (200, 299, "OK"),
        (10_000, 10_000, "OK"),
        (199, 299, "WINDOW_OVERLAPS"),
        (100, 199, "WINDOW_OVERLAPS"),
        (0, 99, "WINDOW_OVERLAPS"),
        (300, 299, "WINDOW_BACKWARDS"),
        (-1, 299, "CALL_MALFORMED"),
    ],
)
def test_windows_of_a_shop_only_go_forward(
    street: Street, first: int, last: int, code: str
) -> None:
    assert street.call(1, _batch(100, 199)).code == "OK"
    assert street.call(1, _batch(first, last)).code == code
    assert street.call(2, _batch(100, 199)).code == "OK", "another shop's windows are its own"


@pytest.mark.rule("L-10.2")
def test_a_window_ends_before_now(street: Street) -> None:
    """Else a shop with a wrong clock would lock itself out for years."""
    edge = BEGIN_MS + 1_000 + CLOCK_SKEW_MS_MAX
    assert street.call(1, _batch(0, edge + 1)).code == "WINDOW_IN_FUTURE"
    assert street.call(2, _batch(0, edge + 1_000)).code == "OK"


@pytest.mark.rule("L-10.3")
@pytest.mark.parametrize(
    ("counts", "code"),
    [
        (((2, 0, 1), (1, 0, 1)), "COUNTS_UNORDERED"),
        (((1, 1, 1), (1, 0, 1)), "COUNTS_UNORDERED"),
        (((1, 0, 1), (1, 0, 1)), "COUNTS_UNORDERED"),
        (((1, 0, TRAFFIC_BATCH_EVENTS_MAX), (1, 1, 1)), "COUNTS_TOO_MANY"),
        (((1, 0, TRAFFIC_BATCH_EVENTS_MAX - 1), (1, 1, 1)), "OK"),
        (((1, 0, 0),), "CALL_MALFORMED"),
        (((256, 0, 1),), "CALL_MALFORMED"),
        (tuple((1, verdict, 1) for verdict in range(65)), "CALL_MALFORMED"),
    ],
)
def test_counts_have_one_form(
    street: Street, counts: tuple[tuple[int, int, int], ...], code: str
) -> None:
    assert street.call(1, _batch(100, 199, *counts)).code == code


@pytest.mark.rule("L-10.3")
def test_root_has_32_bytes(street: Street) -> None:
    assert street.call(1, _batch(1, 2, root=b"short")).code == "CALL_MALFORMED"
    empty = Batch(Millis(1), Millis(2), ROOT, [])
    assert street.call(1, empty).code == "CALL_MALFORMED"
