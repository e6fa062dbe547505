"""Transactions: what a shop signs and the ledger orders (docs/ledger.md section 2).

One signature may carry many calls; each call is applied or refused by itself, and each has
an entry of its own under the block's result root, so that a customer's receipt shows her
call and nobody else's.
"""

from typing import Final

from liandao_node.crypto.digest import tagged
from liandao_node.types import ChainId, ShopId, Signature, TxId
from liandao_node.wire.codec import Canonical, Decoder, encode

TX_TAG: Final = b"liandao/tx/1"


class Call(Canonical, frozen=True):
    """One order to the ledger. ``kind`` names module and type: module number * 100 + n."""

    kind: int
    body: bytes
    """Canonical encoding of the module's Struct for this kind."""


class Tx(Canonical, frozen=True):
    shop: ShopId
    nonce: int
    """Boot counter * 2**32 + counter: never used twice, gaps allowed (L-2.3)."""
    calls: list[Call]
    signature: Signature

    def preimage(self, chain: ChainId) -> bytes:
        """What the shop's node key signs: 32 bytes that name chain, shop, nonce and calls."""
        return tagged(TX_TAG, chain + encode((self.shop, self.nonce, self.calls)))


class Entry(Canonical, frozen=True):
    """A call and what it led to: a leaf under the header's result root."""

    shop: ShopId
    nonce: int
    index: int
    """Position of the call in its transaction."""
    kind: int
    body: bytes
    code: int
    """0 for applied, else the number of the refusal."""
    result: bytes
    """Canonical encoding of the module's answer; empty when refused."""


def tx_id(raw: bytes) -> TxId:
    """Id of a signed transaction as received."""
    return TxId(tagged(b"liandao/txid/1", raw))


decode_tx: Decoder[Tx] = Decoder(Tx)
decode_entry: Decoder[Entry] = Decoder(Entry)
