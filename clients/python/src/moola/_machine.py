"""What this process and this machine say of themselves. Never raises; ``None`` where it is not known."""

from __future__ import annotations

import os
import platform
import sys
from typing import Optional

#: The kernel's way to write "no limit" into a version-1 control group.
_NO_LIMIT = 2**60


def host_name() -> str:
    """This machine's or pod's name."""
    return platform.node() or "unknown"


def memory_bytes() -> Optional[int]:
    """Resident memory of this process. Not on Linux: the most that it has been."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        pass
    try:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    except (ImportError, OSError, ValueError):
        return None


def memory_limit_bytes() -> Optional[int]:
    """What the container, else the machine, has."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path, "rb") as file:
                limit = int(file.read())
        except (OSError, ValueError):  # "max"
            continue
        if 0 < limit < _NO_LIMIT:
            return limit
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
