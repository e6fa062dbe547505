"""``liandao module check``: a sound module passes, and each broken promise is found by name."""

import re
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from liandao_node.cli.checking import finding_modules
from liandao_node.cli.checking.check import Report, check
from liandao_node.cli.checking.finding_modules import resolve
from liandao_node.cli.main import main
from liandao_node.errors import OperatorFault
from liandao_node.runtime.ledger_modules import ENTRY_POINT_GROUP
from support.bad_modules import BAD, write
from support.tree import ROOT, source

HELLO = ROOT / "examples" / "module-hello"
BLOCKS = 30
READ = {"IMPORT", "NAME", "FLOAT", "UNBOUNDED", "FIELD", "NUMBER", "MISFIT"}
"""Found before anything is run."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where modules can be imported from, in this process and in those that it starts."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def _check(path: str, blocks: int = BLOCKS) -> Report:
    return check(path, blocks=blocks, seed=3, progress=lambda *_: None)


def test_a_sound_module_passes(folder: Path) -> None:
    write(folder, "sound_words", None)
    report = _check("sound_words")
    assert report.findings == ()
    assert (report.path, report.runs, report.blocks) == ("sound_words:module", 3, BLOCKS)
    assert report.applied["Word"] > 20
    assert report.refused["Word WORD_EMPTY"] > 0
    assert report.refused["Word CALL_MALFORMED"] > 0


@pytest.mark.parametrize("name", BAD)
def test_a_module_that_breaks_a_promise_is_found(folder: Path, name: str) -> None:
    bad = BAD[name]
    package = "bad_" + name.replace(" ", "_").replace("'", "")
    write(folder, package, bad)
    report = _check(package, 0 if bad.fault in READ else BLOCKS)
    found = {finding.fault.value: finding.words for finding in report.findings}
    assert bad.fault in found, found
    assert bad.words in found[bad.fault]


@pytest.mark.parametrize("package", ["no_such_package", "json:loads", "enum:IntEnum", "enum:x"])
def test_what_is_no_module_is_told(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["module", "check", package]) == 2
    assert "is no ledger module that could be loaded" in capsys.readouterr().err


def test_a_module_is_named_by_entry_point_or_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints(
        EntryPoint(name, value, ENTRY_POINT_GROUP)
        for name, value in (("cafe_stamps", "hello.ledger:module"), ("two", "a:b"), ("two", "c:d"))
    )
    monkeypatch.setattr(finding_modules, "entry_points", lambda **_: entries)
    assert resolve("cafe-stamps") == "hello.ledger:module"
    assert resolve("my_module.ledger:thing") == "my_module.ledger:thing"
    with pytest.raises(OperatorFault, match="MODULE_AMBIGUOUS"):
        resolve("two")


def test_the_example_passes_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(HELLO))
    path = "liandao_module_hello.ledger:module"
    code = main(["module", "check", path, "--blocks", "120", "--seed", "2"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "Nothing is wrong." in told
    assert re.search(r"call Stamp: applied [1-9]\d* times; refused .*STAMPED_JUST_NOW", told), told
    assert f'cafe_stamps = "{path}"' in (HELLO / "pyproject.toml").read_text()


def test_the_example_is_the_one_that_the_page_explains() -> None:
    page = source(ROOT / "docs" / "modules.md")
    assert source(HELLO / "liandao_module_hello" / "ledger.py") in page


def test_bad_findings_are_the_commands_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "clocked", BAD["asks the clock"])
    assert main(["module", "check", "clocked", "--blocks", "0"]) == 1
    assert "WRONG (IMPORT): clocked.py, line 1: it imports time" in capsys.readouterr().out
    assert "clocked" in sys.modules
