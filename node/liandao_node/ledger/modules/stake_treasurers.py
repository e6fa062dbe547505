"""The treasurers' word: the only way in which the ledger learns of money (L-4.5).

They hold the deposits and the street's pool. What they sign is a statement of some module, under
a tag of its own; here it is told whether enough of them signed it.
"""

from collections.abc import Sequence

from liandao_node.ledger.module_api import Context, refuse
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.stake_calls import StakeRefusal, TreasurerSignature
from liandao_node.ledger.state import View
from liandao_node.types import Signature


class TreasurersWord:
    """Service: who speaks for the street's money."""

    def exists(self, view: View) -> bool:
        """Whether the street has treasurers at all."""
        return books.treasurers.has(view)

    def require(
        self, ctx: Context, preimage: bytes, signatures: Sequence[TreasurerSignature]
    ) -> None:
        """Refuses ``TREASURERS_TOO_FEW`` at the first signature that does not hold: checking
        costs. ``signatures`` stand by rising position."""
        treasurers = books.treasurers.get(ctx.view)
        positions = [signed.position for signed in signatures]
        few = treasurers is None or len(positions) < max(1, treasurers.quorum)
        if few or positions != sorted(set(positions)):
            raise refuse(StakeRefusal.TREASURERS_TOO_FEW)
        assert treasurers is not None
        for signed in signatures:
            known = signed.position < len(treasurers.keys)
            if not known or not ctx.verify(
                treasurers.keys[signed.position], preimage, Signature(signed.signature)
            ):
                raise refuse(StakeRefusal.TREASURERS_TOO_FEW)
