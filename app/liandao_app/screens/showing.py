"""What the counter screen remembers for itself: nothing of it is about money."""

from dataclasses import dataclass
from enum import Enum

from liandao_app.i18n.phrases import Line


class Page(Enum):
    """What stands between the top bar and the strip."""

    SALE = "sale"
    REFUND = "refund"
    GIVING = "giving"


@dataclass(slots=True)
class Showing:
    """Changed by the cashier's acts, read when drawing."""

    fresh: bool = False
    """The last sale is shown large, until the next key."""
    note: Line | None = None
    """A passing remark in the strip, until the next key."""
    typing: bool = False
    """The field for a card's digits is open."""
    page: Page = Page.SALE
    handed_over: str = ""
    """Payload of the new card whose picture was put away."""

    def acted(self) -> None:
        """The next key came: what was shown has been seen."""
        self.fresh, self.note = False, None
