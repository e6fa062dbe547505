"""Streets cut apart and slowed down, with real processes in network namespaces (T27, T28).

Each node has a network of its own, so what is lost is lost without a word, as by a dead
switch. Needs the right to make namespaces; skipped by name where that is forbidden.
"""

from collections.abc import Iterator

import pytest
from liandao_node.client import SeatState
from support.faults import Rig, Till, Wires, rig, trade, wired

SEATS = 4
SLOW = 2
DELAY_MS = 30


@pytest.fixture
def wires() -> Iterator[Wires]:
    with Wires(SEATS).laid() as laid:
        yield laid


@pytest.fixture
def slow_wires(wires: Wires) -> Wires:
    """What `SLOW` sends takes its time."""
    wires.slow(SLOW, DELAY_MS)
    return wires


@pytest.fixture
def street(wires: Wires) -> Iterator[Rig]:
    with rig(SEATS) as made:
        wired(made, wires)
        yield made


async def _opened(street: Rig) -> int:
    """Starts all in their namespaces; returns the leader."""
    for shop in range(SEATS):
        street.start(shop)
    await street.wait_active(range(SEATS))
    return (await street.status(0)).leader


@pytest.mark.rule("P-9.3")
async def test_the_side_with_a_quorum_goes_on_and_the_other_one_follows_when_it_is_back(
    street: Rig, wires: Wires
) -> None:
    leader = await _opened(street)
    others = [shop for shop in range(SEATS) if shop != leader]
    seller = others[0]

    async def story(tills: list[Till]) -> None:
        apart, beside = tills
        await apart.more(3)
        wires.cut([leader], others)
        await beside.more(10)
        roll = await street.state(seller, leader, SeatState.AWAY)
        assert (roll.voting, roll.leader != leader) == (SEATS - 1, True)
        alone = await street.rolled(leader, lambda roll: roll.voting == 1)
        assert alone.margin == -2
        height = alone.height
        assert (await street.roll(seller)).height > height
        assert (await street.roll(leader)).height == height, "it decides nothing alone"
        wires.join([leader], others)
        await street.state(seller, leader, SeatState.VOTING)
        await apart.more(3)

    await trade(street, [leader, seller], story)


async def test_two_halves_decide_nothing_and_nothing_is_lost(street: Rig, wires: Wires) -> None:
    await _opened(street)

    async def story(tills: list[Till]) -> None:
        for till in tills:
            await till.more(2)
        wires.cut([0, 1], [2, 3])
        rolls = [await street.rolled(shop, lambda r: r.voting == 2) for shop in range(SEATS)]
        assert {roll.margin for roll in rolls} == {-1}
        heights = [(await street.status(shop)).height for shop in range(SEATS)]
        assert max(heights) - min(heights) <= 1
        assert [roll.height for roll in rolls] == heights
        wires.join([0, 1], [2, 3])
        for till in tills:
            await till.more(2)

    await trade(street, list(range(SEATS)), story)


async def test_a_leader_that_hears_and_is_not_heard_holds_nobody_up(
    street: Rig, wires: Wires
) -> None:
    """The wire is dead in one direction only: all it says is lost, all it hears arrives."""
    leader = await _opened(street)
    others = [shop for shop in range(SEATS) if shop != leader]

    async def story(tills: list[Till]) -> None:
        await tills[0].more(3)
        wires.deafen(leader, others)
        await tills[0].more(10)
        roll = await street.roll(others[0])
        assert roll.leader != leader
        wires.mend(leader, others)
        await street.state(others[0], leader, SeatState.VOTING)
        await tills[0].more(3)

    await trade(street, [others[0]], story)


async def test_one_broken_link_between_two_shops_is_no_matter(street: Rig, wires: Wires) -> None:
    """Every quorum can still be reached, though two do not see each other (T28)."""
    leader = await _opened(street)
    one, other = (leader + 1) % SEATS, (leader + 2) % SEATS

    async def story(tills: list[Till]) -> None:
        wires.cut([one], [other])
        await street.state(one, other, SeatState.AWAY)
        for till in tills:
            await till.more(5)
        wires.join([one], [other])
        await street.state(one, other, SeatState.VOTING)

    await trade(street, [one, other], story)


@pytest.mark.usefixtures("slow_wires")
async def test_a_slow_shop_does_not_slow_the_others(street: Rig) -> None:
    leader = await _opened(street)
    seller = next(shop for shop in range(SEATS) if shop not in (leader, SLOW))

    async def story(tills: list[Till]) -> None:
        for till in tills:
            await till.more(10)

    await trade(street, [SLOW, seller], story)
    assert (await street.roll(seller)).view_changes == []
