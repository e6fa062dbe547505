"""A machine that looks over one module's shoulder while it applies calls."""

import pickle
import traceback
from collections.abc import Sequence

from liandao_node.cli.checking.findings import Broken, Fault
from liandao_node.crypto.keys import Verifier
from liandao_node.errors import BugFound, InputFault
from liandao_node.ledger import machine
from liandao_node.ledger.machine import OK, Machine
from liandao_node.ledger.module_api import CallBody, Context, Module
from liandao_node.ledger.module_set import ModuleSet
from liandao_node.ledger.state import View
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.transactions import Call

BODY_CHARS = 300


class WatchedMachine(Machine):
    """Checks what the machine itself takes for granted of its modules."""

    def __init__(
        self, genesis: Genesis, modules: Sequence[Module], verify: Verifier, watched: Module
    ) -> None:
        super().__init__(genesis, modules, verify)
        self._watched = watched
        self._bodies: dict[int, type[CallBody]] = {body.kind: body for body in watched.calls}
        self._object = _state_of(watched)
        self.at_work = "being put into a street"
        """What the module is doing, for whoever tells of a failure."""

    def _run_call(self, ctx: Context, modules: ModuleSet, call: Call) -> tuple[int, bytes]:
        body = self._bodies.get(call.kind)
        if body is None:
            self.at_work = f"taking a call of another module ({call.kind})"
            return super()._run_call(ctx, modules, call)
        self.at_work = f"applying {_shown(body, call)}"
        before = _changes(ctx.view)
        try:
            code, result = super()._run_call(ctx, modules, call)
        except BugFound as bug:
            if bug.code == "REFUSAL_UNDECLARED":
                words = f"{self.at_work}: it refused with {bug.facts['refusal']}, which no module"
                raise Broken(Fault.UNDECLARED, f"While {words} declared.") from bug
            raise
        except AssertionError as error:
            if _ends_in_machine(error):
                words = f"While {self.at_work} it answered what is no {body.answer.__name__}."
                raise Broken(Fault.ANSWER, words) from error
            raise
        after = _changes(ctx.view)
        self._check_object()
        if code != OK and after != before:
            words = f"While {self.at_work} it refused, and {_keys(before, after)} stayed changed."
            raise Broken(Fault.REFUSED_CHANGED, words)
        self.at_work = "doing the work of a day or a block"
        return code, result

    def _check_object(self) -> None:
        if _state_of(self._watched) != self._object:
            words = f"While {self.at_work} it changed its own object; all state is in the tables."
            raise Broken(Fault.STATE, words)


def _changes(view: View) -> dict[bytes, bytes | None]:
    return {delta.key: delta.new for delta in view.deltas()}


def _keys(before: dict[bytes, bytes | None], after: dict[bytes, bytes | None]) -> str:
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return f"{len(changed)} records (the first under {min(changed).hex()})"


def _state_of(module: Module) -> bytes:
    """What the module's object holds, in bytes that show a change inside it, too."""
    try:
        return pickle.dumps(vars(module))
    except (pickle.PicklingError, AttributeError, TypeError):
        return repr(vars(module)).encode()


def _ends_in_machine(error: AssertionError) -> bool:
    return traceback.extract_tb(error.__traceback__)[-1].filename == machine.__file__


def _shown(body: type[CallBody], call: Call) -> str:
    try:
        return repr(Decoder(body)(call.body))[:BODY_CHARS]
    except InputFault:
        return f"a malformed {body.__name__} ({call.body.hex()[:BODY_CHARS]})"
