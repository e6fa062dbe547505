"""What README and the documents tell a reader to type or to open is there."""

import re
import shlex
import subprocess
import sys
from functools import cache
from typing import Final

from liandao_plugins.host import BUILTIN
from support.tree import ROOT, label, listing, project_files, source

README: Final = ROOT / "README.md"
PLUGINS_PAGE: Final = ROOT / "docs" / "plugins.md"
LAUNCHER_COMMANDS: Final = {"test"}
"""Commands of ./liandao itself; the others are the installed command's."""

_FENCED: Final = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)#\s]+)")
_MAKE_TARGETS: Final = re.compile(r"^([a-z][a-z ]*):", re.MULTILINE)


def _typed(program: str) -> list[list[str]]:
    """Arguments of every call of ``program`` in README's code blocks."""
    lines = [line for block in _FENCED.findall(source(README)) for line in block.splitlines()]
    calls = [shlex.split(line, comments=True) for line in lines if line.startswith(program)]
    return [words[1:] for words in calls if words and words[0] == program]


@cache
def _help(command: str) -> str:
    run = "import sys; from liandao_node.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", run, command, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"liandao {command} --help: {done.stderr or done.stdout}"
    return done.stdout


def test_readme_shows_the_three_commands() -> None:
    assert {words[0] for words in _typed("./liandao") if words} >= {"demo", "run", "test"}


def test_commands_and_options_of_readme_exist() -> None:
    for command, *rest in _typed("./liandao"):
        if command not in LAUNCHER_COMMANDS:
            told = _help(command)
            options = [word.split("=")[0] for word in rest if word.startswith("--")]
            assert [name for name in options if name not in told] == [], command


def test_make_targets_of_readme_exist() -> None:
    makefile = source(ROOT / "Makefile")
    targets = {name for names in _MAKE_TARGETS.findall(makefile) for name in names.split()}
    wanted = {words[0] for words in _typed("make") if words} | {"demo", "run", "test", "lock"}
    assert not (found := wanted - targets), listing(found)


def test_links_of_documents_lead_somewhere() -> None:
    pages = [path for path in project_files() if path.suffix == ".md"]
    assert README in pages
    broken = [
        f"{label(page)}: {target}"
        for page in pages
        for target in _LINK.findall(source(page))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, listing(broken)


def test_every_builtin_plugin_is_documented() -> None:
    page = source(PLUGINS_PAGE)
    names = [module.rpartition(".")[2] for module in BUILTIN]
    assert names
    assert not (found := [name for name in names if f"`{name}`" not in page]), listing(found)
