"""Two streets on one computer, each with its own genesis and modules, side by side.

Real processes, found by zeroconf on loopback: shop 0 and 1 of the first street, and one shop of a
second one that works with a stranger's module. Nothing of one may reach the other: data, ports,
local sockets, locks, names on the network, calls.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trio
from liandao_node.cli.demo.fleet import LOOPBACK, Fleet
from liandao_node.client import connect
from liandao_node.errors import Refused
from liandao_node.ledger.module_api import as_call
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.street import NewShop, found_street
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import encode
from support.street import WAIT_S_MAX
from support.tree import ROOT

HELLO = ROOT / "examples" / "module-hello"
NAME = "cafe_stamps"
WITH_HELLO = f"""
import sys
from importlib.metadata import EntryPoint, EntryPoints
sys.path.insert(0, {str(HELLO)!r})
import liandao_node.runtime.ledger_modules as modules
entry = EntryPoint({NAME!r}, "liandao_module_hello.ledger:module", modules.ENTRY_POINT_GROUP)
modules.entry_points = lambda **_: EntryPoints([entry])
from liandao_node.cli.main import main
sys.exit(main())
"""


class CafeFleet(Fleet):
    """One shop whose computer has the module installed."""

    def start(self, shop: int) -> None:
        command = [sys.executable, "-c", WITH_HELLO, "node", "--data", str(self.dirs[shop])]
        with (self.dirs[shop] / "node.log").open("ab") as log:
            self._processes[shop] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )


@pytest.fixture
def streets(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Fleet, Fleet]]:
    """Both founded, none running; whatever was started is ended."""
    monkeypatch.syspath_prepend(str(HELLO))
    with ExitStack() as stack:
        made: list[Fleet] = []
        for kind, shops in ((Fleet, 2), (CafeFleet, 1)):
            root = Path(tempfile.mkdtemp(prefix="ld-"))  # short: a socket's path has 107 bytes
            stack.callback(shutil.rmtree, root, ignore_errors=True)
            made.append(kind(root, shops))
            stack.callback(made[-1].stop)
        made[0].found("First street")
        settings = NodeSettings(
            shop=ShopId(0), listen_host=LOOPBACK, interfaces=[LOOPBACK], site="demo"
        )
        found_street(
            "Second street",
            [NewShop("Cafe", made[1].dirs[0], settings, Amount(10**8))],
            currency="JPY",
            exponent=0,
            utc_offset_minutes=540,
            modules=[(NAME, 1)],
        )
        yield made[0], made[1]


async def test_two_streets_live_side_by_side(streets: tuple[Fleet, Fleet]) -> None:
    from liandao_module_hello.ledger import Stamp  # type: ignore[import-not-found]

    first, second = streets
    for fleet in streets:
        for shop in range(len(fleet.dirs)):
            fleet.start(shop)
    with trio.fail_after(WAIT_S_MAX):
        await first.wait_active([0, 1])
        await second.wait_active([0])
        async with (
            connect(first.dirs[0], client="test") as here,
            connect(second.dirs[0], client="test") as there,
        ):
            assert here.welcome.chain_id != there.welcome.chain_id
            assert (here.welcome.currency, there.welcome.currency) == ("CNY", "JPY")
            mine, theirs = await here.enrol(""), await there.enrol("")
            stamp = as_call(Stamp(theirs.card.card))
            assert (await there.order_call(stamp.kind, stamp.body)).answer
            with pytest.raises(Refused, match="CALL_UNKNOWN"):
                await here.order_call(stamp.kind, encode(Stamp(mine.card.card)))
            # A card of one street is nobody's in the other.
            assert (await there.find_card(mine.payload)).card is None
            assert [m.name for m in (await there.rules()).modules][-1] == NAME
            assert NAME not in {m.name for m in (await here.rules()).modules}
            for node, shops in ((here, 2), (there, 1)):
                status = await node.status()
                assert (status.active, len(status.seats)) == (True, shops)
                known = {code for code, _ in status.faults}
                assert not known & {"OTHER_STREET", "UNKNOWN_SHOP", "TWO_SESSIONS"}
