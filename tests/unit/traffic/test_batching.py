"""Windows rise and never overlap; what is in a batch adds up; late events are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.crypto import merkle
from liandao_node.errors import InputFault
from liandao_node.ledger.modules.traffic import Batch, Count
from liandao_node.limits import (
    TRAFFIC_BATCH_EVENTS_MAX,
    TRAFFIC_COUNTS_PER_BATCH_MAX,
    TRAFFIC_GRACE_MS,
    TRAFFIC_WINDOW_MS,
)
from liandao_node.traffic import (
    Batcher,
    EventClass,
    Judgement,
    TrafficBatch,
    Verdict,
    batching,
    decode_leaf,
    leaf_bytes,
    order_event,
    with_lateness,
)
from liandao_node.types import Millis

START = Millis(TRAFFIC_WINDOW_MS * 1_000_000)


def _event(verdict: Verdict = Verdict.COUNTED, at_ms: int = START) -> Judgement:
    return Judgement(EventClass.PAGE_VIEW, verdict, b"v" * 16, Millis(at_ms), b"s" * 16)


def test_a_leaf_is_the_canonical_form_of_its_event() -> None:
    event = _event(Verdict.BOT_UA)
    leaf = decode_leaf(leaf_bytes(event))
    assert (leaf.version, leaf.event_class, leaf.verdict) == (1, 3, 1)
    assert (leaf.at_ms, leaf.visitor, leaf.subject) == (START, b"v" * 16, b"s" * 16)
    assert leaf_bytes(event).hex() == (
        "96010301cf0000008bb2c97000" + "c410" + "76" * 16 + "c410" + "73" * 16
    )
    with pytest.raises(InputFault):
        decode_leaf(leaf_bytes(event) + b"\0")


def test_a_window_ends_on_the_clock_and_is_given_out_after_its_end() -> None:
    batcher = Batcher(Millis(-1))
    batcher.record(_event(), Millis(START + 5))
    end = START + TRAFFIC_WINDOW_MS - 1
    assert batcher.due(Millis(end)) is None
    batch = batcher.due(Millis(end + 1))
    assert batch is not None
    assert (batch.window_first_ms, batch.window_last_ms) == (START + 5, end)
    assert batcher.events == 0
    assert batcher.due(Millis(end + 1)) is None


def test_an_empty_window_is_none() -> None:
    batcher = Batcher(Millis(-1))
    assert batcher.due(START) is None
    assert batcher.seal(START) is None


def test_sealing_early_leaves_the_rest_of_the_window_to_the_next_batch() -> None:
    batcher = Batcher(Millis(-1))
    batcher.record(_event(), START)
    first = batcher.seal(Millis(START + 10))
    batcher.record(_event(), Millis(START + 10))
    second = batcher.seal(Millis(START + 20))
    assert first is not None
    assert second is not None
    assert (first.window_first_ms, first.window_last_ms) == (START, START + 10)
    assert (second.window_first_ms, second.window_last_ms) == (START + 11, START + 20)


def test_a_window_never_begins_before_one_that_was_committed() -> None:
    batcher = Batcher(START)
    batcher.record(_event(), Millis(START - 5_000))
    batch = batcher.seal(Millis(START - 4_000))
    assert batch is not None
    assert batch.window_first_ms == batch.window_last_ms == START + 1


def test_counts_rise_by_class_and_verdict_and_make_a_call_that_the_ledger_takes() -> None:
    batcher = Batcher(Millis(-1))
    order = order_event("till", "r1", "c1", START, bytes(32))
    for event in (_event(Verdict.RATE), _event(), order, _event(Verdict.BOT_UA), _event()):
        batcher.record(event, START)
    batch = batcher.seal(START)
    assert batch is not None
    assert batch.counts == ((1, 0, 1), (3, 0, 2), (3, 1, 1), (3, 4, 1))
    call = Batch(
        window_first_ms=batch.window_first_ms,
        window_last_ms=batch.window_last_ms,
        root=merkle.root(batch.leaves),
        counts=[Count(*count) for count in batch.counts],
    )
    assert sum(count.count for count in call.counts) == len(batch.leaves)


def test_all_classes_and_verdicts_fit_one_call() -> None:
    assert len(EventClass) * len(Verdict) <= TRAFFIC_COUNTS_PER_BATCH_MAX


def test_a_full_window_is_due_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "TRAFFIC_BATCH_EVENTS_MAX", 3)
    batcher = Batcher(Millis(-1))
    for _ in range(3):
        assert batcher.due(START) is None
        batcher.record(_event(), START)
    batch = batcher.due(START)
    assert batch is not None
    assert len(batch.leaves) == 3
    batcher.record(_event(), START)
    assert batcher.events == 1
    assert TRAFFIC_BATCH_EVENTS_MAX > 3


@given(
    st.lists(
        st.tuples(
            st.integers(-5_000, 2 * TRAFFIC_WINDOW_MS),
            st.sampled_from(list(Verdict)),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_nothing_is_lost_and_windows_rise_whatever_the_clock_does(
    steps: list[tuple[int, Verdict, bool]],
) -> None:
    batcher, now = Batcher(Millis(START - 1)), START
    batches: list[TrafficBatch] = []
    leaves = []
    for step, verdict, seal in steps:
        now = Millis(now + step)
        batches += [batch for batch in (batcher.due(now),) if batch]
        leaves.append(batcher.record(_event(verdict), now))
        batches += [batch for batch in (batcher.seal(now) if seal else None,) if batch]
    batches += [batch for batch in (batcher.seal(now),) if batch]
    assert [leaf for batch in batches for leaf in batch.leaves] == leaves
    last = START - 1
    for batch in batches:
        assert last < batch.window_first_ms <= batch.window_last_ms
        assert sum(count for *_, count in batch.counts) == len(batch.leaves) > 0
        assert list(batch.counts) == sorted(batch.counts)
        last = batch.window_last_ms


@pytest.mark.parametrize(
    ("away", "late"),
    [
        (0, False),
        (TRAFFIC_GRACE_MS, False),
        (-TRAFFIC_GRACE_MS, False),
        (TRAFFIC_GRACE_MS + 1, True),
        (-TRAFFIC_GRACE_MS - 1, True),
    ],
)
def test_an_event_too_far_from_its_recording_is_late(away: int, late: bool) -> None:
    event = _event(at_ms=START + away)
    judged = with_lateness(event, START, TRAFFIC_GRACE_MS)
    assert judged.verdict is (Verdict.LATE if late else Verdict.COUNTED)
    assert judged.at_ms == event.at_ms
    assert with_lateness(event, START, None) is event


def test_what_does_not_count_keeps_its_reason_when_late() -> None:
    event = _event(Verdict.BOT_UA, at_ms=0)
    assert with_lateness(event, START, TRAFFIC_GRACE_MS) is event
