"""Names say what a thing is for, modules say why they exist, nothing is left half done."""

import ast
import re
from pathlib import Path
from typing import Final

from support.tree import ROOT, label, listing, package_files, parsed, python_files, source

NAMELESS: Final = {"util", "utils", "misc", "helper", "helpers", "common", "manager", "managers"}
"""Names for whatever found no better place."""

UNFINISHED: Final = re.compile(r"\b(TODO|FIXME|XXX)\b")
COMMAND_LINE: Final = ROOT / "node" / "liandao_node" / "cli"


def test_no_module_is_named_for_nothing() -> None:
    named = {
        label(path)
        for path in python_files()
        if NAMELESS & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
        or NAMELESS & set(path.stem.split("_"))
    }
    assert not named, listing(named)


def test_every_module_says_what_it_is_for() -> None:
    silent = [label(path) for path in python_files() if not ast.get_docstring(parsed(path))]
    assert not silent, listing(silent)


def test_nothing_shipped_is_unfinished() -> None:
    found = [
        f"{label(path)}:{number}"
        for path in package_files()
        for number, line in enumerate(source(path).splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, listing(found)


def test_a_folder_named_packaging_is_no_package() -> None:
    """It would hide PyPI's ``packaging`` from every build tool that starts here."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def _writes_to_the_terminal(path: Path) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == "print")
        or (
            isinstance(node, ast.Attribute)
            and node.attr in {"stdout", "stderr"}
            and isinstance(node.value, ast.Name)
            and node.value.id == "sys"
        )
        for node in ast.walk(parsed(path))
    )


def _is_a_program(path: Path) -> bool:
    return path.parent != COMMAND_LINE and '__name__ == "__main__"' in source(path)


def test_libraries_do_not_print() -> None:
    """Programs speak to their terminal, the command line in one module; the rest returns."""
    talking = {path for path in package_files() if _writes_to_the_terminal(path)}
    talking = {path for path in talking if not _is_a_program(path)}
    outside = [label(path) for path in talking if path.parent != COMMAND_LINE]
    assert not outside, listing(outside)
    assert len(talking) <= 1, listing(label(path) for path in talking)
