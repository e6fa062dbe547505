"""The handshake with identities: who proves what, and what a forger gets."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from liandao_node.crypto.keys import SigningKey
from liandao_node.crypto.noise import Handshake
from liandao_node.errors import PeerFault
from liandao_node.net import handshake
from liandao_node.net.claims import identity_preimage, pack_about
from liandao_node.net.handshake import (
    FIRST_BYTES,
    HELLO_BYTES,
    LAST_BYTES,
    REPLY_BYTES,
    Acquaintance,
    Caller,
    Host,
    Identity,
    check_hello,
)
from liandao_node.types import PublicKey, Signature
from support.shops import KEYS, NEXT_STREET, STRANGER, identity, x25519

Wire = Callable[[int, bytes], bytes]


def untouched(message: int, data: bytes) -> bytes:
    return data


def meet(
    caller: Identity, host: Identity, wire: Wire = untouched
) -> tuple[Acquaintance, Acquaintance]:
    """What (caller, host) know at the end; ``wire`` carries messages 1, 2 and 3."""
    calling, hosting = Caller(caller, x25519(1)), Host(host, x25519(2))
    reply = hosting.on_first(wire(1, calling.first()))
    peer, claim = calling.on_reply(wire(2, reply))
    last, at_caller = calling.last()
    assert (peer, claim) == (at_caller.peer, at_caller.claim)
    return at_caller, hosting.on_last(wire(3, last))


def test_each_side_learns_the_other_ones_key_and_session() -> None:
    at_caller, at_host = meet(identity(0), identity(1))
    assert at_caller.peer == KEYS[1].public_key
    assert at_host.peer == KEYS[0].public_key
    assert at_caller.claim.session == identity(1).session == (7, identity(1).static.public)
    assert at_host.claim.session == identity(0).session
    assert at_host.receiving.decrypt(at_caller.sending.encrypt(b"up")) == b"up"
    assert at_caller.receiving.decrypt(at_host.sending.encrypt(b"down")) == b"down"


def test_every_message_has_the_size_that_is_waited_for() -> None:
    sizes: dict[int, int] = {}

    def measure(message: int, data: bytes) -> bytes:
        sizes[message] = len(data)
        return data

    meet(identity(0), identity(1), measure)
    assert sizes == {1: FIRST_BYTES, 2: REPLY_BYTES, 3: LAST_BYTES} == {1: 48, 2: 218, 3: 170}


@pytest.mark.parametrize(("message", "size"), [(1, 48), (2, 218), (3, 170)])
def test_a_changed_bit_in_any_byte_is_refused(message: int, size: int) -> None:
    for place in range(size):

        def flip(number: int, data: bytes, place: int = place) -> bytes:
            if number != message:
                return data
            return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

        with pytest.raises(PeerFault):
            meet(identity(0), identity(1), flip)


@pytest.mark.parametrize("message", [1, 2, 3])
def test_a_message_cut_short_is_refused(message: int) -> None:
    def cut(number: int, data: bytes) -> bytes:
        return data[:-1] if number == message else data

    with pytest.raises(PeerFault, match="HANDSHAKE_FORGED"):
        meet(identity(0), identity(1), cut)


def test_the_first_message_has_no_room_for_a_payload() -> None:
    def lengthen(number: int, data: bytes) -> bytes:
        return data + b"x" if number == 1 else data

    with pytest.raises(PeerFault, match=r"HANDSHAKE_FORGED\(message=1\)"):
        meet(identity(0), identity(1), lengthen)


def test_another_street_is_named() -> None:
    with pytest.raises(PeerFault, match=r"OTHER_STREET\(street=1{16}\)"):
        meet(identity(0), identity(1, NEXT_STREET))


def test_a_street_with_the_same_tag_and_another_chain_fails_too() -> None:
    """The hello shows 8 bytes of the chain id, the prologue holds all of it."""
    here = identity(0)
    there = replace(identity(1), chain_id=type(here.chain_id)(here.chain_id[:-1] + b"\x00"))
    assert here.hello == there.hello
    with pytest.raises(PeerFault, match="HANDSHAKE_FORGED"):
        meet(here, there)


def test_a_hello_says_what_is_wrong_with_it() -> None:
    own = identity(0)
    hello = own.hello
    assert len(hello) == HELLO_BYTES
    check_hello(own, hello)
    for wrong, code in (
        (b"GET / HTTP/1.1\r\n", "NOT_LIANDAO"),
        (hello[:-1], "NOT_LIANDAO"),
        (b"", "NOT_LIANDAO"),
        (hello[:7] + b"\x02" + hello[8:], r"OTHER_VERSION\(own=1, version=2\)"),
        (hello[:8] + b"\x22" * 8, "OTHER_STREET"),
    ):
        with pytest.raises(PeerFault, match=code):
            check_hello(own, wrong)


class Impostor:
    """Presents another's public key; signs with its own."""

    def __init__(self, pretended: PublicKey, signs: SigningKey) -> None:
        self.public_key = pretended
        self._signs = signs

    def sign(self, preimage: bytes) -> Signature:
        return self._signs.sign(preimage)


