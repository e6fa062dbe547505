"""`./liandao test` runs every check to its end and tells all that failed."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
import run_checks

PYTHON = Path(sys.executable).name


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of its own: two test files, one of them for the second part."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone\n")
    (tmp_path / run_checks.ALONE).mkdir(parents=True)
    (tmp_path / "test_shared.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip()\n"
    )
    (tmp_path / run_checks.ALONE / "test_alone.py").write_text(
        "import pytest\n@pytest.mark.alone\ndef test_c(): pass\n"
    )
    monkeypatch.setattr(run_checks, "ROOT", tmp_path)
    monkeypatch.setattr(run_checks, "BACKGROUND_CHECKS", ())
    monkeypatch.setattr(run_checks, "STATIC_CHECKS", ())
    for kind in ("SHARED_PARTS", "ALONE_PARTS"):
        parts = getattr(run_checks, kind)
        # Two workers and our plugins would only make this slow.
        assert all(options[0] == "-n" for _, options in parts)
        parts = [(name, options[options.index("-m") :]) for name, options in parts]
        monkeypatch.setattr(run_checks, kind, parts)
    monkeypatch.setenv(run_checks.FRESH_SEEDS, "")  # put back after the test
    monkeypatch.setenv(run_checks.NO_BYTECODE, "")
    monkeypatch.setenv(run_checks.BYTECODE_FOLDER, os.environ.get(run_checks.BYTECODE_FOLDER, ""))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def checks(*codes: int) -> tuple[tuple[str, list[str]], ...]:
    return tuple(
        (f"check {n}", [PYTHON, "-c", f"print('found {n}'); raise SystemExit({code})"])
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
    (suite / run_checks.ALONE / "test_alone.py").write_text("import nothing_of_that_name\n")
    assert run_checks.main([]) == 1


def test_no_test_at_all_is_a_failure(suite: Path) -> None:
    for file in suite.rglob("test_*.py"):
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


# --- beside the tests ---


def test_what_runs_beside_the_tests_counts_as_any_check(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its output comes in one piece, and only if it found something."""
    many = "[print('line', n) for n in range(99)]"
    found, passing = f"{many}; raise SystemExit(1)", many.replace("line", "silent")
    beside = (("slow", [PYTHON, "-c", found]), ("good", [PYTHON, "-c", passing]))
    monkeypatch.setattr(run_checks, "BACKGROUND_CHECKS", beside)
    monkeypatch.setattr(run_checks, "ALONE_PARTS", ())
    assert run_checks.main([]) == 1
    out = capfd.readouterr().out
    assert "Failed: slow\n" in out
    assert "\n".join(f"line {n}" for n in range(99)) in out
    assert "silent" not in out
    assert out.splitlines()[-1].startswith("1 passed")


def test_a_check_runs_beside_the_shared_tests(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends only once a shared test has spoken to it."""
    os.mkfifo(suite / "heard")
    check = (("slow", [PYTHON, "-c", "open('heard').read()"]),)
    monkeypatch.setattr(run_checks, "BACKGROUND_CHECKS", check)
    (suite / "test_shared.py").write_text("def test_a(): open('heard', 'w').write('go on')\n")
    assert run_checks.main([]) == 0


def test_what_runs_beside_has_ended_before_the_tests_that_are_alone(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails, and only after it was waited for."""
    os.mkfifo(suite / "heard")
    check = (("slow", [PYTHON, "-c", "open('heard').read(); raise SystemExit(1)"]),)
    monkeypatch.setattr(run_checks, "BACKGROUND_CHECKS", check)
    wait, pytest_part = run_checks.StaticCheck.passed, run_checks.pytest_part
    told: list[str] = []

    def waited_for(running: run_checks.StaticCheck) -> bool:
        (suite / "heard").write_text("go on")
        passed = wait(running)
        told.append(f"{running.name} {passed}")
        return passed

    def part(name: str, options: list[str], folder: Path) -> tuple[bool, Counter[str]]:
        told.append(name)
        return pytest_part(name, options, folder)

    monkeypatch.setattr(run_checks.StaticCheck, "passed", waited_for)
    monkeypatch.setattr(run_checks, "pytest_part", part)
    assert run_checks.main([]) == 1
    assert told == ["tests", "slow False", "tests alone"]


def test_an_interrupted_run_ends_what_runs_beside_it(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It would wait for ever, and so would this test."""
    os.mkfifo(suite / "never")
    check = (("endless", [PYTHON, "-c", "open('never').read()"]),)
    monkeypatch.setattr(run_checks, "BACKGROUND_CHECKS", check)

    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_checks, "pytest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_checks.main([])
    assert "endless" not in capfd.readouterr().out


@pytest.mark.parametrize("forbidden", ["", "1"])
def test_modules_are_compiled_once_and_not_beside_the_sources_where_that_is_forbidden(
    suite: Path, monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    monkeypatch.setenv(run_checks.NO_BYTECODE, forbidden)
    monkeypatch.delenv(run_checks.BYTECODE_FOLDER)
    monkeypatch.setattr(run_checks, "ALONE_PARTS", ())
    (suite / "module.py").write_text("")
    (suite / "test_shared.py").write_text(
        "import module, pathlib\ndef test_a(): assert pathlib.Path(module.__cached__).exists()\n"
    )
    assert run_checks.main([]) == 0
    assert bool(list(suite.rglob("*.pyc"))) == (not forbidden)
