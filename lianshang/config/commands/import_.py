"""`lianshang import cases`: old ledgers become cases with their own history, all rows or none."""

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianshang.config.output import Unusable, emit, say

if TYPE_CHECKING:
    from datetime import datetime

    from lianshang.cases.importing import Ledger
    from lianshang.cases.ledger_rows import Parsed
    from lianshang.directory.models import Park
    from lianshang.kernel.profiles import Profile

HELP = "导入历史台账"
NEEDS_DATABASE = True

_SHOWN = 20  # errors in the text; JSON has all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", metavar="cases", required=True)
    cases = actions.add_parser("cases", help="导入诉求、工单、留言台账")
    cases.add_argument("file", metavar="FILE", help="台账：.xlsx 或 .csv，可以是 .gz")
    cases.add_argument("--profile", metavar="NAME", default="", help="按哪个机制方案计时，默认园区现用的")
    cases.add_argument("--map", metavar="FILE", help="对照表：JSON，我方字段 → 表头")
    cases.add_argument("--sheet", metavar="NAME", default="", help="工作表名，默认第一个有表头的")
    cases.add_argument("--dry-run", action="store_true", help="只检查，不导入")
    cases.add_argument("--partial", action="store_true", help="有问题的行跳过，其余照常导入")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone
    from django_scopes import scope

    from lianshang.config.parks import chosen

    park, at = chosen(args.park), timezone.now()
    with scope(park=park) if park else nullcontext():
        ledger, parsed = _read(args, park, at)
    if args.dry_run or not parsed.drafts or (parsed.errors and not args.partial):
        return _tell(args, None, 0, parsed)
    park = park or _found(args.profile, at)
    with scope(park=park):
        return _store(args, park, ledger, parsed, at)


def _read(args: argparse.Namespace, park: "Park | None", at: "datetime") -> "tuple[Ledger, Parsed]":
    """The rows that are sound, and what is wrong with the others."""
    from django.utils import timezone

    from lianshang.cases import headings, importing
    from lianshang.kernel.parcels import Unreadable, decoded

    zone = park.zoneinfo if park else timezone.get_default_timezone()
    try:
        mapping = headings.load_map(decoded(_content(args.map))) if args.map else {}
        content = _content(args.file)
        ledger = importing.opened(content, args.file, sheet=args.sheet, mapping=mapping)
        parsed = importing.judged(ledger, profile=_profile(args.profile, park), zone=zone, at=at, mapping=mapping)
    except (Unreadable, headings.Misheaded) as error:
        raise Unusable(str(error)) from error
    return ledger, importing.without_repeats(parsed, importing.number_column(ledger, mapping)) if park else parsed


def _profile(name: str, park: "Park | None") -> "Profile":
    """The mechanism that was named, or the park's; where there is no park yet, the one it will begin with."""
    from lianshang.cases import mechanism, presets

    own = mechanism.own(name) if park else None
    if own:
        return presets.kept(own.document)
    try:
        return presets.preset(name or presets.DEFAULT)
    except KeyError as error:
        shipped = "、".join(presets.preset_names())
        raise Unusable(f"没有名为“{name}”的机制方案。自带的有：{shipped}。") from error


def _found(profile: str, at: "datetime") -> "Park":
    from django.db import transaction
    from django_scopes import scope

    from lianshang.cases import mechanism, presets
    from lianshang.directory import actors
    from lianshang.directory.founding import found_park

    with transaction.atomic():
        park = found_park()
        with scope(park=park):
            mechanism.adopt(presets.preset(profile or presets.DEFAULT), actor=actors.system(park), at=at)
    say(f"这里还没有园区，已建立“{park.name}”（{park.code}），可在设置里改名。")
    return park


def _store(args: argparse.Namespace, park: "Park", ledger: "Ledger", parsed: "Parsed", at: "datetime") -> int:
    from lianshang.cases import mechanism, services
    from lianshang.directory import actors
    from lianshang.kernel.refusals import Refused

    system = actors.system(park)
    version = mechanism.named(args.profile, actor=system, at=at)
    try:
        batch = services.bring_in(ledger, parsed.drafts, actor=system, at=at, version=version)
    except Refused as error:
        raise Unusable(str(error)) from error
    return _tell(args, batch.pk, len(parsed.drafts), parsed)


def _tell(args: argparse.Namespace, batch: int | None, created: int, parsed: "Parsed") -> int:
    errors = [
        {"row": error.row, "column": error.column, "value": error.value, "message": error.message}
        for error in parsed.errors
    ]
    found = {"batch": batch, "rows": parsed.rows, "created": created, "errors": errors}
    emit(args, found, _text(found, len(parsed.drafts), dry_run=args.dry_run))
    return 1 if errors else 0


def _text(found: Mapping[str, Any], sound: int, *, dry_run: bool) -> str:
    errors = found["errors"]
    wrong = len({error["row"] for error in errors})
    lines = [f"台账 {found['rows']} 行，可以导入 {sound} 行，有问题的 {wrong} 行。"]
    if found["batch"]:
        lines.append(f"已导入 {found['created']} 件，批次 {found['batch']}。撤销：lianshang undo {found['batch']}")
    elif dry_run:
        lines.append("只是检查，没有导入。")
    elif sound:
        lines.append("没有导入。改好再导入，或加 --partial 只导入没有问题的行。")
    lines += [f"  第 {e['row']} 行 {e['column']}“{e['value']}”：{e['message']}" for e in errors[:_SHOWN]]
    return "\n".join([*lines, f"  还有 {len(errors) - _SHOWN} 处，加 --json 看全部"] if len(errors) > _SHOWN else lines)


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unusable(f"读不了文件“{path}”。请检查路径和权限。") from error
