"""The test command runs every test: each lies where one of its two parts looks."""

import ast

from run_checks import ALONE
from support.tree import ROOT, label, listing, parsed, python_files


def _is_marked_alone(node: ast.AST) -> bool:
    """``mark.alone``, as a decorator or in a ``pytestmark``."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "alone"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    )


def test_who_is_alone_lies_where_the_second_part_looks() -> None:
    """Elsewhere the first part would leave it out, and the second would not find it."""
    tests, conftest = ROOT / "tests", ROOT / "tests" / "conftest.py"
    marking = [
        path
        for path in python_files()
        if path.is_relative_to(tests) and any(map(_is_marked_alone, ast.walk(parsed(path))))
    ]
    assert conftest in marking, "it marks all of the folder"
    lost = [label(p) for p in marking if p != conftest and not p.is_relative_to(ROOT / ALONE)]
    assert not lost, listing(lost)
