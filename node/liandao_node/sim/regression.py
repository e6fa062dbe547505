"""A failing plan as a file, and back."""

from pathlib import Path

import msgspec

from liandao_node.errors import OperatorFault
from liandao_node.sim.plan import Plan


class Regression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plan and what was broken when it was found."""

    failure: str
    plan: Plan


def write(path: Path, failure: str, plan: Plan) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = msgspec.json.encode(Regression(failure, plan))
    path.write_bytes(msgspec.json.format(document, indent=1) + b"\n")


def read(path: Path) -> Regression:
    """Raises OperatorFault ``SIM_FILE_BAD`` for what is no file of this version."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Regression)
    except msgspec.DecodeError as error:
        raise OperatorFault("SIM_FILE_BAD", path=str(path), detail=str(error)) from error
