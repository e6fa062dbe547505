"""What goes wrong at the command line: a sentence, an exit code, and never a trace.

0 done, 1 refused or a check failed, 2 wrong use or settings, 70 a bug of ours, 130 stopped.
"""

import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from liandao_node.cli import verify_command
from liandao_node.cli.main import main
from liandao_node.errors import (
    BugFound,
    InputFault,
    LiandaoError,
    OperatorFault,
    Refused,
    StorageFault,
    Unavailable,
)
from liandao_node.wording import SENTENCES, UNKNOWN, sentence
from support.tree import ROOT

VERIFY = ["verify", "receipt", "a", "--genesis", "b"]


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    """A command takes SIGTERM for itself."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


class Ending:
    """Runs a command that ends in a given way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch = monkeypatch
        self._capsys = capsys

    def with_(self, error: BaseException) -> tuple[int, str]:
        """Exit code and what stands on standard error."""

        def fail(_: object) -> int:
            raise error

        self._patch.setattr(verify_command, "_receipt", fail)
        code = main(VERIFY)
        out, err = self._capsys.readouterr()
        assert out == ""
        return code, err


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ending:
    return Ending(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("POINTS_SHORT", available=5, asked=9), 1),
        (InputFault("CARD_CODE_BAD"), 1),
        (Unavailable("NO_QUORUM", seconds=30), 1),
        (OperatorFault("STREET_MISSING", path="/x"), 2),
        (StorageFault("DISK_FULL", file="voter.db"), 2),
        (BugFound("STATE_DIVERGED", seq=5), 70),
    ],
)
def test_an_error_is_one_sentence_and_its_exit_code(
    ending: Ending, error: LiandaoError, code: int
) -> None:
    said = sentence(error.code, error.facts) + "\n"
    assert ending.with_(error) == (code, said)
    assert ending.with_(BaseExceptionGroup("", [BaseExceptionGroup("", [error])])) == (code, said)


def test_our_error_is_told_before_what_it_caused(ending: Ending) -> None:
    group = BaseExceptionGroup("", [ValueError("torn down"), OperatorFault("STREET_MISSING")])
    code, said = ending.with_(group)
    assert code == 2
    assert said == sentence("STREET_MISSING", {}) + "\n"


def test_a_bug_without_a_sentence_is_told_with_its_trace(ending: Ending) -> None:
    assert "NEVER_HEARD_OF" not in SENTENCES
    code, said = ending.with_(BugFound("NEVER_HEARD_OF", at=3))
    assert code == 70
    assert "Traceback" in said
    assert "Liandao found an error of its own" in said.splitlines()[-1]


def test_ctrl_c_ends_quietly(ending: Ending) -> None:
    assert ending.with_(KeyboardInterrupt()) == (130, "")
    assert ending.with_(BaseExceptionGroup("", [KeyboardInterrupt()])) == (130, "")


def test_a_file_that_cannot_be_used_is_named(ending: Ending) -> None:
    code, said = ending.with_(OSError(errno.ENOSPC, "No space left on device", "/mnt/out.json"))
    assert code == 2
    assert said.startswith("/mnt/out.json cannot be used: No space left on device.")
    with pytest.raises(OSError, match="nobody's"):
        ending.with_(OSError("nobody's"))


def _never_run(*_: object) -> int:
    raise AssertionError("the command ran")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["receipt", "--number", "-1", "--out", "x"],
        ["receipt", "--number", str(10**30), "--out", "x"],
        ["receipt", "--number", "one", "--out", "x"],
        ["run", "--register", "-1"],
        ["demo", "--customers", "-1"],
        ["demo", "--pause-ms", "-1"],
        ["demo", "--seconds", "soon"],
        ["demo", "--seconds", "nan"],
        ["demo", "--seconds", "-1"],
        ["demo", "--kill", "everybody"],
        ["verify", "receipt", "x"],
        ["import", "receipts", "x"],
    ],
)
def test_wrong_use_is_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.cli.demo_command.run", _never_run)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: liandao" in capsys.readouterr().err


