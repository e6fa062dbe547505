"""The host of plugins: finds them, checks them, hands out what they offer, feeds a node.

It knows the plugin interface and the node's client, and nothing else of either side.
"""

from liandao_plugins.host.discovery import BUILTIN, ENTRY_POINT_GROUP
from liandao_plugins.host.feed import (
    HitFeed,
    HitImport,
    ImportReport,
    OrderFeed,
    ReceiptFeed,
    ReceiptImport,
    import_hits,
    import_receipts,
)
from liandao_plugins.host.registry import PluginHost, PluginState, PluginStatus
from liandao_plugins.host.returns import Purchases, Unmatched

__all__ = [
    "BUILTIN",
    "ENTRY_POINT_GROUP",
    "HitFeed",
    "HitImport",
    "ImportReport",
    "OrderFeed",
    "PluginHost",
    "PluginState",
    "PluginStatus",
    "Purchases",
    "ReceiptFeed",
    "ReceiptImport",
    "Unmatched",
    "import_hits",
    "import_receipts",
]
