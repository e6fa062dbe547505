"""The lists that web traffic is judged by, from the packages that maintain them."""

from functools import cache

import crawleruseragents  # type: ignore[import-untyped]

from liandao_node.traffic import BotPatterns, Filters, Networks


@cache
def shipped_filters() -> Filters:
    """Filters as this version of the product ships them."""
    patterns = [str(entry["pattern"]) for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA]
    return Filters(BotPatterns(patterns), Networks([]))
