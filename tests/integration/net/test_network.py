"""Networks of several shops in one process, over real TCP on loopback, without discovery."""

import socket
from collections import Counter

import pytest
import trio
from liandao_node.errors import OperatorFault, PeerFault
from liandao_node.net import pair
from liandao_node.net.addresses import Address, Forgetful
from liandao_node.net.admission import Verdict
from liandao_node.net.channel import Channel
from liandao_node.net.claims import Claim
from liandao_node.net.greeting import (
    Call,
    answer,
    connect,
    fresh_key,
    raw_socket,
    until_gone,
)
from liandao_node.net.handshake import Identity
from liandao_node.types import PublicKey, ShopId
from support.shops import (
    KEYS,
    LOOPBACK,
    STREET,
    Shop,
    free_ports,
    members,
    open_street,
)

TWO, THREE = members(2), members(3)


def channels(*shops: Shop) -> list[str]:
    """Remote ends of every channel that a shop has."""
    return [state.remote for shop in shops for state in shop.network.states() if state.connected]


async def test_a_typed_address_is_enough() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        second = await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await first.diary.until("up 1")
        await second.diary.until("up 0")
        assert first.network.connected() == {1}
        assert first.network.send(ShopId(1), b"hello")
        second.network.broadcast(b"to all")
        await second.diary.until_frame(0, b"hello")
        await first.diary.until_frame(1, b"to all")
        assert not first.network.send(ShopId(7), b"to nobody")
        (state,) = second.network.states()
        assert (state.shop, state.connected, state.problem) == (0, True, "")
        assert state.addresses == (Address(LOOPBACK, first.port),)
        assert state.remote == f"{LOOPBACK}:{first.port}"
        assert not first.network.silent


async def test_frames_cross_a_street_of_three_in_every_direction() -> None:
    ports = free_ports(3)
    async with open_street() as nursery:
        shops = [
            await Shop(
                n,
                street=THREE,
                port=ports[n],
                peers={m: ports[m] for m in range(3) if m != n},
            ).open(nursery)
            for n in range(3)
        ]
        for shop in shops:
            for other in range(3):
                if shop is not shops[other]:
                    await shop.diary.until(f"up {other}")
        for number, shop in enumerate(shops):
            shop.network.broadcast(b"from %d" % number)
        for shop in shops:
            for other in range(3):
                if shop is not shops[other]:
                    await shop.diary.until_frame(other, b"from %d" % other)


async def test_nagle_is_off_on_both_ends() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        second = await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await first.diary.until("up 1")
        await second.diary.until("up 0")
        for shop in (first, second):
            (member,) = shop.network._pairs.values()
            assert member._live is not None
            sock = member._live.channel._sock
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


class Gates:
    """Hold both callers' last handshake messages until the test lets each one go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._waiting = 0
        self._open = [trio.Event(), trio.Event()]
        gates = self

        class GatedCall(Call):
            async def introduce_host(self) -> tuple[PublicKey, Claim]:
                met = await super().introduce_host()
                gates._waiting += 1
                await gates._open[TWO[self._identity.signer.public_key]].wait()
                return met

        monkeypatch.setattr(pair, "Call", GatedCall)

    async def until_both_wait(self) -> None:
        while self._waiting < 2:
            await trio.sleep(0.001)

    def open(self, *shops: int) -> None:
        for shop in shops:
            self._open[shop].set()


async def two_shops_dialling_each_other(nursery: trio.Nursery) -> list[Shop]:
    ports = free_ports(2)
    return [
        await Shop(n, street=TWO, port=ports[n], peers={1 - n: ports[1 - n]}).open(nursery)
        for n in range(2)
    ]


async def test_two_dials_that_cross_leave_one_channel_that_of_the_lower_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have read the other's reply and send their last message at the same moment."""
    gates = Gates(monkeypatch)
    async with open_street() as nursery:
        shops = await two_shops_dialling_each_other(nursery)
        await gates.until_both_wait()
        gates.open(0, 1)
        for number, shop in enumerate(shops):
            await shop.diary.until(f"up {1 - number}")
        shops[0].network.broadcast(b"x")
        await shops[1].diary.until_frame(0, b"x")
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert shops[0].diary.lines == ["up 1"]
        assert shops[1].diary.lines == ["up 0"]
        (low_sees, high_sees) = channels(*shops)
        assert low_sees == f"{LOOPBACK}:{shops[1].port}", "the lower key has dialled"
        assert high_sees != f"{LOOPBACK}:{shops[0].port}"


