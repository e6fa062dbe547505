"""Noise_XX_25519_ChaChaPoly_BLAKE2b on libsodium, as a state machine without I/O (D-6).

The names and the order of the steps are those of "The Noise Protocol Framework", revision
34; the sections stand at the code. The module knows neither who its peer ought to be nor
how bytes travel, and it makes no randomness: the caller brings the ephemeral key, which is
also what lets published vectors pass through it.
"""

import hashlib
import hmac
from enum import Enum, auto
from typing import Final, NamedTuple

import nacl.bindings
import nacl.exceptions

from liandao_node.errors import PeerFault, Unavailable
from liandao_node.limits import NOISE_MESSAGE_BYTES_MAX

PROTOCOL_NAME: Final = b"Noise_XX_25519_ChaChaPoly_BLAKE2b"
DH_BYTES: Final = 32
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16
HASH_BYTES: Final = 64
NONCE_MAX: Final = 2**64 - 1
"""Never used for a message; the nonce of a rekey (section 4.2)."""


class _Token(Enum):
    """What a message carries (E, S) or mixes in (section 5.3); the initiator's key first."""

    E = auto()
    S = auto()
    EE = auto()
    ES = auto()
    SE = auto()


# Message pattern XX (section 7.5). Tokens of a message in the order they are processed.
_XX: Final = (
    (_Token.E,),
    (_Token.E, _Token.EE, _Token.S, _Token.ES),
    (_Token.S, _Token.SE),
)

_encrypt = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt
_decrypt = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt


class KeyPair(NamedTuple):
    """An X25519 key: 32 secret and 32 public bytes."""

    secret: bytes
    public: bytes

    @classmethod
    def from_secret(cls, secret: bytes) -> "KeyPair":
        return cls(secret, nacl.bindings.crypto_scalarmult_base(secret))

    def __repr__(self) -> str:
        return f"KeyPair({self.public.hex()[:16]})"


def agree(secret: bytes, public: bytes) -> bytes:
    """X25519 of 32 and 32 bytes: 32 bytes.

    Raises PeerFault ``WEAK_KEY`` when the result is all zero, that is for a public key of
    low order. The specification leaves that check open (section 12.1); with it a peer
    cannot bring about a secret that everybody knows.
    """
    try:
        shared: bytes = nacl.bindings.crypto_scalarmult(secret, public)
    except nacl.exceptions.RuntimeError as error:
        raise PeerFault("WEAK_KEY") from error
    return shared


def hkdf(chaining_key: bytes, material: bytes) -> tuple[bytes, bytes]:
    """HKDF of section 4.3 with two outputs of 64 bytes each."""
    temporary = hmac.digest(chaining_key, material, hashlib.blake2b)
    first = hmac.digest(temporary, b"\x01", hashlib.blake2b)
    return first, hmac.digest(temporary, first + b"\x02", hashlib.blake2b)


class CipherState:
    """One direction's key and counter (section 5.1)."""

    __slots__ = ("_key", "nonce")

    def __init__(self, key: bytes) -> None:
        assert len(key) == KEY_BYTES
        self._key = key
        self.nonce = 0

    def encrypt(self, plaintext: bytes, associated: bytes = b"") -> bytes:
        """Ciphertext with its tag, 16 bytes longer.

        Raises Unavailable ``CHANNEL_SPENT`` when the counter has no number left.
        """
        if self.nonce >= NONCE_MAX:
            raise Unavailable("CHANNEL_SPENT")
        sealed: bytes = _encrypt(plaintext, associated, _nonce_bytes(self.nonce), self._key)
        self.nonce += 1
        return sealed

    def decrypt(self, ciphertext: bytes, associated: bytes = b"") -> bytes:
        """Plaintext. Raises PeerFault ``FRAME_FORGED``; the counter then stays."""
        # Nobody sends past the counter's end: `encrypt` refuses.
        if len(ciphertext) < TAG_BYTES or self.nonce >= NONCE_MAX:
            raise PeerFault("FRAME_FORGED")
        try:
            opened: bytes = _decrypt(ciphertext, associated, _nonce_bytes(self.nonce), self._key)
        except nacl.exceptions.CryptoError as error:
            raise PeerFault("FRAME_FORGED") from error
        self.nonce += 1
        return opened

    def rekey(self) -> None:
        """A new key from which the old one cannot be computed; the counter goes on (11.3)."""
        self._key = _encrypt(bytes(KEY_BYTES), b"", _nonce_bytes(NONCE_MAX), self._key)[:KEY_BYTES]


def _nonce_bytes(number: int) -> bytes:
    """ChaChaPoly's nonce: 32 zero bits, then the counter little-endian (section 12.3)."""
    return b"\0\0\0\0" + number.to_bytes(8, "little")


