"""What processes use, read from /proc: processor time and memory of a process with all under it."""

import os
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds
PPID, UTIME, CSTIME = 3, 13, 16  # places in /proc/<pid>/stat, from 0


def tree(pid: int) -> list[int]:
    """Return the process and all below it, as they are now."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[PPID]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def cpu_ms(*pids: int) -> float:
    """Return the processor milliseconds used so far by these processes and all below them, ended ones included."""
    fields = [stat for pid in pids for one in tree(pid) if (stat := _stat(one))]
    return TICK * sum(int(field) for stat in fields for field in stat[UTIME : CSTIME + 1])


def pss_mb(pid: int) -> float:
    """Return the proportional set size: private memory and a fair share of what is shared, of the process and all below."""
    total = 0
    for one in tree(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat; the name in brackets may hold blanks. Empty where the process has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    head, _, rest = text.rpartition(")")
    return [*head.split(" (", 1), *rest.split()]
