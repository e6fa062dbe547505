"""Ed25519 keys and signatures by libsodium, the only verifier of the street (T19).

Replicas must agree on what is a valid signature, so all of them ask the same library:
libsodium refuses non-canonical S and small-order points. No batch verification, which
follows other rules.
"""

from typing import Final, Protocol

import nacl.bindings
import nacl.exceptions

from liandao_node.types import PublicKey, Signature

SEED_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


class Signer(Protocol):
    """What signs in the name of one key."""

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, preimage: bytes) -> Signature: ...


class Verifier(Protocol):
    """What tells whether a signature holds. The simulator brings a cheap one."""

    def __call__(self, key: PublicKey, preimage: bytes, signature: Signature) -> bool: ...


class SigningKey:
    """An Ed25519 key made from a 32-byte seed."""

    __slots__ = ("_secret", "public_key", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError("an Ed25519 seed has 32 bytes")
        public, self._secret = nacl.bindings.crypto_sign_seed_keypair(seed)
        self.public_key = PublicKey(public)
        self.seed = seed

    def sign(self, preimage: bytes) -> Signature:
        signed: bytes = nacl.bindings.crypto_sign(preimage, self._secret)
        return Signature(signed[:SIGNATURE_BYTES])

    def __repr__(self) -> str:
        return f"SigningKey({self.public_key.hex()[:16]})"


def is_sound_key(key: bytes) -> bool:
    """Whether a public key may be registered (T19): 32 bytes, the one encoding of a point, in the
    subgroup of prime order.

    A key of small order signs for everybody, one with a part of small order signs what some
    libraries take and others refuse, and a second encoding would be a second name. `verify`
    stands without this check; it keeps other libraries, too, from telling anything else.
    """
    if len(key) != PUBLIC_KEY_BYTES:
        return False
    sound: bool = nacl.bindings.crypto_core_ed25519_is_valid_point(key)
    return sound


def verify(key: PublicKey, preimage: bytes, signature: Signature) -> bool:
    """Whether ``signature`` (64 bytes) of ``preimage`` is by ``key`` (32 bytes), by P-2.4.

    Anything of another length is simply no signature.
    """
    if len(signature) != SIGNATURE_BYTES or len(key) != PUBLIC_KEY_BYTES:
        return False
    try:
        nacl.bindings.crypto_sign_open(signature + preimage, key)
    except nacl.exceptions.BadSignatureError:
        return False
    return True
