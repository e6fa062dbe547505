"""Whatever a member sends costs its sender the channel at most, and never the node.

Every message of the wire is built with numbers at the edges of their range and lengths that
fit nowhere; of the local API every request. A crash of the node would be a named bug of ours.
"""

import random
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
import trio
from liandao_node.errors import BugFound, LiandaoError, PeerFault
from liandao_node.wire.api import GetStatus, Hello, Request, Watch, decode_request, encode_api
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Message
from support.runtime_node import found, key_of, running_node
from support.runtime_peers import Peer

NUMBERS = (0, 1, 2, 3, -1, -(2**63), 2**31, 2**32, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
LENGTHS = (0, 1, 16, 32, 64, 65)
TEXTS = ("", "x", "小麵", "LD1:C:", "00000000", "y" * 5_000)
ROUNDS = 60
REQUEST_ROUNDS = 25


def members_of(union: object) -> Iterator[type]:
    for member in get_args(union):
        yield from members_of(member) if get_origin(member) in (Union, UnionType) else [member]


def built(kind: object, chance: random.Random, real: list[bytes]) -> object:
    """A value of a wire type."""
    kind = getattr(kind, "__supertype__", kind)
    origin = get_origin(kind)
    if origin is Annotated:
        return built(get_args(kind)[0], chance, real)
    if origin in (Union, UnionType):
        return built(chance.choice(get_args(kind)), chance, real)
    if origin is list:
        return [built(get_args(kind)[0], chance, real) for _ in range(chance.choice((0, 1, 3)))]
    if kind is NoneType:
        return None
    if kind is bool:
        return chance.random() < 0.5
    if kind is int:
        return chance.choice(NUMBERS)
    if kind is str:
        return chance.choice(TEXTS)
    if kind is bytes:
        return chance.choice([*real, bytes(chance.choice(LENGTHS))])
    assert isinstance(kind, type), kind
    if issubclass(kind, Enum):
        return chance.choice(list(kind))
    assert issubclass(kind, msgspec.Struct), kind
    hints = get_type_hints(kind, include_extras=True)
    return kind(*(built(hints[name], chance, real) for name in kind.__struct_fields__))


@pytest.mark.parametrize("shop", [0, 1])
async def test_no_message_of_a_member_stops_a_node(
    tmp_path: Path, shop: int, caplog: pytest.LogCaptureFixture
) -> None:
    genesis, dirs = found(tmp_path, 4)
    chance = random.Random(shop)
    kinds = list(members_of(Message))
    assert len(kinds) == 15
    async with running_node(dirs[shop], genesis, alone=True) as one:
        peers = [Peer(one, at, key_of(genesis, dirs[at])) for at in range(4) if at != shop]
        for peer in peers:
            peer.come()
        real = [one.node.ledger.tip.hash, genesis.chain_id]
        cut_off = 0
        for _ in range(ROUNDS):
            for kind in kinds:
                frame = encode(built(kind, chance, real))
                # One liar in four: more may lead a street of four where they like.
                try:
                    peers[0].raw(frame)
                except PeerFault:
                    cut_off += 1
            await trio.lowlevel.checkpoint()
        assert 0 < cut_off < ROUNDS * len(kinds)
        assert one.node.ledger.tip.seq == 0


async def test_no_request_of_a_client_stops_a_node(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    chance = random.Random(1)
    asked = 0
    async with running_node(dirs[0], genesis, alone=True) as one:
        real = [(await one.card()).card.card]
        for kind in [*members_of(Request)] * REQUEST_ROUNDS:
            try:
                _, request = decode_request.decode(encode_api((1, built(kind, chance, real))))
            except msgspec.ValidationError:
                continue  # the door refuses it as API_MALFORMED
            if isinstance(request, Hello | GetStatus | Watch):
                continue  # the door's own
            asked += 1
            with trio.fail_after(60):
                try:
                    await one.node.service.handle(request)
                except BugFound:
                    raise
                except LiandaoError:
                    pass  # named, and the client's to hear
        assert asked > 5 * REQUEST_ROUNDS
        assert (await one.card()).certified.height > 0
