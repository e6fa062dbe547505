"""`liandao bench consensus --quick` runs every case on real nodes and counts right."""

import json
import subprocess
import sys
from pathlib import Path


def test_a_quick_run_measures_every_case_and_writes_the_fields(tmp_path: Path) -> None:
    result = tmp_path / "figures.json"
    command = [sys.executable, "-m", "liandao_node.cli.main", "bench", "consensus", "--quick"]
    done = subprocess.run(
        [*command, "--soak", "400", "--json", str(result)],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    # A count that is not the ledger's ends the command with an error of its own.
    assert done.returncode == 0, done.stderr
    report = json.loads(result.read_text())
    assert report["quick"] is True
    assert {case["name"] for case in report["cases"]} == {
        "one outstanding",
        "a signature each",
        "batches signed once",
    }
    for case in report["cases"]:
        per_transaction = 100 if case["name"].startswith("batches") else 1
        assert case["calls"] == case["transactions"] * per_transaction > 0
        assert 0 < case["commit_ms"]["p50"] <= case["latency_ms"]["max"]
        assert case["latency_ms"]["p50"] <= case["latency_ms"]["p999"]
        assert case["seats"] == 4
    assert report["idle"]["blocks"] == 0
    assert report["kills"]["count"] == 1
    assert report["kills"]["recovery_ms"]["max"] > 0
    soak = report["soak"]
    assert soak["calls"] >= 400
    assert len(soak["rss_mb"]) == 10
    assert min(soak["rss_mb"]) > 10, "a node has an interpreter at least"
    assert all(value > 0 for value in report["calibration"].values())
    named = {figure["name"] for figure in report["figures"] if figure["goal"] is not None}
    assert {"commit, n=4, one outstanding, p50", "RSS of a loaded node"} <= named
    told = json.dumps(report["machine"]) + json.dumps(report["source"])
    assert "/" not in told.replace(report["machine"]["cpu"], ""), "a path of this machine"
    assert "MISSED" in done.stdout or "met" in done.stdout
