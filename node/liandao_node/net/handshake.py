"""Who is at the other end: the XX handshake with a shop's identity in it (D-6, D-13). No I/O.

    caller -> host    hello (16)  e (32)
    host -> caller    hello (16)  e, ee, s, es, identity (202)
    caller -> host                s, se, identity (170)

The hello names protocol, version and street in the clear, so that a stranger from the next
street gets a named answer; the prologue binds the whole chain id. An identity is a node's
Ed25519 key with its signature over the Noise static key of this process, its part in the
handshake and the transcript so far. The transcript holds the other side's fresh ephemeral,
so an old signature opens nothing, even to a thief of an old static key.

Every message has one size: nothing is announced, so nothing has to be bounded.
Whether a key belongs to a member is not known here.
"""

from dataclasses import dataclass
from typing import Final

from liandao_node.crypto.keys import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Signer
from liandao_node.crypto.noise import DH_BYTES, TAG_BYTES, CipherState, Handshake, KeyPair
from liandao_node.errors import PeerFault
from liandao_node.net.claims import ABOUT_BYTES, Claim, Session, identity_preimage, pack_about
from liandao_node.types import ChainId, PublicKey, Signature
from liandao_node.wire.protocol import CHANNEL, ProtocolVersion

MAGIC: Final = b"LIANDAO"
STREET_TAG_BYTES: Final = 8

HELLO_BYTES: Final = len(MAGIC) + 1 + STREET_TAG_BYTES
_IDENTITY_BYTES: Final = PUBLIC_KEY_BYTES + ABOUT_BYTES + SIGNATURE_BYTES
FIRST_BYTES: Final = HELLO_BYTES + DH_BYTES
LAST_BYTES: Final = DH_BYTES + TAG_BYTES + _IDENTITY_BYTES + TAG_BYTES
REPLY_BYTES: Final = HELLO_BYTES + DH_BYTES + LAST_BYTES

_PROLOGUE: Final = b"liandao/peer/1\0"
_CALLER: Final = b"\x01"
_HOST: Final = b"\x02"


@dataclass(frozen=True, slots=True)
class Identity:
    """This node as it presents itself."""

    signer: Signer
    chain_id: ChainId
    static: KeyPair
    """X25519, made anew by each process: it also tells a restarted peer from its past self."""
    boot: int = 0
    protocol: ProtocolVersion = CHANNEL

    @property
    def session(self) -> Session:
        return Session(self.boot, self.static.public)

    @property
    def hello(self) -> bytes:
        return MAGIC + bytes([self.protocol.major]) + street_tag(self.chain_id)


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What a finished handshake has proved, and the keys it made."""

    peer: PublicKey
    claim: Claim
    """Which session of the peer this is, signed by it."""
    sending: CipherState
    receiving: CipherState


def street_tag(chain_id: ChainId) -> bytes:
    """The head of the chain id by which a street is told from its neighbours, in the clear."""
    return chain_id[:STREET_TAG_BYTES]


class Caller:
    """The side that dialled: `first`, `on_reply`, then, if it likes the peer, `last`."""

    def __init__(self, identity: Identity, ephemeral: KeyPair) -> None:
        self._identity = identity
        self._noise = _handshake(identity, ephemeral, initiator=True)

    def first(self) -> bytes:
        return self._identity.hello + self._noise.write(b"")

    def on_reply(self, reply: bytes) -> tuple[PublicKey, Claim]:
        """The host's key and session, proved; nothing of the caller was told yet.

        Raises PeerFault: see `check_hello`, and ``HANDSHAKE_FORGED``, ``WEAK_KEY``,
        ``IDENTITY_FORGED``.
        """
        check_hello(self._identity, reply[:HELLO_BYTES])
        self._met = _read_identity(self._identity, self._noise, _HOST, reply[HELLO_BYTES:])
        return self._met

    def last(self) -> tuple[bytes, Acquaintance]:
        message = _write_identity(self._identity, self._noise, _CALLER)
        return message, _acquaintance(self._noise, *self._met)


class Host:
    """The side that was dialled: `on_first`, then `on_last`."""

    def __init__(self, identity: Identity, ephemeral: KeyPair) -> None:
        self._identity = identity
        self._noise = _handshake(identity, ephemeral, initiator=False)

    def on_first(self, first: bytes) -> bytes:
        """The reply. Raises PeerFault: see `check_hello`, and ``WEAK_KEY``."""
        check_hello(self._identity, first[:HELLO_BYTES])
        payload = self._noise.read(first[HELLO_BYTES:])
        if payload:
            raise PeerFault("HANDSHAKE_FORGED", message=1)
        return self._identity.hello + _write_identity(self._identity, self._noise, _HOST)

    def on_last(self, last: bytes) -> Acquaintance:
        """Raises PeerFault ``HANDSHAKE_FORGED``, ``WEAK_KEY`` or ``IDENTITY_FORGED``."""
        met = _read_identity(self._identity, self._noise, _CALLER, last)
        return _acquaintance(self._noise, *met)


def check_hello(identity: Identity, hello: bytes) -> None:
    """Raises PeerFault ``NOT_LIANDAO``, ``OTHER_VERSION`` (``version``, ``own``) or
    ``OTHER_STREET`` (``street``: hex of its tag)."""
    if hello[: len(MAGIC)] != MAGIC or len(hello) != HELLO_BYTES:
        raise PeerFault("NOT_LIANDAO")
    major = hello[len(MAGIC)]
    if major != identity.protocol.major:
        raise PeerFault("OTHER_VERSION", version=major, own=identity.protocol.major)
    if hello != identity.hello:
        raise PeerFault("OTHER_STREET", street=hello[-STREET_TAG_BYTES:].hex())


def _handshake(identity: Identity, ephemeral: KeyPair, *, initiator: bool) -> Handshake:
    return Handshake(
        initiator=initiator,
        static=identity.static,
        ephemeral=ephemeral,
        prologue=_PROLOGUE + identity.hello + identity.chain_id,
    )


def _acquaintance(noise: Handshake, peer: PublicKey, claim: Claim) -> Acquaintance:
    sending, receiving = noise.split()
    return Acquaintance(peer, claim, sending, receiving)


def _write_identity(identity: Identity, noise: Handshake, part: bytes) -> bytes:
    about = pack_about(identity.boot, identity.protocol.minor)
    preimage = identity_preimage(identity.chain_id, part, about, identity.static.public, noise.hash)
    return noise.write(identity.signer.public_key + about + identity.signer.sign(preimage))


def _read_identity(
    identity: Identity, noise: Handshake, part: bytes, message: bytes
) -> tuple[PublicKey, Claim]:
    transcript = noise.hash
    payload = noise.read(message)
    peer, rest = PublicKey(payload[:PUBLIC_KEY_BYTES]), payload[PUBLIC_KEY_BYTES:]
    about, signature = rest[:ABOUT_BYTES], Signature(rest[ABOUT_BYTES:])
    claim = Claim(part, about, noise.remote_static, transcript, signature)
    if not claim.holds(identity.chain_id, peer):
        raise PeerFault("IDENTITY_FORGED", key=peer.hex()[:16])
    return peer, claim
