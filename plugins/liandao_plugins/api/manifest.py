"""What a plugin says about itself before any of its code is called for work."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

API_VERSION: Final = (1, 1)
"""Major, minor. A plugin made for (1, m) works with every (1, n) where n >= m."""


class Permission(StrEnum):
    """What a plugin reaches outside of itself. The owner reads this list before she says yes.

    It is a declaration, not a sandbox: a plugin runs in the host's process, and a dishonest
    one can do what that process can. docs/plugins.md says so to the owner too.
    """

    FILES_READ = "files.read"
    """Reads files that the owner named."""
    CACHE_WRITE = "cache.write"
    """Writes into the user's cache directory."""
    NETWORK_FETCH = "network.fetch"
    """Asks a server for something."""


class ExtensionPoint(StrEnum):
    """Where a plugin can be asked for work: the name is that of its method."""

    RECEIPT_SOURCE = "receipt_source"
    HIT_SOURCE = "hit_source"


class OptionKind(StrEnum):
    """How an option's text is read."""

    PATH = "path"
    TEXT = "text"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an extension point, as command line and settings screen show it."""

    name: str
    kind: OptionKind
    help: str
    """One line in English."""
    default: str | None = None
    """None: the option must be given."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's identity card."""

    identifier: str
    """Lower-case letters, digits and underscores; never changes."""
    name: str
    """For people."""
    version: str
    api_version: tuple[int, int]
    """`API_VERSION` that it was written for."""
    offers: tuple[ExtensionPoint, ...]
    permissions: frozenset[Permission]
    options: tuple[Option, ...] = ()
