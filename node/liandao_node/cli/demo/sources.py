"""Where the demo's purchases and web visits come from, in words and as sources."""

import argparse
import time
from collections.abc import Iterator, Mapping

from liandao_plugins.api import HitSource, Order, ReceiptSource, Refund, Rejected
from liandao_plugins.host import PluginHost

from liandao_node.errors import OperatorFault

GENERATED_HITS = 2_000


class Bounded:
    """A receipt source that ends when the demo's time is over."""

    def __init__(self, source: ReceiptSource, seconds: float) -> None:
        self._source = source
        self._end = time.monotonic() + seconds

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def bytes_total(self) -> int:
        return self._source.bytes_total

    @property
    def bytes_done(self) -> int:
        return self._source.bytes_done

    def __iter__(self) -> Iterator[Order | Refund | Rejected]:
        for item in self._source:
            yield item
            if time.monotonic() > self._end:
                return


def receipts(host: PluginHost, options: argparse.Namespace) -> tuple[ReceiptSource, str]:
    """The purchases, and whose they are."""
    if options.receipts is not None:
        if options.mapping is None:
            raise OperatorFault("DEMO_MAPPING_MISSING")
        given: Mapping[str, str] = {
            "receipts": str(options.receipts),
            "mapping": str(options.mapping),
        }
        words = f"{options.receipts.name}, described by {options.mapping.name}"
        return host.receipt_source("receipt_import", given), words
    words = "CDNOW purchase log as shipped in the package lifetimes (MIT)"
    return host.receipt_source("sample_receipts", {}), words


def hits(host: PluginHost, options: argparse.Namespace) -> tuple[HitSource, str]:
    """The web visits, and whether they are real."""
    if options.access_log is not None:
        source = host.hit_source("access_log", {"log": str(options.access_log)})
        return source, options.access_log.name
    given = {"count": str(GENERATED_HITS), "from_ms": str(time.time_ns() // 1_000_000)}
    source = host.hit_source("generated_hits", given)
    return source, f"{GENERATED_HITS} generated visits (no access log was given)"
