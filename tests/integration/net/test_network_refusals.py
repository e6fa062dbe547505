"""Who is turned away, what it is told, what is counted, and that the others go on."""

import socket

import pytest
import trio
from liandao_node.limits import HANDSHAKE_MS_MAX, HANDSHAKES_PER_ADDRESS_MAX, STRANGERS_MAX
from liandao_node.net.addresses import Address
from liandao_node.net.greeting import Call, Introduced, connect
from liandao_node.net.handshake import Identity
from liandao_node.types import ShopId
from support.shops import (
    KEYS,
    LOOPBACK,
    NEXT_STREET,
    STRANGER,
    STREET,
    Shop,
    free_ports,
    identity,
    members,
    open_street,
)

TWO, THREE = members(2), members(3)


async def test_a_stranger_is_told_so_and_counted() -> None:
    """Its own network takes it for a member: the other side does not."""
    its_street = {KEYS[0].public_key: ShopId(0), STRANGER.public_key: ShopId(1)}
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO).open(nursery)
        stranger = Shop(1, street=its_street, key=STRANGER, peers={0: shop.port})
        await stranger.open(nursery)
        await shop.diary.until("UNKNOWN_SHOP")
        await stranger.diary.until("NOT_ADMITTED by 0")
        assert shop.network.connected() == frozenset()
        assert "up 0" not in stranger.diary.lines
        (state,) = stranger.network.states()
        assert state.problem == "NOT_ADMITTED"


async def test_strangers_beyond_the_limit_are_not_even_told() -> None:
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO).open(nursery)
        own = Identity(STRANGER, STREET, identity(5).static)
        calls: list[Introduced] = []
        socks = []
        for _ in range(STRANGERS_MAX):
            socks.append(await connect(Address(LOOPBACK, shop.port)))
            call = Call(socks[-1], own)
            await call.introduce_host()
            calls.append(await call.introduce_self())
        await shop.diary.until("UNKNOWN_SHOP", times=STRANGERS_MAX)
        assert shop.network._strangers == STRANGERS_MAX
        socks.append(await connect(Address(LOOPBACK, shop.port)))
        call = Call(socks[-1], own)
        await call.introduce_host()
        one_more = await call.introduce_self()
        with pytest.raises(Exception, match="PEER_GONE"):
            await one_more.hear()
        for told in calls:
            assert (await told.hear()).verdict.name == "UNKNOWN_SHOP"
        for sock in socks:
            sock.close()


async def test_a_wrong_shop_at_a_typed_address_is_not_told_who_calls() -> None:
    async with open_street() as nursery:
        third = await Shop(2, street=THREE).open(nursery)
        first = await Shop(0, street=THREE, peers={1: third.port}).open(nursery)
        await first.diary.until("WRONG_SHOP")
        assert third.diary.lines == []
        assert first.network.connected() == frozenset()


async def test_another_street_is_named_on_both_sides() -> None:
    async with open_street() as nursery:
        there = await Shop(1, street=TWO, chain_id=NEXT_STREET).open(nursery)
        here = await Shop(0, street=TWO, peers={1: there.port}).open(nursery)
        await here.diary.until("OTHER_STREET")
        await there.diary.until("OTHER_STREET")
        assert here.network.states()[0].problem == "OTHER_STREET"


async def test_our_own_address_is_harmless() -> None:
    (port,) = free_ports(1)
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO, port=port, peers={1: port}).open(nursery)
        await shop.diary.until("WRONG_SHOP", times=2)
        assert shop.stopped_by is None
        assert set(shop.diary.lines) == {"WRONG_SHOP"}


async def test_a_misbehaving_peer_is_cut_off_counted_and_kept_out_for_a_while() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        second = await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await second.diary.until("up 0")
        await first.diary.until("up 1")
        first.diary.refuse = "VOTE_FORGED"
        second.network.broadcast(b"a forged vote")
        await first.diary.until("VOTE_FORGED by 1")
        await second.diary.until("down 0")
        await second.diary.until("KEPT_OUT by 0")
        first.diary.refuse = ""
        await second.diary.until("up 0", times=2)
        second.network.broadcast(b"a good vote")
        await first.diary.until_frame(1, b"a good vote")
        assert first.diary.lines == ["up 1", "down 1", "VOTE_FORGED by 1", "up 1"]


async def test_forged_bytes_are_counted_and_do_not_keep_the_peer_out() -> None:
    """Anybody on the way can write them."""
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        second = await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await second.diary.until("up 0")
        live = second.network._pairs[ShopId(0)]._live
        assert live is not None
        live.channel._sock.send(b"\0\x20" + bytes(32))
        await first.diary.until("FRAME_FORGED by 1")
        await second.diary.until("up 0", times=2)
        assert "KEPT_OUT by 0" not in second.diary.lines


async def test_a_garbled_caller_is_counted_and_the_others_go_on() -> None:
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO).open(nursery)
        with socket.create_connection((LOOPBACK, shop.port)) as sock:
            sock.send(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            await shop.diary.until("NOT_LIANDAO")
            second = await Shop(1, street=TWO, peers={0: shop.port}).open(nursery)
            await second.diary.until("up 0")


async def test_silent_callers_fill_the_doorway_and_are_shown_out(
    autojump_clock: trio.testing.MockClock,
) -> None:
    autojump_clock.autojump_threshold = 0.05
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO).open(nursery)
        began = trio.current_time()
        socks = [
            await connect(Address(LOOPBACK, shop.port))
            for _ in range(HANDSHAKES_PER_ADDRESS_MAX + 1)
        ]
        await shop.diary.until("DOORWAY_FULL")
        await shop.diary.until("HANDSHAKE_TIMEOUT", times=HANDSHAKES_PER_ADDRESS_MAX)
        assert trio.current_time() - began >= HANDSHAKE_MS_MAX / 1_000
        second = await Shop(1, street=TWO, peers={0: shop.port}).open(nursery)
        await second.diary.until("up 0")
        for sock in socks:
            sock.close()
