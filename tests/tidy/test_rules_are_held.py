"""A numbered rule stands in a document, in the code that obeys it and in a test that holds it.

Rules open a paragraph or a list item: ``**P-4.2**`` in docs/protocol.md, ``**L-3.1**`` in
docs/ledger.md. Code cites them by number, tests by ``@pytest.mark.rule("P-4.2")``. Decisions
are ``**D-4**`` in docs/architecture.md.
"""

import ast
import functools
import re
from pathlib import Path
from typing import Final

import pytest
from support.tree import ROOT, label, listing, package_files, parsed, python_files, source

DOCUMENTS: Final = {"P": ROOT / "docs" / "protocol.md", "L": ROOT / "docs" / "ledger.md"}
ARCHITECTURE: Final = ROOT / "docs" / "architecture.md"

_RULE: Final = re.compile(r"\b[PL]-\d+\.\d+\b")
_RULE_STATED: Final = re.compile(r"^\s*(?:[-*] |\d+\. )?\*\*([PL]-\d+\.\d+)\*\*", re.MULTILINE)
_ELSEWHERE: Final = re.compile(r"\b[IORST]\d{1,2}\b")
"""Short citations that need a list to be looked up in, such as invariants."""
_LISTED: Final = re.compile(r"^\W*(?:\| *)?\W*([IORST]\d{1,2})\b", re.MULTILINE)
_DECISION: Final = re.compile(r"\bD-\d+\b")
_DECISION_STATED: Final = re.compile(r"^\s*(?:[-*] )?\*\*(D-\d+)\b", re.MULTILINE)


@functools.cache
def _cited(path: Path, pattern: re.Pattern[str]) -> set[str]:
    return set(pattern.findall(source(path)))


@functools.cache
def _marked(path: Path) -> set[str]:
    """Rule numbers of the ``rule`` marks in a test module."""
    return {
        str(argument.value)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "rule"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }


@pytest.fixture(params=sorted(DOCUMENTS))
def letter(request: pytest.FixtureRequest) -> str:
    wanted: str = request.param
    if not DOCUMENTS[wanted].exists():
        pytest.skip(f"{label(DOCUMENTS[wanted])} is not written yet")
    return wanted


@pytest.fixture
def stated(letter: str) -> list[str]:
    found = _RULE_STATED.findall(source(DOCUMENTS[letter]))
    assert found, f"{label(DOCUMENTS[letter])} states no rule"
    return found


def test_a_document_states_its_own_rules_and_each_once(letter: str, stated: list[str]) -> None:
    assert not (found := [rule for rule in stated if not rule.startswith(letter)]), listing(found)
    assert not (found := sorted({rule for rule in stated if stated.count(rule) > 1})), listing(
        found
    )


def test_every_cited_rule_is_stated(letter: str, stated: list[str]) -> None:
    shipped = set(package_files())
    unknown = {
        f"{label(path)}: {rule}"
        for path in python_files()
        if path != Path(__file__)
        for rule in (_cited(path, _RULE) if path in shipped else _marked(path))
        if rule.startswith(letter) and rule not in stated
    }
    assert not unknown, listing(unknown)


def test_every_stated_rule_is_obeyed_by_code_that_says_so(letter: str, stated: list[str]) -> None:
    cited = set().union(*(_cited(path, _RULE) for path in package_files()))
    assert not (found := [rule for rule in stated if rule not in cited]), listing(found)


def test_every_stated_rule_is_held_by_a_test(letter: str, stated: list[str]) -> None:
    tests = (path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    marked = set().union(*(_marked(path) for path in tests))
    assert not (found := [rule for rule in stated if rule not in marked]), listing(found)


def test_every_cited_decision_is_in_the_architecture() -> None:
    known = set(_DECISION_STATED.findall(source(ARCHITECTURE)))
    cited = {
        f"{label(path)}: {decision}"
        for path in package_files()
        for decision in _cited(path, _DECISION)
        if decision not in known
    }
    assert not cited, listing(cited)


def test_no_citation_leads_out_of_the_project() -> None:
    """A number whose list is not in docs/ tells its reader nothing."""
    listed = {
        number for page in (ROOT / "docs").rglob("*.md") for number in _LISTED.findall(source(page))
    }
    lost = {
        f"{label(path)}: {number}"
        for path in package_files()
        for number in _cited(path, _ELSEWHERE)
        if number not in listed
    }
    assert not lost, listing(lost)
