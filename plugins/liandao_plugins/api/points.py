"""The extension points: what a plugin object has, and what its methods hand out.

Sources are read by the host in a worker thread, a batch at a time: they may block, they
need not know of trio, and they must not gather the whole file in memory.
"""

from collections.abc import Iterator
from typing import Protocol

from liandao_plugins.api.manifest import Manifest
from liandao_plugins.api.options import Options
from liandao_plugins.api.records import Order, Refund, Rejected, WebHit


class ReceiptSource(Protocol):
    """Purchases from somewhere else, and what of them was given back, read once from start to
    end."""

    @property
    def name(self) -> str:
        """Part of each order's identity: the same purchases must come under the same name."""
        ...

    @property
    def bytes_total(self) -> int:
        """Size of what is to be read, 0 when unknown."""
        ...

    @property
    def bytes_done(self) -> int:
        """How much of it was read."""
        ...

    def __iter__(self) -> Iterator[Order | Refund | Rejected]:
        """Every row of the input comes out once: in the ``lines`` of an order or a refund, or as a
        `Rejected`. A refund comes after its order. A source without refunds yields none."""
        ...


class HitSource(Protocol):
    """Web requests from somewhere else, read once from start to end."""

    @property
    def name(self) -> str: ...

    @property
    def bytes_total(self) -> int: ...

    @property
    def bytes_done(self) -> int: ...

    def __iter__(self) -> Iterator[WebHit | Rejected]:
        """Every line of the input comes out once."""
        ...


class Plugin(Protocol):
    """What discovery looks for: an object named ``plugin`` with a manifest.

    For each extension point in ``manifest.offers`` it has the method of that name.
    """

    @property
    def manifest(self) -> Manifest: ...


class OffersReceipts(Plugin, Protocol):
    """A plugin with `ExtensionPoint.RECEIPT_SOURCE`."""

    def receipt_source(self, options: Options) -> ReceiptSource:
        """A fresh source. Raises OperatorFault for options that cannot work."""
        ...


class OffersHits(Plugin, Protocol):
    """A plugin with `ExtensionPoint.HIT_SOURCE`."""

    def hit_source(self, options: Options) -> HitSource:
        """A fresh source. Raises OperatorFault for options that cannot work."""
        ...
