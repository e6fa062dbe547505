"""A plugin whose manifest is wrong is refused by the name of the field."""

from dataclasses import replace

import pytest
from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    OperatorFault,
    Option,
    OptionKind,
    Permission,
)
from liandao_plugins.host.manifest_check import check_manifest
from support.plugin_fakes import FakePlugin, manifest

GOOD = manifest()
TWICE = Option("town", OptionKind.TEXT, "a town")


def test_a_good_manifest_is_handed_back() -> None:
    assert check_manifest(FakePlugin(GOOD)) is GOOD


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (replace(GOOD, identifier=""), "identifier"),
        (replace(GOOD, identifier="Has-Caps"), "identifier"),
        (replace(GOOD, identifier="../../etc"), "identifier"),
        (replace(GOOD, identifier="x" * 41), "identifier"),
        (replace(GOOD, identifier=5), "identifier"),  # type: ignore[arg-type]
        (replace(GOOD, name=""), "name"),
        (replace(GOOD, version=""), "name"),
        (replace(GOOD, api_version="1.0"), "api_version"),  # type: ignore[arg-type]
        (replace(GOOD, api_version=(1, 0, 0)), "api_version"),  # type: ignore[arg-type]
        (replace(GOOD, permissions=frozenset({"everything"})), "permissions"),  # type: ignore[arg-type]
        (replace(GOOD, permissions=[Permission.FILES_READ]), "permissions"),  # type: ignore[arg-type]
        (replace(GOOD, offers=()), "offers"),
        (replace(GOOD, offers=("receipt_source",)), "offers receipt_source"),  # type: ignore[arg-type]
        (replace(GOOD, options=(TWICE, TWICE)), "options"),
        (replace(GOOD, options=("town",)), "options"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_field_is_named(bad: Manifest, field: str) -> None:
    with pytest.raises(OperatorFault) as caught:
        check_manifest(FakePlugin(bad))
    assert caught.value.code == "PLUGIN_MANIFEST"
    assert caught.value.facts["field"] == field


def test_an_object_without_a_manifest_is_no_plugin() -> None:
    for stranger in (object(), "plugin", None, type("P", (), {"manifest": {"name": "x"}})()):
        with pytest.raises(OperatorFault, match="PLUGIN_MANIFEST"):
            check_manifest(stranger)


def test_an_offer_without_its_method_is_refused() -> None:
    class Empty:
        manifest = replace(GOOD, offers=(ExtensionPoint.HIT_SOURCE,))

    with pytest.raises(OperatorFault) as caught:
        check_manifest(Empty())
    assert caught.value.facts["field"] == "offers hit_source"


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        (API_VERSION, True),
        ((API_VERSION[0], API_VERSION[1] + 1), False),
        ((API_VERSION[0] + 1, 0), False),
        ((API_VERSION[0] - 1, 99), False),
    ],
)
def test_a_plugin_for_another_interface_is_refused(version: tuple[int, int], fits: bool) -> None:
    plugin = FakePlugin(manifest(api_version=version))
    if fits:
        check_manifest(plugin)
    else:
        with pytest.raises(OperatorFault) as caught:
            check_manifest(plugin)
        assert caught.value.code == "PLUGIN_API_VERSION"
        assert caught.value.facts["wanted"] == f"{version[0]}.{version[1]}"
