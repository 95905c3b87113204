"""`python -m bench`: one run of all that is measured, on both databases. docs/performance.md says how to read it."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import report
from bench.installation import KEPT, Databases, Installation, Served, serving
from bench.processes import pss_mb

# Memory and cold start come with the lifecycles.
PARTS = ("lifecycles", "pages", "shares", "ledger", "deadlines", "suggestions", "chain")
DATABASES = ("postgres", "sqlite")
ROUNDS = 3
SURE = 0.75  # chance from which an answer counts as given


def main() -> int:
    args = _arguments()
    amounts = QUICK if args.quick else FULL
    told: dict[str, Any] = {"amounts": amounts, "machine": report.machine()}
    begun = time.monotonic()
    for name in args.databases:
        if {"lifecycles", "pages", "shares", "ledger"} & set(args.only):
            with Databases(name) as databases:
                told[name] = on_database(databases, args.only, amounts)
    if "deadlines" in args.only:
        told["deadlines"] = deadlines(amounts)
    if "suggestions" in args.only:
        told["suggestions"] = Installation("sqlite", 0, "", Path(KEPT)).part("suggestions", amounts["folds"], SURE)
    if "chain" in args.only:
        told["chain"] = chain(quick=args.quick)
    told["minutes"] = (time.monotonic() - begun) / 60
    (KEPT / "results.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(json.dumps(told) if args.json else report.text(told))
    return 0


def chain(*, quick: bool) -> dict[str, Any]:
    """In a process of its own: it loads the product's programs and needs no database."""
    command = [sys.executable, "-m", "bench.chain", *(["--quick"] if quick else [])]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


FULL = {"small": 10_000, "large": 100_000, "one": 60, "many": 160, "clicked": 64, "times": 40, "next": 2000,
        "deadlines": 1_000_000, "ledger": 100_000, "folds": 10, "rounds": ROUNDS}  # fmt: skip
QUICK = {"small": 1000, "large": 10_000, "one": 20, "many": 64, "clicked": 16, "times": 12, "next": 100,
         "deadlines": 200_000, "ledger": 10_000, "folds": 1, "rounds": 1}  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=_words(PARTS), default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--databases", type=_words(DATABASES), default=list(DATABASES), help=", ".join(DATABASES))
    parser.add_argument("--quick", action="store_true", help="few cases, one round: whether all works")
    parser.add_argument("--json", action="store_true", help="JSON alone on stdout")
    return parser.parse_args()


def _words(known: tuple[str, ...]) -> Any:
    def words(text: str) -> list[str]:
        given = text.split(",")
        if unknown := set(given) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(known)}")
        return given

    return words


