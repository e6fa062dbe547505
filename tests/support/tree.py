"""The project's own files, for the tests that judge them (tests/tidy)."""

import ast
import functools
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = (
    ROOT / "app" / "liandao_app",
    ROOT / "node" / "liandao_node",
    ROOT / "plugins" / "liandao_plugins",
)
LAUNCHER: Final = ROOT / "liandao"
MADE_FOLDERS: Final = frozenset({"__pycache__", "build", "dist", "demo-out", "shots"})
"""Not ours: tools and demos make them. Folders with a leading dot are skipped too, but .ci."""


def label(path: Path) -> str:
    """A path as a failure names it: relative, with slashes."""
    return path.relative_to(ROOT).as_posix()


def listing(found: Iterable[object]) -> str:
    """What a check found, a line each, as a failure shows it."""
    pairs = found.items() if isinstance(found, Mapping) else ((item, "") for item in found)
    return "\n".join(["", *sorted(f"{item} {detail}".rstrip() for item, detail in pairs)])


def project_files() -> Iterator[Path]:
    """Every file that somebody here wrote, in a fixed order."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            name
            for name in folders
            if name not in MADE_FOLDERS and (not name.startswith(".") or name == ".ci")
        )
        yield from (Path(folder) / name for name in sorted(names))


def python_files() -> list[Path]:
    """Modules of the packages, tests, benchmarks and the launcher."""
    return [path for path in project_files() if path.suffix == ".py" or path == LAUNCHER]


def package_files() -> list[Path]:
    """Modules that are shipped."""
    return sorted(path for package in PACKAGES for path in package.rglob("*.py"))


def module_name(path: Path) -> str:
    """Import name of a shipped module."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts[1:])
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(source(path), filename=str(path))
