"""Random histories: one seed is one street with faults of its own (docs/protocol.md).

Safety is checked at every step by the cluster; afterwards the street is healed and must
deliver everything.
"""

import os
import random

import pytest
from liandao_node.consensus.events import PeerUp
from support.cluster import Cluster, Faults, Node

SEEDS = range(int(__import__("os").environ.get("SEEDS", "120")))


def _faults(rng: random.Random) -> Faults:
    """Each seed enables a part of the faults, so that none hides the others."""
    return Faults(
        drop=rng.choice([0.0, 0.0, 0.05, 0.2, 0.3]),
        repeat=rng.choice([0.0, 0.03]),
        delay_ms_max=rng.choice([1, 5, 60]),
        persist_ms_max=rng.choice([1, 5, 60]),
    )


def _disturb(cluster: Cluster, rng: random.Random) -> None:
    honest = [node for node in cluster.nodes if node.honest]
    roll = rng.random()
    if roll < 0.15 and len(cluster.nodes) > 1:
        names = [node.name for node in cluster.nodes]
        rng.shuffle(names)
        cut = rng.randint(1, len(names) - 1)
        cluster.partition(names[:cut], names[cut:])
    elif roll < 0.30:
        cluster.heal()
    elif roll < 0.50:
        node = rng.choice(honest)
        if node.replica is not None:
            node.crash()
    elif roll < 0.56:
        for node in honest:  # the whole district's power
            if node.replica is not None:
                node.crash(power=True)
    elif roll < 0.62:
        for node in honest:
            if node.replica is None:
                node.boot()
    elif roll < 0.85:
        down = [node for node in honest if node.replica is None]
        if down:
            rng.choice(down).boot()


def _settle(cluster: Cluster, txs: list[bytes], liars: list[Node]) -> None:
    """Heals the honest street, liars silent from now on: it must come to rest with all done."""
    cluster.heal()
    cluster.faults = Faults()
    for liar in liars:
        liar.replica = None
    for node in cluster.nodes:
        if node.honest and node.replica is None:
            node.boot()
    for node in cluster.alive:  # channels come up again
        for other in cluster.alive:
            if other is not node:
                node.step(PeerUp(other.shop))
    cluster.submit(*txs)
    assert cluster.run(60_000, lambda: cluster.settled(*txs)), "the healed street stands still"


def story(seed: int) -> Cluster:
    rng = random.Random(seed)
    size = rng.choice([1, 2, 3, 4, 4, 4, 5, 6, 7])
    cluster = Cluster(size, seed, _faults(rng))
    liars: list[Node] = []
    if size >= 4 and seed % 2:
        shop = rng.randrange(size)
        others = [node.name for node in cluster.nodes if node.shop != shop]
        rng.shuffle(others)
        half = rng.randint(1, len(others) - 1)
        twin = cluster.add_twin(shop, set(others[:half]), set(others[half:]))
        liars = [cluster.nodes[shop], twin]
    cluster.start()
    txs: list[bytes] = []
    for at in range(30):
        txs.append(b"%d" % at)
        cluster.submit(txs[-1])
        cluster.run(rng.choice([1, 20, 300, 1_500]))
        if rng.random() < 0.5:
            twin_cuts = {
                cut for cut in cluster.cuts if liars and cut[0].rstrip("'") == liars[0].name
            }
            _disturb(cluster, rng)
            cluster.cuts |= twin_cuts
    _settle(cluster, txs, liars)
    return cluster


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fork_and_no_standstill(seed: int) -> None:
    story(seed)


def test_a_seed_is_one_history() -> None:
    assert story(7).final == story(7).final
