"""The error tree. An error's class says who is at fault; its code says what happened.

``PeerFault``      another node sent something that no honest node sends.
``OperatorFault``  this shop's files, settings or command line.
``InputFault``     a row, a line, a scan: data that a person or another program gave us.
``StorageFault``   the disk or a database.
``Refused``        the ledger's answer to a call that its rules forbid.
``BugFound``       we are wrong ourselves. Never caught to go on.

An error carries a stable ``code`` and ``facts``; `liandao_node.wording` alone makes a
sentence for people of them.
"""

from typing import ClassVar, TypeAlias

Fact: TypeAlias = int | str


class LiandaoError(Exception):
    """Root of all errors that we raise on purpose. Not raised itself."""

    guilty: ClassVar[str] = "unknown"

    def __init__(self, code: str, /, **facts: Fact) -> None:
        self.code = code
        self.facts = facts
        listed = ", ".join(f"{name}={value}" for name, value in sorted(facts.items()))
        super().__init__(f"{code}({listed})" if listed else code)


class PeerFault(LiandaoError):
    """A peer is at fault: it is cut off and counted."""

    guilty = "peer"


class OperatorFault(LiandaoError):
    """Somebody who runs this shop's node can put it right."""

    guilty = "operator"


class InputFault(LiandaoError):
    """Data from outside makes no sense. It is counted and set aside."""

    guilty = "input"


class StorageFault(LiandaoError):
    """A disk or a database failed or holds what cannot be explained."""

    guilty = "storage"


class Refused(LiandaoError):
    """The ledger's rules forbid a call. Nothing was changed."""

    guilty = "call"


class Unavailable(LiandaoError):
    """Nobody is at fault: no quorum now, queue full, not ready yet. Trying later may help."""

    guilty = "nobody"


class BugFound(LiandaoError):
    """An invariant of ours does not hold. The node stops."""

    guilty = "us"
