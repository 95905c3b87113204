"""`python -m tests.rigs [LEDGER …]`: what the ledgers of the rigs come to, as the table of docs/reliability.md."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEEDED = {"kill": "kills under load", "cut": "power cuts", "non-interference": "pairs of worlds", "tamper": "attacks"}
COUNTED = ("points", "deaths", "cells", "pairs", "answers", "promised", "again")
Line = dict[str, Any]


def lines(paths: list[Path]) -> Iterator[Line]:
    for path in paths:
        yield from (json.loads(one) for one in path.read_text(encoding="utf-8").splitlines())


def grouped(found: Iterator[Line]) -> dict[tuple[str, str, str], list[Line]]:
    """Put together what one rig did on one database, each planted fault for itself."""
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for one in found:
        groups[one["rig"], one["database"], one.get("fault", "none")].append(one)
    return groups


def row(key: tuple[str, str, str], group: list[Line]) -> str:
    """One line: what was tried, under which seeds and commits, and how much of it held or was caught."""
    rig, database, fault = key
    counts = {name: sum(one.get(name, 0) for one in group) for name in COUNTED}
    counts["attacks"] = sum(sum(one["attacks"].values()) for one in group if "attacks" in one)
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    seeds = [one["seed"] for one in group if "seed" in one]
    span = f"{min(seeds)}–{max(seeds)}" if seeds else ""
    broken = sum(not one["held"] for one in group)
    end = f"{len(group) - broken} held, {broken} not" if fault == "none" else "caught" if broken else "NOT caught"
    commits = ", ".join(sorted({one["commit"] for one in group}))
    name = SEEDED.get(rig, rig) + ("" if fault == "none" else f", planted: {fault}")
    return f"| {name} | {database} | {len(group)} | {told} | {span} | {end} | {commits} |"


def main() -> None:
    from tests.rigs.ledger import PATH

    groups = grouped(lines([Path(word) for word in sys.argv[1:]] or [PATH]))
    print("| rig | database | runs | tried | seeds | outcome | commits |\n|---|---|---|---|---|---|---|")
    for key in sorted(groups):
        print(row(key, groups[key]))


if __name__ == "__main__":
    main()
