"""Transactions at the border: bytes from anybody in, checked transactions out (L-2.1, L-2.2).

What passes here is well-formed and signed by a member; whether it may be applied is for the
machine to say. The runtime does this once per transaction and keeps the result (D-14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from liandao_node.crypto.keys import Signer, Verifier, verify
from liandao_node.errors import InputFault
from liandao_node.limits import CALL_BODY_BYTES_MAX, TX_BYTES_MAX, TX_CALLS_MAX
from liandao_node.types import ChainId, PublicKey, ShopId, Signature, TxId
from liandao_node.wire.codec import encode
from liandao_node.wire.transactions import Call, Tx, decode_tx, tx_id

NO_KEY: Final = PublicKey(b"")
_NONCE_END: Final = 2**64
_KIND_END: Final = 256 * 100


@dataclass(frozen=True, slots=True)
class SignedTx:
    """A transaction whose signature was checked."""

    raw: bytes
    id: TxId
    tx: Tx
    key: PublicKey = NO_KEY
    """The node key that its signature was checked with; no block takes another one in."""


def parse_tx(
    raw: bytes,
    chain_id: ChainId,
    keys_by_shop: Mapping[ShopId, PublicKey],
    verify: Verifier = verify,
) -> SignedTx:
    """Reads and checks a transaction.

    Raises InputFault ``TX_TOO_LARGE``, ``TX_MALFORMED``, ``TX_CALLS_TOO_MANY``,
    ``CALL_TOO_LARGE``, ``TX_UNKNOWN_SHOP`` or ``TX_BAD_SIGNATURE``.
    """
    if len(raw) > TX_BYTES_MAX:
        raise InputFault("TX_TOO_LARGE", size_bytes=len(raw), max_bytes=TX_BYTES_MAX)
    try:
        tx = decode_tx(raw)
    except InputFault as error:
        detail = error.facts.get("detail", error.code)
        raise InputFault("TX_MALFORMED", detail=detail) from error
    _check_shape(tx)
    key = keys_by_shop.get(tx.shop)
    if key is None:
        raise InputFault("TX_UNKNOWN_SHOP", shop=tx.shop)
    if not verify(key, tx.preimage(chain_id), tx.signature):
        raise InputFault("TX_BAD_SIGNATURE", shop=tx.shop)
    return SignedTx(raw=raw, id=tx_id(raw), tx=tx, key=key)


def sign_tx(
    chain_id: ChainId, shop: ShopId, nonce: int, calls: Sequence[Call], signer: Signer
) -> SignedTx:
    """A shop's own transaction, ready to be sent."""
    unsigned = Tx(shop=shop, nonce=nonce, calls=list(calls), signature=Signature(b""))
    signature = signer.sign(unsigned.preimage(chain_id))
    tx = Tx(shop=shop, nonce=nonce, calls=unsigned.calls, signature=signature)
    raw = encode(tx)
    return SignedTx(raw=raw, id=tx_id(raw), tx=tx, key=signer.public_key)


def _check_shape(tx: Tx) -> None:
    if not 0 <= tx.nonce < _NONCE_END:
        raise InputFault("TX_MALFORMED", detail="nonce out of range")
    if not tx.calls:
        raise InputFault("TX_MALFORMED", detail="no calls")
    if len(tx.calls) > TX_CALLS_MAX:
        raise InputFault("TX_CALLS_TOO_MANY", calls=len(tx.calls), max_calls=TX_CALLS_MAX)
    for call in tx.calls:
        if not 0 <= call.kind < _KIND_END:
            raise InputFault("TX_MALFORMED", detail="kind out of range")
        if len(call.body) > CALL_BODY_BYTES_MAX:
            raise InputFault(
                "CALL_TOO_LARGE", size_bytes=len(call.body), max_bytes=CALL_BODY_BYTES_MAX
            )
