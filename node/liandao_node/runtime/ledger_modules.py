"""The ledger modules of a street: those that come with the node, and installed packages'.

Only packages whose module the genesis file names are imported: a street's nodes run the same
code, whatever else lies on one of their computers.
"""

import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from liandao_node.errors import OperatorFault
from liandao_node.ledger.module_api import Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.wire.genesis import Genesis

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP: Final = "liandao.ledger_modules"
"""An entry point bears the name of its module and leads to an object of it, or to its class."""


def modules_of(genesis: Genesis) -> tuple[Module, ...]:
    """What `Ledger` needs for this street, as far as it is here; of the rest the ledger says that
    it is missing.

    Raises OperatorFault ``MODULE_NOT_FOUND`` for an installed one that cannot be loaded.
    """
    own = {module.name for module in BUILTIN}
    named = {name for name, _ in genesis.modules} - own
    return (*BUILTIN, *_installed(named))


def versions_of(names: Sequence[str]) -> list[tuple[str, int]]:
    """Installed modules as a new genesis file names them.

    Raises OperatorFault ``MODULE_NOT_FOUND``.
    """
    found = {module.name: module.version for module in _installed(set(names))}
    for name in names:
        if name not in found:
            raise OperatorFault("MODULE_NOT_FOUND", package=name, detail="it is not installed")
    return [(name, found[name]) for name in names]


def find_installed(name: str, version: int) -> Module | None:
    """A module that a street voted for, if this node has it in that version (L-3.6).

    Packages are looked for when they are asked for, so one that is installed in time needs no
    restart; another version of one that was loaded before does.
    """
    try:
        found = [*(one for one in BUILTIN if one.name == name), *_installed({name})]
    except OperatorFault as fault:
        log.warning("module %s cannot be loaded: %s", name, fault)
        return None
    return next((module for module in found if module.version == version), None)


def _installed(names: set[str]) -> Iterator[Module]:
    if not names:
        return
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: (e.name, e.value)):
        if entry.name in names:
            yield load_entry(entry)


def load_entry(entry: EntryPoint) -> Module:
    """Raises OperatorFault ``MODULE_NOT_FOUND`` with what its import raised."""
    try:
        found: object = entry.load()
        module = found() if callable(found) else found
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        raise OperatorFault("MODULE_NOT_FOUND", package=entry.value, detail=detail) from error
    if not isinstance(module, Module) or module.name != entry.name:
        detail = f"its entry point {entry.name} names another thing"
        raise OperatorFault("MODULE_NOT_FOUND", package=entry.value, detail=detail)
    return module
