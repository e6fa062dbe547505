"""Which protocol between shops this program speaks.

``major`` stands in the clear at the head of every connection: a node of another one is
refused by name, because no message of it would be understood. ``minor`` is told in the
handshake, under the node's signature: nodes of different ones work together, and whatever a
minor adds is used with a peer only if `common` has it.
"""

from typing import Final, NamedTuple


class ProtocolVersion(NamedTuple):
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OURS: Final = ProtocolVersion(major=1, minor=0)


def common(ours: ProtocolVersion, theirs: ProtocolVersion) -> ProtocolVersion:
    """What two nodes of one major may use with each other."""
    assert ours.major == theirs.major
    return min(ours, theirs)
