"""The handshake machine against its rules: turns, refusals, counters, keys."""

from itertools import pairwise

import pytest
from liandao_node.crypto.noise import (
    NONCE_MAX,
    TAG_BYTES,
    CipherState,
    Handshake,
    KeyPair,
    agree,
)
from liandao_node.errors import PeerFault, Unavailable

PAYLOADS = (b"", b"who answers", b"who asks")


def key_pair(number: int) -> KeyPair:
    return KeyPair.from_secret(bytes([number]) * 32)


def two_sides(
    prologues: tuple[bytes, bytes] = (b"street", b"street"),
) -> tuple[Handshake, Handshake]:
    caller = Handshake(
        initiator=True, static=key_pair(1), ephemeral=key_pair(2), prologue=prologues[0]
    )
    host = Handshake(
        initiator=False, static=key_pair(3), ephemeral=key_pair(4), prologue=prologues[1]
    )
    return caller, host


def finished() -> tuple[Handshake, Handshake]:
    caller, host = two_sides()
    host.read(caller.write(PAYLOADS[0]))
    caller.read(host.write(PAYLOADS[1]))
    host.read(caller.write(PAYLOADS[2]))
    return caller, host


def test_both_sides_learn_the_other_static_key_and_one_transcript() -> None:
    caller, host = finished()
    assert caller.finished
    assert host.finished
    assert caller.remote_static == key_pair(3).public
    assert host.remote_static == key_pair(1).public
    assert caller.hash == host.hash
    assert len(caller.hash) == 64


def test_the_directions_have_keys_of_their_own() -> None:
    caller, host = finished()
    caller_sends, caller_gets = caller.split()
    host_sends, host_gets = host.split()
    assert host_gets.decrypt(caller_sends.encrypt(b"up")) == b"up"
    assert caller_gets.decrypt(host_sends.encrypt(b"down")) == b"down"
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        caller_gets.decrypt(caller_sends.encrypt(b"reflected"))


@pytest.mark.parametrize("message", [1, 2, 3])
def test_a_changed_bit_in_any_byte_of_any_message_ends_the_handshake(message: int) -> None:
    size = len(_messages()[message - 1])
    for place in range(size):
        caller, host = two_sides()
        with pytest.raises(PeerFault) as fault:
            _run_with_flip(caller, host, message, place)
        assert fault.value.code in {"HANDSHAKE_FORGED", "WEAK_KEY"}


def _messages() -> list[bytes]:
    caller, host = two_sides()
    first = caller.write(PAYLOADS[0])
    host.read(first)
    reply = host.write(PAYLOADS[1])
    caller.read(reply)
    return [first, reply, caller.write(PAYLOADS[2])]


def _run_with_flip(caller: Handshake, host: Handshake, message: int, place: int) -> None:
    sides = [caller, host, caller, host]
    for number, (writer, reader) in enumerate(pairwise(sides), 1):
        wire = bytearray(writer.write(PAYLOADS[number - 1]))
        if number == message:
            wire[place] ^= 0x10
        reader.read(bytes(wire))


@pytest.mark.parametrize("message", [1, 2, 3])
def test_a_message_cut_short_anywhere_is_refused(message: int) -> None:
    """The first one carries no tag, so only its key has to be whole."""
    whole = _messages()[message - 1]
    for size in range(len(whole)):
        caller, host = two_sides()
        reader = caller if message == 2 else host
        if message > 1:
            host.read(caller.write(PAYLOADS[0]))
        if message == 2:
            host.write(PAYLOADS[1])
        if message == 3:
            caller.read(host.write(PAYLOADS[1]))
        with pytest.raises(PeerFault) as fault:
            reader.read(whole[:size])
        assert (fault.value.code, fault.value.facts) == ("HANDSHAKE_FORGED", {"message": message})


def test_another_prologue_fails_at_the_first_tag() -> None:
    caller, host = two_sides((b"street A", b"street B"))
    host.read(caller.write(b""))
    with pytest.raises(PeerFault, match=r"HANDSHAKE_FORGED\(message=2\)"):
        caller.read(host.write(b""))


def test_an_oversized_message_is_refused_unread() -> None:
    _, host = two_sides()
    with pytest.raises(PeerFault, match="HANDSHAKE_FORGED"):
        host.read(bytes(65_536))


@pytest.mark.parametrize(
    "point",
    [
        "00" * 32,
        "01" + "00" * 31,
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ],
)
def test_a_key_of_low_order_is_refused(point: str) -> None:
    with pytest.raises(PeerFault, match="WEAK_KEY"):
        agree(key_pair(1).secret, bytes.fromhex(point))
    _, host = two_sides()
    host.read(bytes.fromhex(point))
    with pytest.raises(PeerFault, match="WEAK_KEY"):
        host.write(b"")


def test_a_side_that_speaks_out_of_turn_is_our_bug() -> None:
    caller, host = two_sides()
    with pytest.raises(AssertionError, match="turn"):
        host.write(b"")
    with pytest.raises(AssertionError, match="turn"):
        caller.read(b"")
    with pytest.raises(AssertionError):
        caller.split()
    done, _ = finished()
    with pytest.raises(AssertionError):
        done.write(b"")
    with pytest.raises(AssertionError, match="over"):
        done.read(b"")


def test_a_replayed_or_skipped_or_short_ciphertext_is_refused_and_moves_nothing() -> None:
    sending, receiving = CipherState(bytes(32)), CipherState(bytes(32))
    first, second = sending.encrypt(b"first"), sending.encrypt(b"second")
    for wrong in (second, b"", first[:-1], bytes(TAG_BYTES)):
        with pytest.raises(PeerFault, match="FRAME_FORGED"):
            receiving.decrypt(wrong)
    assert receiving.nonce == 0
    assert receiving.decrypt(first) == b"first"
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        receiving.decrypt(first)
    assert receiving.decrypt(second) == b"second"


def test_associated_data_is_covered() -> None:
    sealed = CipherState(bytes(32)).encrypt(b"x", b"this")
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        CipherState(bytes(32)).decrypt(sealed, b"that")


def test_the_last_number_of_a_counter_is_never_used_for_a_message() -> None:
    sending, receiving = CipherState(bytes(32)), CipherState(bytes(32))
    sending.nonce = receiving.nonce = NONCE_MAX - 1
    last = sending.encrypt(b"last")
    assert receiving.decrypt(last) == b"last"
    with pytest.raises(Unavailable, match="CHANNEL_SPENT"):
        sending.encrypt(b"one more")
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        receiving.decrypt(last)


def test_rekey_changes_the_key_and_not_the_counter() -> None:
    sending, receiving = CipherState(bytes(32)), CipherState(bytes(32))
    receiving.decrypt(sending.encrypt(b"before"))
    sending.rekey()
    late = CipherState(bytes(32))
    late.nonce = 1
    sealed = sending.encrypt(b"after")
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        late.decrypt(sealed)
    receiving.rekey()
    assert sending.nonce == 2
    assert receiving.decrypt(sealed) == b"after"


def test_secrets_do_not_show_in_a_repr() -> None:
    pair = key_pair(7)
    assert pair.secret.hex() not in repr(pair)
    assert pair.public.hex()[:16] in repr(pair)
