"""Round trip and throughput of a peer channel between two processes on loopback.

    python bench/peer_channel.py [--seconds 2] > result.json

One process answers, the other measures; both run the node's own network, handshake and all.
Throughput is with a bounded number of frames on the way, as a street has it. Read the
figures beside the load of the machine: a hop is mostly the wake-up of an idle core.
"""

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass, field

import trio
from liandao_node.crypto.keys import SigningKey
from liandao_node.net.peers import Address, Network, NetworkConfig
from liandao_node.types import ChainId, PublicKey, ShopId

HOST = "127.0.0.1"
KEYS = [SigningKey(bytes([seed]) * 32) for seed in (1, 2)]
MEMBERS: dict[PublicKey, ShopId] = {k.public_key: ShopId(n) for n, k in enumerate(KEYS)}
ECHO, COUNT = b"e", b"c"
ON_THE_WAY_MAX = 400
ACKNOWLEDGED_EACH = 100


@dataclass
class End:
    """A handler that answers echoes, and acknowledges counted frames a hundred at a time."""

    is_answering: bool
    network: Network = field(init=False)
    up: trio.Event = field(default_factory=trio.Event)
    news: trio.Event = field(default_factory=trio.Event)
    answers: int = 0
    counted: int = 0

    def on_message(self, peer: ShopId, frame: bytes) -> None:
        if self.is_answering:
            self._answer(peer, frame)
        else:
            self.answers += 1
            self.news.set()

    def _answer(self, peer: ShopId, frame: bytes) -> None:
        if frame[:1] == COUNT:
            self.counted += 1
            if self.counted % ACKNOWLEDGED_EACH:
                return
            frame = COUNT
        self.network.send(peer, frame)

    def on_up(self, peer: ShopId) -> None:  # noqa: ARG002 -- there is one peer
        self.up.set()

    def on_down(self, peer: ShopId) -> None:  # noqa: ARG002
        if self.is_answering:
            os._exit(0)

    def on_fault(self, peer: ShopId | None, code: str) -> None:
        sys.exit(f"{code} by {peer}")

    async def answered(self, answers: int) -> None:
        while self.answers < answers:
            self.news = trio.Event()
            await self.news.wait()


async def open_end(nursery: trio.Nursery, me: int, port: int = 0) -> tuple[End, int]:
    end = End(is_answering=me == 0)
    peers = {ShopId(0): [Address(HOST, port)]} if port else {}
    end.network = Network(
        NetworkConfig(listen_host=HOST, discover=False, peers=peers),
        key=KEYS[me],
        chain_id=ChainId(bytes(32)),
        members=MEMBERS,
        me=ShopId(me),
        handler=end,
    )
    port_here: int = await nursery.start(end.network.run)
    return end, port_here


async def answer(tell: int) -> None:
    async with trio.open_nursery() as nursery:
        _, port = await open_end(nursery, 0)
        os.write(tell, str(port).encode())


async def round_trips(end: End, size: int, seconds: float) -> dict[str, float]:
    frame, times_us = ECHO * size, []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        end.network.send(ShopId(0), frame)
        await end.answered(end.answers + 1)
        times_us.append((time.perf_counter() - began) * 1e6)
    cuts = statistics.quantiles(times_us, n=100)
    return {"size_bytes": size, "p50_us": round(cuts[49]), "p99_us": round(cuts[98])}


async def throughput(end: End, size: int, seconds: float) -> dict[str, float]:
    frame, sent, before = COUNT * size, 0, end.answers
    on_the_way_max = min(ON_THE_WAY_MAX, max(2 * ACKNOWLEDGED_EACH, 4_000_000 // size))
    began, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds or sent % ACKNOWLEDGED_EACH:
        end.network.send(ShopId(0), frame)
        sent += 1
        if sent % ACKNOWLEDGED_EACH == 0:
            await end.answered(before + (sent - on_the_way_max) // ACKNOWLEDGED_EACH)
            await trio.lowlevel.checkpoint()
    await end.answered(before + sent // ACKNOWLEDGED_EACH)
    took = time.perf_counter() - began
    return {
        "size_bytes": size,
        "frames_per_s": round(sent / took),
        "mb_per_s": round(sent * size / took / 1e6, 1),
        "sender_cpu_us_per_frame": round((time.process_time() - used) / sent * 1e6, 1),
    }


async def measure(listen: int, seconds: float) -> None:
    port = int(os.read(listen, 16))
    async with trio.open_nursery() as nursery:
        began = time.perf_counter()
        end, _ = await open_end(nursery, 1, port)
        await end.up.wait()
        result = {
            "first_channel_ms": round((time.perf_counter() - began) * 1e3, 1),
            "round_trip": [await round_trips(end, 200, seconds)],
            "throughput": [await throughput(end, size, seconds) for size in (200, 4_096)],
            "load_average": os.getloadavg()[0],
        }
        sys.stdout.write(json.dumps(result, indent=1) + "\n")
        nursery.cancel_scope.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    seconds: float = parser.parse_args().seconds
    listen, tell = os.pipe()
    if os.fork() == 0:
        trio.run(answer, tell)
    else:
        trio.run(measure, listen, seconds)


if __name__ == "__main__":
    main()
