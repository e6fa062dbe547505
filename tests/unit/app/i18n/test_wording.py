"""Errors as sentences: facts put in, amounts as money, and never a crash over a missing one."""

import pytest
from liandao_app.i18n.wording import error_sentence
from liandao_app.services.money import Money
from liandao_node import wording
from liandao_node.errors import Refused

CNY = Money("CNY", 2)


def test_amounts_in_sentences_are_money(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wording.SENTENCES, "SHORT", "Only {available} of {asked}; card {digits}.")
    error = Refused("SHORT", available=1234, asked=99_999_900, digits=8)
    assert error_sentence(error, CNY) == "Only 12.34 of 999,999.00; card 8."


def test_a_missing_fact_reads_as_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wording.SENTENCES, "SHORT", "Only {available} left.")
    assert error_sentence(Refused("SHORT"), CNY) == "Only – left."
    assert error_sentence(Refused("SHORT", available=5), None) == "Only 5 left."


def test_a_code_without_a_sentence_is_still_told() -> None:
    assert "NEVER_HEARD_OF" in error_sentence(Refused("NEVER_HEARD_OF"), CNY)
