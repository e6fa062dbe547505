"""A full disk at one shop, with real processes (O6): it steps aside by itself and comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from liandao_node.client import SeatState
from liandao_node.limits import DISK_ENOUGH_BYTES, DISK_LOW_BYTES
from support.faults import Rig, Till, rig, small_disk, trade

SEATS = 4
ROOM_BYTES = DISK_ENOUGH_BYTES + 48 * 1024 * 1024
PIECE = bytes(1024 * 1024)


def _fill(path: Path, leave_bytes: int) -> None:
    """Another program's file, until so much room is left."""
    with path.open("wb", buffering=0) as file:
        while shutil.disk_usage(path.parent).free > leave_bytes + len(PIECE):
            file.write(PIECE)


@pytest.fixture
def street() -> Iterator[Rig]:
    """Shop 1 has a small disk of its own."""
    with rig(SEATS) as made, small_disk(made.dirs[1], str(ROOM_BYTES)):
        yield made
        made.stop()


async def test_a_shop_without_room_stops_voting_and_the_street_goes_on(street: Rig) -> None:
    for shop in range(SEATS):
        street.start(shop)
    await street.wait_active(range(SEATS))
    junk = street.dirs[1] / "holiday-film.mov"

    async def story(tills: list[Till]) -> None:
        for till in tills:
            await till.more(3)
        _fill(junk, DISK_LOW_BYTES // 2)
        roll = await street.state(1, 1, SeatState.IDLE)
        assert roll.voting < SEATS
        # It does not vote, and it can sell all the same: the others agree without it.
        for till in tills:
            await till.more(10)
        junk.unlink()
        await street.state(1, 1, SeatState.VOTING)
        for till in tills:
            await till.more(3)
        street.check()

    await trade(street, [0, 1], story)
