"""`./liandao test` runs every check to its end and tells all that failed."""

import sys
from pathlib import Path

import pytest
import run_checks


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of its own: two test files, one of them for the second part."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone\n")
    (tmp_path / "test_shared.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip()\n"
    )
    (tmp_path / "test_alone.py").write_text(
        "import pytest\n@pytest.mark.alone\ndef test_c(): pass\n"
    )
    monkeypatch.setattr(run_checks, "ROOT", tmp_path)
    monkeypatch.setattr(run_checks, "STATIC_CHECKS", ())
    # Two workers and our plugins would only make this slow.
    assert all(options[:1] == ["-n"] for _, options in run_checks.PYTEST_PARTS)
    parts = [(name, options[options.index("-m") :]) for name, options in run_checks.PYTEST_PARTS]
    monkeypatch.setattr(run_checks, "PYTEST_PARTS", parts)
    monkeypatch.setenv(run_checks.FRESH_SEEDS, "")  # put back after the test
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def checks(*codes: int) -> tuple[tuple[str, list[str]], ...]:
    python = Path(sys.executable).name
    return tuple(
        (f"check {n}", [python, "-c", f"print('found {n}'); raise SystemExit({code})"])
        for n, code in enumerate(codes)
    )


def test_all_parts_count_and_the_sum_is_the_last_line(
    suite: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_checks.main([]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "2 passed, 0 failed, 1 skipped"


def test_a_failed_check_stops_no_other(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_checks, "STATIC_CHECKS", checks(1, 0, 2))
    assert run_checks.main([]) == 1
    out = capfd.readouterr().out
    assert "Failed: check 0, check 2" in out
    assert "found 0" in out
    assert "found 1" not in out, "what passed is silent"
    assert out.splitlines()[-1].startswith("2 passed")


def test_a_failed_test_fails_the_run(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (suite / "test_shared.py").write_text("def test_a(): assert False\n")
    assert run_checks.main([]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_module_that_does_not_load_fails_the_run(suite: Path) -> None:
    (suite / "test_alone.py").write_text("import nothing_of_that_name\n")
    assert run_checks.main([]) == 1


def test_no_test_at_all_is_a_failure(suite: Path) -> None:
    for file in suite.glob("test_*.py"):
        file.unlink()
    assert run_checks.main([]) == 1


def test_each_run_tells_its_fresh_seeds(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (suite / "test_shared.py").write_text(
        "import os\ndef test_a(): print('drawn', os.environ['LIANDAO_FRESH_SEEDS'])\n"
    )
    run_checks.main(["-s", "test_shared.py"])
    out = capfd.readouterr().out
    told = out.splitlines()[0].removeprefix("fresh seeds from ")
    assert f"drawn {told}" in out


def test_arguments_go_to_pytest_alone(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_checks, "STATIC_CHECKS", checks(1))
    assert run_checks.main(["-k", "test_c", "-q"]) == 0
    assert "1 passed" in capfd.readouterr().out
