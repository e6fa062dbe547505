"""The checks find what they are for: each is shown a breach and must name it."""

from collections.abc import Callable

import pytest
from liandao_node.consensus.effects import Durable, Note, Report
from liandao_node.sim.node import Node
from liandao_node.types import Epoch, ShopId, View
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.evidence import TwoVotes
from liandao_node.wire.messages import NewView
from msgspec.structs import replace
from support.cluster import Cluster
from support.consensus_forms import (
    commit,
    final,
    lock,
    make_chain,
    new_view,
    prepare,
    signer,
    view_change,
)

ONE, OTHER = make_chain(0, "one")[0], make_chain(0, "other")[0]


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(4)
    cluster.start()
    cluster.timeline.run(100)
    return cluster


def _locked(node: Node) -> None:
    """Durably locked on ONE in view 0."""
    node.voter.durable = Durable(View(0), View(0), lock(0, ONE))
    node.voter.bodies = {ONE.header.hash: ONE}


def _vote_twice(cluster: Cluster) -> None:
    cluster.checks.on_send(cluster.nodes[1], prepare(1, 0, ONE))
    cluster.checks.on_send(cluster.nodes[1], prepare(1, 0, OTHER))


def _two_certificates(cluster: Cluster) -> None:
    for node in cluster.nodes:
        node.honest = False
        for block in (ONE, OTHER):
            cluster.checks.on_send(node, prepare(node.shop, 0, block))


def _vote_in_a_view_not_entered(cluster: Cluster) -> None:
    cluster.checks.on_send(cluster.nodes[1], prepare(1, 3, ONE))


def _commit_without_lock(cluster: Cluster) -> None:
    cluster.checks.on_send(cluster.nodes[1], commit(1, 0, ONE))


def _commit_without_prepares(cluster: Cluster) -> None:
    _locked(cluster.nodes[1])
    cluster.checks.on_send(cluster.nodes[1], commit(1, 0, ONE))


def _commit_without_the_block(cluster: Cluster) -> None:
    for shop in range(3):
        cluster.checks.on_send(cluster.nodes[shop], prepare(shop, 0, ONE))
    _locked(cluster.nodes[1])
    cluster.nodes[1].voter.bodies.clear()
    cluster.checks.on_send(cluster.nodes[1], commit(1, 0, ONE))


def _promise_not_durable(cluster: Cluster) -> None:
    cluster.checks.on_send(cluster.nodes[1], view_change(1, 5))


def _vote_after_a_promise(cluster: Cluster) -> None:
    node = cluster.nodes[1]
    node.voter.durable = Durable(View(5), View(0))
    cluster.checks.on_send(node, view_change(1, 5))
    cluster.checks.on_send(node, prepare(1, 0, ONE))


def _lower_lock(cluster: Cluster) -> None:
    _locked(cluster.nodes[1])
    cluster.checks.on_disk(cluster.nodes[1])
    cluster.nodes[1].voter.durable = Durable(View(0), View(0))
    cluster.checks.on_disk(cluster.nodes[1])


def _promise_taken_back(cluster: Cluster) -> None:
    for promised in (4, 3):
        cluster.nodes[1].voter.durable = Durable(View(promised), View(0))
        cluster.checks.on_disk(cluster.nodes[1])


def _epoch_taken_back(cluster: Cluster) -> None:
    for epoch in (1, 0):
        cluster.nodes[1].voter.durable = Durable(View(0), View(0), epoch=Epoch(epoch))
        cluster.checks.on_disk(cluster.nodes[1])


def _two_locks(cluster: Cluster) -> None:
    for node, block in zip(cluster.nodes, (ONE, OTHER), strict=False):
        node.voter.durable = Durable(View(0), View(0), lock(0, block))
        cluster.checks.on_disk(node)


def _fork(cluster: Cluster) -> None:
    for node, block in zip(cluster.nodes, (ONE, OTHER), strict=False):
        node.books.deliver(block, None)
        cluster.checks.on_deliver(node, block)


def _out_of_order(cluster: Cluster) -> None:
    cluster.checks.on_deliver(cluster.nodes[0], ONE)


def _beside_the_chain(cluster: Cluster) -> None:
    _, stray = make_chain(0, "elsewhere", "stray")
    for block in (ONE, stray):
        cluster.nodes[0].books.deliver(block, None)
        cluster.checks.on_deliver(cluster.nodes[0], block)


def _honest_seat_accused(cluster: Cluster) -> None:
    report = Report(Note.EQUIVOCATION, View(0), ShopId(2))
    cluster.checks.on_report(cluster.nodes[1], report, excused=False)


def _two_votes(shop: int) -> TwoVotes:
    first, second = sorted(
        (prepare(shop, 0, ONE), prepare(shop, 0, OTHER)), key=lambda vote: vote.block
    )
    return TwoVotes(
        kind=1,
        epoch=Epoch(0),
        view=View(0),
        seq=first.seq,
        seat=ShopId(shop),
        first=first.block,
        first_signature=first.signature,
        second=second.block,
        second_signature=second.signature,
    )


def _evidence_against_an_honest_seat(cluster: Cluster) -> None:
    cluster.checks.on_accuse(cluster.nodes[1], _two_votes(2))


