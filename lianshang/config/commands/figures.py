"""`lianshang figures`: every figure of the open ledger, with how many rows stand behind it."""

import argparse
from datetime import date
from typing import Any

from lianshang.config.output import Unusable, emit

HELP = "列出全部指标的数值、时段和凭据行数"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="DATE", default="", help="数据截至哪一天（当日终了），如 2026-11-23；默认此刻"
    )
    parser.add_argument(
        "--period",
        metavar="PERIOD",
        default="",
        help="2026、2026-Q3、2026-11 或 2026-11-01..2026-11-23；默认各指标的常用时段",
    )


def run(args: argparse.Namespace) -> int:
    from django_scopes import scope

    from lianshang.config import parks

    park = parks.chosen(args.park)
    if park is None:
        raise Unusable("还没有园区。可先运行 lianshang demo，或按说明建立园区。")
    with scope(park=park):
        listed = _listed(park, args)
    emit(args, listed, "\n".join(_line(one) for one in listed))
    return 0


def _listed(park: Any, args: argparse.Namespace) -> list[dict[str, Any]]:
    from django.utils import timezone

    from lianshang.indicators import registry, scopes

    clock = timezone.now()
    day = _day(args.as_of)
    within = scopes.as_of(park, None, day, clock=clock) if day else scopes.now(park, None, clock)
    asked = _period(args.period)
    pairs = [(one, asked or registry.period(one, within)) for one in registry.REGISTRY.values()]
    readings = [one.measure(within, period) for one, period in pairs]
    registry.gather(readings)
    return [_told(one, period, reading) for (one, period), reading in zip(pairs, readings, strict=True)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        raise Unusable(f"看不懂日期“{text[:40]}”，请写成 2026-11-23。") from None


def _period(text: str) -> Any:
    from lianshang.indicators import periods

    try:
        return periods.parse(text) if text else None
    except periods.NoPeriod as wrong:
        raise Unusable(str(wrong)) from None


def _told(one: Any, period: Any, reading: Any) -> dict[str, Any]:
    rows = reading.rows_count
    share = {"numerator": rows, "denominator": reading.of_count} if reading.of is not None else rows
    return {
        "key": one.key,
        "label": one.label,
        "value": "—" if reading.value is None else reading.value,
        "unit": one.unit,
        "kind": one.kind,
        "period": f"{period.first}" if period.first == period.last else period.text,
        "period_kind": period.kind,
        "period_label": period.label,
        "evidence": share,
        "definition": one.version,
    }


def _line(told: dict[str, Any]) -> str:
    rows = told["evidence"]
    behind = f"{rows['numerator']}/{rows['denominator']}" if isinstance(rows, dict) else f"{rows} 行"
    return f"{told['label']}　{told['value']}{told['unit'] if told['value'] != '—' else ''}　{told['period_label']}　{behind}　{told['key']}"
