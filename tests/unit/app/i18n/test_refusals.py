"""Whatever the street may answer to a call has its sentence for a cashier, in every language.

Asked of the compiled files that the counter loads, for the refusals that the modules declare
and for those that the node's own desks raise.
"""

import ast
from collections.abc import Iterator
from string import Formatter
from typing import Final

import pytest
from liandao_app.i18n.language import Language
from liandao_app.i18n.wording import CONTEXT
from liandao_node.ledger.module_set import MachineRefusal
from liandao_node.ledger.modules import BUILTIN
from liandao_node.wording import SENTENCES
from PySide6.QtCore import QTranslator
from support.tree import ROOT, listing, parsed
from update_translations import TRANSLATED, qm_path, refusals

DESKS: Final = ROOT / "node" / "liandao_node" / "runtime"

TOLD_BY_DESKS: Final = {
    "MANUAL_CAP": {"left"},
    "MODULE_CHANGE_BAD": {"module", "reason"},
    "ORDER_UNKNOWN": {"register", "number"},
    "REFUND_KNOWN": {"order", "left"},
    "REFUND_OVER_ORDER": {"order", "left"},
    "RULE_FIXED": {"name"},
    "RULE_OUT_OF_BOUNDS": {"detail"},
    "RULE_UNKNOWN": {"name"},
    "STAMP_KNOWN": {"height", "since"},
}
"""Facts that the node's desk adds to a refusal. The street certifies a number and no facts, so
other sentences that lean on one would show a dash in its place."""

GLOSSARY: Final = {
    Language.CHINESE: {"points": "积分", "coupon": "优惠券", "receipt": "小票", "bond": "保证金"},
    Language.JAPANESE: {
        "points": "ポイント",
        "coupon": "クーポン",
        "receipt": "レシート",
        "bond": "保証金",
    },
}
"""One word for one thing, as elsewhere on the counter."""

OTHERWISE: Final = {"ORDER_KNOWN", "ORDER_UNKNOWN"}
"""Their "receipt number" is the number on the sale's slip: 单号, 伝票番号."""


class Words(QTranslator):
    """What a compiled file has for a sentence; empty for nothing."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        assert self.load(str(qm_path(language)))

    def of(self, code: str) -> str:
        return self.translate(CONTEXT, SENTENCES[code]) or ""


def fields(text: str) -> list[str]:
    """Names of facts, each as often as it stands there."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def declared() -> Iterator[str]:
    for module in BUILTIN:
        assert module.refusals is not None, f"{module.name} refuses nothing?"
        yield from (refusal.name for refusal in module.refusals)
    yield from (refusal.name for refusal in MachineRefusal)


@pytest.fixture(scope="module")
def raised() -> set[str]:
    """Refusals of the ledger, and those that the node makes before the street is asked."""
    desks = {
        node.args[0].value
        for path in DESKS.glob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert {"ORDER_ELSEWHERE", "REFUND_NOTHING_LEFT"} <= desks, "the search finds nothing"
    return refusals() | {str(code) for code in desks}


def test_every_refusal_of_every_module_is_asked_for() -> None:
    assert refusals() == set(declared())
    assert {"COUPON_USED", "PIN_WRONG", "TX_REPLAYED", "VISIT_KNOWN"} <= refusals()


def test_every_refusal_has_an_english_sentence(raised: set[str]) -> None:
    assert not (raised - set(SENTENCES))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_refusal_has_its_own_sentence_in_the_language(
    language: Language, raised: set[str]
) -> None:
    words = Words(language)
    bad = {}
    for code in sorted(raised):
        said = words.of(code)
        if not said or said == SENTENCES[code]:
            bad[code] = "is not translated"
        elif fields(said) != fields(SENTENCES[code]):
            bad[code] = f"has other facts: {fields(said)}, not {fields(SENTENCES[code])}"
    assert not bad, listing(bad)


@pytest.mark.parametrize("language", TRANSLATED)
def test_different_refusals_are_told_apart(language: Language, raised: set[str]) -> None:
    """Two sentences that differ in English are never the same one translated."""
    words = Words(language)
    english = {SENTENCES[code] for code in raised}
    assert len({words.of(code) for code in raised}) == len(english)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_thing_has_the_same_word_everywhere(language: Language, raised: set[str]) -> None:
    words = Words(language)
    bad = {
        f"{code} {thing}": words.of(code)
        for thing, word in GLOSSARY[language].items()
        for code in sorted(raised - OTHERWISE)
        if thing in SENTENCES[code].lower() and word not in words.of(code)
    }
    assert not bad, listing(bad)


def test_no_sentence_leans_on_a_fact_that_nobody_tells() -> None:
    bad = {
        code: str(facts)
        for code in sorted(refusals())
        if (facts := set(fields(SENTENCES[code]))) - TOLD_BY_DESKS.get(code, set())
    }
    assert not bad, listing(bad)
