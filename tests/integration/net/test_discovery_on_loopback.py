"""Shops that find each other by real multicast DNS on 127.0.0.1, and one that is told where."""

import secrets
import threading
from collections.abc import Callable

import trio
from liandao_node.net.addresses import Forgetful
from liandao_node.net.peers import Address
from liandao_node.types import ChainId, ShopId
from support.shops import LOOPBACK, Shop, members

STREET = members(4)
CHAIN = ChainId(secrets.token_bytes(32))
"""Another run of this test on the same computer is another street."""


async def until(holds: Callable[[], bool]) -> None:
    with trio.fail_after(60):
        while not holds():
            await trio.sleep(0.01)


def zeroconf_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("zeroconf")]


async def test_four_shops_find_each_other_and_talk_and_one_comes_back_elsewhere() -> None:
    async with trio.open_nursery() as nursery:
        shops = [
            await Shop(n, street=STREET, chain_id=CHAIN, discover=True).open(nursery)
            for n in range(3)
        ]
        # The fourth has discovery off; it knows one neighbour and is known to none.
        shops.append(
            await Shop(3, street=STREET, chain_id=CHAIN, peers={0: shops[0].port}).open(nursery)
        )
        await until(lambda: all(len(shop.network.connected()) >= 2 for shop in shops[:3]))
        await shops[3].diary.until("up 0")
        assert zeroconf_threads()
        for number, shop in enumerate(shops):
            shop.network.broadcast(b"from %d" % number)
        for number in range(3):
            for other in range(3):
                if other != number:
                    await shops[number].diary.until_frame(other, b"from %d" % other)
        await shops[3].diary.until_frame(0, b"from 0")
        assert shops[1].network.connected() == {0, 2}
        assert not any(shop.network.silent for shop in shops)

        await shops[2].close()
        await shops[0].diary.until("down 2")
        back = await Shop(2, street=STREET, chain_id=CHAIN, discover=True, boot=1).open(nursery)
        assert back.port != shops[2].port
        await shops[0].diary.until("up 2", times=2)
        await shops[1].diary.until("up 2", times=2)
        nursery.cancel_scope.cancel()
    assert zeroconf_threads() == []


async def test_without_multicast_a_typed_address_still_works() -> None:
    async with trio.open_nursery() as nursery:
        first = await Shop(0, street=STREET, chain_id=CHAIN).open(nursery)
        second = Shop(
            1,
            street=STREET,
            chain_id=CHAIN,
            discover=True,
            interfaces=("192.0.2.1",),
            peers={0: first.port},
        )
        await second.open(nursery)
        await second.diary.until("DISCOVERY_UNAVAILABLE")
        await second.diary.until("up 0")
        assert second.network.states()[0].addresses == (Address(LOOPBACK, first.port),)
        nursery.cancel_scope.cancel()


async def test_a_caller_that_was_heard_is_in_the_book_of_the_called_one_too() -> None:
    """So that a shop that restarts dials all the others at once, whoever called whom before."""
    books: list[dict[int, list[Address]]] = [{}, {}]
    async with trio.open_nursery() as nursery:
        shops = [
            await Shop(n, street=STREET, chain_id=CHAIN, discover=True, book=Book(books[n])).open(
                nursery
            )
            for n in range(2)
        ]
        await until(lambda: bool(books[0] and books[1]))
        assert books[0][1] == [Address(LOOPBACK, shops[1].port)]
        assert books[1][0] == [Address(LOOPBACK, shops[0].port)]
        nursery.cancel_scope.cancel()


class Book(Forgetful):
    def __init__(self, kept: dict[int, list[Address]]) -> None:
        self._kept = kept

    def remember(self, shop: ShopId, address: Address) -> None:
        self._kept[shop] = [address]
