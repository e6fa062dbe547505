"""How the ledger is doing, in the one look that a cashier has for it. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from liandao_node.client import Summary

CLOCK_SKEW_MS_SHOWN: Final = 30_000
"""A computer's clock further off than this is shown."""
BLOCKS_BEHIND_SHOWN: Final = 8
"""Other seats tell their height once a second: a few blocks ahead is normal."""


class Light(Enum):
    IN_STEP = "in_step"
    """Sales are certified at once."""
    SYNCING = "syncing"
    """Blocks are being fetched, or the street changes its leader."""
    ALONE = "alone"
    """Too few shops are reached to agree. Selling goes on."""
    CONNECTING = "connecting"
    """No connection to this shop's node."""


@dataclass(frozen=True, slots=True)
class LedgerView:
    light: Light
    reached: int = 0
    """Shops that are connected, this one included."""
    shops: int = 0
    clock_skew_ms: int = 0
    """0 while it is too small to be shown."""


def ledger_view(summary: Summary | None) -> LedgerView:
    """What to show for the node's last summary; None while there is no connection."""
    if summary is None:
        return LedgerView(Light.CONNECTING)
    reached = sum(seat.connected for seat in summary.seats)
    highest = max((seat.height for seat in summary.seats), default=0)
    if reached < summary.quorum:
        light = Light.ALONE
    elif not summary.active or summary.height + BLOCKS_BEHIND_SHOWN < highest:
        light = Light.SYNCING
    else:
        light = Light.IN_STEP
    skew = summary.clock_skew_ms
    shown = skew if abs(skew) >= CLOCK_SKEW_MS_SHOWN else 0
    return LedgerView(light, reached, len(summary.seats), shown)
