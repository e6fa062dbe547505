"""What a module's source may contain (docs/modules.md, "What it may not do").

Read, not run: the file that the module is in, the packages above it, and whatever of the same
distribution they import. An allow list, for the list of all that is not deterministic has no end.
"""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from liandao_node.cli.checking.findings import Fault, Finding

ALLOWED: Final = frozenset(
    {
        *("__future__", "abc", "bisect", "collections", "dataclasses", "enum", "functools"),
        *("hashlib", "heapq", "itertools", "math", "msgspec", "operator", "string", "struct"),
        *("types", "typing", "typing_extensions"),
    }
)
ALLOWED_OF_NODE: Final = frozenset({"crypto", "errors", "ledger", "limits", "types", "wire"})
FORBIDDEN_NAMES: Final = frozenset(
    {
        *("__import__", "breakpoint", "compile", "eval", "exec", "float", "complex", "globals"),
        *("hash", "id", "input", "locals", "memoryview", "object.__new__", "open", "print", "vars"),
    }
)
NODE: Final = "liandao_node"


def check_sources(path: str) -> list[Finding]:
    """What stands in the source at an import path and may not."""
    findings: list[Finding] = []
    if _file_of(path.partition(":")[0]) is None:
        words = f"The source of {path} cannot be read; ship it as .py files."
        return [Finding(Fault.SOURCE, words)]
    for file, tree in _files(path.partition(":")[0]):
        findings += _Reader(file.name, path.partition(".")[0].partition(":")[0]).read(tree)
    return findings


def _files(name: str) -> Iterator[tuple[Path, ast.Module]]:
    """The files that are run when ``name`` is imported, as far as they are its author's."""
    top = name.partition(".")[0]
    waiting, seen = [name], set()
    while waiting:
        module = waiting.pop()
        if module in seen or (top == NODE and module != name):
            continue
        seen.add(module)
        file = _file_of(module)
        if file is None:
            continue
        tree = ast.parse(file.read_bytes(), str(file))
        yield file, tree
        parents = module.split(".")
        waiting += [".".join(parents[:depth]) for depth in range(1, len(parents))]
        package = module if file.name == "__init__.py" else module.rpartition(".")[0]
        waiting += [one for one in _imported(tree, package) if one.partition(".")[0] == top]


def _file_of(name: str) -> Path | None:
    """Where a module of that name lies; nothing is imported for it."""
    top, *parts = name.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    if not spec.submodule_search_locations:
        return Path(spec.origin) if spec.origin and not parts else None
    folder = Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)
    for file in (folder / "__init__.py", folder.with_suffix(".py")):
        if file.exists():
            return file
    return None


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Names of modules that a file imports, relative ones made whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                name = ".".join([*above, *filter(None, [name])])
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


class _Reader:
    """Reads one file."""

    def __init__(self, file: str, top: str) -> None:
        self._file = file
        self._top = top
        self._findings: list[Finding] = []

    def read(self, tree: ast.Module) -> list[Finding]:
        for node in ast.walk(tree):
            match node:
                case ast.Import(names):
                    for alias in names:
                        self._check_import(node, alias.name)
                case ast.ImportFrom(module, _, 0) if module:
                    self._check_import(node, module)
                case ast.Name(name) if name in FORBIDDEN_NAMES:
                    self._find(node, Fault.NAME, f"uses {name}(), which may differ between nodes")
                case ast.Constant(float() | complex()):
                    self._find(node, Fault.FLOAT, f"has {node.value!r}; a ledger knows integers")
                case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                    self._find(node, Fault.FLOAT, "divides with /, which makes floats; use //")
                case ast.Attribute(attr=name) if name.startswith("_") and not self._own(node):
                    self._find(node, Fault.PRIVATE, f"reaches for .{name}, which is the node's own")
                case ast.Global(names):
                    words = f"changes the global {', '.join(names)}; all state is in the tables"
                    self._find(node, Fault.GLOBAL, words)
                case _:
                    pass
        return self._findings

    def _own(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")

    def _check_import(self, node: ast.stmt, name: str) -> None:
        top, _, rest = name.partition(".")
        allowed = top in ALLOWED or top == self._top
        if top == NODE:
            allowed = rest.partition(".")[0] in ALLOWED_OF_NODE
        if not allowed:
            words = f"imports {name}, which is not among what a ledger module may import"
            self._find(node, Fault.IMPORT, words)

    def _find(self, node: ast.expr | ast.stmt, fault: Fault, words: str) -> None:
        self._findings.append(Finding(fault, f"{self._file}, line {node.lineno}: it {words}."))
