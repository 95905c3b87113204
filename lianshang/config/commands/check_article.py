"""`lianshang check-article`: each figure of a text against the records, as of a day."""

import argparse
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lianshang.config.output import Unusable, emit

HELP = "核对文稿：文中每个数字有没有依据，对不对"
NEEDS_DATABASE = True

WORDS = {
    "supported": "● 有依据",
    "contradicted": "▲ 与台账不符",
    "overlapping": "◆ 含交叉未注明",
    "unknown": "○ 没有对上",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="文稿，UTF-8 文本")
    parser.add_argument("--as-of", metavar="DATE", default="", help="截至哪一天，默认今天，如 2026-11-23")


def run(args: argparse.Namespace) -> int:
    from django_scopes import scope

    from lianshang.config.parks import chosen
    from lianshang.reports import checking

    text = _text(args.file)
    park = chosen(args.park)
    if park is None:
        raise Unusable("还没有任何园区，没有可以核对的记录。请先运行 lianshang demo，或建立园区。")
    with scope(park=park):
        found = checking.check(text, _standpoint(park, args.as_of))
    emit(args, [_plain(one) for one in found], _table(found))
    return 1 if any(one.verdict == checking.CONTRADICTED for one in found) else 0


def _text(path: str) -> str:
    """The text as it is: places are counted in it, so line ends stay; a mark at its beginning is no character of it."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unusable(f"读不了文件“{path}”。请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise Unusable(f"文件“{path}”不是 UTF-8 文本。请另存为 UTF-8 的 TXT 再核对。") from error


def _standpoint(park: Any, asked: str) -> Any:
    from django.utils import timezone

    from lianshang.reports.times import Standpoint

    clock = timezone.now()
    today = clock.astimezone(park.zoneinfo).date()
    try:
        return Standpoint(park, date.fromisoformat(asked) if asked else today, clock)
    except ValueError as error:
        raise Unusable(f"--as-of 的日期“{asked}”不对，请写成 2026-11-23 这样。") from error


def _plain(one: Any) -> dict[str, Any]:
    return {
        "text": one.mention.text,
        "start": one.mention.start,
        "end": one.mention.end,
        "verdict": one.verdict,
        "true_value": _true_value(one),
        "figure": one.figure.key if one.figure else None,
    }


def _true_value(one: Any) -> Decimal | str | None:
    """In the figure's unit; “—” where there was nothing to measure; nothing where no figure was matched."""
    if one.figure is None:
        return None
    return "—" if one.value is None else one.value


def _table(found: list[Any]) -> str:
    from lianshang.reports import checking

    if not found:
        return "文中没有带量词的数字。"
    lines = [
        f"{one.mention.start:>6}　{one.mention.text}　{WORDS[one.verdict]}　{_note(one)}".rstrip() for one in found
    ]
    counts = "，".join(f"{words[2:]} {sum(one.verdict == key for one in found)}" for key, words in WORDS.items())
    wrong = any(one.verdict == checking.CONTRADICTED for one in found)
    return "\n".join([*lines, f"共 {len(found)} 处：{counts}。{'请改正与台账不符的。' if wrong else ''}"])


def _note(one: Any) -> str:
    if one.figure is None:
        return str(one.reason)
    crosses = f"；{'，'.join(one.crosses)}" if one.crosses else ""
    return (
        f"{one.figure.label}（{one.when.period.label}）：{one.shown}{crosses}"
        if one.when
        else f"{one.figure.label}：{one.reason}"
    )
