"""Bugs of the view change, of restarts, and of certificates that others made."""

from collections.abc import Callable
from dataclasses import replace as changed

from msgspec.structs import replace

from liandao_node.consensus import base, chains, committee, delivery, normal, view_change
from liandao_node.consensus.certificates import CertificateChecker, base_of
from liandao_node.consensus.chains import Foot
from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.consensus.replica import Replica
from liandao_node.sim.mutants.planting import Patches
from liandao_node.types import View
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import NewView, ViewChange, vote_preimage


def _base_by(patch: Patches, choose: Callable[[list[Certificate]], Certificate]) -> None:
    def chosen(changes: list[ViewChange]) -> Certificate | None:
        locks = [lock for c in changes for lock in (c.prepared, c.tip) if lock is not None]
        return choose(locks) if locks else None

    patch.everywhere(base_of, chosen)


def base_of_the_greatest_height(patch: Patches) -> None:
    """A view begins with the highest lock, though a later view has given that one up."""
    _base_by(patch, lambda locks: max(locks, key=lambda lock: lock.seq))


def base_of_the_first_promise(patch: Patches) -> None:
    """A view begins with the first lock found, not with the greatest."""
    _base_by(patch, lambda locks: locks[0])


def everything_below_the_base_is_prepared_again(patch: Patches) -> None:
    """New PREPAREs of low blocks outrank an old lock on a high one, and drop it."""

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
        r.views.base_chain = {block.header.hash for block in chain.blocks}
        for block in chain.blocks:
            normal.open_base(r, block)
            normal.execute(r, block, fresh=False)

    patch.put(base, "try_base", all_of_it)


def any_base_will_do(patch: Patches) -> None:
    """A new leader waits for a block that only a liar has, view after view."""
    patch.put(base, "choose", lambda _, changes: changes)


def no_boot_fence(patch: Patches) -> None:
    """A seat that restarts votes in a view in which an earlier life may have voted."""
    seated = view_change.on_seated

    def unfenced(r: Replica) -> None:
        r.views.fence = NEVER_VOTED
        seated(r)

    patch.put(view_change, "on_seated", unfenced)


def promises_are_forgotten_in_a_crash(patch: Patches) -> None:
    """A seat that restarts votes in the view that it had promised to leave."""
    seated = view_change.on_seated

    def forgetful(r: Replica) -> None:
        r.views.promised = r.views.current
        seated(r)

    patch.put(view_change, "on_seated", forgetful)


def promises_are_said_before_they_are_durable(patch: Patches) -> None:
    """VIEW-CHANGE leaves while the promise is still on its way to the disk."""
    start = view_change.start

    def hasty(r: Replica, view: View) -> None:
        start(r, view)
        view_change.on_promise_durable(r, view)

    patch.put(view_change, "start", hasty)


def views_are_entered_before_that_is_durable(patch: Patches) -> None:
    """A seat votes while the record of the view, or of the epoch, is on its way to the disk."""
    enter = view_change._enter

    def hasty(r: Replica, view: View, message: NewView | None = None) -> None:
        enter(r, view, message)
        view_change.on_entry_durable(r, view)

    patch.put(view_change, "_enter", hasty)


def views_begin_with_too_few_promises(patch: Patches) -> None:
    """f + 1 promises begin a view, so that a lock which a quorum holds may be missing."""

    def enough(seats: committee.Committee) -> int:
        return seats.faults + 1

    def holds(checker: CertificateChecker, message: NewView) -> bool:
        seats = checker._committee
        changes = message.view_changes
        return len({change.seat for change in changes}) >= enough(seats) and all(
            change.view == message.view and checker.view_change_holds(change) for change in changes
        )

    patch.put(CertificateChecker, "new_view_holds", holds)


def one_seat_pulls_all_into_its_view(patch: Patches) -> None:
    """A single liar moves the street from view to view."""
    patch.put(committee, "faults_tolerated", lambda _: 0)


def promises_are_believed_unchecked(patch: Patches) -> None:
    """A VIEW-CHANGE may show certificates that nobody signed."""
    patch.put(CertificateChecker, "view_change_holds", lambda *_: True)


def repeated_signers_count(patch: Patches) -> None:
    """A certificate of one seat's signature, three times, is a certificate."""

    def lax(checker: CertificateChecker, certificate: Certificate, kind: int) -> bool:
        members = checker._committee.members
        if len(certificate.signatures) < checker._committee.quorum:
            return False
        preimage = vote_preimage(
            kind,
            checker._chain,
            certificate.epoch,
            certificate.view,
            certificate.seq,
            certificate.block,
        )
        return all(
            any(checker._verify(member.key, preimage, one) for member in members)
            for one in certificate.signatures
        )

    patch.put(CertificateChecker, "holds", lax)


def certificates_of_any_epoch_hold(patch: Patches) -> None:
    """What the committee of an epoch that is over signs counts in this one."""
    holds = CertificateChecker.holds

    def timeless(checker: CertificateChecker, certificate: Certificate, kind: int) -> bool:
        seats, chain = checker._committee, checker._chain
        then = committee.Committee(certificate.epoch, seats.members, seats.first_seq)
        return holds(CertificateChecker(then, chain, checker._verify), certificate, kind)

    patch.put(CertificateChecker, "holds", timeless)


def words_of_an_old_epoch_count(patch: Patches) -> None:
    """What is signed does not say its epoch, and messages of any epoch are taken."""
    receive = Replica.receive

    def without_epoch(
        kind: int, chain: bytes, epoch: int, view: View, seq: int, block: bytes
    ) -> bytes:
        assert epoch >= 0
        return b"%d %d %d " % (kind, view, seq) + chain + block

    def any_epoch(r: Replica, peer: object, message: object) -> None:
        if hasattr(message, "epoch") and hasattr(message, "seq"):
            message = replace(message, epoch=r.committee.epoch)  # type: ignore[type-var]
        receive(r, peer, message)  # type: ignore[arg-type]

    patch.everywhere(vote_preimage, without_epoch)
    patch.put(Replica, "receive", any_epoch)


def only_the_newest_handover_is_kept(patch: Patches) -> None:
    """The first record of an epoch shows the way out of the epoch before it alone."""
    seated = view_change.on_seated

    def short(r: Replica) -> None:
        r.durable = changed(r.durable, handovers=r.durable.handovers[-1:])
        seated(r)

    patch.put(view_change, "on_seated", short)


def handovers_are_not_kept(patch: Patches) -> None:
    """The first record of an epoch leaves out the certificate that shows the way to it."""
    seated = view_change.on_seated

    def bare(r: Replica) -> None:
        r.durable = changed(r.durable, handovers=())
        seated(r)

    patch.put(view_change, "on_seated", bare)
