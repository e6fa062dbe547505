"""Vectors from outside: Noise handshakes, X25519 and ChaCha20-Poly1305.

Those in noise_vectors.json were made with the Python package noiseprotocol 0.3.1, an
implementation that shares no code with ours, so that the test is never empty. The published
sets are used where they lie beside the repository.
"""

import gzip
import json
from pathlib import Path

import msgspec
import nacl.bindings
import pytest
from liandao_node.crypto.noise import PROTOCOL_NAME, CipherState, Handshake, KeyPair, agree
from liandao_node.errors import PeerFault
from nacl.exceptions import CryptoError

OWN = Path(__file__).with_name("noise_vectors.json")
PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "vectors"


class Message(msgspec.Struct):
    payload: str
    ciphertext: str


class Vector(msgspec.Struct):
    protocol_name: str
    messages: list[Message]
    handshake_hash: str = ""
    init_prologue: str = ""
    init_static: str = ""
    init_ephemeral: str = ""
    resp_prologue: str = ""
    resp_static: str = ""
    resp_ephemeral: str = ""


class VectorFile(msgspec.Struct):
    vectors: list[Vector]


def published(name: str) -> bytes:
    path = PUBLISHED / name
    if not path.exists():
        pytest.skip(f"published vectors {name} are not beside this repository")
    return gzip.decompress(path.read_bytes())


def vectors_of(document: bytes) -> list[Vector]:
    every = msgspec.json.decode(document, type=VectorFile).vectors
    return [vector for vector in every if vector.protocol_name.encode() == PROTOCOL_NAME]


def side(vector: Vector, *, initiator: bool) -> Handshake:
    static, ephemeral, prologue = (
        (vector.init_static, vector.init_ephemeral, vector.init_prologue)
        if initiator
        else (vector.resp_static, vector.resp_ephemeral, vector.resp_prologue)
    )
    return Handshake(
        initiator=initiator,
        static=KeyPair.from_secret(bytes.fromhex(static)),
        ephemeral=KeyPair.from_secret(bytes.fromhex(ephemeral)),
        prologue=bytes.fromhex(prologue),
    )


def check(vector: Vector) -> None:
    sides = [side(vector, initiator=True), side(vector, initiator=False)]
    wires = [(bytes.fromhex(m.payload), bytes.fromhex(m.ciphertext)) for m in vector.messages]
    for number, (payload, wire) in enumerate(wires[:3]):
        writer, reader = sides[number % 2], sides[(number + 1) % 2]
        assert writer.write(payload) == wire
        assert reader.read(wire) == payload
    assert [s.hash.hex() for s in sides] == [vector.handshake_hash] * 2
    ciphers = [s.split() for s in sides]
    for number, (payload, wire) in enumerate(wires[3:], 3):
        assert ciphers[number % 2][0].encrypt(payload) == wire
        assert ciphers[(number + 1) % 2][1].decrypt(wire) == payload


@pytest.mark.parametrize("number", range(3))
def test_vectors_in_the_repository(number: int) -> None:
    vectors = vectors_of(OWN.read_bytes())
    assert len(vectors) == 3
    check(vectors[number])


def test_published_noise_vectors() -> None:
    vectors = vectors_of(published("noise/cacophony.txt.gz"))
    assert vectors
    for vector in vectors:
        assert len(vector.messages) > 3
        check(vector)


def test_wycheproof_x25519() -> None:
    """All that is valid is computed; every point that gives zero is refused."""
    computed = refused = 0
    for group in json.loads(published("wycheproof/x25519_test.json.gz"))["testGroups"]:
        for case in group["tests"]:
            secret, public = bytes.fromhex(case["private"]), bytes.fromhex(case["public"])
            if "ZeroSharedSecret" in case["flags"]:
                with pytest.raises(PeerFault, match="WEAK_KEY"):
                    agree(secret, public)
                refused += 1
            else:
                assert agree(secret, public).hex() == case["shared"], case["tcId"]
                computed += 1
    assert computed > 400
    assert refused > 20


def test_wycheproof_chacha20_poly1305() -> None:
    valid = invalid = 0
    for group in json.loads(published("wycheproof/chacha20_poly1305_test.json.gz"))["testGroups"]:
        if group["ivSize"] != 96:
            continue  # Noise's nonces have one size, made in one place
        for case in group["tests"]:
            key, nonce, associated, message = (
                bytes.fromhex(case[field]) for field in ("key", "iv", "aad", "msg")
            )
            sealed = bytes.fromhex(case["ct"] + case["tag"])
            if case["result"] == "valid":
                assert _encrypt(message, associated, nonce, key) == sealed, case["tcId"]
                assert _decrypt(sealed, associated, nonce, key) == message, case["tcId"]
                valid += 1
            else:
                with pytest.raises(CryptoError):
                    _decrypt(sealed, associated, nonce, key)
                invalid += 1
    assert valid > 200
    assert invalid > 50


_encrypt = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt
_decrypt = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt


def test_the_counter_stands_little_endian_behind_four_zero_bytes() -> None:
    cipher = CipherState(bytes(32))
    cipher.nonce = 0x0102030405060708
    nonce = bytes.fromhex("00000000" + "0807060504030201")
    assert cipher.encrypt(b"m", b"ad") == _encrypt(b"m", b"ad", nonce, bytes(32))
