"""./liandao sets up what a command needs, says in words what it cannot, and hands on."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from support.tree import LAUNCHER

ALL_MISSING = SimpleNamespace(CDLL=lambda name: (_ for _ in ()).throw(OSError(name)))


@pytest.fixture
def launcher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with a checkout of its own and nothing that leaves it."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(LAUNCHER))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    (tmp_path / "pyproject.toml").write_text("")
    paths = {"ROOT": ".", "LOCK": "requirements.lock", "VENV": ".venv", "BIN": ".venv/bin"}
    for name, path in {**paths, "STAMP": ".venv/liandao.stamp"}.items():
        monkeypatch.setattr(module, name, tmp_path / path)
    return module


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["demo"], True),
        (["run", "--data", "x"], True),
        (["test"], True),
        (["demo", "--headless"], False),
        (["node", "--data", "x"], False),
        (["verify", "receipt", "x"], False),
    ],
)
def test_only_what_draws_needs_libraries(
    launcher: ModuleType, arguments: list[str], wanted: bool
) -> None:
    assert launcher.window_wanted(arguments) is wanted


@pytest.mark.parametrize(
    ("arguments", "environment", "platform"),
    [
        (["demo"], {}, "offscreen"),
        (["demo"], {"DISPLAY": ":0"}, None),
        (["run"], {"WAYLAND_DISPLAY": "wayland-0"}, None),
        (["test"], {"DISPLAY": ":0"}, "offscreen"),
        (["test"], {"QT_QPA_PLATFORM": "xcb"}, "xcb"),
    ],
)
def test_no_screen_is_no_obstacle(
    launcher: ModuleType,
    arguments: list[str],
    environment: dict[str, str],
    platform: str | None,
) -> None:
    launcher.choose_platform(arguments, environment)
    assert environment.get("QT_QPA_PLATFORM") == platform


def test_a_screen_needs_its_own_libraries(launcher: ModuleType) -> None:
    def packages(environment: dict[str, str]) -> set[str]:
        return {library.package for library in launcher.libraries_for(environment)}

    off_screen = packages({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"})
    assert "libgl1" in off_screen
    assert packages({"DISPLAY": ":0"}) - off_screen >= {"libxcb-cursor0"}
    assert packages({"WAYLAND_DISPLAY": "w"}) - off_screen == {"libwayland-cursor0"}


@pytest.fixture
def nobody(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """A user who is not root on a machine without libraries; programs by name, to fill in."""
    programs: dict[str, str | None] = {}
    monkeypatch.setitem(sys.modules, "ctypes", ALL_MISSING)
    monkeypatch.setattr("shutil.which", programs.get)
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    monkeypatch.setattr(launcher, "has_cjk_font", lambda: True)
    return programs


def test_without_root_or_sudo_the_exact_line_is_printed(
    launcher: ModuleType, nobody: dict[str, str | None]
) -> None:
    nobody["apt-get"] = "/usr/bin/apt-get"
    with pytest.raises(launcher.SetupFailed) as caught:
        launcher.provide_libraries({"QT_QPA_PLATFORM": "offscreen"})
    assert caught.value.exit_code == 3
    assert "sudo apt-get install --no-install-recommends libglib2.0-0 libgl1" in str(caught.value)


def test_without_apt_the_libraries_are_named(
    launcher: ModuleType, nobody: dict[str, str | None]
) -> None:
    with pytest.raises(launcher.SetupFailed) as caught:
        launcher.provide_libraries({"QT_QPA_PLATFORM": "offscreen"})
    assert caught.value.exit_code == 3
    assert "libGL.so.1" in str(caught.value)
    assert "apt-get" not in str(caught.value)


def test_a_missing_font_stops_nobody(
    launcher: ModuleType,
    nobody: dict[str, str | None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(launcher, "is_missing", lambda _: False)
    monkeypatch.setattr(launcher, "has_cjk_font", lambda: False)
    launcher.provide_libraries({})
    assert "fonts-noto-cjk" in capsys.readouterr().err


def _stamp(launcher: ModuleType) -> None:
    launcher.VENV.mkdir(exist_ok=True)
    launcher.STAMP.write_text(launcher.stamp_wanted())


def test_a_second_start_sets_nothing_up(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stamp(launcher)
    handed: list[list[str]] = []
    monkeypatch.setattr(launcher, "set_up", lambda: pytest.fail("set up again"))
    monkeypatch.setattr(launcher, "hand_on", lambda program, _: handed.append(program))
    launcher.start(["status", "--json"])
    assert handed == [[str(launcher.BIN / "liandao"), "status", "--json"]]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_set_up_again(launcher: ModuleType, changed: str) -> None:
    _stamp(launcher)
    assert launcher.is_set_up()
    (launcher.ROOT / changed).write_text("two==2\n")
    assert not launcher.is_set_up()


def test_another_python_behind_the_link_is_set_up_again(launcher: ModuleType) -> None:
    """A system upgrade exchanges the interpreter and leaves the packages of the old one."""
    launcher.BIN.mkdir(parents=True)
    old, new = launcher.ROOT / "python3.11", launcher.ROOT / "python3.13"
    launcher.venv_python().symlink_to(old)
    _stamp(launcher)
    launcher.venv_python().unlink()
    launcher.venv_python().symlink_to(new)
    assert not launcher.is_set_up()


@pytest.mark.parametrize(
    ("returncode", "stdout", "told"),
    [
        (1, "", "apt-get install python3-pip"),
        (0, "pip 22.2.1 from somewhere (python 3.11)", "pip 22.2.1 is too old"),
        (0, "pip 9.0 from somewhere (python 3.11)", "pip 9.0 is too old"),
    ],
)
def test_a_missing_or_old_pip_gets_a_sentence(
    launcher: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    returncode: int,
    stdout: str,
    told: str,
) -> None:
    done = subprocess.CompletedProcess([], returncode, stdout, "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(launcher.SetupFailed, match=told):
        launcher.check_pip()


@pytest.mark.parametrize("version", ["22.3", "23.0.1", "25.1.1", "26.0.dev0"])
def test_a_pip_that_installs_elsewhere_is_taken(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    done = subprocess.CompletedProcess([], 0, f"pip {version} from somewhere", "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    launcher.check_pip()


def test_an_old_python_gets_a_sentence(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["liandao", "demo"])
    assert launcher.main() == 1
    assert "needs Python 3.11" in capsys.readouterr().err


def test_a_failed_step_shows_the_programs_own_words(
    launcher: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = [sys.executable, "-c", "print('no such wheel'); raise SystemExit(1)"]
    with pytest.raises(launcher.SetupFailed, match="packages"):
        launcher.run_quietly(talk, "packages")
    assert "no such wheel" in capsys.readouterr().err
    launcher.run_quietly(talk, "packages", tolerant=True)


def test_nothing_typed_shows_what_can_be_typed() -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "./liandao demo" in done.stderr
