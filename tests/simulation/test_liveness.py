"""Streets in trouble that must go on (docs/protocol.md sections 5, 7 and 9).

Each test is one of the standstills that other systems were found in.
"""

import pytest
from liandao_node.consensus.events import PeerDown
from liandao_node.limits import (
    LEADER_DOWN_MS,
    PIPELINE_DEPTH,
    PROGRESS_MS_MAX,
    STATUS_MS,
    VIEW_CHANGE_MS_MAX,
)
from liandao_node.sim.disks import End
from liandao_node.sim.liars import Lie
from liandao_node.sim.network import CALM, Weather
from liandao_node.sim.node import Node
from liandao_node.types import ShopId
from liandao_node.wire.messages import (
    Commit,
    FetchRange,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Status,
    Suspect,
    ViewChange,
)
from support import histories
from support.cluster import Cluster

Sayable = Message | FetchRange

SOON_MS = PROGRESS_MS_MAX + 2 * STATUS_MS
"""One view change: patience, the suspicions' way, and a repetition of whatever was lost."""


def _street(
    size: int = 4, seed: int = 0, weather: Weather = CALM, write_ms_max: int = 2
) -> Cluster:
    """A street that has agreed on a first sale."""
    cluster = Cluster(size, seed, weather, write_ms_max)
    cluster.start()
    cluster.run(100)
    cluster.submit(b"first")
    assert cluster.run(2_000, lambda: cluster.settled(b"first"))
    return cluster


def _delivers(cluster: Cluster, within_ms: int, *txs: bytes) -> bool:
    cluster.submit(*txs)
    return cluster.run(within_ms, lambda: cluster.settled(*txs))


def _after(cluster: Cluster, *txs: bytes) -> int:
    """Virtual time that it takes to deliver them."""
    began = cluster.now
    assert _delivers(cluster, 60_000, *txs)
    return cluster.now - began


# --- leaders ---


@pytest.mark.parametrize("size", [3, 4, 5, 6, 7])
def test_a_crashed_leader_is_left_as_soon_as_its_channels_break(size: int) -> None:
    """T25."""
    cluster = _street(size)
    cluster.nodes[0].crash()
    assert _after(cluster, b"sale") < LEADER_DOWN_MS + 100
    assert cluster.views() == {1}


def test_a_leader_that_says_nothing_with_its_channels_up_is_left_after_patience() -> None:
    """T25: a process that stands still."""
    cluster = _street()
    cluster.nodes[0].pause()
    assert _after(cluster, b"sale") < SOON_MS
    assert cluster.views() >= {1}
    cluster.nodes[0].resume()
    assert _delivers(cluster, SOON_MS, b"later")


@pytest.mark.parametrize("size", [7, 10, 13])
def test_f_dead_leaders_in_a_row_cost_no_more_than_their_capped_timers(size: int) -> None:
    """T30: their channels stay up, so that each costs a full timer."""
    cluster = _street(size)
    dead = cluster.committee.faults
    for node in cluster.nodes[:dead]:
        node.pause()
    budget, patience = 0, PROGRESS_MS_MAX
    for _ in range(dead):
        budget += patience + STATUS_MS
        patience = min(2 * patience, VIEW_CHANGE_MS_MAX)
    took = _after(cluster, b"sale")
    assert took <= budget
    assert cluster.views() >= {dead}


def test_f_dead_leaders_whose_channels_broke_cost_a_fraction_of_a_second_each() -> None:
    cluster = _street(10)
    for node in cluster.nodes[:3]:
        node.crash()
    assert _after(cluster, b"sale") < 3 * (LEADER_DOWN_MS + 100)


def test_a_leader_just_within_patience_is_kept_and_the_street_goes_on() -> None:
    """T25, Aardvark: slow is not dead."""
    cluster = _street()

    def slow(source: Node, target: Node, message: Sayable) -> bool:
        if isinstance(message, PrePrepare):
            cluster.timeline.after(150, target.receive, source.shop, message)
            return True
        return False

    cluster.network.filter = slow
    for at in range(10):
        assert _delivers(cluster, 2 * SOON_MS, b"%d" % at)
    assert cluster.views() == {0}


def test_a_leader_that_leaves_one_shops_request_out_is_left() -> None:
    """T25: every other request goes through, this one never does."""
    cluster = _street()
    for node in cluster.nodes[1:]:
        cluster.submit_to(node, b"unwanted")
    for at in range(150):
        assert _delivers(cluster, SOON_MS, b"%d" % at)
        cluster.run(100)
    assert cluster.settled(b"unwanted")
    assert cluster.views() == {1}


# --- links ---


