"""What this counter remembers between runs, in a small JSON file of the data directory."""

from pathlib import Path

import msgspec
from liandao_node.errors import StorageFault


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Unknown fields are passed over: a newer version may have written the file."""

    language: str = ""
    """Name of a language, empty for the system's."""


def settings_path(data: Path) -> Path:
    return data / "counter" / "settings.json"


def load_settings(data: Path) -> Settings:
    """The settings; defaults when there are none or they make no sense."""
    try:
        return msgspec.json.decode(settings_path(data).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        # Nothing in them is worth refusing to sell for.
        return Settings()


def save_settings(data: Path, settings: Settings) -> None:
    """Writes the file. Raises StorageFault ``SETTINGS_UNWRITABLE``."""
    path = settings_path(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(settings))
        beside.replace(path)
    except OSError as error:
        raise StorageFault("SETTINGS_UNWRITABLE", path=str(path)) from error
