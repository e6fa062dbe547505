"""Nothing grows beyond what fits into one head: modules, functions (docs/testing.md)."""

import ast
from typing import Final

from support.tree import label, listing, parsed, python_files, source

MODULE_LINES_MAX: Final = 400
FUNCTION_LINES_MAX: Final = 60


def test_no_module_is_longer_than_400_lines() -> None:
    sizes = {label(path): len(source(path).splitlines()) for path in python_files()}
    assert len(sizes) > 20, "the walk found no project"
    assert not (found := {name: n for name, n in sizes.items() if n > MODULE_LINES_MAX}), listing(
        found
    )


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = {
        f"{label(path)}:{node.lineno} {node.name}": length
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    }
    assert not too_long, listing(too_long)