def _evidence_of_nothing(cluster: Cluster) -> None:
    cluster.nodes[2].honest = False
    evidence = _two_votes(2)
    false = TwoVotes(
        evidence.kind,
        evidence.epoch,
        View(1),
        *(getattr(evidence, name) for name in evidence.__struct_fields__[3:]),
    )
    cluster.checks.on_accuse(cluster.nodes[1], false)


def _two_new_views(cluster: Cluster) -> None:
    def opened(*seats: int) -> NewView:
        return new_view(1, 1, [view_change(seat, 1) for seat in seats])

    cluster.checks.on_send(cluster.nodes[1], opened(0, 1, 2))
    cluster.checks.on_send(cluster.nodes[1], opened(1, 2, 3))


def _follower_votes(cluster: Cluster) -> None:
    cluster.nodes[1].mute = True
    cluster.checks.on_send(cluster.nodes[1], prepare(1, 0, ONE))


def _halt(cluster: Cluster) -> None:
    cluster.checks.on_halt(cluster.nodes[1], "CHAIN_FORKED")


def _two_committees(cluster: Cluster) -> None:
    for shops in ((0, 1, 2, 3), (0, 1, 2)):
        seats = [Seat(ShopId(shop), signer(shop).public_key) for shop in shops]
        cluster.elected(CommitteeRecord(Epoch(1), ONE.header.seq, 1, seats))


def _memory(cluster: Cluster) -> None:
    replica = cluster.nodes[1].replica
    assert replica is not None
    replica.suspects = {View(view): {} for view in range(99)}
    cluster.checks.on_tick(cluster.nodes[1])


BREACHES: dict[Callable[[Cluster], None], str] = {
    _vote_twice: "contradicts its PREPARE",
    _two_certificates: "two prepare certificates",
    _vote_in_a_view_not_entered: "not entered durably",
    _commit_without_lock: "without a lock",
    _commit_without_prepares: "without Q PREPAREs",
    _commit_without_the_block: "a block that its disk has not",
    _promise_not_durable: "before its promise",
    _vote_after_a_promise: "after its promise",
    _lower_lock: "lowered its lock",
    _promise_taken_back: "took a promise back",
    _epoch_taken_back: "went back an epoch",
    _two_locks: "two locks",
    _fork: "fork at 1",
    _out_of_order: "out of order or twice",
    _beside_the_chain: "beside the chain",
    _honest_seat_accused: "accuses an honest seat",
    _evidence_against_an_honest_seat: "accuses honest 2",
    _evidence_of_nothing: "evidence of nothing",
    _two_new_views: "two NEW-VIEWs",
    _follower_votes: "votes and may not",
    _halt: "halted: CHAIN_FORKED",
    _two_committees: "two committees of epoch 1",
    _memory: "keeps too much",
}


@pytest.mark.parametrize("breach", list(BREACHES), ids=lambda breach: breach.__name__)
def test_a_breach_is_found(cluster: Cluster, breach: Callable[[Cluster], None]) -> None:
    with pytest.raises(AssertionError, match=BREACHES[breach]):
        breach(cluster)


def test_liars_may_do_all_of_it(cluster: Cluster) -> None:
    cluster.nodes[1].honest = False
    for breach in (_vote_twice, _commit_without_lock, _promise_not_durable, _lower_lock, _halt):
        breach(cluster)


# --- keys and snapshots ---


def test_a_vote_with_another_key_than_the_seats_is_found(cluster: Cluster) -> None:
    cluster.nodes[1].signer = signer(9)
    with pytest.raises(AssertionError, match="a key that has no seat"):
        cluster.checks.on_send(cluster.nodes[1], prepare(1, 0, ONE))


def test_a_block_that_is_final_by_a_forged_vote_is_found(cluster: Cluster) -> None:
    good = final(0, ONE)
    forged = replace(good, signatures=[*good.signatures[:-1], good.signatures[0]])
    few = replace(good, signers=0b011, signatures=good.signatures[:2])
    for certificate, why in ((forged, "has not signed"), (few, "without a quorum")):
        cluster.nodes[1].books.chain[:] = [CommittedBlock(ONE, certificate)]
        cluster.checks.final.clear()
        with pytest.raises(AssertionError, match=why):
            cluster.checks.on_deliver(cluster.nodes[1], ONE)
    cluster.nodes[1].books.chain[:] = [CommittedBlock(ONE, good)]
    cluster.checks.final.clear()
    cluster.checks.on_deliver(cluster.nodes[1], ONE)


def test_a_node_that_goes_on_from_another_block_is_found(cluster: Cluster) -> None:
    with pytest.raises(AssertionError, match="nobody delivered"):
        cluster.checks.on_snapshot(cluster.nodes[1], ONE.header)
    cluster.checks.final[1] = ONE
    cluster.checks.on_snapshot(cluster.nodes[1], ONE.header)
    with pytest.raises(AssertionError, match="fork at 1"):
        cluster.checks.on_snapshot(cluster.nodes[1], OTHER.header)


def test_an_honest_source_is_never_a_liar(cluster: Cluster) -> None:
    cluster.checks.on_bad_source(cluster.nodes[1], ShopId(2), "SNAPSHOT_SILENT")
    with pytest.raises(AssertionError, match="for a lie"):
        cluster.checks.on_bad_source(cluster.nodes[1], ShopId(2), "SNAPSHOT_BAD")
    cluster.nodes[2].honest = False
    cluster.checks.on_bad_source(cluster.nodes[1], ShopId(2), "SNAPSHOT_BAD")
