"""What this node has seen of the others: heights, sessions, faults, why views ended.

For logs, counters and the screens that say who is missing. Decides nothing.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field

from liandao_node.consensus.effects import Note, Reason, Report
from liandao_node.types import ShopId
from liandao_node.wire.messages import Status

log = logging.getLogger(__name__)

_FAULTS_OF_SENDER = {
    Note.FORGED_VOTE: "VOTE_FORGED",
    Note.BAD_CERTIFICATE: "CERTIFICATE_BAD",
    Note.BAD_PROPOSAL: "PROPOSAL_BAD",
    Note.BAD_RANGE: "RANGE_BAD",
}


@dataclass(slots=True)
class Watch:
    """Counters and last words, by seat."""

    faults: Counter[str]
    sessions: dict[ShopId, int] = field(default_factory=dict)
    heights: dict[ShopId, tuple[int, int]] = field(default_factory=dict)
    """Height and view that each seat last told of."""
    view_changes: int = 0
    last_view_change: str = ""

    def heard(self, peer: ShopId, status: Status) -> None:
        self.sessions[peer] = status.session
        self.heights[peer] = (status.tip_seq, status.view)

    def take(self, report: Report, sender: ShopId | None, *, clocks_apart: bool) -> str | None:
        """Counts and logs a report; the fault to cut the sender of this message off for.

        ``clocks_apart`` tells that a block was refused for its time alone: that is counted
        already, and no reason to cut an honest leader off.
        """
        note, about = report.note, report.about
        if note is Note.VIEW_CHANGE_STARTED:
            self.view_changes += 1
        if note is Note.SUSPECTED and report.reason is not None:
            self.last_view_change = Reason(report.reason).name
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


def _log(report: Report) -> None:
    log.info(
        "view %d: %s%s%s",
        report.view,
        report.note.name.lower().replace("_", " "),
        "" if report.about is None else f", shop {report.about}",
        "" if report.reason is None else f", {report.reason.name.lower()}",
    )
