"""Stories of what broke in published protocols of this family, told to this one.

Each names its source and what happened there. `tests/unit/consensus/test_published_breakages.py`
plays them, as the code is and with the rule planted under which the other protocol broke.
"""

from typing import Final

from liandao_node.consensus.effects import Durable
from liandao_node.consensus.events import PeerDown
from liandao_node.limits import PIPELINE_DEPTH, PROGRESS_MS_MAX, STATUS_MS, VIEW_CHANGE_MS_MAX
from liandao_node.sim.node import Node
from liandao_node.types import BlockHash, Seq, ShopId, View
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.messages import (
    Commit,
    FetchRange,
    Message,
    Prepare,
    Status,
    Suspect,
    ViewChange,
)

from support.cluster import Cluster, OpaqueBooks
from support.consensus_forms import commit, lock, make_chain, new_view, prepare, suspect
from support.consensus_forms import view_change as promise
from support.seat import Seat

Sayable = Message | FetchRange
SOON_MS: Final = PROGRESS_MS_MAX + 2 * STATUS_MS
LONG_MS: Final = 4 * (VIEW_CHANGE_MS_MAX + STATUS_MS)


def _street(size: int = 4) -> Cluster:
    cluster = Cluster(size)
    cluster.start()
    cluster.run(100)
    return cluster


def _chain(node: Node) -> list[CommittedBlock]:
    assert isinstance(node.books, OpaqueBooks)
    return node.books.chain


def _is_vote(message: Sayable) -> bool:
    return isinstance(message, Prepare | Commit)


def _locked(node: Node) -> BlockHash | None:
    assert node.replica is not None
    held = node.replica.durable.locked
    return None if held is None else held.block


def _open_block(cluster: Cluster, view: int) -> Block | None:
    """What the leader of ``view`` has proposed at height 1, once it is in that view."""
    leader = cluster.nodes[view % len(cluster.nodes)].replica
    assert leader is not None
    slot = leader.slots.get(Seq(1)) if leader.views.current == view else None
    return None if slot is None else leader.bodies[slot.block]


def _liar_votes(cluster: Cluster, view: int, block: Block, *to: Node) -> BlockHash:
    """Seat 0, who is a liar and down, is made to vote for a block; these alone hear it."""
    name = block.header.hash
    place = (0, View(view), block.header.seq)
    cluster.checks.prepares[place].setdefault(name, set()).add(ShopId(0))
    for node in to:
        node.receive(ShopId(0), prepare(0, view, block))
        node.receive(ShopId(0), commit(0, view, block))
    return name


# --- the stories ---


def zyzzyva_safety() -> None:
    """Abraham et al., "Revisiting Fast Practical BFT", arXiv 1712.01367, section 4.

    Zyzzyva lost a request that a client had taken for done: a liar kept a commit certificate
    of view 1 back, all ordered something else in view 2, and in view 3 the old certificate
    took precedence. Here: liar 0 keeps a lock of view 0 on ``a``, the others make ``b`` final
    in view 1, and the liar shows its lock for view 2, whose leader needs its promise.
    """
    cluster = _street()
    liar = cluster.nodes[0]
    liar.honest = False
    cluster.network.filter = lambda _, to, m: to is not liar and _is_vote(m)
    cluster.submit_to(liar, b"a")
    cluster.run(20)
    assert liar.replica is not None
    kept = liar.replica.durable.locked
    assert kept is not None, "it holds a lock that nobody has seen"

    cluster.network.filter = lambda source, _, __: source is liar
    for node in cluster.nodes[1:]:
        node.feed(PeerDown(ShopId(0)))
        cluster.submit_to(node, b"b")
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"b") and cluster.views() == {1})

    liar.crash()
    cluster.nodes[1].crash()
    for node in cluster.awake:
        cluster.submit_to(node, b"c")
        node.receive(ShopId(0), suspect(0, 1))
        node.receive(ShopId(0), promise(0, 2, kept))
    assert cluster.run(LONG_MS, lambda: cluster.views() == {2}), "the liar's promise made it"
    cluster.nodes[1].boot()
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"c"))
    assert _chain(cluster.nodes[1])[0].block.txs == [b"b"]


