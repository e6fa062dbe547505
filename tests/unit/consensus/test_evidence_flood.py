"""A liar that contradicts itself without end makes one accusation (P-12.11, T41)."""

import pytest
from liandao_node.consensus.effects import Accuse, Note
from liandao_node.sim.signatures import cheap_verify
from liandao_node.types import PublicKey, Signature
from liandao_node.wire.messages import Commit, Prepare
from support.consensus_forms import GENESIS, commit, make_block, prepare
from support.seat import Seat

ROUNDS = 200
FORGED = Signature(b"x" * 64)


class _Counting:
    """Counts what is checked: signatures are all that a flood costs."""

    def __init__(self) -> None:
        self.checked = 0

    def __call__(self, key: PublicKey, preimage: bytes, signature: Signature) -> bool:
        self.checked += 1
        return cheap_verify(key, preimage, signature)


def _accusations(seat: Seat) -> list[Accuse]:
    return [effect for effect in seat.log if isinstance(effect, Accuse)]


@pytest.mark.rule("P-12.11")
def test_one_accusation_and_one_vote_a_slot_are_left_of_a_flood_of_contradictions() -> None:
    seat, counting = Seat(me=1), _Counting()
    seat.replica.verify = counting
    for number in range(ROUNDS):
        block = make_block(GENESIS, 1, 0, [b"%d" % number])
        seat.hear(3, prepare(3, 0, block), commit(3, 0, block))
    assert len(_accusations(seat)) == 1
    assert len(seat.replica.votes) == 2
    assert counting.checked <= 2 * 2 * ROUNDS, "at most the two votes of each pair"


@pytest.mark.rule("P-12.11")
def test_forged_contradictions_accuse_nobody_and_keep_nothing() -> None:
    """Not the seat they name, and they push no true vote out."""
    seat = Seat(me=1)
    true = make_block(GENESIS, 1, 0, [b"true"])
    seat.hear(3, prepare(3, 0, true), commit(3, 0, true))
    for number in range(ROUNDS):
        name = make_block(GENESIS, 1, 0, [b"%d" % number]).header.hash
        for kind in (Prepare, Commit):
            good = commit(3, 0, true)
            seat.hear(3, kind(good.epoch, good.view, good.seq, name, FORGED))
    assert _accusations(seat) == []
    assert len(seat.replica.votes) == 2
    assert {report.about for report in seat.notes(Note.FORGED_VOTE)} == {3}
    seat.offered(0, true)
    seat.prepared_by(0, true, 2)
    assert seat.said(Commit) == [commit(1, 0, true)], "the true PREPARE of seat 3 counts"


@pytest.mark.rule("P-12.11")
def test_every_liar_is_accused_once() -> None:
    seat = Seat(7, me=1)
    for number in range(20):
        block = make_block(GENESIS, 1, 0, [b"%d" % number])
        for shop in (3, 5):
            seat.hear(shop, commit(shop, 0, block))
    assert sorted(accusation.evidence.seat for accusation in _accusations(seat)) == [3, 5]  # type: ignore[union-attr]
