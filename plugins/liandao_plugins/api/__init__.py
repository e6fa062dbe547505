"""All that a plugin may import. A name that is not here is not promised to anybody.

`API_VERSION`'s second number grows when a name is added, its first when one changes or goes.
docs/plugins.md describes every name; a test holds page and code together.
"""

from liandao_node.errors import InputFault, OperatorFault
from liandao_node.limits import (
    AMOUNT_MAX,
    CSV_FIELD_CHARS_MAX,
    EXCERPT_CHARS_MAX,
    LOG_LINE_BYTES_MAX,
    REFERENCE_CHARS_MAX,
)

from liandao_plugins.api.manifest import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    Option,
    OptionKind,
    Permission,
)
from liandao_plugins.api.options import Options
from liandao_plugins.api.points import (
    HitSource,
    OffersHits,
    OffersReceipts,
    Plugin,
    ReceiptSource,
)
from liandao_plugins.api.records import (
    Goods,
    ImportProgress,
    Line,
    Order,
    Refund,
    Rejected,
    WebHit,
    excerpt,
)

__all__ = [
    "AMOUNT_MAX",
    "API_VERSION",
    "CSV_FIELD_CHARS_MAX",
    "EXCERPT_CHARS_MAX",
    "LOG_LINE_BYTES_MAX",
    "REFERENCE_CHARS_MAX",
    "ExtensionPoint",
    "Goods",
    "HitSource",
    "ImportProgress",
    "InputFault",
    "Line",
    "Manifest",
    "OffersHits",
    "OffersReceipts",
    "OperatorFault",
    "Option",
    "OptionKind",
    "Options",
    "Order",
    "Permission",
    "Plugin",
    "ReceiptSource",
    "Refund",
    "Rejected",
    "WebHit",
    "excerpt",
]