@pytest.mark.parametrize("liar_calls", [True, False])
def test_the_right_noise_key_with_a_wrong_signature_is_an_impostor(liar_calls: bool) -> None:
    """Each side is caught by the other, with the name it has pretended to."""
    liar = replace(identity(0), signer=Impostor(KEYS[2].public_key, STRANGER))
    pretended = KEYS[2].public_key.hex()[:16]
    sides = (liar, identity(1)) if liar_calls else (identity(1), liar)
    with pytest.raises(PeerFault, match=rf"IDENTITY_FORGED\(key={pretended}\)"):
        meet(*sides)


def _replayed(part: bytes, static: bytes, transcript: bytes) -> bytes:
    about = pack_about(7, 0)
    preimage = identity_preimage(identity(0).chain_id, part, about, static, transcript)
    return KEYS[0].public_key + about + KEYS[0].sign(preimage)


@pytest.mark.parametrize(
    ("part", "static", "right_transcript"),
    [
        (b"\x02", identity(0).static.public, True),
        (b"\x01", x25519(99).public, True),
        (b"\x01", identity(0).static.public, False),
    ],
    ids=["other part", "other static key", "other transcript"],
)
def test_a_signature_from_elsewhere_opens_nothing(
    part: bytes, static: bytes, right_transcript: bool
) -> None:
    """Shop 0 did sign, but for another part, another static key or another handshake."""

    def write(own: Identity, noise: Handshake, _part: bytes) -> bytes:
        transcript = noise.hash if right_transcript else bytes(64)
        return noise.write(_replayed(part, static, transcript))

    calling, hosting = Caller(identity(0), x25519(1)), Host(identity(1), x25519(2))
    calling.on_reply(hosting.on_first(calling.first()))
    with patch.object(handshake, "_write_identity", write):
        last, _ = calling.last()
    with pytest.raises(PeerFault, match="IDENTITY_FORGED"):
        hosting.on_last(last)


def test_the_same_bytes_with_everything_right_are_taken() -> None:
    """The forger's workshop of the test above can make a true message."""

    def write(own: Identity, noise: Handshake, _part: bytes) -> bytes:
        return noise.write(_replayed(b"\x01", identity(0).static.public, noise.hash))

    calling, hosting = Caller(identity(0), x25519(1)), Host(identity(1), x25519(2))
    calling.on_reply(hosting.on_first(calling.first()))
    with patch.object(handshake, "_write_identity", write):
        last, _ = calling.last()
    assert hosting.on_last(last).peer == KEYS[0].public_key


def test_a_recorded_handshake_does_not_pass_a_second_time() -> None:
    recorded: dict[int, bytes] = {}

    def record(message: int, data: bytes) -> bytes:
        recorded[message] = data
        return data

    meet(identity(0), identity(1), record)
    hosting = Host(identity(1), x25519(3))
    hosting.on_first(recorded[1])
    with pytest.raises(PeerFault, match="HANDSHAKE_FORGED"):
        hosting.on_last(recorded[3])


def test_the_caller_tells_its_name_only_to_a_proved_host() -> None:
    """Nothing that identifies the caller is in its first message, in clear or sealed."""
    first = Caller(identity(0), x25519(1)).first()
    assert first == identity(1).hello + x25519(1).public
