"""`python -m bench.pages PORT PLAN`: how long pages take at one client, over HTTP, connection kept.

PLAN is JSON: asked (name → [session, path]), times, walk ([session, path, pages] or nothing), pids. Each page is asked
for in rounds over all pages, so that a moment's noise falls on all alike. The walk follows 下一页 from the first page.
Milliseconds; prints JSON: name → p50, p95, KB, and for the walk the first and the last hundred pages.
"""

import json
import re
import statistics
import sys
import time
from html import unescape
from typing import Any

from bench.processes import cpu_ms
from bench.visitor import Visitor

WARM = 3
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def timed(visitor: Visitor, path: str) -> tuple[float, str]:
    begun = time.perf_counter()
    answer = visitor.get(path)
    spent = (time.perf_counter() - begun) * 1000
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}")
    return spent, answer.text


def quantiles(found: list[float]) -> dict[str, float]:
    """Return p50 and p95."""
    ordered = sorted(found)
    return {"p50": statistics.median(ordered), "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]}


def asked(port: int, pages: dict[str, list[str]], times: int, pids: dict[str, list[int]]) -> dict[str, Any]:
    visitors = {name: Visitor(port, session) for name, (session, _) in pages.items()}
    found: dict[str, list[float]] = {name: [] for name in pages}
    size: dict[str, float] = {}
    for _ in range(WARM):
        for name, (_session, path) in pages.items():
            size[name] = len(timed(visitors[name], path)[1].encode()) / 1024
    for _ in range(times):
        for name, (_session, path) in pages.items():
            found[name].append(timed(visitors[name], path)[0])
    told: dict[str, Any] = {name: quantiles(found[name]) | {"kb": size[name]} for name in pages}
    for name, (_session, path) in pages.items():
        told[name] |= _cpu(visitors[name], path, max(5, times // 4), pids)
    return told


def _cpu(visitor: Visitor, path: str, times: int, pids: dict[str, list[int]]) -> dict[str, float]:
    """Processor milliseconds of one request; the clock of /proc ticks every 10 ms, so over several."""
    before = {name: cpu_ms(*given) for name, given in pids.items()}
    for _ in range(times):
        timed(visitor, path)
    return {f"cpu_{name}": (cpu_ms(*given) - before[name]) / times for name, given in pids.items()}


def walked(port: int, session: str, path: str, pages: int) -> dict[str, Any]:
    """Follow the list's next page so many times, or to its end."""
    visitor, found, here = Visitor(port, session), [], path
    for _ in range(pages + 1):
        spent, text = timed(visitor, here)
        found.append(spent)
        following = NEXT.search(text)
        if following is None:
            break
        here = path.partition("?")[0] + unescape(following[1])
    some = max(1, min(100, len(found) // 4))
    return {
        "pages": len(found),
        **quantiles(found),
        "first": statistics.median(found[:some]),
        "last": statistics.median(found[-some:]),
    }


def main(port: int, plan: dict[str, Any]) -> dict[str, Any]:
    told = asked(port, plan["asked"], plan["times"], plan["pids"])
    if plan.get("walk"):
        told["next pages"] = walked(port, *plan["walk"])
    return told


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), json.loads(sys.argv[2]))))
