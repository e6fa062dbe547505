"""A data directory copied to a second computer, and both started (O7, T15), as real processes.

The second computer is played by the first: its machine id is the same, as it is for a cloned
disk image. One with another id does not even start; that is tested too.
"""

import shutil
import sys
from collections.abc import Sequence

from liandao_node.client import SeatState
from liandao_node.runtime.street import read_genesis
from support.faults import NODE, Rig, Till, rig, trade
from support.runtime_node import key_and_boot

SEATS = 4
OTHER_MACHINE = """
import sys
from pathlib import Path
import liandao_node.runtime.stores as stores
stores.machine_id = lambda: b"another machine".ljust(32)
from liandao_node.cli.main import main
sys.exit(main())
"""


def _copy(street: Rig, shop: int) -> int:
    """Copies a shop's directory as it is; returns the copy's number in the fleet."""
    copy = street.root / f"copy-of-{shop}"
    shutil.copytree(street.dirs[shop], copy, ignore=shutil.ignore_patterns("*.sock", "node.log"))
    copy.chmod(0o700)
    street.dirs.append(copy)
    return len(street.dirs) - 1


async def _opened(street: Rig) -> None:
    for shop in range(SEATS):
        street.start(shop)
    await street.wait_active(range(SEATS))


async def test_of_two_computers_with_one_key_the_older_start_stops_and_all_are_told() -> None:
    with rig(SEATS) as street:
        await _opened(street)
        street.end(2)
        copy = _copy(street, 2)
        street.start(2)
        await street.state(0, 2, SeatState.VOTING)
        for _ in range(2):  # the copy has been started before, where nobody saw it
            key_and_boot(read_genesis(street.dirs[copy]), street.dirs[copy])

        # Of four seats three are there: every certificate from here on needs the original's vote.
        street.end(3)

        async def story(tills: list[Till]) -> None:
            await tills[0].more(3)
            street.start(copy)
            assert await street.ended(2) == 2
            said = street.log(2).splitlines()[-1]
            assert said.startswith("Another computer works, or worked, with this shop's key")
            assert "Points are safe" in said
            # It stopped at the first shop that showed it the proof; that one tells of it.
            rolls = [await street.roll(shop) for shop in (0, 1)]
            faults = [dict((await street.status(shop)).faults) for shop in (0, 1)]
            told = [roll.seats[2].two_sessions for roll in rolls]
            assert any(told)
            assert told == ["TWO_SESSIONS" in counted for counted in faults]
            # The copy meets votes of its key that it never cast, and stops as well (P-6.7): which
            # of the two goes on is for people to say, and they say the original.
            assert await street.ended(copy) != 0
            street.dirs.pop()
            for _ in range(3):
                key_and_boot(read_genesis(street.dirs[2]), street.dirs[2])
            street.start(3)
            street.start(2)
            await street.state(0, 2, SeatState.VOTING)
            await tills[0].more(3)

        await trade(street, [0], story)


async def test_a_copy_on_another_computer_does_not_start() -> None:
    with rig(SEATS) as street:
        await _opened(street)
        street.end(2)
        copy = _copy(street, 2)

        def command(shop: int) -> Sequence[str]:
            return (sys.executable, "-c", OTHER_MACHINE, "node") if shop == copy else NODE

        street.command = command
        street.start(copy)
        assert await street.ended(copy) == 2
        assert "was copied from another computer" in street.log(copy)
        street.dirs.pop()
        street.start(2)
        await street.state(0, 2, SeatState.VOTING)
        assert not (await street.roll(0)).seats[2].two_sessions
