"""Each transaction counts once: a sliding window of nonces per node key (L-2.3, I9).

As the anti-replay window of IPsec (RFC 4303 section 3.4.3): whatever order transactions
arrive in, each nonce within the window is taken exactly once, and what is older is refused
unread. A record of fixed size per shop does it; no list of ids grows. With another key a shop
begins anew: nothing that the old one signed enters a block any more (L-2.2).
"""

from typing import Final

from liandao_node.errors import Refused
from liandao_node.ledger.tables import Table
from liandao_node.limits import NONCE_WINDOW
from liandao_node.wire.codec import Canonical

_BYTES: Final = NONCE_WINDOW // 8
_MASK: Final = (1 << NONCE_WINDOW) - 1


class Window(Canonical, frozen=True):
    highest: int
    taken: bytes
    """NONCE_WINDOW bits, big-endian: bit k is set when nonce ``highest - k`` is taken."""


OWN_NUMBER: Final = 0
"""In the place of a module's number: tables of the machine itself."""
windows: Final = Table(OWN_NUMBER, 1, ("u16",), Window)


def take(window: Window | None, nonce: int) -> Window:
    """The window with ``nonce`` taken.

    Raises Refused ``TX_REPLAYED`` or ``TX_NONCE_OLD``.
    """
    if window is None:
        return _window(nonce, 1)
    taken = int.from_bytes(window.taken, "big")
    ahead = nonce - window.highest
    if ahead > 0:
        # A jump over the whole window (a new boot) would make a shift of 2**32 bits.
        return _window(nonce, (taken << ahead | 1) & _MASK if ahead < NONCE_WINDOW else 1)
    if -ahead >= NONCE_WINDOW:
        raise Refused("TX_NONCE_OLD", nonce=nonce, highest=window.highest)
    bit = 1 << -ahead
    if taken & bit:
        raise Refused("TX_REPLAYED", nonce=nonce)
    return _window(window.highest, taken | bit)


def _window(highest: int, taken: int) -> Window:
    return Window(highest=highest, taken=taken.to_bytes(_BYTES, "big"))
