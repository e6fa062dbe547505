"""What a node signs when it introduces itself: which process of which shop it is (O7). No I/O.

A key is used by one process at a time; each start of a node counts its boot durably before
anything is signed. So of two processes with one key the later boot is the newer, and two
with the same boot are copies of one data directory. Peers keep to the newest session that
they have met; the claim of that session, shown to an older one, proves to it that its key is
at work elsewhere, whoever shows it: nobody else could have signed it.
"""

from dataclasses import dataclass
from struct import Struct
from typing import Final, NamedTuple, Self

from liandao_node.crypto.keys import SIGNATURE_BYTES, verify
from liandao_node.crypto.noise import DH_BYTES, HASH_BYTES
from liandao_node.errors import OperatorFault
from liandao_node.types import ChainId, PublicKey, Signature

_IDENTITY: Final = b"liandao/peer-identity/1\0"
_ABOUT: Final = Struct(">QH")
"""Boot and minor protocol version."""
ABOUT_BYTES: Final = _ABOUT.size
_PACKED: Final = Struct(f">c{ABOUT_BYTES}s{DH_BYTES}s{HASH_BYTES}s{SIGNATURE_BYTES}s")
CLAIM_BYTES: Final = _PACKED.size


class Session(NamedTuple):
    """One life of a node. Ordered: the newer is the greater."""

    boot: int
    """How often the node's voter.db had been opened."""
    instance: bytes
    """The process's Noise static key: made anew by each."""


def identity_preimage(
    chain_id: ChainId, part: bytes, about: bytes, static: bytes, transcript: bytes
) -> bytes:
    """What an identity signature covers; every field has a fixed length.

    ``part`` is one byte, 1 for the caller and 2 for the host; ``about`` is `pack_about`;
    ``transcript`` is the handshake hash before the message that carries the signature.
    """
    return _IDENTITY + chain_id + part + about + static + transcript


def pack_about(boot: int, minor: int) -> bytes:
    """10 bytes: boot counter (8) and minor protocol version (2), big-endian."""
    return _ABOUT.pack(boot, minor)


@dataclass(frozen=True, slots=True)
class Claim:
    """A signed introduction, as its hearer can show it to others."""

    part: bytes
    about: bytes
    static: bytes
    transcript: bytes
    signature: Signature

    @property
    def session(self) -> Session:
        return Session(_ABOUT.unpack(self.about)[0], self.static)

    @property
    def minor(self) -> int:
        found: int = _ABOUT.unpack(self.about)[1]
        return found

    def holds(self, chain_id: ChainId, key: PublicKey) -> bool:
        """Whether the owner of ``key`` made it, on this street."""
        preimage = identity_preimage(chain_id, self.part, self.about, self.static, self.transcript)
        return verify(key, preimage, self.signature)

    def pack(self) -> bytes:
        """`CLAIM_BYTES` bytes."""
        return _PACKED.pack(self.part, self.about, self.static, self.transcript, self.signature)

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        part, about, static, transcript, signature = _PACKED.unpack(packed)
        return cls(part, about, static, transcript, Signature(signature))


class Newest:
    """The newest session of one key that has proved itself here."""

    def __init__(self) -> None:
        self.claim: Claim | None = None

    def contradicted_by(self, claim: Claim) -> bool:
        """Whether ``claim``, proved just now, and the newest one cannot be lives of one data
        directory, one after the other: an older boot is alive, or the same one twice."""
        if self.claim is None:
            return False
        newest, now = self.claim.session, claim.session
        return now.boot < newest.boot or (now.boot == newest.boot and now != newest)

    def take(self, claim: Claim) -> bool:
        """Notes a proved claim; False when a newer session was met before."""
        if self.claim is not None and claim.session < self.claim.session:
            return False
        self.claim = claim
        return True


def key_in_use(own: Session, other: Session) -> OperatorFault:
    """This node's key is at work in another process: one of the two must go, and people
    decide which (O7)."""
    return OperatorFault("KEY_IN_USE_ELSEWHERE", session=own.boot, other=other.boot)
