"""The program as it is started: ``python -m liandao_app``."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from liandao_app.scripted import Seen
from liandao_app.services.outbox import Slip

pytestmark = pytest.mark.slow

PATIENCE_S = 60
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def command(data: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "liandao_app", "--data", str(data), *more]


def run(data: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(data, *more),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_without_a_node_it_sells_and_leaves_the_sale_in_the_outbox(tmp_path: Path) -> None:
    script, report, data = tmp_path / "s.json", tmp_path / "r.json", tmp_path / "data"
    script.write_text('[{"type": "2350"}, {"key": "F5"}, {"shot": "asked"}]')
    shots = ("--screenshots", str(tmp_path / "shots"), "--report", str(report))
    done = run(data, "--lang", "ja", "--script", str(script), *shots, "--size", "1366x768")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    seen = msgspec.json.decode(report.read_bytes(), type=Seen)
    assert [(sale.state, sale.gross) for sale in seen.sales] == [("asked", 2350)]
    assert (tmp_path / "shots" / "asked.png").stat().st_size > 10_000
    outbox = (data / "counter" / "outbox-1.json").read_bytes()
    assert [slip.gross for slip in msgspec.json.decode(outbox, type=list[Slip])] == [2350]


def test_a_script_that_fails_is_told_by_the_exit_code(tmp_path: Path) -> None:
    script = tmp_path / "s.json"
    script.write_text('[{"wait": "connected", "seconds": 0.1}]')
    done = run(tmp_path, "--script", str(script))
    assert done.returncode == 1
    assert '"failed": "step 0' in done.stdout


def test_an_unknown_language_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "--lang", "tlh")
    assert done.returncode == 2
    assert "tlh" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="windows has no SIGTERM to catch")
def test_a_register_is_open_once_and_ends_in_good_order_on_a_signal(tmp_path: Path) -> None:
    first = subprocess.Popen(command(tmp_path), env=ENVIRONMENT, stderr=subprocess.PIPE)
    try:
        lock = tmp_path / "counter" / "register-1.lock"
        deadline = time.monotonic() + PATIENCE_S
        while not lock.exists():
            assert time.monotonic() < deadline
            assert first.poll() is None
            time.sleep(0.05)
        second = run(tmp_path)
        assert second.returncode == 2
        assert "Register 1" in second.stderr
    finally:
        first.send_signal(signal.SIGTERM)
        _, told = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, told.decode()