class _SymmetricState:
    """Chaining key, transcript hash and the key of the moment (section 5.2)."""

    __slots__ = ("_chaining_key", "_cipher", "hash")

    def __init__(self) -> None:
        # The name is shorter than a hash, so it is padded and not hashed.
        self.hash = PROTOCOL_NAME.ljust(HASH_BYTES, b"\0")
        self._chaining_key = self.hash
        self._cipher: CipherState | None = None

    def mix_key(self, material: bytes) -> None:
        self._chaining_key, key = hkdf(self._chaining_key, material)
        self._cipher = CipherState(key[:KEY_BYTES])

    def mix_hash(self, data: bytes) -> None:
        self.hash = hashlib.blake2b(self.hash + data).digest()

    @property
    def tag_bytes(self) -> int:
        """By how much a field grows under the key of the moment."""
        return TAG_BYTES if self._cipher else 0

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        sealed = self._cipher.encrypt(plaintext, self.hash) if self._cipher else plaintext
        self.mix_hash(sealed)
        return sealed

    def decrypt_and_hash(self, ciphertext: bytes) -> bytes:
        opened = self._cipher.decrypt(ciphertext, self.hash) if self._cipher else ciphertext
        self.mix_hash(ciphertext)
        return opened

    def split(self) -> tuple[CipherState, CipherState]:
        first, second = hkdf(self._chaining_key, b"")
        return CipherState(first[:KEY_BYTES]), CipherState(second[:KEY_BYTES])


class Handshake:
    """One side of one XX handshake (section 5.3).

    ``write`` and ``read`` take turns, the initiator writes first; after three messages
    ``split`` gives the transport keys. A handshake that has raised is of no further use.
    """

    __slots__ = (
        "_ephemeral",
        "_initiator",
        "_remote_ephemeral",
        "_static",
        "_step",
        "_symmetric",
        "remote_static",
    )

    def __init__(
        self, *, initiator: bool, static: KeyPair, ephemeral: KeyPair, prologue: bytes
    ) -> None:
        """``ephemeral`` is used for this one handshake and never again."""
        self._initiator = initiator
        self._static = static
        self._ephemeral = ephemeral
        self._remote_ephemeral = b""
        self.remote_static = b""
        """The peer's X25519 key, empty until its message with it was read."""
        self._step = 0
        self._symmetric = _SymmetricState()
        self._symmetric.mix_hash(prologue)

    @property
    def hash(self) -> bytes:
        """The transcript so far, 64 bytes. After the last message it names the session."""
        return self._symmetric.hash

    @property
    def finished(self) -> bool:
        return self._step == len(_XX)

    def write(self, payload: bytes) -> bytes:
        """This side's next message."""
        assert self._writes_next(), "not this side's turn"
        symmetric, message = self._symmetric, b""
        for token in _XX[self._step]:
            if token is _Token.E:
                symmetric.mix_hash(self._ephemeral.public)
                message += self._ephemeral.public
            elif token is _Token.S:
                message += symmetric.encrypt_and_hash(self._static.public)
            else:
                symmetric.mix_key(self._agree(token))
        message += symmetric.encrypt_and_hash(payload)
        assert len(message) <= NOISE_MESSAGE_BYTES_MAX
        self._step += 1
        return message

    def read(self, message: bytes) -> bytes:
        """The payload of the peer's next message.

        Raises PeerFault ``HANDSHAKE_FORGED`` (``message``: its number from 1) for bytes that
        do not belong here, ``WEAK_KEY`` for a key of low order.
        """
        assert not self.finished, "the handshake is over"
        assert not self._writes_next(), "not the peer's turn"
        try:
            payload = self._read(message)
        except PeerFault as fault:
            if fault.code != "FRAME_FORGED":
                raise
            raise PeerFault("HANDSHAKE_FORGED", message=self._step + 1) from fault
        self._step += 1
        return payload

    def _read(self, message: bytes) -> bytes:
        if len(message) > NOISE_MESSAGE_BYTES_MAX:
            raise PeerFault("FRAME_FORGED")
        symmetric, rest = self._symmetric, message
        for token in _XX[self._step]:
            if token is _Token.E:
                self._remote_ephemeral, rest = _cut(rest, DH_BYTES)
                symmetric.mix_hash(self._remote_ephemeral)
            elif token is _Token.S:
                sealed, rest = _cut(rest, DH_BYTES + symmetric.tag_bytes)
                self.remote_static = symmetric.decrypt_and_hash(sealed)
            else:
                symmetric.mix_key(self._agree(token))
        return symmetric.decrypt_and_hash(rest)

    def split(self) -> tuple[CipherState, CipherState]:
        """Keys for (this side's sending, this side's receiving)."""
        assert self.finished
        to_responder, to_initiator = self._symmetric.split()
        if self._initiator:
            return to_responder, to_initiator
        return to_initiator, to_responder

    def _writes_next(self) -> bool:
        return not self.finished and (self._step % 2 == 0) == self._initiator

    def _agree(self, token: _Token) -> bytes:
        """The Diffie-Hellman secret of EE, ES or SE."""
        own_static = token is (_Token.SE if self._initiator else _Token.ES)
        remote_static = token is (_Token.ES if self._initiator else _Token.SE)
        own = self._static if own_static else self._ephemeral
        return agree(own.secret, self.remote_static if remote_static else self._remote_ephemeral)


def _cut(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise PeerFault("FRAME_FORGED")
    return data[:size], data[size:]