def on_database(databases: Databases, only: list[str], amounts: dict[str, int]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    small = databases.filled(amounts["small"])
    if "lifecycles" in only:
        told["lifecycles"] = lifecycles(databases, small, amounts)
    if "shares" in only:
        _say(databases, "where the milliseconds go")
        copy = databases.copy(small, "measured")
        doors = copy.part("doors")
        told["shares"] = copy.part("shares", json.dumps({"doors": doors, "first": 1, "pages": pages_of(doors)}))
    if "pages" in only:
        told["pages"] = {str(size): pages(databases, size, amounts) for size in (amounts["small"], amounts["large"])}
    if "ledger" in only:
        told["ledger"] = ledger(databases, small, amounts["ledger"])
    return told


def ledger(databases: Databases, small: Installation, rows: int) -> dict[str, Any]:
    """A large ledger in, out and away again, once, and what the pages take meanwhile."""
    _say(databases, f"a ledger of {rows:,} rows")
    place = databases.copy(small, "measured")
    doors = place.part("doors")
    shown = ("list", "inbox, office", "case, open", "receipt")
    with serving(place) as served:
        plan = {
            "session": doors["dispatchers"][0],
            "rows": rows,
            "asked": {name: pages_of(doors)[name] for name in shown},
            "web": _pids(databases, served)["web"],
        }
        return place.part("ledger", served.port, json.dumps(plan))


def lifecycles(databases: Databases, small: Installation, amounts: dict[str, int]) -> dict[str, Any]:
    """Whole lives of cases over HTTP and by raw SQL, in turn, each round on a fresh copy."""
    rounds = []
    for number in range(amounts["rounds"]):
        _say(databases, f"lifecycles, round {number + 1}")
        place = databases.copy(small, "measured")
        place.part("worked")
        doors = place.part("doors")
        with serving(place) as served:
            plan = {"doors": doors, "pids": _pids(databases, served)}
            told = {
                "one": _lives(place, served, plan, 1, amounts["one"], 0),
                "many": _lives(place, served, plan, 8, amounts["many"], 1000),
                "clicked": _lives(place, served, plan, 8, amounts["clicked"], 2000, pages=True),
                "cold_start_s": served.started_in,
                "pss_mb": {name: sum(map(pss_mb, given)) for name, given in plan["pids"].items()},
            }
        told["raw_one"] = place.part("raw", 1, amounts["one"], 3000)
        told["raw_many"] = place.part("raw", 8, amounts["many"], 4000)
        rounds.append(told)
    return median(rounds)


def _lives(
    place: Installation,
    served: Served,
    plan: dict[str, Any],
    clients: int,
    count: int,
    first: int,
    *,
    pages: bool = False,
) -> Any:
    more = {"clients": clients, "count": count, "first": first, "pages": pages}
    return place.part("lifecycles", served.port, json.dumps(plan | more))


def pages(databases: Databases, size: int, amounts: dict[str, int]) -> dict[str, Any]:
    place = databases.filled(size)
    place.part("worked")
    doors = place.part("doors")
    rounds = []
    for number in range(amounts["rounds"]):
        _say(databases, f"pages at {size:,} cases, round {number + 1}")
        with serving(place) as served:
            plan = {
                "asked": pages_of(doors),
                "times": amounts["times"],
                "walk": [doors["dispatchers"][0], "/cases/", amounts["next"]],
                "pids": _pids(databases, served),
            }
            rounds.append(place.part("pages", served.port, json.dumps(plan)))
    return median(rounds)


def pages_of(doors: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return name → (session, path) of the pages that are measured."""
    office, unit, head = doors["dispatchers"][0], doors["liaisons"][0], doors["heads"][0]
    return {
        "list": (office, "/cases/"),
        "list, open": (office, "/cases/?state=open"),
        "list, of a unit": (office, f"/cases/?unit={doors['units'][0]}"),
        "list, late": (office, "/cases/?overdue=on"),
        "list, as a unit": (unit, "/cases/"),
        "search, every fifth": (office, f"/cases/?q={quote('厂房')}"),
        "search, one in 500": (office, f"/cases/?q={quote('压裂')}"),
        "inbox, office": (office, "/desk/"),
        "inbox, unit": (unit, "/desk/"),
        "cockpit": (office, "/cockpit/wall/"),
        "figure, all rows": (office, f"/figures/cases.intake/?kind={quote('累计')}"),
        "case, closed": (office, f"/cases/{doors['closed'][0]}/"),
        "case, open": (office, f"/cases/{doors['begun'][0]}/"),
        "form of dispatch": (office, f"/cases/{doors['fresh'][0]}/do/dispatch/"),
        "equation, month": (head, "/equation/"),
        "leader": (head, "/leader/"),
        "receipt": ("", f"/r/{doors['receipts'][0]}/"),
        "whistle": ("", f"/w/{doors['whistle']}/"),
    }


def deadlines(amounts: dict[str, int]) -> dict[str, Any]:
    place = Installation("sqlite", 0, "", Path(KEPT))
    return median([place.part("deadlines", amounts["deadlines"]) for _ in range(amounts["rounds"])])


def median(rounds: list[Any]) -> Any:
    """Return the median of each number, at its place in the same shape."""
    if isinstance(rounds[0], dict):
        return {name: median([one[name] for one in rounds]) for name in rounds[0]}
    if isinstance(rounds[0], list):
        return [median(list(several)) for several in zip(*rounds, strict=True)]
    return statistics.median(rounds)


def _pids(databases: Databases, served: Served) -> dict[str, list[int]]:
    return {**served.pids, "database": databases.pids}


def _say(databases: Databases, what: str) -> None:
    print(f"  {databases.name}: {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
