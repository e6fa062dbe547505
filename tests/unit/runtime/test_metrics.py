"""The figures for Prometheus: the field's names, right numbers, a registry for each node."""

from pathlib import Path

from liandao_node.runtime.config import load_settings, save_settings
from liandao_node.runtime.metrics import Metrics
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families
from support.runtime_node import OneNode, found, running_node, until

WANTED = {
    "liandao_consensus_height": 2.0,
    "liandao_consensus_view": 0.0,
    "liandao_consensus_protocol": 1.0,
    "liandao_consensus_outdated": 0.0,
    "liandao_consensus_committee_size": 1.0,
    "liandao_consensus_quorum": 1.0,
    "liandao_consensus_quorum_margin": 0.0,
    "liandao_consensus_missing_seats": 0.0,
    "liandao_consensus_is_voting": 1.0,
    "liandao_consensus_commit_seconds_count": 2.0,
    "liandao_consensus_block_interval_seconds_count": 1.0,
    "liandao_ledger_calls_total": 2.0,
    "liandao_mempool_size": 0.0,
    "liandao_own_pending": 0.0,
    "liandao_p2p_peers": 0.0,
}


def samples(metrics: Metrics) -> dict[str, float]:
    """By name and labels, as a scraper reads them."""
    return {
        sample.name + "".join(f"|{value}" for _, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in text_string_to_metric_families(metrics.page().decode())
        for sample in family.samples
    }


async def agreeing(one: OneNode) -> None:
    await until(lambda: one.node.driver.replica.active)


async def test_the_page_tells_what_the_node_did(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    save_settings(dirs[0], replace(load_settings(dirs[0]), http_port=0))
    async with running_node(dirs[0], genesis, alone=True) as one:
        await agreeing(one)
        web = one.node._web
        assert web is not None
        card = await one.card()
        await one.sell(card.card.card, 10_000)
        one.node.faults["NOT_LIANDAO"] += 3
        found_samples = samples(web.metrics)
        assert {name: found_samples[name] for name in WANTED} == WANTED
        assert found_samples["liandao_faults_total|NOT_LIANDAO"] == 3
        assert found_samples["liandao_consensus_seat_missed_blocks|0"] == 0
        assert found_samples["liandao_store_bytes|voter.db"] > 4_096
        assert found_samples["liandao_disk_free_bytes"] > 0
        commits = found_samples["liandao_consensus_commit_seconds_sum"]
        assert 0 < commits < 60, "seconds, not microseconds"


async def test_two_nodes_in_one_process_do_not_share_figures(tmp_path: Path) -> None:
    pages = []
    for name in ("a", "b"):
        genesis, dirs = found(tmp_path / name, 1)
        save_settings(dirs[0], replace(load_settings(dirs[0]), http_port=0))
        async with running_node(dirs[0], genesis, alone=True) as one:
            await agreeing(one)
            web = one.node._web
            assert web is not None
            if name == "a":
                await one.card()
            pages.append(samples(web.metrics))
    heights = [page["liandao_consensus_height"] for page in pages]
    counts = [page["liandao_consensus_commit_seconds_count"] for page in pages]
    assert (heights, counts) == ([1.0, 0.0], [1.0, 0.0])


async def test_without_the_setting_there_is_no_door(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert one.node._web is None
