"""Imports a module so that each of its sets is walked in another order than usual.

CPython walks a set of small integers in one order on every machine, so another hash seed alone
would not show that a module relies on it; another implementation, or the next version, would.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Final

ORDERS: Final = 3
"""As it comes, backwards, and by what its items look like."""
_SET: Final = "_set_in_another_order"
_JOINS: Final = (
    *("__or__", "__and__", "__sub__", "__xor__", "union", "intersection", "difference"),
    *("__ror__", "__rand__", "__rsub__", "__rxor__", "symmetric_difference", "copy"),
)


def import_perturbed(top: str, order: int) -> None:
    """From now on, modules of the package ``top`` walk their sets in order ``order``."""
    sys.meta_path.insert(0, _Finder(top, _sets(order)))


def _sets(order: int) -> tuple[type, type]:
    """The set and frozenset of a perturbed module."""

    def walk(items: Iterator[object]) -> Iterator[object]:
        listed = list(items)
        if order == 1:
            listed.reverse()
        elif order == 2:
            listed.sort(key=repr)
        return iter(listed)

    class PerturbedSet(set[object]):
        def __iter__(self) -> Iterator[object]:
            return walk(super().__iter__())

        def pop(self) -> object:
            item = next(iter(self))
            self.remove(item)
            return item

    class PerturbedFrozenset(frozenset[object]):
        def __iter__(self) -> Iterator[object]:
            return walk(super().__iter__())

    # Joined sets are of the base type again unless somebody sees to it.
    for made, base in ((PerturbedSet, set), (PerturbedFrozenset, frozenset)):
        for name in _JOINS:
            setattr(made, name, _joining(getattr(base, name), made))
    return PerturbedSet, PerturbedFrozenset


def _joining(plain: Callable[..., object], made: type) -> Callable[..., object]:
    def join(self: object, *others: object) -> object:
        joined = plain(self, *others)
        return joined if joined is NotImplemented else made(joined)

    return join


class _Finder(MetaPathFinder):
    def __init__(self, top: str, sets: tuple[type, type]) -> None:
        self._top = top
        self._sets = sets

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] != self._top:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self._sets)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, sets: tuple[type, type]) -> None:
        super().__init__(name, path)
        self._sets = sets

    def get_code(self, fullname: str) -> CodeType:
        """From the source in any case: kept byte code knows the usual sets."""
        path = self.get_filename(fullname)
        tree = _Rewrite().visit(ast.parse(self.get_data(path), path))
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        usual, frozen = self._sets
        module.__dict__.update({"set": usual, "frozenset": frozen, _SET: usual})
        super().exec_module(module)


class _Rewrite(ast.NodeTransformer):
    """Sets that are written down become calls."""

    def visit_Set(self, node: ast.Set) -> ast.expr:
        self.generic_visit(node)
        return self._made(node, ast.List(node.elts, ast.Load()))

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        self.generic_visit(node)
        return self._made(node, ast.ListComp(node.elt, node.generators))

    def _made(self, node: ast.expr, items: ast.expr) -> ast.expr:
        call = ast.Call(ast.Name(_SET, ast.Load()), [ast.copy_location(items, node)], [])
        return ast.copy_location(call, node)
