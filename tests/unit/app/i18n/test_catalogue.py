"""Every text of the counter stands in every language, and the compiled files are current."""

from pathlib import Path
from string import Formatter

import pytest
from liandao_app.i18n.language import Language, language_named
from update_translations import (
    TRANSLATED,
    Text,
    compile_qm,
    qm_path,
    read_ts,
    texts,
)

UPDATE = "run: python app/update_translations.py, translate what it lists, run it again"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_untranslated(language: Language) -> None:
    translations = read_ts(language)
    missing = [text.source for text in texts() if not translations.get(text)]
    assert missing == [], UPDATE


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_left_that_the_app_does_not_say(language: Language) -> None:
    assert sorted(read_ts(language)) == texts(), UPDATE


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_carry_the_same_facts(language: Language) -> None:
    for text, translated in read_ts(language).items():
        assert fields(translated) == fields(text.source), text.source


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_file_is_what_its_source_says(language: Language, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    compile_qm(language, fresh)
    assert fresh.read_bytes() == qm_path(language).read_bytes(), UPDATE


def test_texts_are_really_collected() -> None:
    found = texts()
    assert Text("Counter", "To pay") in found
    assert Text("Counter", "Card", "way to pay") in found
    assert any(text.context == "errors" for text in found)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("zh", Language.CHINESE),
        ("zh-Hans", Language.CHINESE),
        ("zh_CN.UTF-8", Language.CHINESE),
        ("ja-JP", Language.JAPANESE),
        ("EN", Language.ENGLISH),
        ("fr", None),
        ("", None),
    ],
)
def test_languages_go_by_many_names(name: str, language: Language | None) -> None:
    assert language_named(name) is language
