"""Which plugins there are, in what state, and what an enabled one hands out."""

import pytest
from liandao_plugins.api import ExtensionPoint, OperatorFault, Permission
from liandao_plugins.host import PluginHost, PluginState
from liandao_plugins.host.discovery import Found, NotUsable
from support.plugin_fakes import FakePlugin, manifest

BOTH = (ExtensionPoint.RECEIPT_SOURCE, ExtensionPoint.HIT_SOURCE)
NET = frozenset({Permission.NETWORK_FETCH})


def _states(host: PluginHost) -> dict[str, PluginState]:
    return {status.manifest.identifier: status.state for status in host.plugins}


def test_own_plugins_are_enabled_and_a_strangers_waits_for_the_owner() -> None:
    ours, theirs = FakePlugin(manifest("ours")), FakePlugin(manifest("theirs"))
    host = PluginHost([Found(ours, builtin=True), Found(theirs, builtin=False)])
    assert _states(host) == {"ours": PluginState.ENABLED, "theirs": PluginState.DISCOVERED}
    assert [status.builtin for status in host.plugins] == [True, False]
    with pytest.raises(OperatorFault) as caught:
        host.receipt_source("theirs", {})
    assert caught.value.code == "PLUGIN_NOT_ENABLED"
    assert theirs.towns == []


def test_life_of_a_plugin() -> None:
    plugin = FakePlugin(manifest(offers=BOTH))
    host = PluginHost([Found(plugin, builtin=False)])
    host.enable("fake", frozenset())
    host.receipt_source("fake", {"town": "Wuzhen"})
    host.hit_source("fake", {})
    host.disable("fake")
    assert _states(host) == {"fake": PluginState.DISABLED}
    with pytest.raises(OperatorFault, match="PLUGIN_NOT_ENABLED"):
        host.hit_source("fake", {})
    host.enable("fake", NET)
    host.hit_source("fake", {})
    assert plugin.towns == ["Wuzhen", "Suzhou", "Suzhou"]


def test_a_plugin_works_only_with_every_permission_that_it_asks_for() -> None:
    wants = NET | {Permission.FILES_READ}
    host = PluginHost([Found(FakePlugin(manifest(permissions=wants)), builtin=False)])
    with pytest.raises(OperatorFault) as caught:
        host.enable("fake", NET)
    assert caught.value.code == "PLUGIN_PERMISSION"
    assert caught.value.facts["permission"] == "files.read"
    assert _states(host) == {"fake": PluginState.DISCOVERED}
    host.enable("fake", wants)
    assert _states(host) == {"fake": PluginState.ENABLED}


def test_an_unknown_plugin_is_named_with_the_known_ones() -> None:
    host = PluginHost([Found(FakePlugin(manifest()), builtin=True)])
    for ask in (
        lambda: host.receipt_source("nobody", {}),
        lambda: host.enable("nobody", frozenset()),
        lambda: host.disable("nobody"),
    ):
        with pytest.raises(OperatorFault) as caught:
            ask()
        assert caught.value.code == "PLUGIN_UNKNOWN"
        assert caught.value.facts == {"plugin": "nobody", "known": "fake"}


def test_only_what_is_offered_is_asked_for() -> None:
    host = PluginHost([Found(FakePlugin(manifest()), builtin=True)])
    with pytest.raises(OperatorFault) as caught:
        host.hit_source("fake", {})
    assert caught.value.code == "PLUGIN_NO_SUCH_OFFER"
    assert caught.value.facts["point"] == "hit_source"


def test_options_are_checked_before_the_plugin_sees_them() -> None:
    plugin = FakePlugin(manifest())
    host = PluginHost([Found(plugin, builtin=True)])
    with pytest.raises(OperatorFault, match="OPTION_UNKNOWN"):
        host.receipt_source("fake", {"city": "x"})
    assert plugin.towns == []


def test_a_plugins_own_fault_passes_and_its_bug_is_named() -> None:
    fault = OperatorFault("FILE_MISSING", path="x")
    host = PluginHost([Found(FakePlugin(manifest(), fault), builtin=True)])
    with pytest.raises(OperatorFault) as caught:
        host.receipt_source("fake", {})
    assert caught.value is fault
    host = PluginHost([Found(FakePlugin(manifest(), KeyError("x")), builtin=True)])
    with pytest.raises(OperatorFault) as caught:
        host.receipt_source("fake", {})
    assert caught.value.code == "PLUGIN_FAILED"
    assert caught.value.facts["plugin"] == "fake"


def test_the_first_of_two_with_one_identifier_stays() -> None:
    first, second = FakePlugin(manifest()), FakePlugin(manifest())
    host = PluginHost([Found(first, builtin=True), Found(second, builtin=False)])
    host.receipt_source("fake", {})
    assert (first.towns, second.towns) == (["Suzhou"], [])
    assert [fault.code for fault in host.faults] == ["PLUGIN_TWICE"]


def test_what_is_not_usable_is_told() -> None:
    fault = OperatorFault("PLUGIN_NOT_LOADED", plugin="odd", detail="x")
    assert PluginHost([NotUsable("odd", fault)]).faults == [fault]
