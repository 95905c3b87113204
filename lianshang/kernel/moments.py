"""Dates and times as people type them into a sheet.

`read` takes 2019/4/25 9:32:09, 2019-04-25, 2019年4月25日 上午9点32分, 20190425, 2019.4.25 09:32, ISO 8601 with or
without a zone, numbers of Excel, Chinese numerals and full-width digits. What could mean two things (25/4/2019, 19-4-25)
is refused, never guessed: a wrong date in a ledger is worse than a cell to correct.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

YEARS = range(1949, 2200)
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # so that serial numbers fit in spite of Excel's 29 February 1900
EXCEL_SERIALS = range(20_000, 110_000)  # 1954 to 2201: below are amounts and row numbers

NOON, LUNCH_IS_OVER, EVENING = 12, 3, 5  # hours of a clock face

HOW = "请写成 2019-04-25 09:32 这样"


class Unclear(ValueError):
    """The text is no moment. The message is a Chinese clause: what is the matter and how to write it."""


@dataclass(frozen=True)
class Moment:
    """A point in time; where only the day is known, its beginning."""

    at: datetime  # aware
    day_only: bool = False

    def precedes(self, other: "Moment") -> bool:
        """Whether this is certainly earlier: by the day, where one of the two has no time of day."""
        if self.day_only or other.day_only:
            return self.at.date() < other.at.astimezone(self.at.tzinfo).date()
        return self.at < other.at


def read(value: str | date, zone: tzinfo) -> Moment:
    """The moment that a cell means; without a zone of its own it is in `zone`. Raises `Unclear`."""
    if isinstance(value, datetime):
        return Moment(_zoned(value, zone))
    if isinstance(value, date):
        return Moment(datetime.combine(value, time(), zone), day_only=True)
    text = _plain(value)
    if not text:
        raise Unclear("没有填时间")
    for pattern, meaning in _FORMS:
        if found := pattern.fullmatch(text):
            return meaning(found, zone)
    raise Unclear(_complaint(text))


# ── what is typed, made plain ────────────────────────────────────────────────────────────────────────────────────────

_NUMERALS = {mark: number for number, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_SPELLED = re.compile(r"[〇零○一二两三四五六七八九十]+(?=[年月日号时点分秒])")
_WEEKDAY = re.compile(
    r"[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?|\b(?:Mon|Tues?|Wed|Thu|Fri|Sat|Sun)[a-z]*,?", re.IGNORECASE
)


def _plain(text: str) -> str:
    """Half-width, numerals in digits, no weekday, single spaces."""
    text = unicodedata.normalize("NFKC", text).replace("北京时间", "")
    text = _SPELLED.sub(lambda found: _digits(found[0]), _WEEKDAY.sub(" ", text))
    return " ".join(text.split()).rstrip(" .。,;")


def _digits(spelled: str) -> str:
    """二〇一九 → 2019, 二十五 → 25, 十 → 10."""
    if "十" not in spelled:
        return "".join(str(_NUMERALS[mark]) for mark in spelled)
    tens, _, ones = spelled.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return spelled
    return str(10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0))


# ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────────────

_DAY_PERIODS = "凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|AM|PM|am|pm|A.M|P.M"
_DATE = r"(?P<year>\d{4})\s?[-/.\\、年]\s?(?P<month>\d{1,2})\s?[-/.\\、月]\s?(?P<day>\d{1,2})\s?[日号]?"
_ZONE = r"(?P<zone>Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})"
_CLOCK = (
    rf"(?P<before>{_DAY_PERIODS})?\s?(?P<hour>\d{{1,2}})\s?[::时点]\s?"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|整|(?P<minute>\d{1,2})(?:\s?[::分]\s?(?:(?P<second>\d{1,2})(?:[.,]\d+)?\s?秒?)?)?)?"
    rf"\s?(?P<after>AM|PM|am|pm)?\s?{_ZONE}?"
)
_FIELDS = ("hour", "minute", "second")
_MORNING = {"上午", "早上", "早", "早晨", "清晨"}
_NIGHT = {"晚上", "晚", "夜里"}


def _of_words(found: re.Match[str], zone: tzinfo) -> Moment:
    day = _day(found)
    if found["hour"] is None:
        return Moment(datetime.combine(day, time(), zone), day_only=True)
    hour, minute, second = (int(found[name] or 0) for name in _FIELDS)
    if found["half"] or found["quarter"]:
        minute = {"一": 15, "三": 45}.get(found["quarter"] or "", 30)
    hour = _hour(hour, found["before"] or found["after"] or "")
    return Moment(_at(day, hour, minute, second, _offset(found["zone"], zone)).astimezone(zone))


def _of_digits(found: re.Match[str], zone: tzinfo) -> Moment:
    day = _day(found)
    if not found["hour"]:
        return Moment(datetime.combine(day, time(), zone), day_only=True)
    hour, minute, second = (int(found[name] or 0) for name in _FIELDS)
    return Moment(_at(day, hour, minute, second, zone))


def _of_serial(found: re.Match[str], zone: tzinfo) -> Moment:
    if int(found["days"]) not in EXCEL_SERIALS:
        raise Unclear(f"不是日期时间；{HOW}")
    moment = EXCEL_EPOCH + timedelta(seconds=round(float(found[0]) * 86_400))
    return Moment(moment.replace(tzinfo=zone), day_only=not float(found["part"] or 0))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], tzinfo], Moment]], ...] = (
    (re.compile(rf"{_DATE}(?:[\sT,]*{_CLOCK})?"), _of_words),
    (re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
                r"(?:[ T]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?)?"), _of_digits),
    (re.compile(r"(?P<days>\d{5,6})(?P<part>\.\d+)?"), _of_serial),
)  # fmt: skip


def _day(found: re.Match[str]) -> date:
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    if year not in YEARS:
        raise Unclear(f"年份 {year} 不在 {YEARS[0]} 至 {YEARS[-1]} 之间，请核对")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unclear(f"没有 {year}年{month}月{day}日 这一天，请核对") from error


def _hour(hour: int, word: str) -> int:
    """The hour of 24 that 上午, 下午, 晚上 … mean; 上午12点 and 晚上1点 are two hours each: refused."""
    word = word.replace(".", "").upper()
    if hour > NOON and word in _MORNING | {"凌晨", "AM"}:
        raise Unclear(f"“{word}{hour}点”前后矛盾，请改用 24 小时制")
    if (hour == NOON and word in _MORNING) or (hour < EVENING and word in _NIGHT):
        raise Unclear(f"“{word}{hour}点”说不清是哪个钟点，请改用 24 小时制")
    if word in {"凌晨", "AM"}:
        return hour % NOON
    if word in _NIGHT and hour == NOON:
        return 2 * NOON
    if word == "中午":
        return hour + NOON if hour < LUNCH_IS_OVER else hour
    return hour + NOON if hour < NOON and word in _NIGHT | {"下午", "傍晚", "PM"} else hour


def _at(day: date, hour: int, minute: int, second: int, zone: tzinfo) -> datetime:
    """24:00 is the end of that day, as laws write it."""
    if (hour, minute, second) == (24, 0, 0):
        return datetime.combine(day + timedelta(days=1), time(), zone)
    try:
        return datetime.combine(day, time(hour, minute, second), zone)
    except ValueError as error:
        raise Unclear(f"没有 {hour}:{minute:02d}:{second:02d} 这个时刻，请核对") from error


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text in "Zz":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:].lstrip(":") or 0))
    try:
        return timezone(-offset if text[0] == "-" else offset)
    except ValueError as error:
        raise Unclear(f"没有 {text} 这个时区，请核对") from error


def _zoned(moment: datetime, zone: tzinfo) -> datetime:
    """Excel keeps moments as fractions of a day: the part of a second is an error of rounding."""
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


# ── what was wrong ───────────────────────────────────────────────────────────────────────────────────────────────────

_MISTAKES = (
    (r"\d{4}\s?[-/.年]\s?\d{1,2}\s?月?", f"只有年月，缺少日；{HOW}"),
    (r"\d{1,2}\s?月\s?\d{1,2}\s?[日号]?(\D.*)?", f"缺少年份；{HOW}"),
    (r"['’]?\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d).*", f"年份要写四位；{HOW}"),
    (r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*", f"分不清哪个是月、哪个是日；{HOW}"),
    (r"\d{1,2}[::点时].*", f"只有时刻，缺少日期；{HOW}"),
    (r"(今|昨|前|明|上周|上月|本周|去年).*", f"相对的日期换个时间看就变了；{HOW}"),
    (r".*\d{4}.*[-—~至到].*\d{4}.*", f"这里要一个时间，不是一段时间；{HOW}"),
)


def _complaint(text: str) -> str:
    known = (message for pattern, message in _MISTAKES if re.fullmatch(pattern, text, re.DOTALL))
    return next(known, f"认不出日期时间；{HOW}")
