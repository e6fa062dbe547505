"""Replacing parts of the running code, and putting them back."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from liandao_node import errors

_ABSENT = object()
PACKAGE = errors.__name__.partition(".")[0]


class Patches:
    """What was replaced, so that it can be put back in the order of replacing."""

    def __init__(self) -> None:
        self._before: list[tuple[object, str, object]] = []

    def put(self, owner: object, name: str, value: object) -> None:
        """``owner.name`` is ``value`` from now on. The name must exist: a patch that changes
        nothing would pass for a bug that nobody found."""
        self._before.append((owner, name, vars(owner)[name]))
        setattr(owner, name, value)

    def put_new(self, owner: ModuleType, name: str, value: object) -> None:
        """Hides a name of the language from one module."""
        assert name not in vars(owner)
        self._before.append((owner, name, _ABSENT))
        setattr(owner, name, value)

    def everywhere(self, old: object, new: object) -> None:
        """Every module of ours that imported ``old`` by name has ``new`` instead."""
        places = [
            (module, name)
            for module in list(sys.modules.values())
            if isinstance(module, ModuleType) and module.__name__.partition(".")[0] == PACKAGE
            for name, value in vars(module).items()
            if value is old
        ]
        assert places, f"nobody uses {old}"
        for module, name in places:
            self.put(module, name, new)

    def undo(self) -> None:
        while self._before:
            owner, name, value = self._before.pop()
            if value is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


Plant = Callable[[Patches], None]


@contextmanager
def planted(plant: Plant) -> Iterator[None]:
    """The bug is there inside, and nowhere else."""
    patches = Patches()
    try:
        plant(patches)
        yield
    finally:
        patches.undo()
