"""Whether a request was for a page that a person reads (rule version 1).

The log does not say what the server sent, so the address must: a page has no ending, or one
of HTML. Rather a page too few than a download too many, since views divide money.
"""

import re
from typing import Final

from liandao_node.traffic.events import Verdict

RULE_VERSION: Final = 1
SERVED: Final = frozenset({200, 304})
_ENDING: Final = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})\Z")
"""``.html``, ``.mp3``; the ``.0`` of ``/release-1.0`` is none."""
_PAGE_ENDINGS: Final = frozenset(
    {"asp", "aspx", "cgi", "htm", "html", "jsp", "php", "php5", "phtml", "shtml", "xhtml"}
)
_FEED_NAMES: Final = frozenset({"atom", "feed", "rss", "rss2"})
_FEED_QUERY: Final = re.compile(
    r"[?&](?:feed|flav|format|output|type)=(?:atom|feed|rss)[0-9.]*(?:&|\Z)", re.IGNORECASE
)
"""As WordPress, Blosxom and Joomla ask for one; ``utm_medium=feed`` is a reader's click."""


def page_verdict(method: str, path: str, status: int) -> Verdict:
    """COUNTED for a page view, else NOT_GET, NOT_SERVED or NOT_A_PAGE."""
    if method != "GET":
        return Verdict.NOT_GET
    if status not in SERVED:
        return Verdict.NOT_SERVED
    name = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    ending = _ENDING.search(name)
    if ending is not None and ending.group(1).lower() not in _PAGE_ENDINGS:
        return Verdict.NOT_A_PAGE
    if name.lower() in _FEED_NAMES or _FEED_QUERY.search(path):
        return Verdict.NOT_A_PAGE
    return Verdict.COUNTED
