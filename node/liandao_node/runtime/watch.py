"""What this node has seen of the others: heights, sessions, faults, why views ended.

For logs, counters and the screens that say who is missing. Decides nothing.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from liandao_node.consensus.effects import Note, Reason, Report
from liandao_node.runtime.clock import monotonic_ms
from liandao_node.runtime.participation import Participation
from liandao_node.types import Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.messages import Status

log = logging.getLogger(__name__)

_FAULTS_OF_SENDER = {
    Note.FORGED_VOTE: "VOTE_FORGED",
    Note.BAD_CERTIFICATE: "CERTIFICATE_BAD",
    Note.BAD_PROPOSAL: "PROPOSAL_BAD",
    Note.BAD_RANGE: "RANGE_BAD",
}


FOLLOWED: Final = "FOLLOWED"
"""This node left a view because the others had, without a complaint of its own."""


@dataclass(frozen=True, slots=True)
class ViewChanged:
    """The last time that this node left a view."""

    view: View
    """The one promised then."""
    reason: str
    """Name of a `Reason`, or `FOLLOWED`."""
    at_ms: Millis
    """By `monotonic_ms`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a shop last told of itself, and when by `monotonic_ms`."""

    epoch: Epoch
    view: View
    height: Seq
    session: int
    at_ms: Millis
    behind: int = 0
    """Blocks that this node was ahead when it said so: a second later many more may be final."""


@dataclass(slots=True)
class Watch:
    """Counters and last words, by seat."""

    faults: Counter[str]
    statuses: dict[ShopId, Heard] = field(default_factory=dict)
    participation: Participation = field(default_factory=Participation)
    reasons: Counter[str] = field(default_factory=Counter)
    """View changes by reason."""
    changed: ViewChanged | None = None
    twins: set[ShopId] = field(default_factory=set)
    """Shops of which two sessions were met at one time (O7)."""
    _suspicion: Reason | None = None
    """Own complaint since the last view change."""

    @property
    def view_changes(self) -> int:
        return self.reasons.total()

    @property
    def last_view_change(self) -> str:
        """Its reason, empty when there was none."""
        return "" if self.changed is None else self.changed.reason

    @property
    def heights(self) -> dict[ShopId, tuple[int, int]]:
        """Height and view that each shop last told of."""
        return {shop: (heard.height, heard.view) for shop, heard in self.statuses.items()}

    def heard(self, peer: ShopId, status: Status) -> None:
        self.statuses[peer] = Heard(
            status.epoch,
            status.view,
            status.tip_seq,
            status.session,
            monotonic_ms(),
            behind=self.participation.tip - status.tip_seq,
        )

    def is_later(self, peer: ShopId, epoch: Epoch) -> bool:
        """Whether the peer says that it stands in a later epoch: its protocol may be another."""
        heard = self.statuses.get(peer)
        return heard is not None and heard.epoch > epoch

    def fault(self, peer: ShopId | None, code: str) -> None:
        """The network counts a fault of a peer."""
        self.faults[code] += 1
        log.warning("%s%s", code, "" if peer is None else f", shop {peer}")
        if code == "TWO_SESSIONS" and peer is not None:
            self.twins.add(peer)

    def take(self, report: Report, sender: ShopId | None, *, clocks_apart: bool) -> str | None:
        """Counts and logs a report; the fault to cut the sender of this message off for.

        ``clocks_apart`` tells that a block was refused for its time alone: that is counted
        already, and no reason to cut an honest leader off.
        """
        note, about = report.note, report.about
        if note is Note.SUSPECTED:
            self._suspicion = report.reason
        if note is Note.VIEW_CHANGE_STARTED:
            self._left_view(report.view)
        _log(report)
        if note in (Note.EQUIVOCATION, Note.CONFLICTING_NEW_VIEW):
            self.faults[note.name] += 1
        code = _FAULTS_OF_SENDER.get(note)
        if code is None or (note is Note.BAD_PROPOSAL and clocks_apart):
            return None
        if about is not None and about == sender:
            return code
        self.faults[code] += 1
        return None

    def _left_view(self, view: View) -> None:
        reason = FOLLOWED if self._suspicion is None else self._suspicion.name
        self.reasons[reason] += 1
        self.changed = ViewChanged(view, reason, monotonic_ms())
        self._suspicion = None


def _log(report: Report) -> None:
    log.info(
        "view %d: %s%s%s",
        report.view,
        report.note.name.lower().replace("_", " "),
        "" if report.about is None else f", shop {report.about}",
        "" if report.reason is None else f", {report.reason.name.lower()}",
    )
