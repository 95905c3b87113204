"""The figures of a run as text: ratios first, then what they are made of."""

import os
import platform
import sys
from pathlib import Path
from typing import Any

WORDS = {"postgres": "PostgreSQL", "sqlite": "SQLite"}


def machine() -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "model": _model(),
    }


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def text(told: dict[str, Any]) -> str:
    """Return the whole report."""
    of = told["machine"]
    parts = [f"{of['processors']} × {of['model']}, Python {of['python']}, load before {of['load_before']:.1f}"]
    for name, words in WORDS.items():
        if name in told:
            parts += [f"\n== {words} ==", *_database(told[name], told["amounts"])]
    if "deadlines" in told:
        one = told["deadlines"]
        parts.append(
            f"\n{one['deadlines']:,} deadlines of mixed units: {one['seconds']:.1f} s ({one['us']:.1f} µs each)"
        )
    if "suggestions" in told:
        parts += _suggestions(told["suggestions"])
    if "chain" in told:
        parts += _chain(told["chain"])
    parts.append(f"\n{told['minutes']:.1f} minutes, medians of {told['amounts']['rounds']}")
    return "\n".join(parts)


def _chain(told: dict[str, Any]) -> list[str]:
    size = f"{told['enterprises']:,} enterprises, {told['activities']:,} activities, {told['products']:,} products"
    rows = [(f"linear program, {size}", told["lp_s"])]
    rows += [(f"  scipy linprog, {told['scipy_over_ours']:.1f} times ours", told["scipy_s"])] if told["scipy_s"] else []
    rows += [
        ("each of 62 enterprises stopped", told["n1_of_62_s"]),
        (f"each of 1,000 stopped, {told['n1_of_1000_solved']} solved after screening", told["n1_of_1000_s"]),
        ("one what-if, warm", told["what_if_warm_s"]),
        ("the demo park analysed whole", told["analyse_demo_s"]),
        ("the map laid out", told["map_s"]),
        (f"layers of a graph of {told['graph_nodes']:,} nodes", told["layers_s"]),
    ]
    if told["networkx_s"]:
        rows.append((f"  networkx, {told['networkx_over_ours']:.1f} times ours", told["networkx_s"]))
    return ["", f"{'chain, processor time':78}{'s':>9}", *(f"{words:78}{seconds:9.4f}" for words, seconds in rows)]


def _suggestions(told: dict[str, Any]) -> list[str]:
    if not told["is_here"]:
        return ["", "suggestions: the reference data (LIANSHANG_SHARED) are not here"]
    lines = [
        "",
        f"suggestions learned from labelled messages, {told['folds']} of 10 folds, no group on both sides",
        f"{'':22}{'rows':>7}{'known':>8}{'first':>8}{'of three':>10}{'answered':>10}{'right then':>12}{'train s':>9}{'ask ms':>8}",
    ]
    for name, one in told["learned"].items():
        lines.append(
            f"{name:22}{one['rows']:7,.0f}{one['known']:8.3f}{one['top1']:8.3f}{one['top3']:10.3f}{one['answered']:10.3f}"
            f"{one['right']:12.3f}{one['train_s']:9.1f}{one['ask_ms']:8.2f}"
        )
    lines += ["", f"{'repeated messages from':22}{'precision':>10}{'recall':>8}"]
    lines += [f"{one['least']:22}{one['precision']:10.3f}{one['recall']:8.3f}" for one in told["repeats"]]
    return lines


def _database(told: dict[str, Any], amounts: dict[str, int]) -> list[str]:
    lines: list[str] = []
    if "lifecycles" in told:
        lines += _lifecycles(told["lifecycles"])
    if "pages" in told:
        lines += _pages(told["pages"], told.get("shares", {}))
    if "shares" in told:
        lines += _shares(told["shares"])
    if "ledger" in told:
        lines += _ledger(told["ledger"])
    return lines


