"""What this machine charges for the primitives of a commit, in the same run as the figures.

A commit is hops, syncs and signatures. Wall times of two machines, or of one machine at two
hours, compare only as ratios to these.
"""

import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Final

import msgspec
import trio

from liandao_node.cli.bench.samples import quantile
from liandao_node.crypto.keys import SigningKey, verify

FRAME: Final = b"x" * 254
APPEND: Final = b"x" * 4_096
SAMPLE_S: Final = 0.02


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Medians, microseconds."""

    ping_pong_us: float
    """There and back over loopback TCP between two processes, blocking sockets, 254 bytes."""
    fdatasync_us: float
    """After an append of 4 KB, in the directory of the nodes' data."""
    fsync_us: float
    sign_us: float
    verify_us: float
    """One Ed25519 signature over 32 bytes."""


def calibrate(directory: Path, seconds: float) -> Calibration:
    """Measures for about ``seconds`` in all."""
    each_s = seconds / 5
    key = SigningKey(bytes(range(32)))
    message = bytes(32)
    signature = key.sign(message)
    assert verify(key.public_key, message, signature)
    return Calibration(
        ping_pong_us=_ping_pong(each_s),
        fdatasync_us=_sync(directory, getattr(os, "fdatasync", os.fsync), each_s),
        fsync_us=_sync(directory, os.fsync, each_s),
        sign_us=_median_us(lambda: key.sign(message), each_s),
        verify_us=_median_us(lambda: verify(key.public_key, message, signature), each_s),
    )


@asynccontextmanager
async def verify_meanwhile() -> AsyncIterator[Callable[[], float]]:
    """Checks a signature every now and then; the function tells the median so far, in
    microseconds. A neighbour on the same core makes it half as long again, and the nodes'
    CPU time with it."""
    key = SigningKey(bytes(range(32)))
    message = bytes(32)
    signature = key.sign(message)
    times_ns: list[int] = []

    def once() -> None:
        began = time.perf_counter_ns()
        verify(key.public_key, message, signature)
        times_ns.append(time.perf_counter_ns() - began)

    async def now_and_then() -> None:
        while True:
            await trio.sleep(SAMPLE_S)
            once()

    once()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(now_and_then)
        yield lambda: round(quantile(sorted(times_ns), 0.5) / 1_000, 1)
        nursery.cancel_scope.cancel()


def _median_us(work: Callable[[], object], seconds: float) -> float:
    times_ns: list[int] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or not times_ns:
        began = time.perf_counter_ns()
        work()
        times_ns.append(time.perf_counter_ns() - began)
    return round(quantile(sorted(times_ns), 0.5) / 1_000, 1)


def _sync(directory: Path, sync: Callable[[int], None], seconds: float) -> float:
    with tempfile.TemporaryFile(dir=directory) as file:
        descriptor = file.fileno()

        def append() -> None:
            os.write(descriptor, APPEND)
            sync(descriptor)

        return _median_us(append, seconds)


def _ping_pong(seconds: float) -> float:
    """Two processes where the system can fork, else two threads."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        here = socket.create_connection(door.getsockname())
        there, _ = door.accept()
        with here, there:
            for end in (here, there):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            echo = Thread(target=_echo, args=(there,), daemon=True)
            child = os.fork() if hasattr(os, "fork") else None
            if child == 0:
                _echo_and_end(here, there)
            if child is None:
                echo.start()
            else:
                there.close()

            def once() -> None:
                here.sendall(FRAME)
                _receive(here)

            found = _median_us(once, seconds)
            here.shutdown(socket.SHUT_WR)
            if child is None:
                echo.join()
            else:
                os.waitpid(child, 0)
    return found


def _echo_and_end(here: socket.socket, there: socket.socket) -> None:
    """The other process: nothing of its parent's life may run here."""
    try:
        here.close()
        _echo(there)
    finally:
        os._exit(0)


def _echo(end: socket.socket) -> None:
    while data := end.recv(len(FRAME)):
        end.sendall(data)


def _receive(end: socket.socket) -> None:
    left = len(FRAME)
    while left:
        left -= len(end.recv(left))
