"""Whatever code an error carries, a person gets a sentence (`liandao_node.wording`)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from liandao_node.wording import SENTENCES
from support.tree import ROOT, label, listing, package_files, parsed, source

WORDING: Final = ROOT / "node" / "liandao_node" / "wording"
LEDGER: Final = ROOT / "node" / "liandao_node" / "ledger"
RAISED: Final = {
    "InputFault",
    "OperatorFault",
    "PeerFault",
    "Refused",
    "StorageFault",
    "Unavailable",
}


def _raised(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in RAISED and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), node.lineno


def _refusals(path: Path) -> Iterator[tuple[str, int]]:
    """Members of the ledger's enums of refusals."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Refusal", "Refusals")):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                    yield line.targets[0].id, line.lineno


@pytest.fixture(scope="module")
def used() -> dict[str, str]:
    """Code of an error: one place that uses it."""
    found: dict[str, str] = {}
    for path in package_files():
        codes = list(_raised(path))
        if LEDGER in path.parents:
            codes += _refusals(path)
        found |= {code: f"{label(path)}:{line}" for code, line in codes}
    assert "MALFORMED" in found, "the search finds nothing"
    return found


def test_codes_look_alike(used: dict[str, str]) -> None:
    odd = {code: place for code, place in used.items() if not code.replace("_", "").isalnum()}
    odd |= {code: place for code, place in used.items() if code != code.upper()}
    assert not odd, listing(odd)


def test_every_code_has_a_sentence(used: dict[str, str]) -> None:
    assert not (found := {code: place for code, place in used.items() if code not in SENTENCES}), (
        listing(found)
    )


def test_no_sentence_is_left_over() -> None:
    """Some codes are made of a note or a verdict, so a mention in the code is enough."""
    words = set()
    for path in package_files():
        if WORDING not in path.parents:
            words |= set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", source(path)))
    left_over = set(SENTENCES) - words
    assert not left_over, listing(left_over)