def _ledger(told: dict[str, Any]) -> list[str]:
    alone = told["alone"]
    lines = [
        "",
        f"a ledger of {told['rows']:,} rows ({told['in_mb']:.0f} MB in, {told['out_mb']:.0f} MB out)",
        f"{'':10}{'seconds':>9}{'rows/s':>9}{'MB':>7}{'pages p50':>11}{'of alone':>10}{'p95':>8}{'of alone':>10}",
        f"{'alone':10}{'':25}{alone['p50']:11.1f}{'':10}{alone['p95']:8.1f}",
    ]
    for name in ("check", "store", "out", "undo"):
        one = told[name]
        lines.append(
            f"{name:10}{one['seconds']:9.1f}{one['per_second']:9.0f}{one['mb']:7.0f}{one['p50']:11.1f}"
            f"{one['p50'] / alone['p50']:10.2f}{one['p95']:8.1f}{one['p95'] / alone['p95']:10.2f}"
        )
    return lines


def _lifecycles(told: dict[str, Any]) -> list[str]:
    lines = [
        "",
        f"{'lifecycles':28}{'each second':>12}{'of the same rows':>18}{'of the least rows':>19}{'CPU ms: web':>13}{'worker':>9}{'database':>10}",
    ]
    for name, raw, words in (("one", "raw_one", "1 client"), ("many", "raw_many", "8 clients")):
        one, same, least = told[name], told[raw]["same"], told[raw]["least"]
        lines.append(
            f"{words:28}{one['per_second']:12.1f}{one['per_second'] / same['per_second']:18.3f}"
            f"{one['per_second'] / least['per_second']:19.3f}{_cpu(one)}"
        )
        lines.append(f"{'  raw SQL':28}{'':12}{same['per_second']:16.1f}/s{least['per_second']:17.1f}/s")
    one = told["clicked"]
    memory = ", ".join(f"{name} {mb:.0f} MB" for name, mb in told["pss_mb"].items() if mb)
    lines.append(f"{'8 clients, with all pages':28}{one['per_second']:12.1f}{'':37}{_cpu(one)}")
    lines += [
        "  ms at 1 client: " + ", ".join(f"{step} {ms:.1f}" for step, ms in told["one"]["ms_each"].items()),
        f"  statements that write, by step: {', '.join(f'{n:.0f}' for n in told['raw_one']['same']['statements'])}",
        f"memory (PSS): {memory}; cold start {told['cold_start_s']:.2f} s",
    ]
    return lines


def _cpu(one: dict[str, Any]) -> str:
    return "".join(f"{ms:{wide}.1f}" for ms, wide in zip(one["cpu_ms"].values(), (13, 9, 10), strict=True))


def _pages(told: dict[str, Any], shares: dict[str, Any]) -> list[str]:
    small, large = told
    lines = [
        "",
        f"{'page':22}{'queries':>8}"
        + "".join(f"{f'{int(size):,} p50':>14}{'p95':>8}{'CPU':>7}" for size in told)
        + f"{'ratio':>8}{'KB':>6}",
    ]
    for name in told[small]:
        if name == "next pages":
            continue
        cells = "".join(
            f"{one['p50']:14.1f}{one['p95']:8.1f}{sum(ms for name, ms in one.items() if name.startswith('cpu_')):7.1f}"
            for one in (told[small][name], told[large][name])
        )
        ratio = told[large][name]["p50"] / told[small][name]["p50"]
        queries = shares.get(name, {}).get("queries", 0)
        lines.append(f"{name:22}{queries:8.0f}{cells}{ratio:8.2f}{told[large][name]['kb']:6.0f}")
    for size, pages in told.items():
        one = pages["next pages"]
        lines.append(
            f"{one['pages']:.0f} next pages at {int(size):,}: p50 {one['p50']:.1f}, p95 {one['p95']:.1f}; "
            f"first {one['first']:.1f}, last {one['last']:.1f}"
        )
    return lines


def _shares(told: dict[str, Any]) -> list[str]:
    names = ("cpu", "database", "templates", "rest", "waited", "queries")
    lines = ["", f"{'CPU ms in one process':26}" + "".join(f"{name:>11}" for name in names)]
    lines += [f"{page:26}" + "".join(f"{one[name]:11.1f}" for name in names) for page, one in told.items()]
    steps = [one for page, one in told.items() if page.startswith("POST")]
    lines.append(f"{'five POSTs':26}" + "".join(f"{sum(one[name] for one in steps):11.1f}" for name in names))
    return lines
