"""No file names a package registry's host or a folder of somebody's machine.

A checkout must work wherever the reader's own pip and apt are pointed, and leak nothing of
the machine it was written on.
"""

import re
from typing import Final

from support.tree import label, listing, project_files

# In pieces, so that this file passes its own test.
_HOSTS: Final = (
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "piwheels" + r"\.org",
    "ana" + r"conda\.(org|com)",
    "registry" + r"\.(npmjs|yarnpkg)",
    "crates" + r"\.io",
    r"(deb|security|archive|ftp|snapshot)\." + r"(debian\.org|ubuntu\.com)",
    "proxy" + r"\.golang",
    "repo1?" + r"\.maven",
)
_HOMES: Final = (
    "/" + r"(home|Users)/[a-z]\w*",
    "/" + r"root/",
    "/" + r"work/(main|shared)",
    r"[A-Z]:\\+" + r"Users\\",
)
_FORBIDDEN: Final = re.compile("|".join((*_HOSTS, *_HOMES)))


def test_the_search_finds_what_it_is_for() -> None:
    for planted in (
        "https://files.python" + "hosted.org/x.whl",
        "http://deb" + ".debian.org/debian",
        "/" + "home/ann/liandao",
        "C:\\" + "Users\\ann",
    ):
        assert _FORBIDDEN.search(planted), planted


def test_no_file_names_a_registry_host_or_a_home() -> None:
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{label(path)}: {match.group()}" for match in _FORBIDDEN.finditer(text)]
    assert not found, listing(found)
