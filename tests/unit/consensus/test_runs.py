"""Ranges that are cut inside a run: proven by headers, kept within a bound (P-7.6)."""

import pytest
from liandao_node.consensus.effects import Note
from liandao_node.limits import CERTIFY_BLOCKS, RUN_BLOCKS_MAX
from liandao_node.types import Signature
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.messages import FetchRange, Range, RangeProof
from msgspec.structs import replace
from support.consensus_forms import final, make_chain, status
from support.seat import Seat

CHAIN = make_chain(0, *(f"sale {at}" for at in range(RUN_BLOCKS_MAX + 8)))
TOP = CHAIN[11]


def _cut(first: int, last: int, top: Block = TOP) -> Range:
    """Blocks of these heights without a certificate, and the way up to that of ``top``."""
    blocks = [CommittedBlock(CHAIN[seq - 1], None) for seq in range(first, last + 1)]
    headers = [CHAIN[seq - 1].header for seq in range(last + 1, top.header.seq + 1)]
    return Range(blocks, RangeProof(headers, final(0, top)))


@pytest.fixture
def seat() -> Seat:
    made = Seat(me=3)
    for peer in (1, 2):
        made.hear(peer, status(0, tip=final(0, CHAIN[-1])))
    made.forget()
    return made


@pytest.mark.rule("P-7.6")
def test_a_run_comes_in_parts_from_several_peers(seat: Seat) -> None:
    """R1: it goes on at any block, whoever has it."""
    seat.hear(1, _cut(1, 4))
    assert seat.delivered == []
    assert [message.first for message in seat.said(FetchRange)] == [5]
    seat.hear(2, _cut(5, 9))
    seat.hear(1, Range([CommittedBlock(CHAIN[9], None), CommittedBlock(CHAIN[10], None)]))
    assert seat.delivered == []
    seat.hear(2, Range([CommittedBlock(TOP, final(0, TOP))]))
    assert seat.heights == list(range(1, 13))
    assert [d.certificate for d in seat.delivered[:-1]] == [None] * 11
    assert seat.delivered[-1].certificate == final(0, TOP)
    assert seat.replica.run is None


def _lies() -> dict[str, Range]:
    good = _cut(1, 4)
    assert good.proof is not None
    headers, certificate = good.proof.headers, good.proof.certificate
    long = CHAIN[RUN_BLOCKS_MAX + 1]
    stranger = make_chain(0, "another", parent=CHAIN[6])[0]

    def with_(*, headers: list = headers, certificate=certificate) -> Range:  # type: ignore[no-untyped-def, type-arg]
        return Range(good.blocks, RangeProof(headers, certificate))

    return {
        "no way up": with_(headers=[]),
        "a gap": with_(headers=headers[1:]),
        "a stranger among them": with_(headers=[*headers[:3], stranger.header, *headers[4:]]),
        "short of the certificate": with_(headers=headers[:-1]),
        "signed by nobody": with_(
            certificate=replace(certificate, signatures=[Signature(bytes(64))] * 3)
        ),
        "an end of an epoch on the way": with_(
            headers=[replace(headers[0], next_committee=bytes(32)), *headers[1:]]
        ),
        "longer than anybody keeps": _cut(1, 4, top=long),
    }


@pytest.mark.rule("P-7.6")
@pytest.mark.parametrize("lie", sorted(_lies()))
def test_a_proof_that_leads_nowhere_is_reported_and_nothing_kept(seat: Seat, lie: str) -> None:
    """T40."""
    seat.hear(1, _lies()[lie])
    assert [report.about for report in seat.notes(Note.BAD_RANGE)] == [1]
    assert seat.replica.run is None
    assert seat.delivered == []


def test_a_block_that_is_not_of_the_run_is_a_lie(seat: Seat) -> None:
    seat.hear(1, _cut(1, 4))
    other = make_chain(0, "another", parent=CHAIN[3])[0]
    seat.hear(2, Range([CommittedBlock(other, None)]))
    assert [report.about for report in seat.notes(Note.BAD_RANGE)] == [2]
    seat.hear(1, _cut(5, 11))
    seat.hear(1, Range([CommittedBlock(TOP, final(0, TOP))]))
    assert seat.heights[-1] == 12


def test_the_tip_may_overtake_a_run(seat: Seat) -> None:
    """A certificate arrives another way: what is below it is not waited for."""
    seat.hear(1, _cut(1, 6))
    blocks = [CommittedBlock(block, None) for block in CHAIN[6:11]]
    seat.hear(2, Range([*blocks, CommittedBlock(TOP, None), CommittedBlock(CHAIN[12], None)]))
    assert seat.heights == list(range(1, 13))
    assert seat.replica.run is None
    assert seat.notes(Note.BAD_RANGE) == []


def test_few_certificates_of_a_range_are_checked_and_kept(seat: Seat) -> None:
    """One speaks for those below it: checking each would cost more than executing them."""
    seat.hear(1, Range([CommittedBlock(b, final(0, b)) for b in CHAIN[: 2 * CERTIFY_BLOCKS + 3]]))
    kept = [d.block.header.seq for d in seat.delivered if d.certificate is not None]
    assert kept == [CERTIFY_BLOCKS, 2 * CERTIFY_BLOCKS, 2 * CERTIFY_BLOCKS + 3]
    assert len(seat.delivered) == 2 * CERTIFY_BLOCKS + 3
