"""Time: heartbeats, patience, and what is said again (docs/protocol.md section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import catching_up, delivery, normal, view_change
from liandao_node.consensus.effects import NEVER_VOTED, Reason
from liandao_node.consensus.state import LONG_AGO_MS
from liandao_node.limits import (
    CENSORSHIP_MS,
    FETCH_MS,
    LEADER_DOWN_MS,
    PROGRESS_MS_MAX,
    PROGRESS_MS_MIN,
    STATUS_MS,
    VIEW_CHANGE_MS_MAX,
)
from liandao_node.types import Millis, ShopId
from liandao_node.wire.messages import Status

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def patience_ms(r: Replica) -> Millis:
    """P-9.2: eight slow commits, doubled for each view that failed, within bounds."""
    base = min(max(8 * r.clocks.commit_ms, PROGRESS_MS_MIN), PROGRESS_MS_MAX)
    doublings = min(max(r.clocks.failed_views - 1, 0), 8)
    return Millis(min(base << doublings, VIEW_CHANGE_MS_MAX))


def on_tick(r: Replica) -> None:
    """Enter: time went by."""
    _watch_leader(r)
    catching_up.check_behind(r)
    delivery.retry_missing(r)
    _tell_of_hole(r)
    if tell_status(r):
        _say_again(r)


def tell_status(r: Replica) -> bool:
    """P-9.1: the heartbeat, if it is due; whether it was."""
    due = r.clocks.now - r.clocks.status_sent >= STATUS_MS
    if due:
        r.clocks.status_sent = r.clocks.now
        r.broadcast(status(r))
    return due


def _tell_of_hole(r: Replica) -> None:
    """P-4.8: a proposal is missing below others; the leader hears so before its heartbeat."""
    clocks = r.clocks
    hole = r.active and bool(r.early) and min(r.early) > r.head[0] + 1
    if hole and r.leader != r.me and clocks.now - clocks.hole_told >= FETCH_MS:
        clocks.hole_told = clocks.now
        r.send(r.leader, status(r))


def status(r: Replica) -> Status:
    """P-9.1: where this seat stands. The caller puts its street time in."""
    return Status(
        epoch=r.committee.epoch,
        view=r.views.current,
        promised=r.views.promised,
        tip_seq=r.tip.seq,
        tip=r.tip.hash,
        certificate=r.tip.certificate,
        clock_ms=Millis(0),
        session=r.session,
    )


def _say_again(r: Replica) -> None:
    """P-9.3: a wish or a promise that has not been answered is repeated."""
    if r.suspicion is not None:
        r.broadcast(view_change.own_suspect(r))
    if r.views.current < r.views.promised and r.views.spoken is not None:
        r.broadcast(r.views.spoken)


def _busy(r: Replica) -> bool:
    """P-9.2: patience runs only while there is something to agree on."""
    return (
        r.clocks.waiting_since is not None
        or bool(r.slots)
        or r.final is not None
        or not r.views.base_ready
    )


def _watch_leader(r: Replica) -> None:
    clocks = r.clocks
    if not r.active:
        _watch_view_change(r)
        return
    if not _busy(r):
        clocks.busy_since = None
        return
    if clocks.busy_since is None:
        clocks.busy_since = clocks.now
    since = max(clocks.progress, clocks.view_since, clocks.busy_since)
    if clocks.now - since >= patience_ms(r):
        view_change.suspect(r, Reason.NO_PROGRESS)
    elif _leader_gone(r, since):
        view_change.suspect(r, Reason.LEADER_DOWN)
    elif _censored(r):
        view_change.suspect(r, Reason.CENSORSHIP)


def _watch_view_change(r: Replica) -> None:
    if r.views.entering or r.views.promised < 0:
        return
    late = r.clocks.now - r.clocks.view_since >= patience_ms(r)
    if late or _leader_gone(r, r.clocks.view_since):
        view_change.suspect(r, Reason.NO_PROGRESS)


def _leader_gone(r: Replica, since: Millis) -> bool:
    """P-9.4: its channel is down. Worth leaving only if a quorum could go on without it."""
    leader = r.peers.get(r.leader)
    if leader is None or leader.up:
        return False
    up = 1 + sum(peer.up for peer in r.peers.values())
    away_ms = r.clocks.now - max(since, leader.changed_ms)
    return up >= r.committee.quorum and away_ms >= LEADER_DOWN_MS


def _censored(r: Replica) -> bool:
    """P-9.5: others get their turn, this request does not."""
    waiting = r.clocks.waiting_since
    since = r.clocks.view_since
    return waiting is not None and r.clocks.now - max(waiting, since) >= CENSORSHIP_MS


def on_waiting(r: Replica, since_ms: Millis | None) -> None:
    r.clocks.waiting_since = since_ms


def on_peer_up(r: Replica, peer: ShopId) -> None:
    """P-7.5: a seat that came back hears at once where this one stands."""
    known = r.known(peer)
    known.up, known.changed_ms = True, r.clocks.now
    # What was sent before is lost with the old channel.
    known.resent_ms, known.caught_up_in = LONG_AGO_MS, NEVER_VOTED
    r.send(peer, status(r))
    if not r.voting:
        return
    if r.suspicion is not None:
        r.send(peer, view_change.own_suspect(r))
    if r.views.current < r.views.promised and r.views.spoken is not None:
        r.send(peer, r.views.spoken)
    normal.resend(r, peer)


def on_peer_down(r: Replica, peer: ShopId) -> None:
    known = r.known(peer)
    known.up, known.changed_ms = False, r.clocks.now
