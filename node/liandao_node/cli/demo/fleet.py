"""The demo's node processes: started, killed, started again; each a real ``liandao node``."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import trio

from liandao_node.cli.run_command import end
from liandao_node.client import Summary, connect
from liandao_node.errors import LiandaoError, OperatorFault, Unavailable
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.street import NewShop, found_street
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Genesis, Rules

SHOP_NAMES = ("茶馆 Tea house", "小面 Noodles", "书局 Books", "花店 Flowers")
LOOPBACK = "127.0.0.1"
START_S_MAX = 60
POLL_S = 0.02
WATCH_S = 1
BOND = Amount(100_000_000)


class Fleet:
    """The nodes of a street, one process and one data directory each."""

    def __init__(self, root: Path, shops: int) -> None:
        self.root = root
        self.dirs = [root / f"shop-{at}" for at in range(shops)]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def found(self, street: str, rules: Rules | None = None) -> Genesis:
        """Makes the street, by these rules if they are not the usual ones."""
        settings = NodeSettings(
            shop=ShopId(0),
            listen_host=LOOPBACK,
            interfaces=[LOOPBACK],
            site="demo",
            late_grace_ms=None,
        )
        shops = [
            NewShop(SHOP_NAMES[at % len(SHOP_NAMES)], data_dir, settings, BOND)
            for at, data_dir in enumerate(self.dirs)
        ]
        return found_street(
            street, shops, currency="CNY", exponent=2, utc_offset_minutes=480, rules=rules
        )

    def start(self, shop: int) -> None:
        """Starts a node; its log goes beside its data."""
        with (self.dirs[shop] / "node.log").open("ab") as log:
            self._processes[shop] = subprocess.Popen(
                [
                    *(sys.executable, "-m", "liandao_node.cli.main", "node"),
                    *("--data", str(self.dirs[shop])),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pids(self) -> list[int]:
        """Process ids of the nodes that were started and not stopped, by shop."""
        return [self._processes[shop].pid for shop in sorted(self._processes)]

    def kill(self, shop: int) -> None:
        """kill -9: no farewell, no flush."""
        process = self._processes.pop(shop)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Ends every node that this fleet started."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            end(process)
        self._processes.clear()

    def check(self) -> None:
        """Raises OperatorFault ``DEMO_NODE_ENDED`` when a node has ended by itself."""
        for shop, process in self._processes.items():
            if process.poll() is not None:
                log = self.dirs[shop] / "node.log"
                raise OperatorFault("DEMO_NODE_ENDED", shop=shop, log=str(log))

    async def wait_active(self, shops: Sequence[int], *, together: bool = True) -> None:
        """Until these nodes agree on blocks (``together``: and each sees all the others)."""
        for shop in shops:
            with trio.move_on_after(START_S_MAX) as patience:
                while not await self._is_active(shop, len(shops) if together else 0):
                    self.check()
                    await trio.sleep(POLL_S)
            if patience.cancelled_caught:
                raise OperatorFault("DEMO_NOT_ACTIVE", shop=shop, seconds=START_S_MAX)

    async def _is_active(self, shop: int, seen: int) -> bool:
        with suppress(LiandaoError):
            summary = await self.status(shop)
            return summary.active and sum(seat.connected for seat in summary.seats) >= seen
        return False

    async def status(self, shop: int) -> Summary:
        """A fresh look at one node. Raises Unavailable when it is not there."""
        async with connect(self.dirs[shop], client="demo") as node:
            return await node.status()

    async def settled(self, seconds: float) -> list[Summary]:
        """The nodes' summaries once their tips are equal, or as they are after ``seconds``.

        Raises OperatorFault ``DEMO_NODE_ENDED`` or ``DEMO_NOT_ACTIVE`` when one is not there.
        """
        summaries: list[Summary] = []
        with trio.move_on_after(seconds):
            while True:
                with suppress(Unavailable):
                    summaries = [await self.status(shop) for shop in range(len(self.dirs))]
                    if len({(s.height, s.tip) for s in summaries}) == 1:
                        return summaries
                await trio.sleep(POLL_S)
        self.check()
        if not summaries:
            raise OperatorFault("DEMO_NOT_ACTIVE", shop=len(self.dirs) - 1, seconds=int(seconds))
        return summaries

    async def watch(self) -> None:
        """Ends with the error of `check`: nobody waits for a node that ended by itself."""
        while True:
            self.check()
            await trio.sleep(WATCH_S)
