"""A street of real node processes to be stopped, cut apart, slowed and filled up."""

import secrets
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic

import msgspec
import pytest
import trio
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line
from liandao_node.client import NodeClient, OrderRef, Roll, SeatState, Sold, connect
from liandao_node.errors import Unavailable
from liandao_node.runtime.config import load_settings, save_settings
from liandao_node.wire.genesis import Rules

from support.street import WAIT_S_MAX, books, founded, sell

EARNED_EACH = 200
"""2 % of 10000."""
PAUSE_S = 0.02
NODE = (sys.executable, "-m", "liandao_node.cli.main", "node")


class Rig(Fleet):
    """A fleet whose nodes can be started in other ways and held by their process."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(fleet.root, len(fleet.dirs))
        self.command: Callable[[int], Sequence[str]] = lambda _: NODE
        """What starts the node of a shop, up to its ``--data``."""

    def start(self, shop: int) -> None:
        with (self.dirs[shop] / "node.log").open("ab") as log:
            self._processes[shop] = subprocess.Popen(
                [*self.command(shop), "--data", str(self.dirs[shop])],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def signal(self, shop: int, number: int) -> None:
        self._processes[shop].send_signal(number)

    async def ended(self, shop: int) -> int:
        """The exit code of a node that ends by itself."""
        process = self._processes[shop]
        with trio.fail_after(WAIT_S_MAX):
            code = await trio.to_thread.run_sync(process.wait, abandon_on_cancel=True)
        del self._processes[shop]
        return code

    def end(self, shop: int) -> None:
        """As a service is stopped: with a farewell."""
        process = self._processes.pop(shop)
        process.terminate()
        process.wait(WAIT_S_MAX)

    def log(self, shop: int) -> str:
        return (self.dirs[shop] / "node.log").read_text()

    async def roll(self, shop: int) -> Roll:
        async with connect(self.dirs[shop], client="test") as node:
            return await node.roll()

    async def state(self, seen_by: int, shop: int, wanted: SeatState) -> Roll:
        """The roll once a shop is in a state, as another one sees it."""
        return await self.rolled(seen_by, lambda roll: roll.seats[shop].state is wanted)

    async def rolled(self, shop: int, what: Callable[[Roll], bool]) -> Roll:
        """The roll of a shop once ``what`` holds; fails loudly instead of hanging."""
        with trio.fail_after(WAIT_S_MAX):
            while True:
                try:
                    roll = await self.roll(shop)
                except Unavailable:
                    self.check()
                else:
                    if what(roll):
                        return roll
                await trio.sleep(0.02)

    def settle(self, shop: int, **changes: object) -> None:
        """Changes a shop's settings before it is started."""
        settings = load_settings(self.dirs[shop])
        save_settings(self.dirs[shop], msgspec.structs.replace(settings, **changes))


@contextmanager
def rig(shops: int, rules: Rules | None = None) -> Iterator[Rig]:
    """A founded street, no process yet. Ends what was started in it."""
    with founded(shops, rules) as fleet:
        made = Rig(fleet)
        try:
            yield made
        finally:
            made.stop()


class Till:
    """Sells at one shop, as fast as the street answers, and remembers what was certified."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.sold: list[Sold] = []
        self.at: list[float] = []
        """When each certificate came, in seconds of the monotonic clock."""
        self._enough = trio.Event()

    async def run(self) -> None:
        enrolled = await self.line.ask(lambda node: node.enrol(""))
        while not self._enough.is_set():
            order = await self.line.ask(partial(_number, secrets.token_bytes(16)))
            self.sold.append(await sell(self.line, order, enrolled.card.card, 10_000))
            self.at.append(monotonic())
            await trio.sleep(PAUSE_S)  # a till that never rests takes the cores from the story

    async def more(self, count: int) -> None:
        """Until so many more sales are certified than are now."""
        wanted = len(self.sold) + count
        with trio.fail_after(WAIT_S_MAX):
            while len(self.sold) < wanted:
                await trio.sleep(0.02)

    def close(self) -> None:
        self._enough.set()

    def longest_pause_ms(self) -> int:
        """Between two certificates."""
        return int(max(b - a for a, b in zip(self.at, self.at[1:], strict=False)) * 1_000)


async def _number(ticket: bytes, node: NodeClient) -> OrderRef:
    return await node.next_order(1, ticket)


async def trade(
    fleet: Fleet, shops: Sequence[int], story: Callable[[list[Till]], Awaitable[None]]
) -> list[Till]:
    """Runs ``story`` while the tills of ``shops`` sell; at the end nothing is lost or double."""
    async with trio.open_nursery() as lines:
        tills = [Till(Line(fleet.dirs[shop], "test")) for shop in shops]
        for till in tills:
            lines.start_soon(till.line.run)
        async with trio.open_nursery() as selling:
            for till in tills:
                selling.start_soon(till.run)
            await story(tills)
            for till in tills:
                till.close()
        lines.cancel_scope.cancel()
    await all_agree(fleet, tills)
    return tills


async def all_agree(fleet: Fleet, tills: Sequence[Till]) -> None:
    """Every certified sale is in the books once; every node has the same tip."""
    summaries = await fleet.settled(WAIT_S_MAX)
    assert len({(s.height, s.tip, s.state_root) for s in summaries}) == 1
    issued, redeemed, expired, outstanding = books(summaries)
    assert issued == sum(len(till.sold) for till in tills) * EARNED_EACH
    assert issued == redeemed + expired + outstanding
    for till in tills:
        numbers = [sold.order.number for sold in till.sold]
        assert numbers == list(range(1, len(numbers) + 1)), "a receipt number is missing"


# --- what only some machines permit ---


def permitted(*command: str) -> None:
    """Runs a command of the system; skips the test by name where it is not to be had."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError as error:
        pytest.skip(f"{command[0]}: {error.strerror}")
    if done.returncode:
        pytest.skip(f"this machine forbids {' '.join(command)}: {done.stderr.strip()[:200]}")


