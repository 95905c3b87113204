"""`lianshang replay`: somebody's finished tickets, measured against a mechanism profile. Nothing is stored."""

import argparse
from pathlib import Path
from typing import Any

from lianshang.cases import headings, presets, replay
from lianshang.config.output import Unusable, emit
from lianshang.kernel import tables
from lianshang.kernel.calendars import WorkCalendar, national
from lianshang.kernel.parcels import decoded
from lianshang.kernel.profiles import Profile, ProfileFaults, ProfileUnreadable

HELP = "机制试算：用历史台账测算一个机制方案的按期情况"
NEEDS_DATABASE = False

_SHOWN = 20  # unreadable rows in the text; JSON has all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="历史台账：.xlsx 或 .csv，可以是 .gz")
    parser.add_argument("--profile", metavar="NAME", required=True, help="自带方案的代号、园区自己的方案，或方案文件")
    parser.add_argument("--map", metavar="FILE", help="对照表：JSON，我方字段 → 表头")
    parser.add_argument("--kind", metavar="KIND", default="", help="限时类别，默认“一般”")
    parser.add_argument("--sheet", metavar="NAME", help="工作表名，默认第一个有表头的")


def run(args: argparse.Namespace) -> int:
    profile, calendar = _profile(args.profile, args.park), national()
    try:
        mapping = headings.load_map(decoded(_content(args.map))) if args.map else {}
        sheet = tables.read(Path(args.file), sheet=args.sheet, recognise=headings.recogniser(mapping))
        read, unread = replay.tickets(sheet, calendar.zone, mapping)
        found = replay.replay(read, unread, profile, calendar, args.kind)
    except (tables.Unreadable, headings.Misheaded, replay.NotMeasurable) as error:
        raise Unusable(str(error)) from error
    emit(args, found, _text(found, profile, calendar))
    return 1 if unread else 0


def _profile(name: str, park: str) -> Profile:
    """A shipped one, a file, or the park's own, which alone needs the database."""
    if name in presets.preset_names():
        return presets.preset(name)
    try:
        if Path(name).is_file():
            return presets.read(decoded(_content(name)))
    except ProfileUnreadable as error:
        raise Unusable(str(error)) from error
    except ProfileFaults as error:
        faults = len(error.faults)
        raise Unusable(f"机制方案文件有 {faults} 处问题，先用 lianshang profile check 查看并改好。") from error
    return _own(name, park)


def _own(name: str, park: str) -> Profile:
    from lianshang.config.profiles import named

    try:
        return named(name, park)
    except LookupError as error:
        shipped = "、".join(presets.preset_names())
        raise Unusable(f"没有名为“{name}”的机制方案，也没有这个文件。自带的有：{shipped}。") from error


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unusable(f"读不了文件“{path}”。请检查路径和权限。") from error


def _text(found: dict[str, Any], profile: Profile, calendar: WorkCalendar) -> str:
    limit, answered = found["limit"], found["answered"]
    late = "，".join(f"{kind} {count} 件" for kind, count in found["late"].items()) or "0 件"
    within = "，".join(f"{n} 个工作日 {_percent(share)}" for n, share in found["share_within"].items())
    days = found["median_working_days"]
    lines = [
        f"机制方案　{profile.label}（{profile.name}）；{limit['label']}期限：{limit['kind']}，{limit['words']}",
        f"工作日历　{calendar.title}",
        f"台账行数　{found['rows']}",
        f"已答复　　{answered}",
        f"只作回执　{found['acknowledged_only']}（“已收悉”“已转办”一类，不算答复）",
        f"未答复　　{found['unanswered']}",
        f"按期答复　{found['on_time']}（{_percent(found['on_time'] / answered if answered else None)}）",
        f"超期答复　{late}",
        f"办理用时　中位数 {'—' if days is None else f'{days:g}'} 个工作日；{within}",
        f"无法测算　{len(found['unreadable'])} 行",
    ]
    return "\n".join([*lines, *_unreadable(found["unreadable"])])


def _unreadable(rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"  第 {row['row']} 行：{row['reason']}" for row in rows[:_SHOWN]]
    return [*lines, f"  还有 {len(rows) - _SHOWN} 行，加 --json 看全部"] if len(rows) > _SHOWN else lines


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"
