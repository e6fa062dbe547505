"""Directed histories: each passes on the street as it is, and fails if one rule is broken.

`tests/simulation/test_mutants.py` breaks the rules one by one and asks for that failure.
"""

from pathlib import Path

from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.effects import Durable
from liandao_node.consensus.events import PeerDown
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX
from liandao_node.sim.disks import End
from liandao_node.sim.node import Node
from liandao_node.types import BlockHash, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchRange,
    Message,
    Prepare,
    Range,
    Status,
    Suspect,
    ViewChange,
)
from msgspec.structs import replace

from support.cluster import Cluster
from support.consensus_forms import (
    CHAIN,
    commit,
    committee_of,
    fake_verify,
    final,
    lock,
    make_block,
    make_chain,
    prepare,
    proposal,
    suspect,
)
from support.scenario_text import play
from support.seat import Seat

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SOON_MS = 4_000


def scenario(name: str) -> None:
    """The expectations inside a scenario; its trace may be another one."""
    play((SCENARIOS / f"{name}.txt").read_text(encoding="utf-8"))


def later_view_beats_height() -> None:
    scenario("a_later_view_beats_height")


def nothing_below_the_base() -> None:
    scenario("nothing_below_the_base")


def no_vote_after_a_promise() -> None:
    scenario("no_vote_after_a_promise")


def slow_disks() -> None:
    """Every record takes a while; nothing that binds is said before it is written."""
    cluster = Cluster(4, write_ms_max=20)
    cluster.start()
    cluster.run(100)
    cluster.submit(b"sale")
    assert cluster.run(2_000, lambda: cluster.settled(b"sale"))


def two_halves_and_a_liar_on_both_sides() -> None:
    """T1, T15: five seats, two honest ones on each side of a cut, and a twin that serves both."""
    cluster = Cluster(5)
    cluster.add_twin(4, {2, 3}, {0, 1})
    here, there = (0, 1, 4), (2, 3, 5)
    cluster.network.cut((a, b) for a in here for b in there)
    cluster.network.cut((b, a) for a in here for b in there)
    cluster.start()
    for at in range(6):
        for node in cluster.nodes:
            cluster.submit_to(node, b"%d for %d" % (at, node.shop))
        cluster.run(3_000)


def a_leader_that_proposes_anew_to_a_seat_that_restarted() -> None:
    """T14."""
    cluster = Cluster(4)
    cluster.nodes[0].honest = False
    for node in cluster.nodes[1:]:
        node.boot()
    cluster.run(100)
    (one,), (other,) = make_chain(0, "one"), make_chain(0, "other")
    seat = cluster.nodes[2]
    seat.receive(ShopId(0), proposal(0, 0, one))
    cluster.run(10)
    seat.crash()
    seat.boot()
    seat.receive(ShopId(0), proposal(0, 0, other))
    cluster.run(10)


def a_promise_across_a_power_cut() -> None:
    """A seat promises view 1, restarts, and is shown that view 0 has prepared a block."""
    cluster = Cluster(4)
    seat = cluster.nodes[3]
    seat.boot()
    cluster.run(100)
    for shop in (1, 2):
        seat.receive(ShopId(shop), suspect(shop, 0))
    cluster.run(50)
    assert seat.voter.durable.promised == 1
    seat.crash(End.POWER)
    seat.boot()
    (block,) = make_chain(0, "sale")
    for shop in (0, 1, 2):
        cluster.checks.prepares[0, View(0), 1].setdefault(block.header.hash, set()).add(
            ShopId(shop)
        )
    seat.receive(ShopId(0), proposal(0, 0, block))
    for shop in (1, 2):
        seat.receive(ShopId(shop), prepare(shop, 0, block))
    cluster.run(50)


def a_lock_taken_again() -> None:
    """P-6.4: a seat comes back with a lock on height 3 and is shown PREPAREs of height 1."""
    cluster = Cluster(4)
    seat = cluster.nodes[3]
    blocks = make_chain(0, "low", "middle", "high")
    seat.voter.durable = Durable(View(0), View(0), lock(0, blocks[2]))
    seat.voter.bodies = {block.header.hash: block for block in blocks}
    cluster.checks.on_disk(seat)
    for shop in (0, 1, 2):
        cluster.checks.prepares[0, View(0), 1].setdefault(blocks[0].header.hash, set()).add(
            ShopId(shop)
        )
    seat.boot()
    seat.receive(ShopId(0), proposal(0, 0, blocks[0]))
    for shop in (1, 2):
        seat.receive(ShopId(shop), prepare(shop, 0, blocks[0]))
    cluster.run(50)


