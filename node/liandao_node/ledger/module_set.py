"""The modules of a street put together: who takes which call, who offers what (L-3.1).

It knows what fits and what does not, and nothing of any state: the same list of modules makes
the same set on every node that has them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias, TypeVar

from liandao_node.errors import OperatorFault
from liandao_node.ledger.module_api import (
    NUMBERS_PER_MODULE,
    CallBody,
    Module,
    Rulebook,
    Seating,
    first_of,
)
from liandao_node.ledger.offices import FoundersForEver
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis

S = TypeVar("S")

Finder: TypeAlias = Callable[[str, int], Module | None]
"""The module of that name and version, if this node has it."""


class MachineRefusal(IntEnum):
    CALL_UNKNOWN = 1
    CALL_MALFORMED = 2
    TX_REPLAYED = 3
    TX_NONCE_OLD = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of call and who takes it."""

    module: Module
    body: type[CallBody]
    decode: Decoder[CallBody]


class ModuleSet:
    """Modules in their order, as one state machine. Nothing in it changes once it is made."""

    def __init__(self, genesis: Genesis, modules: Sequence[Module], *, partial: bool = False):
        """Raises OperatorFault ``MODULE_BAD``.

        ``partial``: leaves out what lacks a service, for questions about who is in office.
        """
        self.services: Final[dict[type, object]] = {}
        self.kinds: Final[dict[int, Known]] = {}
        self.numbers: Final = {refusal.name: refusal.value for refusal in MachineRefusal}
        joined: list[Module] = []
        for module in modules:
            missing = next((n for n in module.needs if n not in self.services), None)
            if missing is not None and partial:
                continue
            if missing is not None:
                raise bad(module, f"nobody before it offers {missing.__name__}")
            self._add(module)
            joined.append(module)
        numbers = [module.number for module in joined]
        if len(set(numbers)) != len(numbers) or not all(0 < number < 256 for number in numbers):
            raise bad(joined[-1], "numbers clash")
        self.modules: Final = tuple(joined)
        self.daily: Final = {module.number: module for module in joined if module.daily}
        self.each_block: Final = tuple(module for module in joined if module.each_block)
        self.seating: Final = _seating(genesis, joined)
        self.rulebook: Final = next(
            (one for one in self.services.values() if isinstance(one, Rulebook)), None
        )

    def offered(self, kind: type[S]) -> S | None:
        """The first service of that class, or of one that inherits from it."""
        return first_of(kind, self.services)

    def _add(self, module: Module) -> None:
        """Takes a module in, or says what it does wrong."""
        self.services.update({type(service): service for service in module.services()})
        if any(table.module != module.number for table in module.tables):
            raise bad(module, "a table bears another module's number")
        if len({table.number for table in module.tables}) != len(module.tables):
            raise bad(module, "two tables share a number")
        base = module.number * NUMBERS_PER_MODULE
        for body in module.calls:
            if not base <= body.kind < base + NUMBERS_PER_MODULE or body.kind in self.kinds:
                raise bad(module, f"kind {body.kind} is not its own")
            self.kinds[body.kind] = Known(module, body, Decoder(body))
        for refusal in module.refusals or ():
            if not 0 < refusal.value < NUMBERS_PER_MODULE or refusal.name in self.numbers:
                raise bad(module, f"refusal {refusal.name} is not its own")
            self.numbers[refusal.name] = base + refusal.value


def among(modules: Iterable[Module], find: Finder | None = None) -> Finder:
    """Finds modules among these, then where else the caller says."""
    known = {(module.name, module.version): module for module in modules}

    def found(name: str, version: int) -> Module | None:
        module = known.get((name, version))
        return find(name, version) if module is None and find is not None else module

    return found


def bad(module: Module, why: str) -> OperatorFault:
    return OperatorFault("MODULE_BAD", module=module.name, why=why)


def _seating(genesis: Genesis, modules: Sequence[Module]) -> Seating:
    """Who says who is in office: one module at most, else the founders for ever (L-3.5)."""
    found = [
        (module, service)
        for module in modules
        for service in module.services()
        if isinstance(service, Seating)
    ]
    if len(found) > 1:
        raise bad(found[1][0], f"module {found[0][0].name} seats the committee")
    return found[0][1] if found else FoundersForEver(genesis)
