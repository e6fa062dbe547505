"""The plugins of one shop: which there are, in what state, and what they offer, by type."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar, cast

from liandao_plugins.api import (
    ExtensionPoint,
    HitSource,
    Manifest,
    OffersHits,
    OffersReceipts,
    OperatorFault,
    Options,
    Permission,
    Plugin,
    ReceiptSource,
)
from liandao_plugins.host.discovery import Found, NotUsable, find_builtin, find_installed
from liandao_plugins.host.guard import plugin_at_work

Source = TypeVar("Source")


class PluginState(StrEnum):
    """discovered -> enabled <-> disabled. Only an enabled plugin is asked for work."""

    DISCOVERED = "discovered"
    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """A plugin as a settings screen lists it."""

    manifest: Manifest
    builtin: bool
    state: PluginState


class PluginHost:
    """Built-in plugins are enabled at once; an installed one when the owner grants what its
    manifest asks for."""

    def __init__(self, found: Iterable[Found | NotUsable] | None = None) -> None:
        """``found`` is for tests; without it the host looks everywhere."""
        self._plugins: dict[str, Plugin] = {}
        self._status: dict[str, PluginStatus] = {}
        self._faults: list[OperatorFault] = []
        for each in [*find_builtin(), *find_installed()] if found is None else found:
            if isinstance(each, NotUsable):
                self._faults.append(each.fault)
            else:
                self._take(each)

    @property
    def plugins(self) -> list[PluginStatus]:
        """All usable plugins, in the order they were found."""
        return list(self._status.values())

    @property
    def faults(self) -> list[OperatorFault]:
        """Why other ones are not usable."""
        return list(self._faults)

    def enable(self, identifier: str, granted: frozenset[Permission]) -> None:
        """Lets a plugin work.

        Raises OperatorFault ``PLUGIN_UNKNOWN``, or ``PLUGIN_PERMISSION`` when ``granted``
        lacks something that the manifest asks for.
        """
        manifest = self._known(identifier).manifest
        missing = sorted(manifest.permissions - granted)
        if missing:
            raise OperatorFault(
                "PLUGIN_PERMISSION", plugin=identifier, permission=", ".join(missing)
            )
        self._set(identifier, PluginState.ENABLED)

    def disable(self, identifier: str) -> None:
        """Takes a plugin out of work. Raises OperatorFault ``PLUGIN_UNKNOWN``."""
        self._known(identifier)
        self._set(identifier, PluginState.DISABLED)

    def receipt_source(self, identifier: str, options: Mapping[str, str]) -> ReceiptSource:
        """A fresh source of orders.

        Raises OperatorFault ``PLUGIN_UNKNOWN``, ``PLUGIN_NOT_ENABLED``, ``PLUGIN_NO_SUCH_OFFER``,
        ``OPTION_*``, ``PLUGIN_FAILED``, and what the plugin raises for options that cannot work.
        """
        plugin = cast("OffersReceipts", self._offering(identifier, ExtensionPoint.RECEIPT_SOURCE))
        return _call(plugin, plugin.receipt_source, options)

    def hit_source(self, identifier: str, options: Mapping[str, str]) -> HitSource:
        """A fresh source of web hits. Raises as `receipt_source` does."""
        plugin = cast("OffersHits", self._offering(identifier, ExtensionPoint.HIT_SOURCE))
        return _call(plugin, plugin.hit_source, options)

    def _take(self, found: Found) -> None:
        manifest = found.plugin.manifest
        if manifest.identifier in self._plugins:
            self._faults.append(OperatorFault("PLUGIN_TWICE", plugin=manifest.identifier))
            return
        self._plugins[manifest.identifier] = found.plugin
        state = PluginState.ENABLED if found.builtin else PluginState.DISCOVERED
        self._status[manifest.identifier] = PluginStatus(manifest, found.builtin, state)

    def _set(self, identifier: str, state: PluginState) -> None:
        self._status[identifier] = replace(self._status[identifier], state=state)

    def _known(self, identifier: str) -> PluginStatus:
        status = self._status.get(identifier)
        if status is None:
            known = ", ".join(self._status)[:200]
            raise OperatorFault("PLUGIN_UNKNOWN", plugin=identifier[:80], known=known)
        return status

    def _offering(self, identifier: str, point: ExtensionPoint) -> Plugin:
        status = self._known(identifier)
        if status.state is not PluginState.ENABLED:
            raise OperatorFault("PLUGIN_NOT_ENABLED", plugin=identifier, state=status.state)
        if point not in status.manifest.offers:
            raise OperatorFault("PLUGIN_NO_SUCH_OFFER", plugin=identifier, point=point)
        return self._plugins[identifier]


def _call(plugin: Plugin, make: Callable[[Options], Source], options: Mapping[str, str]) -> Source:
    with plugin_at_work(plugin.manifest.identifier):
        return make(Options(plugin.manifest, options))
