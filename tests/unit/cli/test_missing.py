"""``liandao missing``: the roll in words that a shopkeeper can act on (O22)."""

import json

import pytest
from liandao_node.cli.missing_command import as_document, describe, width
from liandao_node.types import Millis, ShopId
from liandao_node.wire.roll import Roll, RollBlock, RollSeat, RollViewChange, SeatState
from msgspec.structs import replace


def seat(shop: int, state: SeatState = SeatState.VOTING, **changes: object) -> RollSeat:
    made = RollSeat(
        shop=ShopId(shop),
        name=("茶馆 Tea", "Noodles", "书局", "Flowers")[shop],
        seated=True,
        state=state,
        problem="",
        two_sessions=False,
        height=12,
        view=1,
        session=3,
        channel="1.0",
        speaks=1,
        holds_back=False,
        heard_ms=10,
        voted=3,
        blocks=4,
        late_votes=0,
        wants_to_leave=False,
        marks="##+.",
    )
    return replace(made, **changes)


def roll(*seats: RollSeat, **changes: object) -> Roll:
    voting = sum(one.state is SeatState.VOTING for one in seats)
    made = Roll(
        street="老街",
        me=ShopId(0),
        height=12,
        epoch=2,
        protocol=1,
        view=1,
        leader=ShopId(1),
        active=True,
        quorum=3,
        voting=voting,
        margin=voting - 3,
        waiting=5,
        block_ms=190_000,
        view_changes=[("LEADER_DOWN", 2), ("NO_PROGRESS", 1)],
        last_view_change=RollViewChange(1, "LEADER_DOWN", 7_400),
        blocks=[RollBlock(seq, 2, 1, ShopId(1), Millis(0)) for seq in range(9, 13)],
        seats=list(seats),
    )
    return replace(made, **changes)


AWAY = seat(3, SeatState.AWAY, problem="PEER_GONE", height=-1, view=-1, session=-1, channel="")


def text(told: Roll) -> str:
    return "\n".join(describe(told))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            roll(seat(0), seat(1), seat(2), seat(3)),
            "4 of 4 seats vote, 3 are needed. One shop more",
        ),
        (roll(seat(0), seat(1), seat(2), AWAY), "If ONE MORE fails, the street stands still."),
        (
            roll(seat(0), seat(1), seat(2, SeatState.QUIET), AWAY),
            "THE STREET STANDS STILL: 2 of 4 seats vote, 3 are needed. One shop must come back.",
        ),
        (
            roll(seat(0), seat(1, SeatState.IDLE), seat(2, SeatState.BEHIND), AWAY),
            "1 of 4 seats vote, 3 are needed. 2 shops must come back.",
        ),
        (
            roll(seat(0), seat(1), seat(2), seat(3), active=False),
            "The seats are changing the leader now.",
        ),
    ],
)
def test_the_second_line_says_what_matters(told: Roll, words: str) -> None:
    assert words in list(describe(told))[1]


def test_the_lines_say_when_and_why() -> None:
    lines = list(describe(roll(seat(0), seat(1), seat(2), AWAY)))
    assert lines[0] == "老街: height 12, epoch 2, protocol 1, view 1, led by shop 1 Noodles"
    assert lines[2] == "Last block 3 min ago; 5 transactions wait."
    assert lines[3] == (
        "Last change of the leader 7 s ago, to view 1: LEADER_DOWN. All: LEADER_DOWN 2,"
        " NO_PROGRESS 1."
    )


def test_a_new_street_has_nothing_to_tell_and_says_so() -> None:
    told = roll(seat(0), block_ms=-1, blocks=[], view_changes=[], last_view_change=None)
    assert "No block yet; 5 transactions wait." in text(told)
    assert "The leader has not been changed since this node was started." in text(told)
    assert "signed the certificate" not in text(told)


def test_columns_stand_below_each_other_also_with_chinese_names() -> None:
    lines = list(describe(roll(seat(0), seat(1), seat(2), AWAY)))
    table = [line for line in lines if line.endswith("##+.")]
    assert len(table) == 4
    assert len({width(line) for line in table}) == 1
    assert width("茶馆 Tea") == 8


def test_who_is_missing_is_named_with_the_reason() -> None:
    told = text(roll(seat(0), seat(1, wants_to_leave=True), seat(2, two_sessions=True), AWAY))
    assert "shop 3 Flowers: The connection to a shop ended. It is tried again." in told
    assert "shop 2 书局: Two computers use the key of one shop" in told
    assert "shop 1 Noodles: It asks for another leader." in told
    row = next(line for line in told.splitlines() if line.startswith("     3  Flowers"))
    assert row.split() == ["3", "Flowers", "AWAY", "-", "-", "-", "-", "1", "3/4", "##+."]


def test_every_state_has_a_word() -> None:
    for state in SeatState:
        assert text(roll(seat(0, state)))


def test_the_document_has_names_for_programs() -> None:
    told = json.loads(as_document(roll(seat(0), seat(1), seat(2), AWAY)))
    assert (told["margin"], told["voting"], told["quorum"]) == (0, 3, 3)
    assert told["seats"][3]["state"] == "away"
    assert told["last_view_change"] == {"view": 1, "reason": "LEADER_DOWN", "ago_ms": 7_400}
    assert told["blocks"][0]["seq"] == 9


@pytest.mark.rule("L-13.13", "T42")
def test_who_holds_the_street_back_is_named() -> None:
    told = text(roll(seat(0, speaks=2), seat(1, speaks=2), seat(2, holds_back=True), AWAY))
    assert (
        "shop 2 书局: Still speaks protocol 1; the street goes on with that until its update."
        in told
    )
    assert told.count("Still speaks") == 1


@pytest.mark.rule("P-12.13", "T42")
def test_who_is_too_old_is_named_and_says_so_of_itself() -> None:
    others = (seat(1, speaks=2), seat(2, speaks=2))
    told = text(roll(seat(0, speaks=2), *others, seat(3, SeatState.OUTDATED), protocol=2))
    assert (
        "shop 3 Flowers: Its program speaks protocol 1, which is older than the street's." in told
    )
    own = list(describe(roll(seat(0, SeatState.OUTDATED), *others, AWAY, protocol=2)))
    assert own[1].startswith("The street works by protocol 2; this program speaks 1, so it has")
    assert "Please update this program" in own[1]
