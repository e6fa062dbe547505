"""CPU time and memory of other processes, as the kernel counts them (Linux)."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_CPUCLOCK_SCHED: Final = 2
"""With a process id: the clock that clock_getcpuclockid(3) gives for that process."""


def cpu_ns(pids: Sequence[int]) -> int:
    """User and system time that these processes have used, all threads; 0 where unknown."""
    if sys.platform != "linux":
        return 0
    return sum(time.clock_gettime_ns(~pid << 3 | _CPUCLOCK_SCHED) for pid in pids)


def rss_mb(pid: int) -> float:
    """Resident memory, 10^6 bytes; 0 where unknown."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) * 1_024 / 1e6, 1)
    return 0.0


def rss_mb_max(pids: Sequence[int]) -> float:
    return max(map(rss_mb, pids))
