"""Keys that may be registered: one encoding of a point in the subgroup of prime order (T19)."""

from typing import Final

import nacl.bindings
import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.crypto.keys import SigningKey, is_sound_key, verify
from liandao_node.types import PublicKey, Signature

P: Final = 2**255 - 19

_SMALL_Y: Final = (
    0,
    1,
    P - 1,
    int("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
    int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16),
)
"""y of the eight points of small order (orders 4, 1, 2, 8, 8); x may have either sign."""

SMALL_ORDER: Final = sorted(
    {
        (y | sign << 255).to_bytes(32, "little")
        for y in (*_SMALL_Y, P, P + 1)  # the last two: y = 0 and 1 in a second encoding
        for sign in (0, 1)
    }
)


@pytest.mark.parametrize("seed", range(20))
def test_every_key_that_is_made_from_a_seed_is_sound(seed: int) -> None:
    assert is_sound_key(SigningKey(bytes([seed]) * 32).public_key)


@pytest.mark.parametrize("key", SMALL_ORDER, ids=bytes.hex)
def test_a_point_of_small_order_is_no_key(key: bytes) -> None:
    """With it S = 0 and R = the neutral point sign any message for a verifier without checks."""
    assert not is_sound_key(key)
    neutral = (1).to_bytes(32, "little")
    assert not verify(PublicKey(key), b"any message", Signature(neutral + bytes(32)))


def test_the_small_points_are_those_of_the_curve() -> None:
    """The list is not taken on trust: eight times each of its points is the neutral one."""
    d = -121665 * pow(121666, -1, P) % P

    def double(x: int, y: int) -> tuple[int, int]:
        t = d * x * x * y * y
        return 2 * x * y * pow(1 + t, -1, P) % P, (y * y + x * x) * pow(1 - t, -1, P) % P

    for y in _SMALL_Y:
        square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        root = pow(square, (P + 3) // 8, P)
        x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
        assert x * x % P == square, "on the curve"
        for _ in range(3):
            x, y = double(x, y)
        assert (x, y) == (0, 1)


@given(st.integers(P, 2**255 - 1), st.booleans())
def test_a_second_encoding_of_a_point_is_no_key(y: int, sign: bool) -> None:
    assert not is_sound_key((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("small", [P - 1, _SMALL_Y[3]])
def test_a_key_with_a_part_of_small_order_is_no_key(small: int) -> None:
    """Such a key is on the curve and of large order; libraries differ about its signatures."""
    good = SigningKey(b"\x07" * 32).public_key
    mixed = nacl.bindings.crypto_core_ed25519_add(good, small.to_bytes(32, "little"))
    assert mixed != good
    assert is_sound_key(good)
    assert not is_sound_key(mixed)


@given(st.binary(max_size=80))
def test_any_bytes_get_an_answer(key: bytes) -> None:
    if is_sound_key(key):
        assert len(key) == 32


def test_every_second_point_of_the_curve_has_a_part_of_small_order_or_more() -> None:
    """A check that takes all that decodes would take these."""
    taken = sum(is_sound_key(y.to_bytes(32, "little")) for y in range(2, 402))
    assert 10 <= taken <= 50, "one in sixteen: half decode, one in eight of them is sound"
