"""mypy sees every module, and none talks its way out of being checked."""

import re
import tomllib
from typing import Final

from mypy.config_parser import parse_config_file
from mypy.find_sources import create_source_list
from mypy.options import Options
from support.tree import LAUNCHER, ROOT, label, listing, package_files, project_files, source

_WAY_OUT: Final = re.compile(r"#\s*mypy:|#\s*type:\s*ignore(?!\[)")


def test_mypy_sees_every_module() -> None:
    options = Options()
    parse_config_file(options, lambda: None, str(ROOT / "pyproject.toml"))
    assert options.files
    paths = [str(ROOT / name) for name in options.files]
    seen = {entry.path for entry in create_source_list(paths, options)}
    tests = [path for path in project_files() if path.suffix == ".py" and "tests" in path.parts]
    unseen = [p for p in (*package_files(), *tests, LAUNCHER) if str(p) not in seen]
    assert not (found := [label(path) for path in unseen]), listing(found)


def test_mypy_is_strict_with_all_of_them() -> None:
    mypy = tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["mypy"]
    assert mypy["strict"] is True
    assert not (found := {"overrides", "exclude", "ignore_errors", "follow_imports"} & set(mypy)), (
        listing(found)
    )


def test_no_module_switches_the_checker_off() -> None:
    """An ``ignore`` names the error it is for."""
    found = [
        f"{label(path)}:{number}"
        for path in package_files()
        for number, line in enumerate(source(path).splitlines(), 1)
        if _WAY_OUT.search(line)
    ]
    assert not found, listing(found)
