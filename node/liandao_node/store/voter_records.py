"""What a row of voter.db holds, and the root record that vouches for all of them.

The root holds digests of every other row, so rows of two different saves never pass for one
state. Nothing here touches a file.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from liandao_node.crypto.digest import DIGEST_BYTES, tagged
from liandao_node.errors import InputFault
from liandao_node.types import ChainId, ShopId
from liandao_node.wire.codec import Canonical, Decoder, encode

ROOT_TAG: Final = b"liandao/voter/1"


@dataclass(frozen=True, slots=True)
class VoterState:
    """What a seat is bound to. Bytes are encoded messages or certificates, empty for none."""

    epoch: int
    promised: int
    """No vote below this view; -1 when this key has never voted."""
    view: int
    prepared: bytes
    """Prepared certificate with the highest view and seq."""
    view_change: bytes
    """Last VIEW-CHANGE sent."""
    new_view: bytes
    """Last NEW-VIEW adopted."""
    handovers: bytes = b""
    """COMMIT certificates of last blocks before the epoch."""


NEVER_VOTED: Final = VoterState(0, -1, -1, b"", b"", b"")

Body = tuple[int, bytes, bytes]
"""Height, hash and encoding of a block that ledger.db may not hold yet."""
BodyDigests = dict[tuple[int, bytes], bytes]
"""SHA-256 of each kept body by height and hash."""


class Identity(Canonical, frozen=True):
    chain_id: ChainId
    shop: ShopId
    seed: bytes
    machine_id: bytes


class Root(Canonical, frozen=True):
    """All that changes, or its digest."""

    saves: int
    boot: int
    epoch: int
    promised: int
    view: int
    identity: bytes
    prepared: bytes
    view_change: bytes
    new_view: bytes
    handovers: bytes
    bodies: bytes


@dataclass(frozen=True, slots=True)
class Saved:
    """All rows of one save."""

    root: Root
    identity: bytes
    state: VoterState
    digests: BodyDigests


_decode_root: Decoder[Root] = Decoder(Root)
decode_identity: Decoder[Identity] = Decoder(Identity)


def root_of(saves: int, boot: int, state: VoterState, identity: bytes, bodies: BodyDigests) -> Root:
    """The root record of these rows."""
    listed = [(seq, name, digest) for (seq, name), digest in sorted(bodies.items())]
    return Root(
        saves,
        boot,
        state.epoch,
        state.promised,
        state.view,
        sha256(identity).digest(),
        sha256(state.prepared).digest(),
        sha256(state.view_change).digest(),
        sha256(state.new_view).digest(),
        sha256(state.handovers).digest(),
        sha256(encode(listed)).digest(),
    )


def seal(root: Root) -> bytes:
    """The root as it is stored, behind a checksum of its own."""
    data = encode(root)
    return tagged(ROOT_TAG, data) + data


def unseal(sealed: bytes) -> Root:
    """The root out of its stored form. Raises InputFault when it is not one."""
    checksum, data = sealed[:DIGEST_BYTES], sealed[DIGEST_BYTES:]
    if tagged(ROOT_TAG, data) != checksum:
        raise InputFault("MALFORMED", detail="the root record does not check")
    return _decode_root(data)
