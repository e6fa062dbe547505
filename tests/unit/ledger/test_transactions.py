"""What comes in from the network as a transaction, and what does not."""

import pytest
from liandao_node.errors import InputFault
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.transactions import parse_tx, sign_tx
from liandao_node.limits import CALL_BODY_BYTES_MAX, TX_BYTES_MAX, TX_CALLS_MAX
from liandao_node.types import ChainId, ShopId, Signature
from liandao_node.wire.codec import encode
from liandao_node.wire.transactions import Call, Tx
from support.ledger_street import make_genesis, sale, shop_key

GENESIS = make_genesis(2)
CHAIN = GENESIS.chain_id
KEYS = {shop: key for key, shop in GENESIS.keys().items()}
CALLS = [as_call(sale(1, 100))]


def _fault(raw: bytes) -> str:
    with pytest.raises(InputFault) as caught:
        parse_tx(raw, CHAIN, KEYS)
    return caught.value.code


def _signed(calls: list[Call], nonce: int = 1, shop: int = 0) -> bytes:
    return sign_tx(CHAIN, ShopId(shop), nonce, calls, shop_key(shop)).raw


@pytest.mark.rule("L-2.1")
@pytest.mark.rule("L-2.2")
def test_what_a_member_signed_comes_through() -> None:
    signed = sign_tx(CHAIN, ShopId(1), 2**64 - 1, CALLS, shop_key(1))
    assert parse_tx(signed.raw, CHAIN, KEYS) == signed


@pytest.mark.rule("L-2.2")
def test_signature_names_its_street_and_its_shop() -> None:
    raw = _signed(CALLS)
    with pytest.raises(InputFault, match="TX_BAD_SIGNATURE"):
        parse_tx(raw, ChainId(bytes(32)), KEYS)
    stolen = Tx(ShopId(1), 1, CALLS, sign_tx(CHAIN, ShopId(0), 1, CALLS, shop_key(0)).tx.signature)
    assert _fault(encode(stolen)) == "TX_BAD_SIGNATURE"
    assert _fault(encode(Tx(ShopId(0), 1, CALLS, Signature(b"")))) == "TX_BAD_SIGNATURE"


@pytest.mark.rule("L-2.2")
def test_stranger_is_not_verified_at_all() -> None:
    assert _fault(_signed(CALLS, shop=7)) == "TX_UNKNOWN_SHOP"


@pytest.mark.rule("L-2.1")
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "TX_MALFORMED"),
        (b"\xc1", "TX_MALFORMED"),
        (b"\x91" * 2_000, "TX_MALFORMED"),
        (bytes(TX_BYTES_MAX + 1), "TX_TOO_LARGE"),
        (_signed([]), "TX_MALFORMED"),
        (_signed(CALLS)[:-1], "TX_MALFORMED"),
        (_signed(CALLS) + b"\0", "TX_MALFORMED"),
        (b"\xdc\x00\x04" + _signed(CALLS)[1:], "TX_MALFORMED"),
        (_signed(CALLS, nonce=-1), "TX_MALFORMED"),
        (_signed(CALLS * (TX_CALLS_MAX + 1)), "TX_CALLS_TOO_MANY"),
        (_signed([Call(1, bytes(CALL_BODY_BYTES_MAX + 1))]), "CALL_TOO_LARGE"),
        (_signed([Call(25_600, b"")]), "TX_MALFORMED"),
        (_signed([Call(-1, b"")]), "TX_MALFORMED"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}-bytes",
)
def test_each_way_to_be_no_transaction_has_a_name(raw: bytes, code: str) -> None:
    assert _fault(raw) == code
