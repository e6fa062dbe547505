"""Waiting transactions: in order, once, and never more than the bounds (O17, T21)."""

import pytest
from liandao_node.errors import Unavailable
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import (
    BLOCK_BYTES_MAX,
    BLOCK_CALLS_MAX,
    BLOCK_TXS_MAX,
    MEMPOOL_SILENCE_MS_MAX,
    MEMPOOL_TXS_PER_SHOP_MAX,
)
from liandao_node.runtime.mempool import RECENT_MAX, Mempool
from liandao_node.types import Millis, ShopId, Signature, TxId
from liandao_node.wire.transactions import Call, Tx

NOTHING: frozenset[TxId] = frozenset()


def _tx(nonce: int, shop: int = 0, calls: int = 1, size: int = 100) -> SignedTx:
    tx = Tx(ShopId(shop), nonce, [Call(403, b"")] * calls, Signature(b""))
    return SignedTx(b"%d-%d" % (shop, nonce) + bytes(size), TxId(b"%d-%d" % (shop, nonce)), tx)


def test_a_batch_is_the_oldest_first() -> None:
    pool = Mempool()
    txs = [_tx(nonce) for nonce in range(5)]
    for at, tx in enumerate(txs):
        assert pool.add(tx, Millis(at))
    assert pool.batch(NOTHING) == txs
    assert pool.batch(frozenset({txs[0].id, txs[3].id})) == [txs[1], txs[2], txs[4]]
    assert pool.oldest_ms() == 0


def test_what_was_ordered_does_not_come_in_again() -> None:
    pool = Mempool()
    tx = _tx(1)
    pool.add(tx, Millis(0))
    assert not pool.add(tx, Millis(1))
    pool.ordered([tx.id])
    assert (len(pool), pool.oldest_ms()) == (0, None)
    assert tx.id in pool
    assert not pool.add(tx, Millis(2))
    assert pool.batch(NOTHING) == []


def test_the_memory_of_ordered_ones_is_bounded() -> None:
    pool = Mempool()
    pool.ordered([TxId(b"%d" % at) for at in range(RECENT_MAX + 1)])
    assert TxId(b"0") not in pool
    assert TxId(b"%d" % RECENT_MAX) in pool


def test_one_shop_cannot_take_all_the_room() -> None:
    pool = Mempool()
    for nonce in range(MEMPOOL_TXS_PER_SHOP_MAX):
        pool.add(_tx(nonce), Millis(0))
    with pytest.raises(Unavailable, match="MEMPOOL_FULL"):
        pool.add(_tx(9_999), Millis(0))
    assert pool.add(_tx(0, shop=1), Millis(0))
    pool.ordered([_tx(0).id])
    assert pool.add(_tx(9_999), Millis(0))


@pytest.mark.parametrize(
    ("calls", "size", "fits"),
    [
        (1, 1, BLOCK_TXS_MAX),
        (200, 1, BLOCK_CALLS_MAX // 200),
        (1, 60_000, BLOCK_BYTES_MAX // 60_004),
    ],
)
def test_a_batch_keeps_within_a_blocks_bounds(calls: int, size: int, fits: int) -> None:
    pool = Mempool()
    for nonce in range(BLOCK_TXS_MAX + 10):
        pool.add(_tx(nonce, calls=calls, size=size), Millis(0))
    assert len(pool.batch(NOTHING)) == fits


def test_what_its_shop_no_longer_asks_for_is_dropped() -> None:
    pool = Mempool()
    pool.add(_tx(1), Millis(0))
    pool.add(_tx(2), Millis(0))
    assert pool.known(_tx(1).id, Millis(40_000))
    pool.expire(Millis(MEMPOOL_SILENCE_MS_MAX - 1))
    assert len(pool) == 2
    pool.expire(Millis(MEMPOOL_SILENCE_MS_MAX))
    assert pool.batch(NOTHING) == [_tx(1)]
    pool.drop(_tx(1).id)
    assert (len(pool), pool.batch(NOTHING)) == (0, [])
    assert pool.add(_tx(1), Millis(70_000)), "dropped, not ordered: it may come again"


def test_it_counts_the_calls_that_wait() -> None:
    pool = Mempool()
    many, one = _tx(1, calls=100), _tx(2)
    pool.add(many, Millis(0))
    pool.add(one, Millis(0))
    pool.add(one, Millis(0))
    assert pool.calls == 101
    pool.ordered([many.id])
    pool.drop(one.id)
    assert pool.calls == 0
