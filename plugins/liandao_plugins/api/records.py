"""What flows from a plugin to the node: orders, refunds, web hits, and rows that were refused.

Amounts are integers in minor units, times milliseconds since the Unix epoch. Nothing here
knows of files, screens or the ledger.
"""

from dataclasses import dataclass

from liandao_node.limits import AMOUNT_MAX, EXCERPT_CHARS_MAX, REFERENCE_CHARS_MAX


@dataclass(frozen=True, slots=True)
class Line:
    """A place in the input: file name without its folder, number of the line from 1."""

    file: str
    number: int


@dataclass(frozen=True, slots=True)
class Goods:
    """What one row of an order sold, or one row of a refund took back. It stays in the shop: the
    ledger never hears of baskets."""

    code: str
    """The article's at the source."""
    quantity_milli: int
    """Thousandths of what the source counts in, so that weighed goods can come back, too."""
    amount_minor: int
    """For all of it."""


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase at another till or online shop."""

    source: str
    reference: str
    """The order's id at its source, never empty; ``source`` and it are its identity."""
    at_ms: int
    gross_minor: int
    """What the buyer paid, from 1 to `AMOUNT_MAX`."""
    customer: str
    """The source's customer id, empty for an anonymous buyer. It stays in the shop."""
    lines: tuple[Line, ...]
    """The rows that it was made of, at least one."""
    online: bool = False
    """Nobody stood at a counter: earns by the shop's rule for such orders."""
    goods: tuple[Goods, ...] = ()
    """What was bought. Only a source needs it whose refunds name no order."""

    def __post_init__(self) -> None:
        if not 0 < self.gross_minor <= AMOUNT_MAX:
            raise ValueError(f"gross_minor lies between 1 and {AMOUNT_MAX}: {self.gross_minor}")
        _check_identity(self.reference, self.at_ms)
        if not self.lines:
            raise ValueError("an order names the rows that it was made of")


@dataclass(frozen=True, slots=True)
class Refund:
    """What another till or online shop gave back: a cancellation, a return, a part of an order.

    It says which order that was, or else what came back: then the host looks for the order among
    those of the same customer that came before it in the same import.
    """

    source: str
    reference: str
    """The refund's own id at its source, never empty; ``source`` and it are its identity, beside
    ``order`` or a row's goods."""
    at_ms: int
    gross_minor: int
    """What the buyer got back, from 1 to `AMOUNT_MAX`. Where ``order`` is empty it is only told:
    taken back is what was paid for the goods."""
    customer: str
    """As of an `Order`; empty is nobody, whose goods cannot be found."""
    lines: tuple[Line, ...]
    """The rows that it was made of, at least one."""
    order: str = ""
    """Reference of the order that it gives back, of the same ``source``; empty when the source
    does not say."""
    goods: tuple[Goods, ...] = ()
    """What came back, of each of the ``lines``; needed where ``order`` is empty."""

    def __post_init__(self) -> None:
        if not 0 < self.gross_minor <= AMOUNT_MAX:
            raise ValueError(f"gross_minor lies between 1 and {AMOUNT_MAX}: {self.gross_minor}")
        _check_identity(self.reference, self.at_ms)
        if len(self.order) > REFERENCE_CHARS_MAX:
            raise ValueError(f"a reference has 1 to {REFERENCE_CHARS_MAX} characters")
        if not self.lines:
            raise ValueError("a refund names the rows that it was made of")
        if not self.order and len(self.goods) != len(self.lines):
            raise ValueError("a refund names its order, or the goods of each row")


@dataclass(frozen=True, slots=True)
class WebHit:
    """One request that a web server answered."""

    at_ms: int
    ip: str
    user_agent: str
    """Empty when the server did not write it down."""
    method: str
    path: str
    """With its query, as the server wrote it."""
    status: int
    referrer: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row of the input that led to nothing, and why."""

    line: Line
    reason: str
    """UPPER_CASE code. A plugin's own codes are listed in its documentation."""
    excerpt: str
    """The head of the row or the reference of its order, made by `excerpt`."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is. ``accepted + rejected == rows_in`` at every moment."""

    rows_in: int
    accepted: int
    rejected: int
    bytes_done: int
    bytes_total: int
    """0 when unknown."""


def excerpt(text: str) -> str:
    """The head of ``text`` for a list of rejected rows: one line, printable, bounded."""
    head = text[:EXCERPT_CHARS_MAX]
    return "".join(char if char.isprintable() else "\ufffd" for char in head)


def _check_identity(reference: str, at_ms: int) -> None:
    if at_ms < 0:
        raise ValueError(f"at_ms is not negative: {at_ms}")
    if not 0 < len(reference) <= REFERENCE_CHARS_MAX:
        raise ValueError(f"a reference has 1 to {REFERENCE_CHARS_MAX} characters")
