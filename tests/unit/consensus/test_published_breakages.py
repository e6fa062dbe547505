"""What broke in published protocols of this family does not break here.

The stories stand in `support.breakages`, with their sources. Each passes as the code is, and
fails with the rule planted under which the other protocol broke: else it would tell nothing.
What fits into the text form stands in tests/scenarios: ``dbft_four_good_nodes``,
``polygon_locked_proposal_of_five``, ``..._of_six`` and ``tigerbeetle_deaf_leader``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from liandao_node.consensus import base, certificates, normal, view_change
from liandao_node.consensus.effects import Reason
from liandao_node.consensus.replica import Replica
from liandao_node.limits import PIPELINE_DEPTH
from liandao_node.types import BlockHash, Seq, ShopId, View
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import Commit, NewView, ViewChange
from support import breakages

Patch = pytest.MonkeyPatch


# --- the rules under which they broke ---


def _base_by(patch: Patch, choose: Callable[[list[Certificate]], Certificate]) -> None:
    def chosen(changes: list[ViewChange]) -> Certificate | None:
        held = [lock for c in changes for lock in (c.prepared, c.tip) if lock is not None]
        return choose(held) if held else None

    for module in (certificates, base, view_change):
        patch.setattr(module, "base_of", chosen)


def the_oldest_proof_takes_precedence(patch: Patch) -> None:
    _base_by(patch, lambda held: min(held, key=lambda lock: lock.view))


def a_lock_binds_until_its_block_is_final(patch: Patch) -> None:
    send = normal._send_prepare

    def bound(r: Replica, seq: Seq, block: BlockHash) -> None:
        held = r.durable.locked
        if held is None or held.seq != seq or held.block == block or r.tip.seq >= seq:
            send(r, seq, block)

    patch.setattr(normal, "_send_prepare", bound)


def promises_carry_no_lock(patch: Patch) -> None:
    patch.setattr(certificates, "base_of", lambda _: None)
    for module in (base, view_change):
        patch.setattr(module, "base_of", lambda _: None)


def who_committed_stays(patch: Patch) -> None:
    start = view_change.start

    def stay(r: Replica, view: View) -> None:
        held = r.durable.locked
        if held is None or held.view != r.views.promised or held.seq <= r.tip.seq:
            start(r, view)

    patch.setattr(view_change, "start", stay)


def own_promises_decide(patch: Patch) -> None:
    heard: list[ViewChange] = []
    on_view_change, on_new_view = view_change.on_view_change, view_change.on_new_view

    def remember(r: Replica, peer: ShopId, message: ViewChange) -> None:
        heard.append(message)
        on_view_change(r, peer, message)

    def compare(r: Replica, peer: ShopId, message: NewView) -> None:
        ours = certificates.base_of([c for c in heard if c.view == message.view])
        if ours == certificates.base_of(message.view_changes):
            on_new_view(r, peer, message)

    patch.setattr(view_change, "on_view_change", remember)
    patch.setattr(view_change, "on_new_view", compare)


def a_window_no_wider_than_the_pipeline(patch: Patch) -> None:
    patch.setattr(normal, "WINDOW_SEQS", PIPELINE_DEPTH)


def commits_count_in_active_views_only(patch: Patch) -> None:
    on_commit = normal.on_commit

    def deaf(r: Replica, peer: ShopId, message: Commit) -> None:
        if r.active:
            on_commit(r, peer, message)

    patch.setattr(normal, "on_commit", deaf)


def who_left_is_not_counted(patch: Patch) -> None:
    def count(r: Replica) -> None:
        view = r.views.promised
        seats = set(r.suspects.get(view, {}))
        if len(seats) > r.committee.faults and r.me not in seats:
            view_change.suspect(r, Reason.JOINED)
        elif len(seats) >= r.committee.quorum:
            view_change.start(r, View(view + 1))

    patch.setattr(view_change, "count", count)


@dataclass(frozen=True)
class Breakage:
    story: Callable[[], None]
    planted: Callable[[Patch], None]


BREAKAGES: Final = [
    Breakage(breakages.zyzzyva_safety, the_oldest_proof_takes_precedence),
    Breakage(breakages.fab_liveness, a_lock_binds_until_its_block_is_final),
    Breakage(breakages.ibft1_locks_of_two_views, a_lock_binds_until_its_block_is_final),
    Breakage(breakages.ibft1_a_block_that_one_seat_made_final, promises_carry_no_lock),
    Breakage(breakages.neo_go_four_and_three_of_seven, who_committed_stays),
    Breakage(breakages.fabric_1111_other_promises_than_the_leaders, own_promises_decide),
    Breakage(
        breakages.fabric_1119_a_leader_ahead_of_its_backups, a_window_no_wider_than_the_pipeline
    ),
    Breakage(
        breakages.sawtooth_commits_while_changing_the_view, commits_count_in_active_views_only
    ),
    Breakage(breakages.sawtooth_one_seat_over_the_line, who_left_is_not_counted),
]


def _name(breakage: Breakage) -> str:
    return breakage.story.__name__


@pytest.mark.parametrize("breakage", BREAKAGES, ids=_name)
def test_it_does_not_break_here(breakage: Breakage) -> None:
    breakage.story()


@pytest.mark.parametrize("breakage", BREAKAGES, ids=_name)
def test_the_story_bites(breakage: Breakage, monkeypatch: Patch) -> None:
    breakage.planted(monkeypatch)
    with pytest.raises(AssertionError):
        breakage.story()
