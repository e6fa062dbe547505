"""Which protocols this program speaks: one between nodes, one of the chain.

They are numbered apart, because they change at different moments.

`CHANNEL` is how two nodes talk. ``major`` stands in the clear at the head of every connection:
a node of another one is refused by name, because no message of it would be understood.
``minor`` is told in the handshake, under the node's signature; nodes of different ones work
together, and whoever adds something with a minor uses it with a peer only if that has it too.

`PROTOCOL` is how the street agrees: what messages mean, how a header is encoded, what the
ledger's calls do. All shops change it at one block, the last of an epoch, once every seat of the
next committee speaks the new one (P-12.12, L-13.13). A program that speaks a number speaks all
below it.
"""

from typing import Final, NamedTuple


class ProtocolVersion(NamedTuple):
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


CHANNEL: Final = ProtocolVersion(major=1, minor=0)

FIRST_PROTOCOL: Final = 1
"""Every street begins with it; who has not told otherwise speaks no other."""
PROTOCOL_MAX: Final = 2**16 - 1
PROTOCOL: Final = 1
"""The highest one that this program speaks."""
