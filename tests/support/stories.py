"""A street's random life, made from one seed: faults, liars, and a healed end."""

import random

from liandao_node.types import ShopId

from support.cluster import Cluster, Faults, Node
from support.liars import Liar, Lie

SIZES = (1, 2, 3, 4, 4, 4, 5, 6, 7, 7)
TRANSACTIONS = 30
REST_MS = 120_000
"""Far more than all capped timers of a healed street of seven together."""


def story(seed: int) -> Cluster:
    """Lives one seed. Whatever must not happen is an AssertionError."""
    rng = random.Random(seed)
    cluster = Cluster(rng.choice(SIZES), seed, _faults(rng))
    liars = _liars(cluster, rng)
    twin_cuts = set(cluster.cuts)
    cluster.start()
    txs: list[bytes] = []
    for at in range(TRANSACTIONS):
        txs.append(b"%d" % at)
        cluster.submit(txs[-1])
        cluster.run(rng.choice([1, 20, 300, 1_500]))
        if rng.random() < 0.5:
            _disturb(cluster, rng, liars)
            cluster.cuts |= twin_cuts
    _rest(cluster, txs, liars)
    return cluster


def _faults(rng: random.Random) -> Faults:
    """Each seed enables a part of the faults, so that none hides the others."""
    return Faults(
        drop=rng.choice([0.0, 0.0, 0.05, 0.2, 0.3]),
        repeat=rng.choice([0.0, 0.03]),
        late=rng.choice([0.0, 0.0, 0.02, 0.1]),
        delay_ms_max=rng.choice([1, 5, 60]),
        persist_ms_max=rng.choice([1, 5, 60]),
    )


def _liars(cluster: Cluster, rng: random.Random) -> list[Node]:
    """None, a twin, or f liars with up to four lies each."""
    size, kind = len(cluster.nodes), rng.random()
    if size < 4 or kind < 0.3:
        return []
    if kind < 0.5:
        return _twin(cluster, rng)
    liars: list[Node] = []
    for shop in rng.sample(range(size), cluster.committee.faults):
        lies = frozenset(rng.sample(list(Lie), rng.randint(1, 4)))
        liar = Liar(cluster, ShopId(shop), lies, rng.randrange(2**32))
        liars.append(cluster.replace(shop, liar))
    return liars


def _twin(cluster: Cluster, rng: random.Random) -> list[Node]:
    shop = rng.randrange(len(cluster.nodes))
    others = [node.name for node in cluster.nodes if node.shop != shop]
    rng.shuffle(others)
    half = rng.randint(1, len(others) - 1)
    twin = cluster.add_twin(shop, set(others[:half]), set(others[half:]))
    return [cluster.nodes[shop], twin]


def _disturb(cluster: Cluster, rng: random.Random, liars: list[Node]) -> None:
    """One thing happens; some need somebody that it can happen to."""
    happenings = list(HAPPENINGS)
    chosen = rng.choices(happenings, weights=list(HAPPENINGS.values()))[0]
    chosen(cluster, rng, liars)


def _up(cluster: Cluster) -> list[Node]:
    return [node for node in cluster.nodes if node.honest and node.replica is not None]


def _down(cluster: Cluster) -> list[Node]:
    return [node for node in cluster.nodes if node.honest and node.replica is None]


def _one(rng: random.Random, nodes: list[Node]) -> list[Node]:
    """One of them, if there is any."""
    return [rng.choice(nodes)] if nodes else []


def _split(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    names = [node.name for node in cluster.nodes]
    rng.shuffle(names)
    cut = rng.randint(0, len(names) - 1)
    cluster.partition(names[:cut], names[cut:])


def _cut_some(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    names = [node.name for node in cluster.nodes]
    cluster.cut(*[(a, b) for a in names for b in names if a != b and rng.random() < 0.2])


def _heal(cluster: Cluster, _: random.Random, __: list[Node]) -> None:
    cluster.heal()
    cluster.reconnect()


def _crash_one(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    for node in _one(rng, _up(cluster)):
        node.crash(writes=rng.randint(0, 3))


def _power_cut(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    """The whole district's."""
    for node in _up(cluster):
        node.crash(power=True, writes=rng.randint(0, 3))


def _boot_all(cluster: Cluster, _: random.Random, __: list[Node]) -> None:
    for node in _down(cluster):
        node.boot()


def _boot_one(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    for node in _one(rng, _down(cluster)):
        node.boot()


def _pause_one(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    for node in _one(rng, _up(cluster)):
        node.pause()


def _resume_all(cluster: Cluster, _: random.Random, __: list[Node]) -> None:
    for node in _up(cluster):
        node.resume()


def _jump_a_clock(cluster: Cluster, rng: random.Random, _: list[Node]) -> None:
    """Forward: a computer slept. A monotonic clock never goes back."""
    rng.choice(cluster.nodes).clock_ms += rng.choice([700, 5_000, 86_400_000])


def _restart_liar(_: Cluster, rng: random.Random, liars: list[Node]) -> None:
    """A liar's disk may be an empty one, or a backup from some time ago."""
    for liar in _one(rng, liars):
        if rng.random() < 0.5:
            liar.backup = liar.disk.copy()
        liar.crash()
        if liar.backup is not None:
            liar.disk = liar.backup.copy()
        liar.boot()


HAPPENINGS = {
    _split: 12,
    _cut_some: 6,
    _heal: 14,
    _crash_one: 16,
    _power_cut: 6,
    _boot_all: 6,
    _boot_one: 16,
    _pause_one: 6,
    _resume_all: 8,
    _jump_a_clock: 5,
    _restart_liar: 5,
}
"""What may happen to a street, with its weight."""


def _rest(cluster: Cluster, txs: list[bytes], liars: list[Node]) -> None:
    """The honest street is healed: it must come to rest with everything delivered."""
    cluster.heal()
    cluster.faults = Faults()
    for node in cluster.nodes:
        if node.honest:
            node.resume()
            if node.replica is None:
                node.boot()
    twins = len({liar.shop for liar in liars}) < len(liars)
    for liar in liars if twins else []:
        liar.crash()
    cluster.reconnect()
    cluster.submit(*txs)
    assert cluster.run(REST_MS, lambda: cluster.settled(*txs)), "the healed street stands still"