def fab_liveness() -> None:
    """arXiv 1712.01367, section 5: parametrized FaB with four replicas stands still.

    The new leader of FaB found promises for different values, none of them vouched for, and
    could propose nothing. Here: honest seat 2 is locked on ``a`` in view 0, honest seat 3 on
    ``b`` in view 1, at one height; seat 0 led both of them there and falls silent.
    """
    cluster = _street()
    cluster.network.filter = lambda _, to, m: to.name != "2" and _is_vote(m)
    cluster.submit_to(cluster.nodes[0], b"a")
    cluster.run(20)
    liar = cluster.nodes[0]
    liar.honest = False
    liar.crash()

    def second_part(source: Node, to: Node, message: Sayable) -> bool:
        if isinstance(message, ViewChange):
            return source.name == "2"
        return _is_vote(message) and to.name != "3"

    cluster.network.filter = second_part
    for node in cluster.awake:
        cluster.submit_to(node, b"b")
        node.receive(ShopId(0), suspect(0, 0))
        node.receive(ShopId(0), promise(0, 1))

    def voted_b() -> bool:
        return (block := _open_block(cluster, 1)) is not None and (
            _liar_votes(cluster, 1, block, cluster.nodes[3]) == _locked(cluster.nodes[3])
        )

    assert cluster.run(LONG_MS, voted_b)
    assert len({_locked(n) for n in cluster.nodes[2:]} - {None}) == 2, "two locks, one height"
    cluster.network.filter = None
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"b") and len(cluster.awake) == 3)


def ibft1_locks_of_two_views() -> None:
    """Saltini and Hyland-Wood, arXiv 1901.07160: IBFT 1 is not live.

    A validator of IBFT 1 that is locked accepts nothing else until its lock is released, and
    round changes carry no locks: two groups locked on two blocks wait for ever. Here: of seven,
    three are locked on ``a`` (view 0), two on ``b`` (view 1), and both liars are silent.
    """
    cluster = Cluster(7)
    (one,), (other,) = make_chain(0, "a"), make_chain(1, "b")
    held = [lock(0, one, (0, 1, 2, 5, 6))] * 3 + [lock(1, other, (0, 3, 4, 5, 6))] * 2
    for node, certificate in zip(cluster.nodes, held, strict=False):
        node.voter.durable = Durable(promised=View(1), view=View(1), locked=certificate)
        block = one if certificate.view == 0 else other
        node.voter.bodies = {block.header.hash: block}
        cluster.checks.on_disk(node)
    for node in cluster.nodes[:5]:
        node.boot()
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"b"))
    cluster.submit(b"a")
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"a"))


def ibft1_a_block_that_one_seat_made_final() -> None:
    """arXiv 1901.07160: IBFT 1 is not safe either; a block that one validator had committed was
    replaced, for the round change did not carry it. Here: seat 3 alone hears the COMMITs and is
    cut off; the liar (seat 0) was in all its quorums and shows no lock for view 1."""
    cluster = _street()
    cluster.network.filter = lambda _, to, m: isinstance(m, Commit) and to.name != "3"
    cluster.submit(b"sale")
    assert cluster.run(SOON_MS, lambda: len(_chain(cluster.nodes[3])) == 1)
    cluster.nodes[0].honest = False
    for name in ("0", "3"):
        cluster.nodes[int(name)].crash()
    cluster.network.filter = None
    for node in cluster.awake:
        cluster.submit_to(node, b"another")
        node.receive(ShopId(0), suspect(0, 0))
        node.receive(ShopId(0), promise(0, 1))

    def helped() -> bool:
        return (block := _open_block(cluster, 1)) is not None and (
            _liar_votes(cluster, 1, block, *cluster.awake) == _locked(cluster.nodes[1])
        )

    assert cluster.run(LONG_MS, helped)
    assert cluster.run(SOON_MS, lambda: all(len(_chain(n)) == 1 for n in cluster.awake))
    cluster.nodes[3].boot()
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"sale"))


