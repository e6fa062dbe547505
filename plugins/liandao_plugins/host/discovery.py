"""Where plugins come from: a tuple of built-in ones, and entry points of installed packages.

The built-in ones are a tuple because a frozen application has no entry points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from liandao_plugins.api import OperatorFault, Plugin
from liandao_plugins.host.manifest_check import check_manifest

ENTRY_POINT_GROUP: Final = "liandao.plugins"
BUILTIN: Final = (
    "liandao_plugins.builtin.receipt_import",
    "liandao_plugins.builtin.access_log",
    "liandao_plugins.builtin.sample_receipts",
    "liandao_plugins.builtin.generated_hits",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that passed the manifest check."""

    plugin: Plugin
    builtin: bool


@dataclass(frozen=True, slots=True)
class NotUsable:
    """Something that calls itself a plugin and cannot be used."""

    name: str
    fault: OperatorFault


def find_builtin() -> Iterator[Found]:
    """Our own plugins. One that is broken is our bug and is not caught."""
    for module in BUILTIN:
        plugin = import_module(module).plugin
        check_manifest(plugin)
        yield Found(plugin, builtin=True)


def find_installed() -> Iterator[Found | NotUsable]:
    """Plugins of packages that somebody installed beside Liandao.

    Looking for them imports them. A stranger's broken plugin never keeps the shop from
    opening: whatever its import raises is told and not passed on.
    """
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: (e.name, e.value)):
        try:
            yield Found(_load(entry), builtin=False)
        except OperatorFault as fault:
            yield NotUsable(entry.name, fault)


def _load(entry: EntryPoint) -> Plugin:
    try:
        plugin: Plugin = entry.load()
    except Exception as error:
        raise OperatorFault(
            "PLUGIN_NOT_LOADED", plugin=entry.name, detail=f"{type(error).__name__}: {error}"[:200]
        ) from error
    check_manifest(plugin)
    return plugin
