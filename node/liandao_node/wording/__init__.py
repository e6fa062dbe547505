"""The one place that makes a sentence for people of an error's code and facts.

A sentence says what happened, whether money and points are safe, and what to do now. The
screens translate these templates, so each is a whole thought and its facts stand in braces.
"""

from collections.abc import Mapping

from liandao_node.errors import Fact
from liandao_node.wording.card_desk import CARD_DESK
from liandao_node.wording.cards import CARDS
from liandao_node.wording.clearing import CLEARING
from liandao_node.wording.counter import COUNTER
from liandao_node.wording.coupons import COUPONS
from liandao_node.wording.machine import MACHINE
from liandao_node.wording.people import PEOPLE
from liandao_node.wording.points import COMMANDS, POINTS, STAFF
from liandao_node.wording.pool import POOL
from liandao_node.wording.rules import RULES
from liandao_node.wording.stake import STAKE
from liandao_node.wording.street import STREET

SENTENCES: dict[str, str] = {
    **CARDS,
    **CARD_DESK,
    **CLEARING,
    **COMMANDS,
    **COUNTER,
    **COUPONS,
    **MACHINE,
    **PEOPLE,
    **POINTS,
    **POOL,
    **RULES,
    **STAFF,
    **STAKE,
    **STREET,
}
"""By code. English; what stands in braces is a fact of the error."""

UNKNOWN = "Something unexpected happened ({code}). Nothing was changed. Please try again."


class _Facts(dict[str, object]):
    """A fact that this error does not carry reads as a dash and never as a crash."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(code: str, facts: Mapping[str, Fact]) -> str:
    """English for people; every code gets one."""
    template = SENTENCES.get(code, UNKNOWN)
    return template.format_map(_Facts({**facts, "code": code}))