def neo_go_four_and_three_of_seven() -> None:
    """nspcc-dev/neo-go#2552: three of seven in view 1, four committed in view 0, on a main net;
    restarting them one by one did not help, for who had sent Commit could not change the view.
    Here they are restarted one by one, too."""
    cluster = _street(7)

    def lose(_: Node, to: Node, message: Sayable) -> bool:
        if to.name in "456":
            return _is_vote(message)
        return isinstance(message, Commit | Suspect | ViewChange | Status)

    cluster.network.filter = lose
    cluster.submit(b"sale")
    cluster.run(2 * SOON_MS)
    replicas = [node.replica for node in cluster.nodes if node.replica]
    assert [r.views.promised for r in replicas] == [0, 0, 0, 0, 1, 1, 1]
    assert [_locked(node) is not None for node in cluster.nodes] == [True] * 4 + [False] * 3
    cluster.network.filter = None
    for node in cluster.nodes:
        node.crash()
        node.boot()
        cluster.run(100)
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"sale"))


def fabric_1111_other_promises_than_the_leaders() -> None:
    """hyperledger/fabric#1111: a replica compared the set S of view changes in a NEW-VIEW with
    the S' that it had heard itself, found another outcome, and refused every view. Here: seat 3
    has heard a promise with a lock that the NEW-VIEW does without."""
    seat = Seat(me=3)
    (block,) = make_chain(0, "seen by few")
    seat.hear(0, promise(0, 1, lock(0, block)))
    seat.hear(2, promise(2, 1))
    seat.hear(1, new_view(1, 1, [promise(shop, 1) for shop in (1, 2, 3)]))
    assert seat.replica.views.current == 1
    (fresh,) = make_chain(1, "of view 1")
    seat.offered(1, fresh)
    assert seat.said(Prepare) == [prepare(3, 1, fresh)]


def fabric_1119_a_leader_ahead_of_its_backups() -> None:
    """hyperledger/fabric#1119: the primary moved its watermarks first, backups dropped its
    pre-prepares as out of range and changed the view. Here: the leader has made four blocks
    final and proposes four more; this seat has heard of neither yet."""
    seat = Seat(me=1)
    blocks = make_chain(0, *[f"sale {number}" for number in range(2 * PIPELINE_DEPTH)])
    seat.offered(0, *blocks)
    assert len(seat.said(Prepare)) == 2 * PIPELINE_DEPTH
    for block in blocks:
        seat.prepared_by(0, block, 2)
        seat.committed_by(0, block, 0, 2)
    assert seat.heights == list(range(1, 2 * PIPELINE_DEPTH + 1))
    assert seat.said(Suspect) == []


def sawtooth_commits_while_changing_the_view() -> None:
    """hyperledger/sawtooth-pbft PR#90, PR#113, fabric-v0.6#1120: a node in view changing
    ignored what the others went on to commit, and stayed there. Here: seat 3 has promised view 1
    and is shown that view 0 makes blocks final."""
    seat = Seat(me=3)
    (block,) = make_chain(0, "sale")
    seat.offered(0, block)
    seat.hear(1, suspect(1, 0))
    seat.hear(2, suspect(2, 0))
    assert seat.replica.views.promised == 1, "it has left view 0, and waits for view 1"
    seat.committed_by(0, block, 0, 1, 2)
    assert seat.heights == [1]
    assert seat.said(Commit) == [], "it votes in view 0 no more (T9)"


def sawtooth_one_seat_over_the_line() -> None:
    """The same systems, seen from the others: a liar helps one seat out of view 0 and falls
    silent. Two honest seats are left in view 0, one in view 1, and every quorum needs all three."""
    cluster = _street()
    cluster.nodes[2].honest = False
    cluster.nodes[2].crash()
    alone = cluster.nodes[3]
    for shop in (1, 2):
        alone.receive(ShopId(shop), suspect(shop, 0))
    cluster.run(20)
    assert alone.voter.durable.promised == 1
    cluster.submit(b"sale")
    assert cluster.run(LONG_MS, lambda: cluster.settled(b"sale"))
