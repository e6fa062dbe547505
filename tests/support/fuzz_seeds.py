"""What a fuzzer begins with: right inputs of every target, and some that are nearly right."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from struct import pack
from typing import Final

from liandao_node.crypto.noise import CipherState
from liandao_node.local.frames import frame
from liandao_node.net.handshake import Caller, Host
from liandao_node.store import voter_log
from liandao_node.store.voter_records import NEVER_VOTED, root_of, seal
from liandao_node.wire.api import Reply, Request, encode_api
from liandao_node.wire.codec import encode

from support.fuzz_targets import (
    CHAIN,
    DECODERS,
    RECEIPT,
    STREET,
    TARGETS,
    ephemeral,
    identity,
    type_of,
)
from support.wire_values import members_of, mutated, value_of

Seeds = Callable[[Random], Iterable[bytes]]


def _api(chance: Random) -> Iterable[bytes]:
    for kind in (*members_of(Request), *members_of(Reply)):
        yield encode_api((chance.randrange(9), value_of(kind, chance)))


def _handshake(_: Random) -> Iterable[bytes]:
    first = Caller(identity(9), ephemeral(8)).first()
    return first, Host(identity(2), ephemeral(4)).on_first(first)


def _record(_: Random) -> Iterable[bytes]:
    sealed = CipherState(b"\x44" * 32).encrypt(b"somebody else's")
    return (len(sealed).to_bytes(2, "big") + sealed,)


def _announcement(_: Random) -> Iterable[bytes]:
    texts = (b"v=1", b"street=" + CHAIN[:8].hex().encode(), b"key=" + b"ab" * 32)
    return (b"".join(bytes([len(text)]) + text for text in texts),)


def _root(_: Random) -> Iterable[bytes]:
    return (seal(root_of(3, 1, NEVER_VOTED, b"identity", {(1, b"h" * 32): b"d" * 32})),)


def _log(_: Random) -> Iterable[bytes]:
    """The head of a write-ahead log with pages of 512 bytes, and room of two frames."""
    head = pack(">6I", voter_log.MAGIC_LITTLE, 3_007_000, 512, 0, 7, 9)
    return (head + pack(">2I", *voter_log._sum(head, (0, 0), "little")) + bytes(2 * (24 + 512)),)


_SEEDS: Final[dict[str, Seeds]] = {
    "api messages": _api,
    "api frames": lambda _: (frame(b"") + frame(b"abc" * 50),),
    "handshake": _handshake,
    "records": _record,
    "frames of a member": lambda _: (b"\0\0\0\x05hello" * 4 + bytes(12),),
    "discovery": _announcement,
    "receipt": lambda _: (RECEIPT.encode(), STREET.genesis.encode()),
    "genesis": lambda _: (STREET.genesis.encode(),),
    "card": lambda _: (b"LD1:C:" + b"0" * 53, b"12345678", b"LD1:R:xyz"),
    "voter root": _root,
    "voter log": _log,
}


def valid_inputs(name: str, chance: Random) -> list[bytes]:
    """Right inputs of a target, one of each kind that it takes."""
    if name in DECODERS:
        return [encode(value_of(kind, chance)) for kind in members_of(type_of(DECODERS[name]))]
    return list(_SEEDS[name](chance))


def corpus(seed: int = 0, rounds: int = 3) -> list[bytes]:
    """Valid and mutated inputs of all targets, as `fuzz_targets.fuzz_one` takes them."""
    chance = Random(seed)
    found = []
    for number, name in enumerate(TARGETS):
        for _ in range(rounds):
            for raw in valid_inputs(name, chance):
                found += [bytes([number]) + data for data in (raw, mutated(raw, chance))]
    return found


def write_corpus(folder: Path) -> int:
    """The corpus as files, for a fuzzer that works for long; how many they are."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = corpus()
    for number, data in enumerate(inputs):
        (folder / f"seed-{number:05d}").write_bytes(data)
    return len(inputs)
