"""Own plugins come from a tuple, strangers' from entry points; none of theirs stops us."""

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType

import pytest
from liandao_plugins.host import BUILTIN, ENTRY_POINT_GROUP, PluginHost, PluginState, discovery
from liandao_plugins.host.discovery import Found, NotUsable, find_builtin, find_installed
from support.plugin_fakes import FakePlugin, manifest


def test_every_built_in_plugin_is_in_the_tuple_and_passes_the_check() -> None:
    found = list(find_builtin())
    assert all(each.builtin for each in found)
    names = [each.plugin.manifest.identifier for each in found]
    assert names == [module.rpartition(".")[2] for module in BUILTIN]
    folder = Path(str(sys.modules["liandao_plugins.builtin"].__file__)).parent
    with_plugin = {
        file.parent.name
        for file in folder.glob("*/__init__.py")
        if "\nplugin: Final" in file.read_text()
    }
    assert with_plugin == set(names)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three packages that call themselves plugins of ours."""
    module = ModuleType("strangers_plugins")
    good = FakePlugin(manifest("weather"))
    module.__dict__.update(good=good, odd=object(), later=FakePlugin(manifest(api_version=(9, 0))))
    monkeypatch.setitem(sys.modules, "strangers_plugins", module)
    entries = [
        EntryPoint(name, value, ENTRY_POINT_GROUP)
        for name, value in (
            ("later", "strangers_plugins:later"),
            ("weather", "strangers_plugins:good"),
            ("odd", "strangers_plugins:odd"),
            ("gone", "no_such_package:plugin"),
            ("half", "strangers_plugins:missing"),
        )
    ]

    def entry_points(group: str) -> EntryPoints:
        return EntryPoints(entries).select(group=group)

    monkeypatch.setattr(discovery, "entry_points", entry_points)


@pytest.mark.usefixtures("installed")
def test_broken_strangers_are_told_and_good_ones_found() -> None:
    found = list(find_installed())
    assert {e.name: e.fault.code for e in found if isinstance(e, NotUsable)} == {
        "gone": "PLUGIN_NOT_LOADED",
        "half": "PLUGIN_NOT_LOADED",
        "later": "PLUGIN_API_VERSION",
        "odd": "PLUGIN_MANIFEST",
    }
    (good,) = (each for each in found if isinstance(each, Found))
    assert good.plugin.manifest.identifier == "weather"
    assert not good.builtin


@pytest.mark.usefixtures("installed")
def test_a_host_looks_in_both_places() -> None:
    host = PluginHost()
    states = {status.manifest.identifier: status.state for status in host.plugins}
    assert states.pop("weather") is PluginState.DISCOVERED
    assert len(states) == len(BUILTIN)
    assert set(states.values()) == {PluginState.ENABLED}
    assert len(host.faults) == 4