class Wires:
    """A network namespace for each shop, joined by a bridge in one more."""

    def __init__(self, shops: int) -> None:
        self._tag = f"ld{secrets.token_hex(3)}"
        self._shops = shops

    def host(self, shop: int) -> str:
        return f"10.83.17.{shop + 1}"

    def inside(self, shop: int) -> tuple[str, ...]:
        """What runs a command in a shop's namespace."""
        return ("ip", "netns", "exec", self._space(shop))

    def _space(self, shop: int | str) -> str:
        return f"{self._tag}-{shop}"

    @contextmanager
    def laid(self) -> Iterator["Wires"]:
        """The namespaces, for as long as the block lasts."""
        with ExitStack() as undo:
            for space in ("hub", *range(self._shops)):
                name = self._space(space)
                permitted("ip", "netns", "add", name)
                undo.callback(subprocess.run, ("ip", "netns", "del", name), check=False)
                permitted("ip", "-n", name, "link", "set", "lo", "up")
            hub = self._space("hub")
            permitted("ip", "-n", hub, "link", "add", "name", "bridge0", "type", "bridge")
            permitted("ip", "-n", hub, "link", "set", "bridge0", "up")
            for shop in range(self._shops):
                self._join(hub, shop)
            yield self

    def _join(self, hub: str, shop: int) -> None:
        space, port = self._space(shop), f"p{shop}"
        veth = ("type", "veth", "peer", "name", "eth", "netns", space)
        permitted("ip", "-n", hub, "link", "add", "name", port, *veth)
        permitted("ip", "-n", hub, "link", "set", port, "master", "bridge0", "up")
        permitted("ip", "-n", space, "addr", "add", f"{self.host(shop)}/24", "dev", "eth")
        permitted("ip", "-n", space, "link", "set", "eth", "up")

    def deafen(self, shop: int, to: Sequence[int]) -> None:
        """What ``shop`` sends to the others is lost from now on; what they send arrives."""
        for other in to:
            permitted(
                *("ip", "-n", self._space(shop), "route", "add", "blackhole"),
                f"{self.host(other)}/32",
            )

    def mend(self, shop: int, to: Sequence[int]) -> None:
        for other in to:
            permitted(
                *("ip", "-n", self._space(shop), "route", "del", "blackhole"),
                f"{self.host(other)}/32",
            )

    def cut(self, one: Sequence[int], other: Sequence[int]) -> None:
        """Nothing goes between the two groups, either way."""
        for shop in one:
            self.deafen(shop, other)
        for shop in other:
            self.deafen(shop, one)

    def join(self, one: Sequence[int], other: Sequence[int]) -> None:
        for shop in one:
            self.mend(shop, other)
        for shop in other:
            self.mend(shop, one)

    def slow(self, shop: int, delay_ms: int) -> None:
        """What ``shop`` sends takes so much longer."""
        netem = ("root", "netem", "delay", f"{delay_ms}ms", f"{delay_ms // 4}ms")
        permitted("tc", "-n", self._space(shop), "qdisc", "add", "dev", "eth", *netem)


PORT = 7_700


def wired(street: Rig, wires: Wires) -> None:
    """Puts each node of ``street`` into its namespace, with the others' addresses typed."""
    shops = range(len(street.dirs))
    for shop in shops:
        street.settle(
            shop,
            listen_host=wires.host(shop),
            listen_port=PORT,
            discover=False,
            peers={str(s): [f"{wires.host(s)}:{PORT}"] for s in shops if s != shop},
        )
    street.command = lambda shop: (*wires.inside(shop), *NODE)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    """``path`` on a file system of its own; what lay there is moved onto it."""
    kept = path.with_name(path.name + "-kept")
    path.rename(kept)
    path.mkdir(mode=0o700)
    try:
        permitted("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(path))
    except BaseException:
        path.rmdir()
        kept.rename(path)
        raise
    try:
        for file in kept.iterdir():
            (path / file.name).write_bytes(file.read_bytes())
            (path / file.name).chmod(0o600)
        yield
    finally:
        subprocess.run(("umount", "--lazy", str(path)), check=False)
