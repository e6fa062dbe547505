"""Transactions that wait to be ordered, in order of arrival, within bounds.

Each was checked once, when it came (D-14); blocks are built and checked from here without
touching a signature again. Full means full: the sender hears of it.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from liandao_node.errors import Unavailable
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import (
    BLOCK_BYTES_MAX,
    BLOCK_CALLS_MAX,
    BLOCK_TXS_MAX,
    MEMPOOL_BYTES_MAX,
    MEMPOOL_SILENCE_MS_MAX,
    MEMPOOL_TXS_MAX,
    MEMPOOL_TXS_PER_SHOP_MAX,
)
from liandao_node.types import Millis, PublicKey, ShopId, TxId

RECENT_MAX = 8_192
"""Ids of ordered transactions remembered, so that a late copy does not come in again."""


class Mempool:
    """Checked transactions by id."""

    def __init__(self) -> None:
        self._waiting: dict[TxId, tuple[SignedTx, Millis]] = {}
        self._heard: dict[TxId, Millis] = {}
        """When each was last asked for, longest ago first."""
        self._per_shop: Counter[ShopId] = Counter()
        self._bytes = 0
        self.calls = 0
        """In all that waits."""
        self._recent: dict[TxId, None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, tx: TxId) -> bool:
        return tx in self._waiting or tx in self._recent

    def get(self, tx: TxId) -> SignedTx | None:
        found = self._waiting.get(tx)
        return found[0] if found is not None else None

    def add(self, tx: SignedTx, now_ms: Millis) -> bool:
        """Takes a transaction; False when it is known. Raises Unavailable ``MEMPOOL_FULL``."""
        if self.known(tx.id, now_ms):
            return False
        shop = tx.tx.shop
        if (
            len(self._waiting) >= MEMPOOL_TXS_MAX
            or self._bytes + len(tx.raw) > MEMPOOL_BYTES_MAX
            or self._per_shop[shop] >= MEMPOOL_TXS_PER_SHOP_MAX
        ):
            raise Unavailable("MEMPOOL_FULL", waiting=len(self._waiting), shop=shop)
        self._waiting[tx.id] = (tx, now_ms)
        self._heard[tx.id] = now_ms
        self._per_shop[shop] += 1
        self._bytes += len(tx.raw)
        self.calls += len(tx.tx.calls)
        return True

    def known(self, tx: TxId, now_ms: Millis) -> bool:
        """Whether it came before; notes that somebody still wants it."""
        if tx in self._heard:
            del self._heard[tx]
            self._heard[tx] = now_ms
        return tx in self

    def drop(self, tx: TxId) -> None:
        """Nobody waits for it here any more."""
        found = self._waiting.pop(tx, None)
        if found is not None:
            del self._heard[tx]
            self._per_shop[found[0].tx.shop] -= 1
            self._bytes -= len(found[0].raw)
            self.calls -= len(found[0].tx.calls)

    def forget_other_keys(self, keys: Mapping[ShopId, PublicKey]) -> None:
        """Drops what was signed with a key that is not in force any more (P-12.4)."""
        for tx in [id_ for id_, (tx, _) in self._waiting.items() if keys.get(tx.tx.shop) != tx.key]:
            self.drop(tx)

    def expire(self, now_ms: Millis) -> None:
        """Drops what nobody has asked for lately: whoever still wants it says so each second."""
        while self._heard:
            tx, heard_ms = next(iter(self._heard.items()))
            if now_ms - heard_ms < MEMPOOL_SILENCE_MS_MAX:
                return
            self.drop(tx)

    def ordered(self, ids: Iterable[TxId]) -> None:
        """These are in a final block: they wait no more and do not come back."""
        for tx in ids:
            self.drop(tx)
            self._recent[tx] = None
        while len(self._recent) > RECENT_MAX:
            del self._recent[next(iter(self._recent))]

    def fresh(self, taken: Container[TxId]) -> Iterator[SignedTx]:
        """Waiting transactions that are not in ``taken``, oldest first."""
        return (tx for id_, (tx, _) in self._waiting.items() if id_ not in taken)

    def batch(self, taken: Container[TxId]) -> list[SignedTx]:
        """The next block's transactions: the oldest that fit."""
        chosen: list[SignedTx] = []
        calls = size = 0
        for tx in self.fresh(taken):
            calls += len(tx.tx.calls)
            size += len(tx.raw)
            if calls > BLOCK_CALLS_MAX or size > BLOCK_BYTES_MAX:
                break
            chosen.append(tx)
            if len(chosen) == BLOCK_TXS_MAX:
                break
        return chosen

    def oldest_ms(self) -> Millis | None:
        """When the oldest waiting transaction came."""
        return next((at for _, at in self._waiting.values()), None)


def portions(txs: Iterable[SignedTx]) -> Iterator[list[bytes]]:
    """The raw transactions in order, as many at a time as a block, and so a frame, holds."""
    portion: list[bytes] = []
    size = 0
    for tx in txs:
        size += len(tx.raw)
        if portion and (len(portion) == BLOCK_TXS_MAX or size > BLOCK_BYTES_MAX):
            yield portion
            portion, size = [], len(tx.raw)
        portion.append(tx.raw)
    if portion:
        yield portion