@pytest.mark.parametrize("late", [0, 1])
async def test_a_dial_that_is_late_gives_way_to_the_channel_that_is_there(
    monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    """Even the lower key's: it has not sent its last message, so nobody counts on it."""
    gates = Gates(monkeypatch)
    async with open_street() as nursery:
        shops = await two_shops_dialling_each_other(nursery)
        await gates.until_both_wait()
        gates.open(1 - late)
        await shops[late].diary.until(f"up {1 - late}")
        await shops[1 - late].diary.until(f"up {late}")
        gates.open(late)
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert [shop.diary.lines for shop in shops] == [["up 1"], ["up 0"]]
        shops[late].network.broadcast(b"x")
        await shops[1 - late].diary.until_frame(late, b"x")


async def test_a_call_that_is_refused_for_a_better_channel_puts_that_channel_to_the_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The caller may know that it is dead: a ping makes a dead connection break."""
    pinged: list[Channel] = []
    monkeypatch.setattr(Channel, "ping", lambda channel: pinged.append(channel))
    async with open_street() as nursery:
        high = await Shop(1, street=TWO).open(nursery)
        low = await Shop(0, street=TWO, peers={1: high.port}).open(nursery)
        await low.diary.until("up 1")
        await high.diary.until("up 0")
        with await connect(Address(LOOPBACK, low.port)) as sock:
            call = Call(sock, high.network._identity)
            await call.introduce_host()
            ruling = await (await call.introduce_self()).hear()
        assert ruling.verdict is Verdict.DUPLICATE
        live = low.network._pairs[ShopId(1)]._live
        assert live is not None
        assert pinged == [live.channel]
        assert low.diary.lines == ["up 1"]


async def test_many_crossing_dials_settle_every_time() -> None:
    for _ in range(10):
        ports = free_ports(2)
        async with open_street() as nursery:
            shops = [
                Shop(n, street=TWO, port=ports[n], peers={1 - n: ports[1 - n]}) for n in (0, 1)
            ]
            for shop in shops:
                nursery.start_soon(shop.open, nursery)
            for number, shop in enumerate(shops):
                await shop.diary.until(f"up {1 - number}")
            shops[0].network.broadcast(b"x")
            shops[1].network.broadcast(b"y")
            await shops[1].diary.until_frame(0, b"x")
            await shops[0].diary.until_frame(1, b"y")
            assert len(channels(*shops)) == 2
            assert Counter(line for shop in shops for line in shop.diary.lines) == {
                "up 0": 1,
                "up 1": 1,
            }


async def test_why_there_is_no_channel_is_known_from_the_moment_it_is_given_up() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await first.diary.until("up 1")
        live = first.network._pairs[ShopId(1)]._live
        assert live is not None
        live.channel.close(PeerFault("PEER_SILENT"))
        (state,) = first.network.states()
        assert (state.connected, state.problem) == (False, "PEER_SILENT")


async def test_a_killed_peer_is_seen_at_once_and_comes_back() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        second = await Shop(1, street=TWO, peers={0: first.port}).open(nursery)
        await first.diary.until("up 1")
        await second.diary.until("up 0")
        await first.close()
        await second.diary.until("down 0")
        assert second.network.connected() == frozenset()
        assert not second.network.send(ShopId(0), b"lost")
        again = await Shop(0, street=TWO, port=first.port, boot=1).open(nursery)
        await second.diary.until("up 0", times=2)
        await again.diary.until("up 1")
        assert second.diary.lines == ["up 0", "down 0", "up 0"]


async def test_a_restarted_peer_replaces_its_half_open_past_at_once() -> None:
    """The lower key's dial hangs in a process that is gone without a goodbye; no pause helps."""
    async with open_street() as nursery:
        gone = await Shop(1, street=TWO).open(nursery)
        stays = await Shop(0, street=TWO, peers={1: gone.port}).open(nursery)
        await stays.diary.until("up 1")
        await gone.diary.until("up 0")
        with trio.fail_after(4):  # well before PEER_SILENCE_MS_MAX
            back = await Shop(1, street=TWO, boot=1, peers={0: stays.port}).open(nursery)
            await back.diary.until("up 0")
            await stays.diary.until("up 1", times=2)
        assert stays.diary.lines == ["up 1", "down 1", "up 1"]
        stays.network.broadcast(b"to whom")
        await back.diary.until_frame(0, b"to whom")
        await gone.diary.until("down 0")
        assert gone.diary.frames == []


async def test_a_dial_into_a_frozen_process_is_given_up_when_its_successor_calls() -> None:
    """A verdict from the past must not replace the channel with the present."""
    async with open_street() as nursery:
        (listener,) = await trio.open_tcp_listeners(0, host=LOOPBACK)
        port: int = listener.socket.getsockname()[1]
        low = await Shop(0, street=TWO, peers={1: port}).open(nursery)
        with raw_socket(await listener.accept()) as sock:
            await answer(sock, Identity(KEYS[1], STREET, fresh_key()))
            await listener.aclose()
            high = await Shop(1, street=TWO, boot=1, peers={0: low.port}).open(nursery)
            await high.diary.until("up 0")
            await low.diary.until("up 1")
            with trio.fail_after(4):  # well before HANDSHAKE_MS_MAX
                await until_gone(sock)
        assert low.diary.lines == ["up 1"]


async def test_a_port_that_is_taken_is_the_operators_matter() -> None:
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO).open(nursery)
        second = Shop(1, street=TWO, port=shop.port)
        with pytest.raises(OperatorFault, match="LISTEN_FAILED") as fault:
            await second.network.run()
        assert fault.value.facts["address"] == f"{LOOPBACK}:{shop.port}"


class Book(Forgetful):
    def __init__(self, known: dict[ShopId, list[Address]]) -> None:
        self.entries = known

    def known(self) -> dict[ShopId, list[Address]]:
        return self.entries

    def remember(self, shop: ShopId, address: Address) -> None:
        self.entries[shop] = [address]


async def test_an_address_that_has_worked_goes_into_the_book_and_comes_out_of_it() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        book = Book({})
        for boot, peers in enumerate(({0: first.port}, {})):
            second = await Shop(1, street=TWO, boot=boot, peers=peers, book=book).open(nursery)
            await second.diary.until("up 0")
            assert book.entries == {0: [Address(LOOPBACK, first.port)]}
            await second.close()
