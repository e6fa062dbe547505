"""Planted bugs: what checks the street must find every one of them.

Each mutant breaks one rule in the running code; a directed history must then fail, and pass
when nothing is broken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import pack

import pytest
from liandao_node.consensus import (
    base,
    certificates,
    chains,
    committee,
    delivery,
    normal,
    view_change,
    votes,
)
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.chains import Foot
from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.votes import VoteBook
from liandao_node.types import BlockHash, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import PREPARE, Block, Certificate
from liandao_node.wire.messages import Prepare, ViewChange, vote_preimage
from support import consensus_forms, histories

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


@dataclass(frozen=True)
class Mutant:
    """A bug, and the history that shows it."""

    plant: Plant
    history: Callable[[], None]


# --- the bugs ---


def commit_before_the_lock_is_written(patch: Patch) -> None:
    advance = normal.advance

    def hasty(r: Replica) -> None:
        advance(r)
        for token in sorted(r.pending.locks):
            normal.on_lock_durable(r, *r.pending.locks.pop(token))

    patch.setattr(normal, "advance", hasty)


def commit_without_a_lock(patch: Patch) -> None:
    send_prepare = normal._send_prepare

    def rash(r: Replica, seq: Seq, block: BlockHash) -> None:
        send_prepare(r, seq, block)
        normal.on_lock_durable(r, r.views.current, seq, block)

    patch.setattr(normal, "_send_prepare", rash)


def no_boot_fence(patch: Patch) -> None:
    started = view_change.on_started

    def unfenced(r: Replica) -> None:
        r.views.fence = NEVER_VOTED
        started(r)

    patch.setattr(view_change, "on_started", unfenced)


def quorums_of_2f_plus_1(patch: Patch) -> None:
    patch.setattr(committee, "quorum_size", lambda seats: 2 * ((seats - 1) // 3) + 1)


def _base_by(patch: Patch, choose: Callable[[list[Certificate]], Certificate]) -> None:
    def chosen(changes: list[ViewChange]) -> Certificate | None:
        locks = [lock for c in changes for lock in (c.prepared, c.tip) if lock is not None]
        return choose(locks) if locks else None

    for module in (certificates, base, view_change):
        patch.setattr(module, "base_of", chosen)


def base_by_height_alone(patch: Patch) -> None:
    _base_by(patch, lambda locks: max(locks, key=lambda lock: lock.seq))


def base_of_the_first_promise(patch: Patch) -> None:
    _base_by(patch, lambda locks: locks[0])


def prepare_again_below_the_base(patch: Patch) -> None:
    def all_of_it(r: Replica) -> None:
        lock = r.views.base
        if lock is None or lock.seq <= r.tip.seq:
            r.views.base_ready = True
            return
        chain = chains.above_tip(r, lock.block)
        if chain.foot is Foot.MISSING:
            delivery.ask_for_body(r, chain.rests_on)
            return
        r.views.base_ready = True
        for block in chain.blocks:
            normal.open_base(r, block)
            normal.execute(r, block, fresh=False)

    patch.setattr(base, "try_base", all_of_it)


def vote_after_a_promise(patch: Patch) -> None:
    def deaf(r: Replica, peer: ShopId, message: Prepare) -> None:
        vote = votes.Vote(message.block, message.signature, verified=False)
        r.votes.add(PREPARE, message.view, message.seq, peer, vote)
        normal.advance(r)

    def sign(r: Replica, kind: int, seq: Seq, block: BlockHash) -> Signature:
        epoch, view = r.committee.epoch, r.views.current
        return r.signer.sign(vote_preimage(kind, r.chain, epoch, view, seq, block))

    patch.setattr(Replica, "active", property(lambda r: r.views.current >= 0))
    patch.setattr(normal, "on_prepare", deaf)
    patch.setattr(normal, "_sign", sign)


def promise_forgotten_in_a_crash(patch: Patch) -> None:
    started = view_change.on_started

    def forgetful(r: Replica) -> None:
        r.views.promised = r.views.current
        started(r)

    patch.setattr(view_change, "on_started", forgetful)


def locks_that_go_down(patch: Patch) -> None:
    def newest(_: Certificate, lock: Certificate, **__: object) -> Certificate:
        return lock

    patch.setattr(normal, "max", newest, raising=False)


def no_parent_check(patch: Patch) -> None:
    def trusting(r: Replica) -> None:
        while r.active and (message := r.early.pop(Seq(r.head[0] + 1), None)) is not None:
            normal._open_slot(r, message.block, message)
            normal.execute(r, message.block, fresh=True)

    patch.setattr(normal, "accept_early", trusting)


def repeated_signers_counted(patch: Patch) -> None:
    def lax(self: CertificateChecker, certificate: Certificate, kind: int) -> bool:
        members = self._committee.members
        enough = len(certificate.signatures) >= self._committee.quorum
        preimage = vote_preimage(
            kind,
            self._chain,
            certificate.epoch,
            certificate.view,
            certificate.seq,
            certificate.block,
        )
        return enough and all(
            any(self._verify(member.key, preimage, signature) for member in members)
            for signature in certificate.signatures
        )

    patch.setattr(CertificateChecker, "holds", lax)


def no_type_in_what_is_signed(patch: Patch) -> None:
    def untyped(kind: int, chain: bytes, epoch: int, view: View, seq: Seq, block: bytes) -> bytes:
        assert kind
        return chain + pack(">QQQ", epoch, view, seq) + block

    for module in (certificates, votes, normal, consensus_forms):
        patch.setattr(module, "vote_preimage", untyped)


def votes_without_bounds(patch: Patch) -> None:
    patch.setattr(VoteBook, "_bound", staticmethod(lambda *_: None))


def transactions_unchecked(patch: Patch) -> None:
    def always(_: Block) -> bool:
        return True

    patch.setattr(chains, "is_whole", always)


def any_base_will_do(patch: Patch) -> None:
    patch.setattr(base, "choose", lambda _, changes: changes)


MUTANTS = {
    mutant.plant.__name__: mutant
    for mutant in (
        Mutant(commit_before_the_lock_is_written, histories.slow_disks),
        Mutant(commit_without_a_lock, histories.slow_disks),
        Mutant(no_boot_fence, histories.a_leader_that_proposes_anew_to_a_seat_that_restarted),
        Mutant(quorums_of_2f_plus_1, histories.two_halves_and_a_liar_on_both_sides),
        Mutant(base_by_height_alone, histories.later_view_beats_height),
        Mutant(base_of_the_first_promise, histories.later_view_beats_height),
        Mutant(prepare_again_below_the_base, histories.nothing_below_the_base),
        Mutant(vote_after_a_promise, histories.no_vote_after_a_promise),
        Mutant(promise_forgotten_in_a_crash, histories.a_promise_across_a_power_cut),
        Mutant(locks_that_go_down, histories.a_lock_taken_again),
        Mutant(no_parent_check, histories.a_proposal_beside_the_chain),
        Mutant(repeated_signers_counted, histories.one_signer_for_three),
        Mutant(no_type_in_what_is_signed, histories.a_lock_shown_as_a_commit),
        Mutant(votes_without_bounds, histories.a_flood_of_votes),
        Mutant(transactions_unchecked, histories.a_lying_source),
        Mutant(any_base_will_do, histories.a_lock_that_only_a_liar_has),
    )
}


@pytest.fixture(autouse=True)
def _fresh_committees() -> Iterator[None]:
    consensus_forms.committee_of.cache_clear()
    yield
    consensus_forms.committee_of.cache_clear()


@pytest.mark.parametrize("name", sorted({m.history.__name__ for m in MUTANTS.values()}))
def test_nothing_is_found_where_nothing_is_broken(name: str) -> None:
    history: Callable[[], None] = getattr(histories, name)
    history()


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_planted_bug_is_found(name: str, monkeypatch: Patch) -> None:
    mutant = MUTANTS[name]
    mutant.plant(monkeypatch)
    with pytest.raises(AssertionError):
        mutant.history()
