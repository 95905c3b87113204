"""`lianshang retention`: which personal data have been kept long enough; with `--erase` they go."""

import argparse
from typing import TYPE_CHECKING, Any

from lianshang.config.output import Unusable, emit

if TYPE_CHECKING:
    from lianshang.kernel.retention import Preview

HELP = "到期的个人信息：先看会清除什么，--erase 才清除"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--erase", metavar="类别", default="", help="清除这一类；不写就只看")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone
    from django_scopes import scope

    from lianshang.config import parks
    from lianshang.directory import retention

    park, now = parks.chosen(args.park), timezone.now()
    if park is None:
        raise Unusable("还没有任何园区。")
    with scope(park=park), timezone.override(park.zoneinfo):
        shown = [_told(one) for one in retention.previews(now)]
        if args.erase and args.erase not in {one["kind"] for one in shown}:
            raise Unusable(f"没有“{args.erase}”这一类，有：{'、'.join(one['kind'] for one in shown)}。")
        erased = retention.erase_for(park, args.erase, now) if args.erase else 0
    text = f"已清除 {erased} 条。" if args.erase else "\n".join(map(_line, shown))
    emit(args, {"park": park.code, "kinds": shown, "erased": erased}, text)
    return 0


def _told(shown: "Preview") -> dict[str, Any]:
    from lianshang.config.field_classes import class_of

    return {
        "kind": shown.kind.name,
        "label": shown.kind.label,
        "days": shown.days,
        "kept_for": shown.kept_for,
        "due": shown.count,
        "oldest": shown.oldest if shown.count else None,
        "first_due": shown.first_due,
        "columns": {column: class_of(column) for column in shown.kind.columns},
    }


def _line(one: dict[str, Any]) -> str:
    return f"{one['kind']:<16}{one['label']}：{one['kept_for']}，现在到期 {one['due']} 条"
