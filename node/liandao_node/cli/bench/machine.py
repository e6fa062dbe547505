"""What a run was measured on: facts that compare machines and name none of them."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Final

import msgspec

from liandao_node import __version__

HERE: Final = Path(__file__).resolve().parent
GIT_S_MAX: Final = 10


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """No host name, no path, no user."""

    cores: int
    """That this process may use."""
    cpu: str
    memory_mb: int
    system: str
    kernel: str
    python: str
    file_system: str
    """Of the nodes' data; a sync is free on tmpfs."""
    load_before: float
    """Load average of the last minute before the run: noise."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    version: str
    git: str
    """Commit, empty outside a checkout."""
    changed: bool
    """The checkout held uncommitted changes."""


def machine(data: Path) -> Machine:
    """Facts about this computer; ``data`` is where the nodes will write."""
    return Machine(
        cores=_cores(),
        cpu=_cpu(),
        memory_mb=_memory_mb(),
        system=platform.system(),
        kernel=platform.release(),
        python=platform.python_version(),
        file_system=_file_system(data),
        load_before=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
    )


def source() -> Source:
    commit = _git("rev-parse", "HEAD")
    return Source(
        version=__version__,
        git=commit,
        changed=bool(commit and _git("status", "--porcelain", "--untracked-files=no")),
    )


def _git(*arguments: str) -> str:
    """Output of git about this checkout; empty where there is none."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=GIT_S_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _cpu() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _memory_mb() -> int:
    for line in _lines(Path("/proc/meminfo")):
        name, _, value = line.partition(":")
        if name == "MemTotal":
            return int(value.split()[0]) // 1_024
    return 0


def _file_system(data: Path) -> str:
    """Kind of the file system that holds ``data``; empty where the system does not tell."""
    where = data.resolve()
    best, kind = -1, ""
    for line in _lines(Path("/proc/self/mounts")):
        _, mount, type_, *_ = line.split(" ")
        if where.is_relative_to(mount) and len(mount) >= best:
            best, kind = len(mount), type_
    return kind


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
