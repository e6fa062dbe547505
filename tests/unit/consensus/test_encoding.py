"""Bytes that are hashed and signed (docs/protocol.md sections 2 and 3)."""

from hashlib import sha256
from struct import pack

import msgspec
import pytest
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.crypto.keys import SigningKey, verify
from liandao_node.errors import InputFault
from liandao_node.types import ChainId, Epoch, Seq, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Certificate, decode_header
from liandao_node.wire.codec import NUMBER_MAX, encode
from liandao_node.wire.messages import (
    NewView,
    ViewChange,
    decode_message,
    suspect_preimage,
    vote_preimage,
)
from msgspec import msgpack
from support.consensus_forms import (
    CHAIN,
    EPOCH,
    GENESIS,
    commit,
    committee_of,
    fake_verify,
    final,
    lock,
    make_block,
    new_view,
    prepare,
    suspect,
    view_change,
)

BLOCK = make_block(GENESIS, 1, 0, [b"sale"])
NAME = BLOCK.header.hash


RAW = encode(prepare(1, 7, BLOCK))


@pytest.mark.rule("P-2.1")
@pytest.mark.parametrize(
    "changed",
    [
        RAW + b"\0",
        b"\xdc\x00" + bytes([RAW[0] & 0x0F]) + RAW[1:],  # the array in its long form
        RAW[:1] + b"\xcc" + RAW[1:],  # an integer in its long form
        RAW[:-1],
        b"\x81\x01" + RAW,
        b"",
    ],
)
def test_a_message_has_one_encoding(changed: bytes) -> None:
    """T18."""
    assert decode_message(RAW) == prepare(1, 7, BLOCK)
    with pytest.raises(InputFault):
        decode_message(changed)


@pytest.mark.rule("P-2.2")
@pytest.mark.rule("P-3.1")
def test_a_header_is_hashed_as_the_document_says_and_names_no_view() -> None:
    header = BLOCK.header
    fields = [
        *(1, CHAIN, 0, 1, GENESIS, header.tx_root, b"r" * 32, b"s" * 32),
        *(1, 1, 0, 0, b""),
    ]
    raw = msgpack.encode(fields)
    assert encode(header) == raw
    assert sha256(b"liandao/block/1\0" + raw).digest() == NAME
    assert decode_header(raw) == header
    assert "view" not in header.__struct_fields__


@pytest.mark.rule("P-2.3")
def test_signed_bytes_are_laid_out_as_the_document_says() -> None:
    vote = vote_preimage(COMMIT, CHAIN, EPOCH, View(5), Seq(9), NAME)
    assert vote == b"DSPBFT/1\0" + b"\x02" + CHAIN + pack(">QQQ", 0, 5, 9) + NAME
    assert len(vote) == 98
    assert suspect_preimage(CHAIN, EPOCH, View(5)) == (
        b"DSPBFT/1\0" + b"\x03" + CHAIN + pack(">QQ", 0, 5)
    )
    change = view_change(2, 5, lock(3, BLOCK), final(2, BLOCK))
    body = msgpack.encode([5, 2, list(_plain(change.prepared)), list(_plain(change.tip))])
    digest = sha256(b"liandao/message/1\0" + body).digest()
    assert change.preimage(CHAIN) == b"DSPBFT/1\0" + b"\x04" + CHAIN + pack(">Q", 0) + digest
    opening = new_view(1, 5, [])
    digest = sha256(b"liandao/message/1\0" + msgpack.encode([5, []])).digest()
    head = b"DSPBFT/1\0" + b"\x05" + CHAIN + pack(">QQ", 0, opening.view)
    assert opening.preimage(CHAIN) == head + digest


def _plain(certificate: Certificate | None) -> tuple[object, ...]:
    assert certificate is not None
    return tuple(getattr(certificate, name) for name in certificate.__struct_fields__)


def _preimages(chain: ChainId, epoch: Epoch) -> list[bytes]:
    """Of every signed type, made of fields as equal as they can be."""
    change = ViewChange(epoch, View(1), BLOCK.header.proposer, None, None, Signature(b""))
    return [
        vote_preimage(PREPARE, chain, epoch, View(1), Seq(1), NAME),
        vote_preimage(COMMIT, chain, epoch, View(1), Seq(1), NAME),
        suspect_preimage(chain, epoch, View(1)),
        change.preimage(chain),
        NewView(epoch, View(1), [], Signature(b"")).preimage(chain),
    ]


@pytest.mark.rule("P-2.3")
def test_no_signature_serves_twice() -> None:
    """T17: not as two types, on no other chain, in no other epoch."""
    other = ChainId(b"d" * 32)
    everything = [
        *_preimages(CHAIN, Epoch(0)),
        *_preimages(other, Epoch(0)),
        *_preimages(CHAIN, Epoch(1)),
    ]
    assert len(set(everything)) == len(everything)
    key = SigningKey(b"\7" * 32)
    signed = [(preimage, key.sign(preimage)) for preimage in everything]
    for at, (_, signature) in enumerate(signed):
        good = [verify(key.public_key, preimage, signature) for preimage in everything]
        assert good == [other_at == at for other_at in range(len(everything))]


@pytest.mark.rule("P-2.4")
def test_a_signature_with_a_second_form_is_refused() -> None:
    """T19: S and S + L verify alike under lax rules."""
    key = SigningKey(b"\7" * 32)
    signature = key.sign(b"vote")
    order = 2**252 + 27742317777372353535851937790883648493
    second = int.from_bytes(signature[32:], "little") + order
    forged = Signature(signature[:32] + second.to_bytes(32, "little"))
    assert verify(key.public_key, b"vote", signature)
    assert not verify(key.public_key, b"vote", forged)
    assert not verify(key.public_key, b"vote", Signature(signature[:-1]))


def test_votes_of_another_chain_make_no_certificate() -> None:
    """T17 at the checker."""
    certificate = final(0, BLOCK)
    mine = CertificateChecker(committee_of(4), CHAIN, fake_verify)
    other = CertificateChecker(committee_of(4), ChainId(b"d" * 32), fake_verify)
    assert mine.holds(certificate, COMMIT)
    assert not other.holds(certificate, COMMIT)


@pytest.mark.parametrize("message", [prepare(0, 3, BLOCK), commit(0, 3, BLOCK), suspect(0, 3)])
def test_a_message_comes_back_as_it_was(message: object) -> None:
    assert decode_message(encode(message)) == message


@pytest.mark.rule("P-2.5")
@pytest.mark.parametrize("beyond", [NUMBER_MAX + 1, 2**63, 2**64 - 1, -2])
def test_numbers_out_of_bounds_are_refused_when_decoded(beyond: int) -> None:
    good = msgspec.structs.replace(prepare(1, 0, BLOCK), view=View(NUMBER_MAX))
    assert decode_message(encode(good)) == good
    bad = msgspec.structs.replace(good, view=View(beyond))
    with pytest.raises(InputFault, match="MALFORMED"):
        decode_message(encode(bad))
