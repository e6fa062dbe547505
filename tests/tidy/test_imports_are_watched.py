"""Each import contract of pyproject.toml breaks when somebody breaks it.

A contract that cannot fail protects nothing: so every one gets an import planted in a copy of
the packages, and import-linter has to name that very import under that very contract.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from support.tree import PACKAGES, ROOT, module_name

PLANTED: Final = {
    "layers": ("node/liandao_node/wire/codec.py", "import liandao_node.runtime"),
    "pure": ("node/liandao_node/crypto/digest.py", "from time import time"),
    "strangers": ("node/liandao_node/ledger/__init__.py", "import liandao_node.consensus"),
    "client": ("node/liandao_node/client/__init__.py", "from liandao_node.crypto import keys"),
    "outsiders": ("node/liandao_node/runtime/__init__.py", "import liandao_node.client"),
    "simulator": ("node/liandao_node/runtime/__init__.py", "import liandao_node.sim"),
    "app": ("app/liandao_app/__init__.py", "from liandao_node.wire import api"),
    "node": ("node/liandao_node/doors/__init__.py", "import liandao_app"),
    "builtin": ("plugins/liandao_plugins/builtin/__init__.py", "import liandao_plugins.host"),
    "host": ("plugins/liandao_plugins/host/__init__.py", "import liandao_node.store"),
    "databases": ("node/liandao_node/runtime/__init__.py", "import apsw"),
    "verifier": (
        "node/liandao_node/proofs/verifier.py",
        "from liandao_node.crypto import merkle",
    ),
}
"""Contract id: the file of the copy and the line that must not stand there."""


def _contracts() -> dict[str, str]:
    """Ids of the contracts with their names."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in linter["contracts"]}


def _lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """import-linter on the packages below ``folder``, and on no installed copy of them."""
    parents = [str(folder / package.parent.name) for package in PACKAGES]
    run = f"import sys; sys.path[:0] = {parents}; from importlinter.cli import lint_imports_command"
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"{run}; lint_imports_command()",
            "--no-logo",
            "--no-cache",
            *options,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _copy(folder: Path) -> Path:
    """The packages and their contracts somewhere else."""
    for package in PACKAGES:
        target = folder / package.relative_to(ROOT)
        shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What import-linter says of each contract, by its id, where all are broken at once."""
    copy = _copy(tmp_path_factory.mktemp("breached"))
    for name, line in PLANTED.values():
        breach = copy / name
        breach.write_text(f"{breach.read_text()}\n{line}\n")
    done = _lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    told = done.stdout[done.stdout.index("Broken contracts") :]
    headings = {id_: f"\n{name}\n{'-' * len(name)}\n" for id_, name in _contracts().items()}
    starts = sorted(told.index(heading) for heading in headings.values() if heading in told)
    ends = dict(zip(starts, [*starts[1:], len(told)], strict=True))
    return {
        id_: told[told.index(heading) : ends[told.index(heading)]]
        for id_, heading in headings.items()
        if heading in told
    }


def test_the_project_keeps_its_contracts(tmp_path: Path) -> None:
    done = _lint(_copy(tmp_path))
    assert done.returncode == 0, done.stdout


def test_every_contract_has_its_breach() -> None:
    assert set(_contracts()) == set(PLANTED)


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_import_breaks_its_contract(breached: dict[str, str], contract: str) -> None:
    name, line = PLANTED[contract]
    assert contract in breached, "kept"
    importer = module_name(ROOT / name)
    imported = line.split()[1]  # both forms of the statement name it there
    assert f"{importer} -> {imported}" in breached[contract], breached[contract]
