"""The normal case on a street that works (docs/protocol.md section 4)."""

import pytest
from liandao_node.sim.network import Weather
from support.cluster import Cluster


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 10])
def test_a_lone_transaction_is_final_everywhere(size: int) -> None:
    cluster = Cluster(size)
    cluster.start()
    cluster.run(100)
    cluster.submit(b"sale")
    assert cluster.run(500, lambda: cluster.settled(b"sale"))
    assert cluster.heights() == {1}


def test_many_transactions_in_order_without_a_view_change() -> None:
    cluster = Cluster(4)
    cluster.start()
    txs = [b"%d" % at for at in range(40)]
    for tx in txs:
        cluster.submit(tx)
        cluster.run(1)
    assert cluster.run(2_000, lambda: cluster.settled(*txs))
    assert {node.replica.views.current for node in cluster.awake if node.replica} == {0}


def test_an_idle_street_makes_no_block_and_changes_no_view() -> None:
    cluster = Cluster(4)
    cluster.start()
    cluster.run(600_000)
    assert cluster.heights() == {0}
    cluster.submit(b"after ten minutes")
    assert cluster.run(30, lambda: cluster.settled(b"after ten minutes"))
    assert cluster.views() == {0}


def test_loss_and_repetition_delay_but_lose_nothing() -> None:
    cluster = Cluster(4, seed=5, weather=Weather(lost=0.2, repeated=0.1, delay_ms_max=30))
    cluster.start()
    txs = [b"%d" % at for at in range(30)]
    for tx in txs:
        cluster.submit(tx)
        cluster.run(40)
    assert cluster.run(60_000, lambda: cluster.settled(*txs))
