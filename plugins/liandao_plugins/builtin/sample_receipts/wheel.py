"""The data file of a package that ships real purchases: fetched once, checked, kept.

The package is `lifetimes` (MIT), version and digest pinned here; its code is never installed
nor run, only one text file is taken out of its wheel. Where packages come from is the user's
own pip configuration: no address stands here.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

from liandao_plugins.api import OperatorFault

REQUIREMENT: Final = "lifetimes==0.11.3"
WHEEL: Final = "Lifetimes-0.11.3-py3-none-any.whl"
WHEEL_SHA256: Final = "261e3dc89977c2b60767ca6728aaa29d429de0c814635070a749c36555895da8"
MEMBER: Final = "lifetimes/datasets/CDNOW_master.txt"
_FETCH_SECONDS_MAX: Final = 180
_WHEEL_BYTES_MAX: Final = 4 * 1024 * 1024
_MEMBER_BYTES_MAX: Final = 8 * 1024 * 1024

Fetch: TypeAlias = Callable[[Path], None]
"""Puts the wheel into an empty directory, or raises OperatorFault."""


def pip_download(directory: Path) -> None:
    """Asks pip for the wheel, without its dependencies.

    Raises OperatorFault ``SAMPLE_NO_PIP``, ``SAMPLE_NOT_FETCHED``.
    """
    command = [_python_with_pip(), "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--no-input", "--disable-pip-version-check", "--retries=1", "--timeout=15"]
    command += ["--quiet", "--dest", str(directory), REQUIREMENT]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_FETCH_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OperatorFault(
            "SAMPLE_NOT_FETCHED", requirement=REQUIREMENT, detail=type(error).__name__
        ) from error
    if done.returncode != 0:
        complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
        detail = complaint[-1][:200] if complaint else f"pip exit code {done.returncode}"
        raise OperatorFault("SAMPLE_NOT_FETCHED", requirement=REQUIREMENT, detail=detail)


def _python_with_pip() -> str:
    """This interpreter, or the one that its virtual environment was made from: the project's
    own environment has no pip in it. Raises OperatorFault ``SAMPLE_NO_PIP``."""
    if find_spec("pip") is not None:
        return sys.executable
    base = str(getattr(sys, "_base_executable", "") or sys.executable)
    probe = subprocess.run(
        [base, "-m", "pip", "--version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if probe.returncode != 0:
        raise OperatorFault("SAMPLE_NO_PIP", requirement=REQUIREMENT)
    return base


def purchase_log(cache: Path, fetch: Fetch, digest: str) -> Path:
    """The purchase log as a file in ``cache``, fetched when it is not there yet.

    Raises OperatorFault ``SAMPLE_HASH`` when a wheel is not the pinned one (it is thrown
    away), ``SAMPLE_CACHE`` when the cache cannot be written, and those of ``fetch``.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        wheel = cache / WHEEL
        if not wheel.is_file():
            _fetch_into(wheel, fetch)
        if wheel.stat().st_size > _WHEEL_BYTES_MAX or _sha256(wheel) != digest:
            wheel.unlink()
            raise OperatorFault("SAMPLE_HASH", wheel=WHEEL)
        return _unpack(wheel, cache / Path(MEMBER).name)
    except OSError as error:
        raise OperatorFault("SAMPLE_CACHE", path=str(cache), detail=str(error)[:200]) from error


def _fetch_into(wheel: Path, fetch: Fetch) -> None:
    with tempfile.TemporaryDirectory(dir=wheel.parent, prefix="fetch-") as name:
        fetch(Path(name))
        fetched = [file for file in Path(name).iterdir() if file.suffix == ".whl"]
        if len(fetched) != 1:
            raise OperatorFault("SAMPLE_NOT_FETCHED", requirement=REQUIREMENT, detail="no wheel")
        fetched[0].replace(wheel)


def _unpack(wheel: Path, target: Path) -> Path:
    """Takes the log out of a wheel whose digest was checked."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.open(MEMBER).read(_MEMBER_BYTES_MAX)
    part = target.with_suffix(".part")
    part.write_bytes(text)
    part.replace(target)
    return target


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
