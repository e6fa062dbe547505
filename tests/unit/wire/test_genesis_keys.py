"""A genesis file names no key that signs for everybody, or that libraries differ about (T19)."""

import msgspec
import pytest
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import OperatorFault
from liandao_node.wire.genesis import load_genesis
from support.receipts import Street

GOOD = msgspec.json.decode(Street(4).genesis)


def _with(place: str, key: bytes) -> bytes:
    shops = [dict(shop) for shop in GOOD["shops"]]
    shops[2][place] = key.hex()
    return msgspec.json.encode(GOOD | {"shops": shops})


@pytest.mark.parametrize("place", ["node_key", "owner_key"])
@pytest.mark.parametrize(
    "key",
    [
        (1).to_bytes(32, "little"),
        bytes(32),
        (2**255 - 20).to_bytes(32, "little"),
        (2**255 - 19).to_bytes(32, "little"),
        b"\xff" * 32,
        bytes(31),
        bytes(33),
    ],
    ids=["neutral", "order 4", "order 2", "y = p", "beyond p", "short", "long"],
)
def test_an_unsound_key_is_refused(place: str, key: bytes) -> None:
    with pytest.raises(OperatorFault, match=r"GENESIS_BAD.*a key"):
        load_genesis(_with(place, key))


def test_a_sound_one_is_taken() -> None:
    key = SigningKey(b"\x55" * 32).public_key
    assert load_genesis(_with("owner_key", key)).shops[2].owner_key == key.hex()
