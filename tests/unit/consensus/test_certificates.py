"""What makes a certificate, a promise and a new view (P-3.2, P-5.4, P-5.6, P-5.7)."""

from itertools import permutations

import pytest
from liandao_node.consensus.certificates import CertificateChecker, base_of
from liandao_node.types import BlockHash, Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE
from msgspec.structs import replace
from support.consensus_forms import (
    CHAIN,
    GENESIS,
    certificate,
    committee_of,
    fake_verify,
    final,
    lock,
    make_block,
    make_chain,
    new_view,
    resigned,
    view_change,
)

BLOCK = make_block(GENESIS, 1, 0, [b"sale"])
OTHER = make_block(GENESIS, 1, 0, [b"another sale"])


@pytest.fixture
def checker() -> CertificateChecker:
    return CertificateChecker(committee_of(4), CHAIN, fake_verify)


def test_q_different_members_make_a_certificate(checker: CertificateChecker) -> None:
    assert checker.holds(final(0, BLOCK, (0, 1, 2)), COMMIT)
    assert checker.holds(final(0, BLOCK, (1, 2, 3)), COMMIT)
    assert checker.holds(final(0, BLOCK, (0, 1, 2, 3)), COMMIT)


GOOD = final(0, BLOCK)
FALSE = {
    "two of four": certificate(COMMIT, 0, BLOCK, (0, 1)),
    "a seat that is none": certificate(COMMIT, 0, BLOCK, (1, 2, 4)),
    "a signature missing": replace(GOOD, signatures=GOOD.signatures[:-1]),
    "a signature too many": replace(GOOD, signatures=[*GOOD.signatures, GOOD.signatures[0]]),
    "one signer twice": replace(
        GOOD, signers=0b0011, signatures=[*GOOD.signatures[:1] * 2, GOOD.signatures[1]]
    ),
    "one signature twice": replace(GOOD, signatures=GOOD.signatures[:1] * 3),
    "signatures in another order": replace(GOOD, signatures=GOOD.signatures[::-1]),
    "another block": replace(GOOD, block=OTHER.header.hash),
    "another view": replace(GOOD, view=View(1)),
    "another height": replace(GOOD, seq=Seq(2)),
    "another epoch": replace(GOOD, epoch=Epoch(1)),
    "a block's name cut short": replace(GOOD, block=BlockHash(GOOD.block[:-1])),
    "a view below none": replace(GOOD, view=View(-1)),
    "the height of genesis": replace(GOOD, seq=Seq(0)),
    "signers below nobody": replace(GOOD, signers=-1),
    "PREPAREs": lock(0, BLOCK),
}


@pytest.mark.rule("P-3.2")
@pytest.mark.parametrize("lie", sorted(FALSE))
def test_a_false_certificate_does_not_hold(checker: CertificateChecker, lie: str) -> None:
    """T7, T2, T3; asked again, and after the true one was seen."""
    assert not checker.holds(FALSE[lie], COMMIT)
    assert checker.holds(GOOD, COMMIT)
    assert not checker.holds(FALSE[lie], COMMIT)


def test_what_was_remembered_as_a_lock_is_no_commit(checker: CertificateChecker) -> None:
    prepared = lock(0, BLOCK)
    assert checker.holds(prepared, PREPARE)
    assert not checker.holds(prepared, COMMIT)
    assert not checker.holds(replace(prepared, kind=COMMIT), COMMIT)


@pytest.mark.rule("P-5.4")
def test_a_promise_is_signed_by_its_seat_and_carries_older_certificates(
    checker: CertificateChecker,
) -> None:
    """T7."""
    good = view_change(2, 5, lock(4, BLOCK), final(3, BLOCK))
    assert checker.view_change_holds(good)
    assert checker.view_change_holds(view_change(2, 5))
    for false in (
        resigned(good, 1),
        replace(good, signature=Signature(b"")),
        replace(good, view=View(6)),
        replace(good, prepared=None),
        replace(good, tip=None),
        resigned(replace(good, epoch=Epoch(1)), 2),
        resigned(replace(good, seat=ShopId(4)), 4),
        view_change(2, 5, lock(5, BLOCK)),
        view_change(2, 5, lock(4, BLOCK, (0, 1))),
        view_change(2, 5, final(4, BLOCK)),
        view_change(2, 5, None, lock(4, BLOCK)),
        view_change(2, 5, None, final(5, BLOCK)),
    ):
        assert not checker.view_change_holds(false)


@pytest.mark.rule("P-5.6")
def test_a_view_begins_with_q_promises_for_it_signed_by_its_leader(
    checker: CertificateChecker,
) -> None:
    """T8."""
    changes = [view_change(seat, 5, lock(4, BLOCK)) for seat in (0, 2, 3)]
    good = new_view(1, 5, changes)
    assert checker.new_view_holds(good)
    for false in (
        new_view(1, 5, changes[:2]),
        new_view(1, 5, [*changes[:2], changes[0]]),
        new_view(1, 5, [*changes, changes[0]]),
        new_view(1, 5, [*changes[:2], view_change(3, 6)]),
        new_view(1, 5, [*changes[:2], resigned(changes[2], 0)]),
        new_view(2, 5, changes),
        replace(good, view_changes=changes[:2]),
        replace(good, epoch=Epoch(1)),
        replace(new_view(0, 0, changes), view=View(0)),
    ):
        assert not checker.new_view_holds(false)


@pytest.mark.rule("P-5.7")
def test_the_base_is_the_highest_lock_by_view_and_then_by_height() -> None:
    """T6, T10: whatever the order, a later view beats a greater height."""
    low, middle, high = make_chain(0, "a", "b", "c")
    (late,) = make_chain(3, "late")
    changes = [
        view_change(0, 9, lock(2, high)),
        view_change(1, 9, lock(3, late)),
        view_change(2, 9, lock(2, middle), final(2, low)),
        view_change(3, 9),
    ]
    for order in permutations(changes):
        assert base_of(list(order)) == lock(3, late)
    for order in permutations([changes[0], changes[2], changes[3]]):
        assert base_of(list(order)) == lock(2, high)
    assert base_of([changes[3]]) is None


def test_a_commit_certificate_counts_as_the_lock_it_implies() -> None:
    (block,) = make_chain(0, "a")
    assert base_of(
        [view_change(0, 9, lock(2, block)), view_change(1, 9, None, final(3, block))]
    ) == (final(3, block))
    same = [view_change(0, 9, lock(3, block)), view_change(1, 9, None, final(3, block))]
    assert base_of(same) == base_of(same[::-1]) == final(3, block)
