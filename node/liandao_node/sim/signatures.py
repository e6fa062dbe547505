"""Keys of simulated seats and cards: cheap ones that nobody forges by accident, or real ones.

A cheap signature is two copies of a hash over public key and preimage. It costs a microsecond
and has the interface of the real one. It proves nothing against an attacker who computes; the
simulator's liars sign with their own keys only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from liandao_node.crypto.keys import Signer, SigningKey, Verifier, verify
from liandao_node.types import PublicKey, Signature


class CheapSigner:
    """Signs in a microsecond in the name of ``name``."""

    __slots__ = ("public_key",)

    def __init__(self, name: bytes) -> None:
        self.public_key = PublicKey(sha256(name).digest())

    def sign(self, preimage: bytes) -> Signature:
        return Signature(sha256(self.public_key + preimage).digest() * 2)


def cheap_verify(key: PublicKey, preimage: bytes, signature: Signature) -> bool:
    """Whether `CheapSigner` of that key signed."""
    return signature == sha256(key + preimage).digest() * 2


def _real(name: bytes) -> Signer:
    return SigningKey(sha256(name).digest())


@dataclass(frozen=True)
class Keyring:
    """How the keys of one street are made and checked."""

    make: Callable[[bytes], Signer]
    verify: Verifier


CHEAP = Keyring(CheapSigner, cheap_verify)
REAL = Keyring(_real, verify)