@pytest.mark.parametrize("deaf", [0, 2])
def test_a_seat_that_is_heard_but_hears_nothing_stops_nobody(deaf: int) -> None:
    """T27: the leader, and another."""
    cluster = _street()
    cluster.network.cut((node.place, deaf) for node in cluster.nodes if node.shop != deaf)
    txs = [b"%d" % at for at in range(12)]
    cluster.submit(*txs)
    others = [node for node in cluster.nodes if node.shop != deaf]
    assert cluster.run(
        5 * SOON_MS,
        lambda: all(len(n.books.chain) == len(others[0].books.chain) > 6 for n in others),
    )
    cluster.network.heal()
    assert _delivers(cluster, 5 * SOON_MS, b"healed", *txs)


@pytest.mark.parametrize("cut", [(0, 1), (1, 2), (0, 3)])
def test_two_seats_that_cannot_reach_each_other_stop_nobody(cut: tuple[int, int]) -> None:
    """T28: one link is missing; there are still two quorums of connected seats."""
    cluster = _street()
    cluster.network.cut([cut, cut[::-1]])
    for at in range(5):
        assert _delivers(cluster, 3 * SOON_MS, b"%d" % at)


def test_a_minority_that_was_cut_off_comes_back_by_itself() -> None:
    """T33: through many views, with the tip far ahead."""
    cluster = _street(7)
    cluster.network.split([0, 1], [2, 3, 4, 5, 6])
    txs = [b"%d" % at for at in range(60)]
    for at, tx in enumerate(txs):
        cluster.submit(tx)
        cluster.run(300)
        if at % 20 == 10:
            for node in cluster.nodes[2:]:
                node.feed(PeerDown(ShopId(at // 20 + 2)))
    assert len(cluster.nodes[2].books.chain) > 30
    cluster.network.heal()
    cluster.reconnect()
    assert _delivers(cluster, 5 * SOON_MS, *txs)


def test_nodes_spread_over_views_with_commits_in_the_lower_one_find_together() -> None:
    """T29: the standstill of four good nodes of dBFT.

    Two seats committed in view 0 and heard no third COMMIT; the other two left for view 1.
    """
    cluster = _street()

    def lose(_: Node, target: Node, message: Sayable) -> bool:
        if target.name in "23":
            return isinstance(message, Prepare | Commit)
        return isinstance(message, Commit | Suspect | ViewChange | Status)

    cluster.network.filter = lose
    cluster.submit(b"sale")
    cluster.run(SOON_MS)
    replicas = [node.replica for node in cluster.awake if node.replica]
    assert [replica.views.promised for replica in replicas] == [0, 0, 1, 1]
    locks = [replica.durable.locked for replica in replicas]
    assert [lock is not None and lock.seq == 2 for lock in locks] == [True, True, False, False]
    cluster.network.filter = None
    assert _delivers(cluster, SOON_MS, b"sale", b"more")


def test_a_body_that_only_some_have_is_fetched_from_them() -> None:
    """T26: one seat hears votes but no proposal."""
    cluster = _street()
    cluster.network.filter = lambda _, t, m: t.name == "3" and isinstance(m, PrePrepare)
    assert _delivers(cluster, 3 * SOON_MS, b"sale")
    assert cluster.views() == {0}


# --- restarts ---


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("end", list(End))
def test_all_nodes_restart_at_once(size: int, end: End) -> None:
    """T35, T12: the whole district's power, with blocks under way."""
    cluster = _street(size)
    cluster.submit(*[b"%d" % at for at in range(20)])
    cluster.run(4)
    for node in cluster.nodes:
        node.crash(end)
    for node in cluster.nodes:
        node.boot()
    assert _delivers(cluster, 2 * SOON_MS, *[b"%d" % at for at in range(20)])


def test_nodes_restart_one_after_the_other_under_load() -> None:
    """T35: an update that goes along the street."""
    cluster = _street()
    txs = []
    for node in cluster.nodes:
        node.crash()
        for at in range(3):
            txs.append(b"%s %d" % (node.name.encode(), at))
            cluster.submit(txs[-1])
            cluster.run(300)
        node.boot()
        cluster.run(1_000)
    assert _delivers(cluster, SOON_MS, *txs)


@pytest.mark.parametrize("size", [4, 7])
def test_only_f_plus_1_come_back_first_and_then_the_rest(size: int) -> None:
    """T35."""
    cluster = _street(size)
    for node in cluster.nodes:
        node.crash(End.POWER)
    first = cluster.nodes[: cluster.committee.faults + 1]
    for node in first:
        node.boot()
    cluster.submit(b"early")
    cluster.run(60_000)
    assert b"early" not in cluster.checks.delivered_txs
    for node in cluster.nodes[len(first) :]:
        node.boot()
    assert _delivers(cluster, 2 * SOON_MS + VIEW_CHANGE_MS_MAX, b"early", b"late")


def test_a_leader_that_restarts_hands_over_at_once() -> None:
    cluster = _street()
    cluster.nodes[0].crash()
    cluster.nodes[0].boot()
    assert _after(cluster, b"sale") < 200
    assert cluster.views() == {1}


@pytest.mark.parametrize("seed", range(6))
def test_a_view_changes_with_the_pipeline_full(seed: int) -> None:
    """T34: whatever was prepared stays, nothing is delivered twice."""
    cluster = _street(4, seed, Weather(delay_ms_max=20), 20)
    txs = [b"%d" % at for at in range(2 * PIPELINE_DEPTH)]
    cluster.submit(*txs)
    cluster.run(10 * (seed + 1))
    leader = cluster.nodes[0].replica
    assert leader is not None
    cluster.nodes[0].crash()
    assert _delivers(cluster, 2 * SOON_MS, *txs)


def test_a_member_with_an_empty_disk_joins_while_trade_goes_on() -> None:
    """T36."""
    cluster = Cluster(4)
    for node in cluster.nodes[:3]:
        node.boot()
    txs = [b"%d" % at for at in range(60)]
    for tx in txs[:50]:
        cluster.submit(tx)
        cluster.run(20)
    cluster.nodes[3].boot()
    for tx in txs[50:]:
        cluster.submit(tx)
        cluster.run(20)
    assert _delivers(cluster, SOON_MS, *txs)


# --- time and liars ---


def test_a_first_sale_after_a_quiet_night_is_as_fast_as_any() -> None:
    """T37."""
    cluster = _street()
    cluster.run(8 * 60_000)
    assert _after(cluster, b"morning") < 30
    assert cluster.views() == {0}


def test_computers_whose_clocks_differ_by_days_agree() -> None:
    """T38."""
    cluster = Cluster(4)
    for node in cluster.nodes:
        node.mono_ms = node.shop * 86_400_000
    cluster.start()
    cluster.run(100)
    assert _after(cluster, b"sale") < 30
    cluster.nodes[1].mono_ms += 86_400_000
    assert _delivers(cluster, SOON_MS, b"a computer slept")
    assert cluster.views() == {0}


def test_a_liar_that_suspects_every_view_changes_none() -> None:
    """T32."""
    cluster = Cluster(4)
    cluster.liar(2, Lie.HURRY)
    cluster.start()
    for at in range(30):
        assert _delivers(cluster, 500, b"%d" % at)
    assert cluster.views() == {0}


def test_a_source_that_lies_or_is_silent_holds_nobody_up() -> None:
    """T40: two seats were away; one peer lies about blocks, one never answers for them."""
    cluster = Cluster(7)
    cluster.liar(1, Lie.FALSE_BLOCKS)
    cluster.network.filter = lambda s, _, m: s.name == "2" and isinstance(m, Range)
    for node in cluster.nodes[:5]:
        node.boot()
    txs = [b"%d" % at for at in range(60)]
    for tx in txs:
        cluster.submit(tx)
        cluster.run(20)
    for node in cluster.nodes[5:]:
        node.boot()
    assert _delivers(cluster, 4 * SOON_MS, *txs)


def test_a_liar_with_a_lock_of_its_own_cannot_stop_the_street() -> None:
    histories.a_lock_that_only_a_liar_has()


def test_a_lost_new_view_is_asked_for() -> None:
    cluster = _street()
    cluster.network.filter = lambda s, t, m: (
        isinstance(m, NewView) and t.name == "3" and s.name == "1"
    )
    cluster.nodes[0].crash()
    assert _delivers(cluster, SOON_MS, b"sale")
    assert cluster.views() == {1}


@pytest.mark.rule("P-4.8")
@pytest.mark.parametrize("seed", [1, 5, 6, 36, 38, 42])
def test_a_seat_that_enters_late_is_given_what_is_under_way(seed: int) -> None:
    """Its vote is needed at once: the seat that made the quorum up is gone. In these
    histories it missed a proposal, and the street waited for the next heartbeat."""
    cluster = Cluster(4, seed, Weather(delay_ms_max=8), 15)
    cluster.start()
    cluster.nodes[0].crash()
    assert _delivers(cluster, SOON_MS, b"under a new leader")
    for at in range(6):
        cluster.submit(b"before %d" % at)
        cluster.run(3)
    cluster.nodes[0].boot()
    for at in range(3):
        cluster.submit(b"after %d" % at)
        cluster.run(2)
    cluster.nodes[3].crash()
    assert cluster.run(600, lambda: cluster.settled(b"after 2"))
