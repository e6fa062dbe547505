"""Options reach a plugin as its manifest declares them."""

from pathlib import Path

import pytest
from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    OperatorFault,
    Option,
    OptionKind,
    Options,
)

MANIFEST = Manifest(
    identifier="weather",
    name="Weather",
    version="1",
    api_version=API_VERSION,
    offers=(ExtensionPoint.HIT_SOURCE,),
    permissions=frozenset(),
    options=(
        Option("file", OptionKind.PATH, "a file"),
        Option("city", OptionKind.TEXT, "a city", default="Suzhou"),
        Option("days", OptionKind.INTEGER, "how many", default="7"),
    ),
)


def test_given_values_and_defaults_arrive_with_their_kinds() -> None:
    options = Options(MANIFEST, {"file": "~/a.csv", "days": "-3"})
    assert options.path("file") == Path.home() / "a.csv"
    assert options.text("city") == "Suzhou"
    assert options.integer("days") == -3


@pytest.mark.parametrize(
    ("given", "code", "option"),
    [
        ({}, "OPTION_MISSING", "file"),
        ({"file": "a", "town": "b"}, "OPTION_UNKNOWN", "town"),
        ({"file": "a", "days": "many"}, "OPTION_NOT_INTEGER", "days"),
        ({"file": "a", "days": "1.5"}, "OPTION_NOT_INTEGER", "days"),
    ],
)
def test_a_wrong_option_is_named(given: dict[str, str], code: str, option: str) -> None:
    with pytest.raises(OperatorFault) as caught:
        Options(MANIFEST, given)
    assert caught.value.code == code
    assert caught.value.facts["option"] == option
    assert caught.value.facts["plugin"] == "weather"


def test_asking_for_an_undeclared_option_is_a_bug_of_the_plugin() -> None:
    options = Options(MANIFEST, {"file": "a"})
    with pytest.raises(AssertionError):
        options.text("file")
    with pytest.raises(AssertionError):
        options.text("street")