def a_proposal_beside_the_chain() -> None:
    """T11."""
    seat = Seat(me=1)
    (first,) = make_chain(0, "first")
    _, stray = make_chain(0, "other", "stray")
    seat.offered(0, first, stray)
    assert seat.said(Prepare) == [prepare(1, 0, first)]


def one_signer_for_three() -> None:
    """T7."""
    checker = CertificateChecker(committee_of(4), CHAIN, fake_verify)
    (block,) = make_chain(0, "sale")
    good = final(0, block)
    assert not checker.holds(replace(good, signatures=good.signatures[:1] * 3, signers=1), COMMIT)


def a_lock_shown_as_a_commit() -> None:
    """T17."""
    checker = CertificateChecker(committee_of(4), CHAIN, fake_verify)
    (block,) = make_chain(0, "sale")
    assert checker.holds(final(0, block), COMMIT)
    assert not checker.holds(replace(lock(0, block), kind=COMMIT), COMMIT)


def a_flood_of_votes() -> None:
    """T39."""
    seat = Seat(me=1)
    parent = BlockHash(b"p" * 32)
    for view in range(200):
        seat.hear(3, commit(3, view, make_block(parent, 1, 3, [b"%d" % view])))
    assert len(seat.replica.votes) <= VOTE_VIEWS_PER_SEAT_MAX


def a_lying_source() -> None:
    """T40: right headers over wrong transactions, as a body and in a range."""
    one, two = make_chain(0, "one", "two")
    lies = [Block(block.header, [b"not what was agreed"]) for block in (one, two)]
    seat = Seat(me=3)
    seat.committed_by(0, one, 0, 1, 2)
    seat.hear(2, Body(lies[0]))
    seat.hear(1, Body(one))
    seat.hear(2, Range([CommittedBlock(lies[1], final(0, two))]))
    seat.hear(1, Range([CommittedBlock(two, final(0, two))]))
    assert [deliver.block for deliver in seat.delivered] == [one, two]


def a_lock_that_only_a_liar_has() -> None:
    """P-5.10.

    Leader 0 gets the PREPAREs of 1 and 2, which never hear each other's and drop the block in
    view 1. From then on it shows that lock in every view change, and the block to nobody.
    """
    cluster = Cluster(4)
    cluster.start()
    cluster.run(100)
    liar = cluster.nodes[0]
    liar.honest = False
    cluster.network.filter = lambda _, t, m: t.name != "0" and isinstance(m, Prepare | Commit)
    cluster.submit_to(liar, b"trap")
    cluster.run(20)
    assert liar.replica is not None
    assert liar.replica.durable.locked is not None
    trap = liar.replica.durable.locked.block

    # The others leave for view 1 without it, and agree on nothing there.
    cluster.network.filter = lambda s, _, m: s.name == "0" or isinstance(m, Prepare | Commit)
    for node in cluster.nodes[1:]:
        node.feed(PeerDown(ShopId(0)))
        cluster.submit_to(node, b"sale")
    assert cluster.run(SOON_MS, lambda: cluster.views() == {1})
    assert [trap in n.replica.bodies for n in cluster.awake if n.replica] == [False] * 3

    def show_and_hide(source: Node, target: Node, message: Message | FetchRange) -> bool:
        if isinstance(message, Prepare | Commit):
            return message.view < 2
        if isinstance(message, ViewChange) and source.name != "0":
            # The liar's promise is always among the first.
            cluster.timeline.after(100, target.receive, source.shop, message)
            return True
        return source.name == "0" and not isinstance(message, Suspect | ViewChange | Status)

    cluster.network.filter = show_and_hide
    cluster.reconnect()
    assert cluster.run(4 * SOON_MS, lambda: cluster.settled(b"sale"))
    assert min(cluster.views()) >= 2
