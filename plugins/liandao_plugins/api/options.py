"""Settings of one call to a plugin: text from a person, checked against the manifest.

The host makes them, so a plugin never meets an option that it did not declare nor misses
one that it did.
"""

from collections.abc import Mapping
from pathlib import Path

from liandao_node.errors import OperatorFault

from liandao_plugins.api.manifest import Manifest, Option, OptionKind


class Options:
    """Declared options with their values, given or default."""

    __slots__ = ("_kinds", "_values")

    def __init__(self, manifest: Manifest, given: Mapping[str, str]) -> None:
        """Checks ``given`` against ``manifest``.

        Raises OperatorFault ``OPTION_UNKNOWN``, ``OPTION_MISSING``, ``OPTION_NOT_INTEGER``.
        """
        declared = {option.name: option for option in manifest.options}
        for name in given:
            if name not in declared:
                raise OperatorFault("OPTION_UNKNOWN", plugin=manifest.identifier, option=name)
        self._kinds = {name: option.kind for name, option in declared.items()}
        self._values = {
            name: _checked(manifest.identifier, option, given.get(name, option.default))
            for name, option in declared.items()
        }

    def path(self, name: str) -> Path:
        """A file or directory, ``~`` expanded. It need not exist."""
        return Path(self._value(name, OptionKind.PATH)).expanduser()

    def text(self, name: str) -> str:
        return self._value(name, OptionKind.TEXT)

    def integer(self, name: str) -> int:
        return int(self._value(name, OptionKind.INTEGER))

    def _value(self, name: str, kind: OptionKind) -> str:
        assert self._kinds.get(name) is kind, f"option {name} is not declared as {kind}"
        return self._values[name]


def _checked(plugin: str, option: Option, value: str | None) -> str:
    if value is None:
        raise OperatorFault("OPTION_MISSING", plugin=plugin, option=option.name)
    if option.kind is OptionKind.INTEGER:
        try:
            int(value)
        except ValueError as error:
            raise OperatorFault(
                "OPTION_NOT_INTEGER", plugin=plugin, option=option.name, value=value[:80]
            ) from error
    return value
