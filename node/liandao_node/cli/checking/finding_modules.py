"""Finds the ledger module that somebody means: by entry point, distribution or import path.

Loading a module runs its code with the rights of whoever asked, as installing it did.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from liandao_node.errors import OperatorFault
from liandao_node.ledger.module_api import Module
from liandao_node.runtime.ledger_modules import ENTRY_POINT_GROUP

USUAL_NAME: Final = "module"


def resolve(package: str) -> str:
    """The import path ``package.module:name`` of what ``package`` means.

    Raises OperatorFault ``MODULE_NOT_FOUND`` or ``MODULE_AMBIGUOUS``.
    """
    if ":" in package:
        return package
    found = sorted({entry.value.replace(" ", "") for entry in _entries(package)})
    if len(found) > 1:
        raise OperatorFault("MODULE_AMBIGUOUS", package=package, found=", ".join(found))
    return found[0] if found else f"{package}:{USUAL_NAME}"


def _entries(package: str) -> Iterator[EntryPoint]:
    """Those of that name, and those of the installed distribution of that name."""
    wanted = _normal(package)
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        distribution = entry.dist.name if entry.dist is not None else ""
        if wanted in (_normal(entry.name), _normal(distribution)):
            yield entry


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def load(path: str) -> Module:
    """The module at an import path: an object, or a class that is made without arguments.

    Raises OperatorFault ``MODULE_NOT_FOUND`` with what its import raised.
    """
    name, _, attribute = path.partition(":")
    try:
        found: object = import_module(name)
        for part in attribute.split("."):
            found = getattr(found, part)
        module = found() if isinstance(found, type) else found
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        raise OperatorFault("MODULE_NOT_FOUND", package=path, detail=detail) from error
    if not isinstance(module, Module):
        raise OperatorFault("MODULE_NOT_FOUND", package=path, detail="it is no ledger module")
    return module
