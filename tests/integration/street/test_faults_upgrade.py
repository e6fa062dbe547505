"""A street that is brought up to date shop by shop (T42), with real processes.

The newer program is this one under another number: `liandao_node.wire.protocol.OURS` is
replaced before anything else is imported.
"""

import sys
from collections.abc import Sequence

from liandao_node.client import SeatState
from liandao_node.wire.protocol import OURS, ProtocolVersion
from support.faults import NODE, Rig, Till, rig, trade

SEATS = 4
OTHER_VERSION = """
import sys
import liandao_node.wire.protocol as protocol
protocol.OURS = protocol.ProtocolVersion(*map(int, sys.argv.pop(1).split(".")))
from liandao_node.cli.main import main
sys.exit(main())
"""
NEXT_MINOR = OURS._replace(minor=OURS.minor + 1)
NEXT_MAJOR = OURS._replace(major=OURS.major + 1)


class Versions:
    """Which version each shop's computer has installed."""

    def __init__(self, street: Rig) -> None:
        self._installed: dict[int, ProtocolVersion] = {}
        street.command = self._command

    def install(self, shop: int, version: ProtocolVersion) -> None:
        self._installed[shop] = version

    def _command(self, shop: int) -> Sequence[str]:
        version = self._installed.get(shop)
        if version is None:
            return NODE
        return (sys.executable, "-c", OTHER_VERSION, str(version), "node")


async def test_a_street_is_updated_one_by_one_while_it_sells() -> None:
    with rig(SEATS) as street:
        versions = Versions(street)
        for shop in range(SEATS):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            for shop in range(SEATS):
                watching = (shop + 1) % SEATS
                await tills[watching].more(2)
                street.end(shop)
                versions.install(shop, NEXT_MINOR)
                street.start(shop)
                roll = await street.state(watching, shop, SeatState.VOTING)
                assert roll.seats[shop].protocol == str(NEXT_MINOR)
                spoken = [seat.protocol for seat in roll.seats if seat.shop != watching]
                assert spoken.count(str(NEXT_MINOR)) == min(shop + 1, SEATS - 1)
                for till in tills:
                    await till.more(2)

        await trade(street, list(range(SEATS)), story)


async def test_a_version_that_is_not_understood_is_refused_by_name_and_comes_back() -> None:
    with rig(SEATS) as street:
        versions = Versions(street)
        for shop in range(SEATS):
            street.start(shop)
        await street.wait_active(range(SEATS))

        async def story(tills: list[Till]) -> None:
            await tills[0].more(2)
            street.end(3)
            versions.install(3, NEXT_MAJOR)
            street.start(3)
            alone = await street.rolled(
                3, lambda roll: {s.problem for s in roll.seats[:3]} == {"OTHER_VERSION"}
            )
            assert alone.voting == 1
            # The others go on without it, and know why it is not there.
            await tills[0].more(5)
            faults = dict((await street.status(0)).faults)
            assert faults["OTHER_VERSION"] >= 1
            street.end(3)
            versions.install(3, OURS)
            street.start(3)
            await street.state(0, 3, SeatState.VOTING)

        await trade(street, [0], story)
