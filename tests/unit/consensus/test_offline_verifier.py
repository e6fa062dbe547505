"""What seats take for final and what a verifier without a node takes are one (section 8)."""

import pytest
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.committee import Committee
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import SigningKey, verify
from liandao_node.errors import InputFault
from liandao_node.proofs import certified, verifier
from liandao_node.proofs.document import tree_root
from liandao_node.proofs.street import Committee as OfflineCommittee
from liandao_node.proofs.street import Street
from liandao_node.types import ChainId, Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Certificate, Header
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import vote_preimage
from msgspec.structs import replace
from support.consensus_forms import GENESIS

SEATS = 4
CHAIN = ChainId(b"c" * 32)
KEYS = [SigningKey(bytes([seat]) * 32) for seat in range(SEATS)]
COMMITTEE = Committee.of([(ShopId(at), key.public_key) for at, key in enumerate(KEYS)])
OFFLINE = OfflineCommittee(0, 1, 1, (0, 1, 2, 3), tuple(key.public_key for key in KEYS))
STREET = Street("Street", CHAIN, ("a", "b", "c", "d"), "CNY", 2, 0, 28, OFFLINE)


def _header(seq: int, parent: bytes, entries: list[bytes]) -> Header:
    return Header(
        version=1,
        chain_id=CHAIN,
        epoch=Epoch(0),
        seq=Seq(seq),
        parent=parent,  # type: ignore[arg-type]
        tx_root=b"t" * 32,
        result_root=merkle.root(entries),
        state_root=b"s" * 32,
        call_count=len(entries),
        time_ms=Millis(seq),
        proposer=ShopId(0),
        attendance=0,
        next_committee=b"",
    )


FIRST = _header(1, GENESIS, [b"entry 0", b"entry 1", b"entry 2"])
SECOND = _header(2, FIRST.hash, [b"later"])


def _certificate(kind: int, header: Header, seats: tuple[int, ...]) -> Certificate:
    signed = vote_preimage(kind, CHAIN, Epoch(0), View(3), header.seq, header.hash)
    return Certificate(
        kind=kind,
        epoch=Epoch(0),
        view=View(3),
        seq=header.seq,
        block=header.hash,
        signers=sum(1 << seat for seat in seats),
        signatures=[KEYS[seat].sign(signed) for seat in seats],
    )


GOOD = _certificate(COMMIT, FIRST, (0, 2, 3))
CASES = {
    "good": GOOD,
    "all four": _certificate(COMMIT, FIRST, (0, 1, 2, 3)),
    "two": _certificate(COMMIT, FIRST, (0, 1)),
    "a lock": _certificate(PREPARE, FIRST, (0, 2, 3)),
    "a lock called a commit": replace(_certificate(PREPARE, FIRST, (0, 2, 3)), kind=COMMIT),
    "other signers": replace(GOOD, signers=0b0111),
    "another view": replace(GOOD, view=View(4)),
    "another height": replace(GOOD, seq=Seq(2)),
    "another block": replace(GOOD, block=SECOND.hash),
    "one signature thrice": replace(GOOD, signatures=GOOD.signatures[:1] * 3),
}


def _offline(certificate: Certificate, header: Header) -> bool:
    part = certified.CertificatePart(
        kind=certificate.kind,
        epoch=certificate.epoch,
        view=certificate.view,
        seq=certificate.seq,
        block=certificate.block.hex(),
        signatures=[
            (seat, signature.hex())
            for seat, signature in zip(
                [s for s in range(SEATS) if certificate.signers >> s & 1],
                certificate.signatures,
                strict=True,
            )
        ],
    )
    read = verifier.read_headers([encode(header).hex()], STREET)[0]
    try:
        certified.check_certificate(part, read, OFFLINE)
    except InputFault:
        return False
    return True


@pytest.mark.rule("P-8.4")
@pytest.mark.parametrize("case", sorted(CASES))
def test_seat_and_verifier_judge_alike(case: str) -> None:
    """T22, with the node's own preimages on one side and struct on the other."""
    seat = CertificateChecker(COMMITTEE, CHAIN, verify)
    judged = seat.holds(CASES[case], COMMIT) and CASES[case].block == FIRST.hash
    assert _offline(CASES[case], FIRST) == judged == (case in ("good", "all four"))


@pytest.mark.rule("P-8.2")
def test_an_entry_is_found_at_its_index_and_nowhere_else() -> None:
    entries = [b"entry 0", b"entry 1", b"entry 2"]
    for index, entry in enumerate(entries):
        path = merkle.inclusion_path(entries, index)
        for claimed in range(3):
            found = tree_root(entry, claimed, 3, path) == FIRST.result_root
            assert found == (claimed == index)


@pytest.mark.rule("P-8.1")
def test_headers_are_of_the_street() -> None:
    stranger = replace(FIRST, chain_id=ChainId(b"d" * 32))
    with pytest.raises(InputFault):
        verifier.read_headers([encode(stranger).hex()], STREET)


@pytest.mark.rule("P-8.3")
def test_headers_follow_each_other() -> None:
    stray = replace(SECOND, parent=GENESIS)
    far = replace(SECOND, seq=Seq(3))
    listed = [[FIRST, SECOND], [FIRST, stray], [FIRST, far], [SECOND, FIRST]]
    judged = []
    for headers in listed:
        try:
            verifier.read_headers([encode(header).hex() for header in headers], STREET)
        except InputFault:
            judged.append(False)
        else:
            judged.append(True)
    assert judged == [True, False, False, False]
