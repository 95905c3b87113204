"""`lianshang due`: when a period ends, and why. `due -` answers JSON lines.

START: 2026-02-13, 2026-02-13 9:05, 2026-02-13T09:05:00+08:00, 2026/2/13 9:05. A date alone is 00:00 of that day, which
makes no difference to day units. Without a zone it is meant in the calendar's zone, Asia/Shanghai by default.
"""

import argparse
import importlib
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from lianshang.config.output import Unusable, dumps, emit
from lianshang.kernel.calendars import CalendarFaults, WorkCalendar, national, overlay
from lianshang.kernel.deadlines import RECEIPTS, UNITS, Due, NoDeadline, due

HELP = "算期限：从何时起、多长、何时到期，逐行说明为什么"
NEEDS_DATABASE = False

START = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.)(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
DOCUMENTS = {".json", ".yaml", ".yml"}
NEEDED = ("start", "n", "unit")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "start", metavar="START", help="起算时间，如 2026-02-13 或 2026-02-13T10:30；“-”表示逐行读 JSON"
    )
    parser.add_argument("n", metavar="N", nargs="?", help="期限，整数")
    parser.add_argument("unit", metavar="UNIT", nargs="?", help=f"单位：{'、'.join(UNITS)}")
    parser.add_argument(
        "--calendar", metavar="NAME", default="national", help="日历名称，或日历文件（JSON、YAML）；默认全国"
    )
    parser.add_argument("--receipt", metavar="HOW", default="as-received", help=f"休息日收到：{' 或 '.join(RECEIPTS)}")


def run(args: argparse.Namespace) -> int:
    if args.start == "-":
        return _stream(args)
    if args.n is None or args.unit is None:
        raise Unusable(
            f"要写起算时间、期限和单位，如 lianshang due 2026-02-13 5 working-days；单位可用：{'、'.join(UNITS)}。"
        )
    calendar = _calendar(args.calendar, args.park)
    try:
        found = due(moment(args.start), _whole(args.n), args.unit, calendar, receipt=args.receipt)
    except NoDeadline as error:
        raise Unusable(str(error)) from None
    emit(args, _answer(found, calendar), _text(found, calendar))
    return 0


def moment(text: object) -> datetime:
    """Read a START. NoDeadline with a sentence where it is none."""
    found = START.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise NoDeadline(f"看不懂起算时间“{str(text)[:40]}”，请写成 2026-02-13 或 2026-02-13T10:30。")
    year, dashed, slashed, dotted, day, hour, minute, second, fraction, zone = found.groups()
    iso = f"{year}-{int(dashed or slashed or dotted):02}-{int(day):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
    try:
        return datetime.fromisoformat(f"{iso}.{(fraction or '0').ljust(6, '0')}{(zone or '').upper()}")
    except ValueError:
        raise NoDeadline(f"没有“{text}”这个时间，请检查日期和钟点。") from None


def _whole(text: str) -> int:
    if not WHOLE.fullmatch(text.strip()):
        raise NoDeadline(f"期限要是整数，不能是“{text[:40]}”。")
    return int(text)


def _stream(args: argparse.Namespace) -> int:
    """Answer each line at once, so that another program can ask and wait."""
    failed = 0
    for line in _lines():
        answer = _answer_line(line, args)
        failed += "error" in answer
        # A half surrogate pair from the input would break the output; as an escape it is valid JSON.
        sys.stdout.write(dumps(answer).encode("utf-8", "backslashreplace").decode() + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _lines() -> Iterator[bytes]:
    stream = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode())
    for number, line in enumerate(stream):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line


def _answer_line(line: bytes, args: argparse.Namespace) -> dict[str, Any]:
    """Answer one line, or say what is wrong with it. Other fields than ours are left alone."""
    try:
        asked = json.loads(line.decode())
    except (ValueError, RecursionError):
        return {"error": "这一行不是 UTF-8 编码的 JSON。"}
    try:
        return _answer_request(asked, args)
    except (NoDeadline, Unusable) as error:
        return {"error": str(error)}


def _answer_request(asked: object, args: argparse.Namespace) -> dict[str, Any]:
    if not isinstance(asked, Mapping) or any(key not in asked for key in NEEDED):
        raise NoDeadline("这一行要是一个 JSON 对象，写明 start、n、unit。")
    n, unit = asked["n"], asked["unit"]
    if type(n) is not int:
        raise NoDeadline(f"期限 n 要是整数，不能是 {json.dumps(n, ensure_ascii=False)[:40]}。")
    name, receipt = asked.get("calendar", args.calendar), asked.get("receipt", args.receipt)
    if not all(isinstance(word, str) for word in (unit, name, receipt)):
        raise NoDeadline("unit、calendar、receipt 要写成字符串。")
    calendar = _calendar(name, args.park)
    return _answer(due(moment(asked["start"]), n, unit, calendar, receipt=receipt), calendar)


def _answer(found: Due, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "due": found.at,
        "provisional": found.provisional,
        "calendar": calendar.name,
        "version": calendar.version,
        "steps": found.steps,
    }


def _text(found: Due, calendar: WorkCalendar) -> str:
    return "\n".join([*found.steps, f"日历：{calendar.title}，版本 {calendar.version}。"])


@cache
def _calendar(name: str, park: str) -> WorkCalendar:
    """Return the national calendar, a document laid over it, or a park's own one from the database."""
    if name == "national":
        return national()
    if Path(name).suffix.lower() in DOCUMENTS or Path(name).is_file():
        return _from_document(Path(name))
    return _of_park(name, park)


def _of_park(name: str, park: str) -> WorkCalendar:
    try:
        named = importlib.import_module("lianshang.config.calendars").named
    except ModuleNotFoundError:  # an installation of the command alone, without the parks' database
        named = None
    found: WorkCalendar | None = named(name, park) if named else None
    if found is None:
        raise Unusable(f"没有名为“{name}”的日历。可以写 national、园区日历的名称，或 JSON、YAML 日历文件。")
    return found


def _from_document(path: Path) -> WorkCalendar:
    import yaml

    try:
        return overlay(national(), yaml.safe_load(path.read_text("utf-8-sig")))
    except OSError:
        raise Unusable(f"打不开日历文件“{path}”，请检查路径。") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Unusable(f"日历文件“{path}”不是 UTF-8 编码的 JSON 或 YAML。") from None
    except CalendarFaults as faults:
        raise Unusable(f"日历文件“{path}”有误：{faults}") from None
