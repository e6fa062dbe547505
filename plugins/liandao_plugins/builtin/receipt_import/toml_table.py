"""A TOML table read key by key, strictly: what is missing, of another type or unknown is named.

Knows nothing of what a mapping means.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from liandao_plugins.api import OperatorFault

Choice = TypeVar("Choice", bound=StrEnum)


class Table:
    """One table of a mapping file. `close` complains about keys that nobody asked for."""

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        self._name = name
        self._values = values
        self._tables: dict[str, Table] = {}
        self._asked: set[str] = set()

    def key(self, name: str) -> str:
        """The full name of a key, as errors tell it."""
        return f"{self._name}.{name}" if self._name else name

    def has(self, name: str) -> bool:
        self._asked.add(name)
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str:
        value = self._get(name, default)
        if not isinstance(value, str):
            raise OperatorFault("MAPPING_TYPE", key=self.key(name), expected="text")
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self._get(name, default)
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise OperatorFault("MAPPING_TYPE", key=self.key(name), expected="list of texts")
        return tuple(value)

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self._get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise OperatorFault("MAPPING_TYPE", key=self.key(name), expected="whole number")
        if not low <= value <= high:
            raise self.bad(name, str(value), f"between {low} and {high}")
        return value

    def switch(self, name: str, default: bool) -> bool:
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise OperatorFault("MAPPING_TYPE", key=self.key(name), expected="true or false")
        return value

    def choice(self, name: str, default: Choice) -> Choice:
        """One of an enum's values, by its text."""
        text = self.text(name, default.value)
        try:
            return type(default)(text)
        except ValueError as error:
            allowed = ", ".join(member.value for member in type(default))
            raise self.bad(name, text, allowed) from error

    def table(self, name: str, required: bool = True) -> "Table":
        """A table in this one; an empty one when it is not required and not there."""
        value = self._get(name, None if required else {})
        if not isinstance(value, dict):
            raise OperatorFault("MAPPING_TYPE", key=self.key(name), expected="table")
        self._tables[name] = Table(self.key(name), value)
        return self._tables[name]

    def bad(self, name: str, value: str, allowed: str) -> OperatorFault:
        """The error for a value that is of the right type and still makes no sense."""
        return OperatorFault(
            "MAPPING_VALUE", key=self.key(name), value=value[:80], allowed=allowed[:200]
        )

    def close(self) -> None:
        """Raises OperatorFault ``MAPPING_UNKNOWN_KEY`` for the first key nobody asked for."""
        for name in self._values:
            if name not in self._asked:
                raise OperatorFault("MAPPING_UNKNOWN_KEY", key=self.key(name))
        for table in self._tables.values():
            table.close()

    def _get(self, name: str, default: object | None) -> object:
        self._asked.add(name)
        if name in self._values:
            return self._values[name]
        if default is None:
            raise OperatorFault("MAPPING_MISSING", key=self.key(name))
        return default
