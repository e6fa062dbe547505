"""Time, links and disks of the simulated street."""

from collections.abc import Iterable

import pytest
from liandao_node.consensus.effects import Durable, Persist
from liandao_node.sim.disks import End, LedgerDisk, VoterDisk
from liandao_node.sim.network import Weather
from liandao_node.sim.node import Node
from liandao_node.sim.timeline import START_MS, Timeline
from liandao_node.types import View
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.messages import FetchNewView, Message
from support.cluster import Cluster
from support.consensus_forms import final, make_chain
from support.ledger_street import Street as LedgerStreet

# --- time ---


def test_things_happen_in_the_order_of_their_time_and_then_of_asking() -> None:
    timeline, seen = Timeline(), list[str]()
    for delay_ms, name in ((5, "c"), (1, "a"), (5, "d"), (1, "b")):
        timeline.after(delay_ms, seen.append, name)
    assert not timeline.run(4)
    assert seen == ["a", "b"]
    assert timeline.now == START_MS + 4
    timeline.run(1)
    assert seen == ["a", "b", "c", "d"]


def test_a_moment_is_finished_before_anybody_looks() -> None:
    timeline, seen = Timeline(), list[str]()
    timeline.after(1, seen.append, "first")
    timeline.after(1, seen.append, "second")
    timeline.after(2, seen.append, "later")
    assert timeline.run(10, lambda: bool(seen))
    assert seen == ["first", "second"]
    assert timeline.now == START_MS + 1


# --- links ---


def _heard(cluster: Cluster, target: Node, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    heard: list[Message] = []
    monkeypatch.setattr(target, "receive", lambda _, message: heard.append(message))
    for view in range(1_000):
        cluster.network.post(cluster.nodes[0], target, FetchNewView(View(view)))
    cluster.timeline.run(10_000)
    return heard


@pytest.mark.parametrize(
    ("weather", "least", "most"),
    [
        (Weather(), 1_000, 1_000),
        (Weather(lost=0.3), 600, 800),
        (Weather(repeated=0.5), 1_400, 1_600),
    ],
)
def test_weather_loses_and_repeats(
    weather: Weather, least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(2, 1, weather)
    assert least <= len(_heard(cluster, cluster.nodes[1], monkeypatch)) <= most


def test_weather_reorders(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(2, 1, Weather(late=0.1))
    heard = _heard(cluster, cluster.nodes[1], monkeypatch)
    views = [message.view for message in heard if isinstance(message, FetchNewView)]
    assert views != sorted(views)
    assert sorted(views) == list(range(1_000))


def test_a_cut_has_a_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(2)
    cluster.network.cut([(0, 1)])
    assert _heard(cluster, cluster.nodes[1], monkeypatch) == []
    cluster.network.cuts = {(1, 0)}
    assert len(_heard(cluster, cluster.nodes[1], monkeypatch)) == 1_000


# --- disks ---


def _records(*promises: int) -> Iterable[tuple[Persist, int]]:
    return [(Persist(at, Durable(promised=View(v)), ()), 0) for at, v in enumerate(promises)]


def test_a_crash_keeps_records_in_their_order_and_loses_the_rest() -> None:
    disk = VoterDisk()
    disk.queue.extend(_records(1, 2, 3))
    disk.end(writes=2)
    assert disk.durable.promised == 2
    assert not disk.queue


def test_a_full_disk_takes_nothing() -> None:
    disk = VoterDisk(full=True)
    disk.queue.extend(_records(1))
    disk.end(writes=1)
    assert disk.durable == Durable()


def test_blocks_leave_the_voter_only_when_the_ledger_cannot_lose_them() -> None:
    disk = VoterDisk()
    one, two = make_chain(0, "one", "two")
    disk.queue.append((Persist(1, Durable(), (one, two)), 0))
    disk.write_one()
    assert len(disk.bodies) == 2
    disk.queue.append((Persist(2, Durable(), ()), 1))
    disk.write_one()
    assert list(disk.bodies.values()) == [two]


def _ledger_disk() -> LedgerDisk:
    """Three final blocks of a real ledger; the second one has no certificate of its own."""
    street = LedgerStreet()
    disk = LedgerDisk(dict.fromkeys([b"k"], b"before"))
    blocks = make_chain(0, "one", "two", "three")
    for block, certified in zip(blocks, (True, False, True), strict=True):
        street.enrol(block.header.seq)
        committed = CommittedBlock(block, final(0, block) if certified else None)
        disk.append(committed, street.history[-1])
        disk.write()
        if block.header.seq == 1:
            disk.sync()
    return disk


def test_what_one_certificate_speaks_for_is_written_whole() -> None:
    disk = _ledger_disk()
    del disk.chain[2:], disk.executions[2:]
    disk.written = 1
    assert disk.write() == 1


def test_a_power_cut_takes_what_was_not_synced_and_the_state_with_it() -> None:
    disk = _ledger_disk()
    assert (disk.written, disk.synced) == (3, 1)
    rows = len(disk.scan(b"", b"\xff" * 64, 1_000))
    disk.end(End.KILLED)
    assert len(disk.chain) == len(disk.executions) == 3
    disk.end(End.POWER)
    assert len(disk.chain) == len(disk.executions) == 1
    assert len(disk.scan(b"", b"\xff" * 64, 1_000)) < rows


def test_a_damaged_voter_stays_out_and_a_lost_one_follows() -> None:
    cluster = Cluster(4)
    cluster.start()
    out, follower = cluster.nodes[2:]
    for node in (out, follower):
        node.crash(End.POWER)
    out.voter.damaged = True
    out.boot()
    assert not out.up
    follower.honest, follower.mute = False, True
    follower.voter = VoterDisk()
    follower.books.lose()
    follower.boot()
    cluster.submit(b"sale")
    cluster.timeline.run(3_000)
    assert follower.replica is not None
    assert not follower.replica.voting
    assert b"sale" not in cluster.checks.delivered_txs, "two of four voted"


def test_a_node_without_room_follows_and_votes_again_with_room() -> None:
    """P-6.6."""
    cluster = Cluster(4)
    cluster.start()
    cluster.timeline.run(100)
    cluster.nodes[3].disk_full(full=True)
    cluster.nodes[2].crash()
    cluster.submit(b"sale")
    assert not cluster.run(5_000, lambda: cluster.settled(b"sale"))
    cluster.nodes[3].disk_full(full=False)
    assert cluster.run(5_000, lambda: cluster.settled(b"sale"))