def _trouble(tmp: Path) -> dict[str, tuple[list[str], int]]:
    """Commands that a person gets wrong, and how they end."""
    file, folder, data = tmp / "file", tmp / "folder", tmp / "data"
    file.write_bytes(b"\xff\xfe not text")
    (folder / "inner").mkdir(parents=True)
    broken = tmp / "broken"
    main(["init", "--data", str(data)])
    main(["init", "--data", str(broken)])
    (broken / "node.json").write_text("{}")
    genesis = str(data / "genesis.json")
    nothing = str(tmp / "nothing")
    return {
        "FILE_UNREADABLE": (["verify", "receipt", nothing, "--genesis", genesis], 2),
        "FILE_UNREADABLE folder": (["verify", "receipt", str(folder), "--genesis", genesis], 2),
        "FILE_UNREADABLE bytes": (["verify", "receipt", str(file), "--genesis", genesis], 2),
        "RECEIPT": (["verify", "receipt", genesis, "--genesis", genesis], 1),
        "STREET_MISSING": (["node", "--data", nothing], 2),
        "SETTINGS_BAD": (["node", "--data", str(broken)], 2),
        "STREET_EXISTS": (["init", "--data", str(data)], 2),
        "DATA_UNREACHABLE": (["init", "--data", str(file)], 2),
        "DATA_UNREACHABLE below": (["init", "--data", str(file / "x")], 2),
        "GENESIS_BAD bond": (["init", "--data", nothing, "--bond", "-1"], 2),
        "GENESIS_BAD name": (["init", "--data", nothing, "--shop", ""], 2),
        "NODE_NOT_RUNNING": (["status", "--data", str(data)], 1),
        "NODE_NOT_RUNNING here": (["status", "--data", nothing], 1),
        "API_FILE_BAD": (["status", "--data", str(file)], 2),
        "MAPPING_UNREADABLE": (
            ["import", "receipts", nothing, "--data", str(data), "--mapping", nothing],
            2,
        ),
        "FILE_MISSING": (["import", "access-log", nothing, "--data", str(data)], 2),
        "DEMO_DATA_NOT_EMPTY": (["demo", "--headless", "--data", str(folder)], 2),
        "DEMO_MAPPING_MISSING": (["demo", "--headless", "--receipts", str(file)], 2),
        "FILE_FAILED data": (["demo", "--headless", "--data", str(file)], 2),
        "FILE_FAILED out": (["demo", "--out", str(file)], 2),
        "FILE_FAILED report": (["demo", "--headless", "--report", str(folder)], 2),
        "FILE_FAILED nowhere": (["demo", "--headless", "--report", str(tmp / "no" / "r.json")], 2),
    }


def test_whatever_a_person_gets_wrong_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, (arguments, expected) in _trouble(tmp_path).items():
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr().err
        assert (name, code) == (name, expected), said
        template = next(
            (text for key, text in SENTENCES.items() if key.startswith(name.split()[0])), ""
        )
        assert re.fullmatch(_pattern(name.split()[0], template), said.strip()), (name, said)
        assert UNKNOWN.split("(", maxsplit=1)[0] not in said, name


def _pattern(code: str, template: str) -> str:
    """A sentence with anything in the place of its facts."""
    if code == "RECEIPT":
        return r".*receipt.*"
    return re.sub(r"\\\{[a-z_]+\\\}", r".*", re.escape(template)).replace("\n", r"\s")


def test_the_readme_names_commands_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    offered = set(re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))
    assert {"run", "demo", "init", "node", "status", "receipt", "verify", "import"} <= offered
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {
        (document.name, command)
        for document in documents
        for command in re.findall(r"(?:\./|`)liandao ([a-z]+)", document.read_text())
    }
    assert ("README.md", "demo") in named
    launcher = {"test"}
    assert {
        (name, command) for name, command in named if command not in offered | launcher
    } == set()


def test_a_reader_that_has_heard_enough_ends_it_quietly(tmp_path: Path) -> None:
    """``liandao ... | head``: as every other program of the system does."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "liandao_node.cli.main", "init", "--data", str(tmp_path / "data")],
        check=False,
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
