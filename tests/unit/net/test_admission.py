"""Which connection stays, who waits how long, who finds the door full."""

from itertools import product

import pytest
from liandao_node.limits import (
    HANDSHAKES_MAX,
    HANDSHAKES_PER_ADDRESS_MAX,
    KEEP_OUT_FORGET_MS,
    KEEP_OUT_MS_MAX,
    KEEP_OUT_MS_MIN,
    PEER_HEALTHY_MS,
    RECONNECT_MS_MAX,
    RECONNECT_MS_MIN,
)
from liandao_node.net.admission import Backoff, Doorway, KeepOut, Tie, Verdict, judge


@pytest.mark.parametrize(
    ("lower", "own_dial", "session", "verdict"),
    [
        (True, None, b"now", Verdict.WELCOME),
        (False, None, b"now", Verdict.WELCOME),
        (True, b"now", b"now", Verdict.DUPLICATE),
        (False, b"now", b"now", Verdict.WELCOME),
        (True, b"past", b"now", Verdict.WELCOME),
        (False, b"past", b"now", Verdict.WELCOME),
    ],
)
def test_the_dial_of_the_lower_key_stays_but_never_against_a_restarted_peer(
    lower: bool, own_dial: bytes | None, session: bytes, verdict: Verdict
) -> None:
    assert judge(Tie(own_key_is_lower=lower, own_dial=own_dial), session) is verdict


def _crossing(order: tuple[str, ...]) -> list[str]:
    """Channels that live at the end when both sides dial, for one order of what happens.

    ``low`` and ``high`` are the sides of lower and higher key. "low sends" is low's last
    handshake message, sent only while low has no channel; "high hears" is high's host
    judging it. A side that accepts a call drops its own waiting dial.
    """
    waits = {"low": False, "high": False}
    dialled_by: dict[str, str | None] = {"low": None, "high": None}
    sent = {"low": False, "high": False}
    for step in order:
        side, act = step.split()
        other = "high" if side == "low" else "low"
        if act == "sends" and dialled_by[side] is None:
            waits[side] = sent[side] = True
        if act == "hears" and sent[other]:
            own_dial = b"s" if waits[side] or dialled_by[side] == side else None
            verdict = judge(Tie(side == "low", own_dial), b"s")
            if verdict is Verdict.WELCOME:
                waits[side] = False
                dialled_by[side] = other
            if waits[other]:
                waits[other] = False
                if verdict is Verdict.WELCOME:
                    dialled_by[other] = other
    return sorted({dialler for dialler in dialled_by.values() if dialler})


def test_in_every_order_of_a_crossing_both_sides_keep_the_same_one() -> None:
    steps = ("low sends", "high sends", "low hears", "high hears")
    orders = [
        order
        for order in product(steps, repeat=4)
        if len(set(order)) == 4
        and order.index("low sends") < order.index("high hears")
        and order.index("high sends") < order.index("low hears")
    ]
    assert len(orders) == 6
    for order in orders:
        assert len(_crossing(order)) == 1, order


def test_pauses_double_between_half_and_the_whole_step_up_to_the_limit() -> None:
    for jitter, part in ((iter([0.0] * 10), 0.5), (iter([1.0] * 10), 1.0)):
        backoff = Backoff(jitter.__next__)
        pauses = [backoff.pause_ms() for _ in range(10)]
        assert pauses[:3] == [part * RECONNECT_MS_MIN * 2**n for n in range(3)]
        assert pauses[-1] == part * RECONNECT_MS_MAX


def test_only_a_healthy_channel_makes_the_next_pause_short_again() -> None:
    backoff = Backoff(lambda: 1.0)
    backoff.pause_ms()
    backoff.on_channel_ended(PEER_HEALTHY_MS - 1)
    assert backoff.pause_ms() == 2 * RECONNECT_MS_MIN
    backoff.on_channel_ended(PEER_HEALTHY_MS)
    assert backoff.pause_ms() == RECONNECT_MS_MIN


def test_a_peer_that_misbehaves_again_waits_twice_as_long() -> None:
    keep_out, now_ms = KeepOut(), 1_000_000.0
    assert keep_out.left_ms(now_ms) == 0
    keep_out.on_fault(now_ms)
    assert keep_out.left_ms(now_ms) == KEEP_OUT_MS_MIN
    assert keep_out.left_ms(now_ms + KEEP_OUT_MS_MIN) == 0
    keep_out.on_fault(now_ms)
    assert keep_out.left_ms(now_ms) == 2 * KEEP_OUT_MS_MIN
    for _ in range(20):
        keep_out.on_fault(now_ms)
    assert keep_out.left_ms(now_ms) == KEEP_OUT_MS_MAX
    later_ms = now_ms + KEEP_OUT_FORGET_MS + 1
    keep_out.on_fault(later_ms)
    assert keep_out.left_ms(later_ms) == KEEP_OUT_MS_MIN


def test_one_address_cannot_fill_the_doorway() -> None:
    doorway = Doorway()
    assert all(doorway.enter("crowd") for _ in range(HANDSHAKES_PER_ADDRESS_MAX))
    assert not doorway.enter("crowd")
    assert doorway.enter("somebody else")
    doorway.leave("crowd")
    assert doorway.enter("crowd")


def test_the_doorway_is_full_at_its_limit_whoever_comes() -> None:
    doorway = Doorway()
    assert all(doorway.enter(f"host {n}") for n in range(HANDSHAKES_MAX))
    assert not doorway.enter("one more")
    doorway.leave("host 0")
    assert doorway.enter("one more")
