"""Checking certificates and view-change messages that others made (P-3.2, P-5.4, P-5.6)."""

from liandao_node.consensus.committee import Committee
from liandao_node.crypto.keys import Verifier
from liandao_node.types import ChainId, Seq, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Certificate
from liandao_node.wire.messages import NewView, ViewChange, vote_preimage

CACHE_MAX = 256
"""Certificates remembered as good: peers repeat the same tip every second."""


class CertificateChecker:
    """Verifies against one epoch's committee and remembers what held."""

    def __init__(self, committee: Committee, chain: ChainId, verify: Verifier) -> None:
        self._committee = committee
        self._chain = chain
        self._verify = verify
        self._good: dict[tuple[object, ...], None] = {}

    def remember(self, certificate: Certificate) -> None:
        """Notes a certificate that was put together from verified votes.

        The key holds the signatures: a true statement over bad signatures would be refused
        by those that do not remember it, so it must be refused here too.
        """
        self._good[_identity(certificate)] = None
        if len(self._good) > CACHE_MAX:
            del self._good[next(iter(self._good))]

    def holds(self, certificate: Certificate, kind: int) -> bool:
        """P-3.2: right kind and epoch, Q distinct members, each signature good."""
        committee = self._committee
        if certificate.kind != kind or certificate.epoch != committee.epoch:
            return False
        signers = certificate.signers
        if signers >> len(committee.members) or certificate.view < 0 or certificate.seq < 1:
            return False
        if signers.bit_count() != len(certificate.signatures):
            return False
        if signers.bit_count() < committee.quorum or len(certificate.block) != 32:
            return False
        if _identity(certificate) in self._good:
            return True
        if not self._signatures_hold(certificate):
            return False
        self.remember(certificate)
        return True

    def _signatures_hold(self, certificate: Certificate) -> bool:
        preimage = vote_preimage(
            certificate.kind,
            self._chain,
            certificate.epoch,
            certificate.view,
            certificate.seq,
            certificate.block,
        )
        members = [
            member
            for at, member in enumerate(self._committee.members)
            if certificate.signers >> at & 1
        ]
        return all(
            self._verify(member.key, preimage, signature)
            for member, signature in zip(members, certificate.signatures, strict=True)
        )

    def view_change_holds(self, message: ViewChange) -> bool:
        """P-5.4: signed by its seat; its certificates are good and below its view."""
        if message.epoch != self._committee.epoch or message.seat not in self._committee:
            return False
        for certificate, kind in ((message.prepared, PREPARE), (message.tip, COMMIT)):
            if certificate is None:
                continue
            if certificate.view >= message.view or not self.holds(certificate, kind):
                return False
        key = self._committee.key(message.seat)
        return self._verify(key, message.preimage(self._chain), message.signature)

    def new_view_holds(self, message: NewView) -> bool:
        """P-5.6: signed by the view's leader over Q view changes of distinct seats for it."""
        seats = {change.seat for change in message.view_changes}
        if message.epoch != self._committee.epoch or message.view < 1:
            return False
        if len(seats) != len(message.view_changes) or len(seats) < self._committee.quorum:
            return False
        if any(change.view != message.view for change in message.view_changes):
            return False
        leader = self._committee.key(self._committee.leader(message.view))
        if not self._verify(leader, message.preimage(self._chain), message.signature):
            return False
        return all(self.view_change_holds(change) for change in message.view_changes)


def _identity(certificate: Certificate) -> tuple[object, ...]:
    return (
        certificate.kind,
        certificate.view,
        certificate.seq,
        certificate.block,
        certificate.signers,
        *certificate.signatures,
    )


def base_of(changes: list[ViewChange]) -> Certificate | None:
    """P-5.7: the highest lock among a quorum's view changes, by (view, height).

    A commit certificate counts as the lock that it implies. Never by height alone and never
    the first one found: a lower view's lock may be one that the quorum has given up. None:
    nothing was ever prepared, so the base is genesis.
    """
    locks = [lock for c in changes for lock in (c.prepared, c.tip) if lock is not None]
    return max(locks, key=rank, default=None)


def rank(lock: Certificate) -> tuple[View, Seq, int]:
    """Orders locks: a later view outranks a greater height."""
    return lock.view, lock.seq, lock.kind
