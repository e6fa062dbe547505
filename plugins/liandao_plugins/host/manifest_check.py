"""Whether an object is a plugin that this host can work with."""

import re
from typing import Final

from liandao_plugins.api import (
    API_VERSION,
    ExtensionPoint,
    Manifest,
    OperatorFault,
    Option,
    OptionKind,
    Permission,
)

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


def check_manifest(plugin: object) -> Manifest:
    """The manifest of ``plugin``, checked.

    Raises OperatorFault ``PLUGIN_MANIFEST`` (which names the field), ``PLUGIN_API_VERSION``.
    """
    manifest = getattr(plugin, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise _bad(type(plugin).__name__, "manifest")
    name = manifest.identifier
    if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name):
        raise _bad(str(name)[:80], "identifier")
    _check_version(manifest)
    if not all(isinstance(text, str) and text for text in (manifest.name, manifest.version)):
        raise _bad(name, "name")
    if not isinstance(manifest.permissions, frozenset) or not all(
        isinstance(permission, Permission) for permission in manifest.permissions
    ):
        raise _bad(name, "permissions")
    if not manifest.offers:
        raise _bad(name, "offers")
    for point in manifest.offers:
        if not isinstance(point, ExtensionPoint) or not callable(getattr(plugin, point, None)):
            raise _bad(name, f"offers {point}")
    names = [_option_name(name, option) for option in manifest.options]
    if len(set(names)) != len(names):
        raise _bad(name, "options")
    return manifest


def _check_version(manifest: Manifest) -> None:
    wanted = manifest.api_version
    if not isinstance(wanted, tuple) or [type(part) for part in wanted] != [int, int]:
        raise _bad(manifest.identifier, "api_version")
    if wanted[0] != API_VERSION[0] or wanted[1] > API_VERSION[1]:
        raise OperatorFault(
            "PLUGIN_API_VERSION",
            plugin=manifest.identifier,
            wanted=f"{wanted[0]}.{wanted[1]}",
            ours=f"{API_VERSION[0]}.{API_VERSION[1]}",
        )


def _option_name(plugin: str, option: object) -> str:
    if not isinstance(option, Option) or not isinstance(option.kind, OptionKind):
        raise _bad(plugin, "options")
    return option.name


def _bad(plugin: str, field: str) -> OperatorFault:
    return OperatorFault("PLUGIN_MANIFEST", plugin=plugin, field=field)
