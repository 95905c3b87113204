"""Moments as people write them: `2026/11/23 09:12`, `昨天 18:05`, `星期三 14:20`, `11月23日 早上8:30`, `刚才`, `昨天下午3点`."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

DAYS_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0}
SHORT_DAYS = {
    "昨晚": ("昨天", "晚上"),
    "昨夜": ("昨天", "晚上"),
    "今早": ("今天", "早上"),
    "今晨": ("今天", "早上"),
    "今晚": ("今天", "晚上"),
}
WEEK = "一二三四五六日天"
PARTS = {
    "凌晨": 3, "清晨": 6, "早上": 8, "早晨": 8, "上午": 10, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 20, "夜里": 22, "晚": 20,
    "am": 10, "pm": 15,
}  # the hour that is meant where none is said  # fmt: skip
AFTERNOON = ("中午", "下午", "傍晚", "晚上", "夜里", "晚", "pm")
NOON, FORENOON, NIGHT = 12, 9, 6
DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = re.compile(r"([二三四五]?)十([一二三四五六七八九]?)")
LONGEST = 40  # characters of a moment in words
SOON = timedelta(minutes=5)  # a clock that is a little fast

DATE = (
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
    rf"|(?P<ago>{'|'.join(DAYS_AGO)})|(?P<short>{'|'.join(SHORT_DAYS)})"
    rf"|(?P<last>上)?(?:个?(?:星期|礼拜)|周)(?P<week>[{WEEK}])"
)
CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"|[点时](?:(?P<half>半)|(?P<quarter>一刻)|(?P<spoken>\d{1,2})分?)?(?:多|钟)?)"
)
MOMENT = re.compile(
    rf"(?:{DATE})?[, ]?(?P<part>{'|'.join(PARTS)})?(?:{CLOCK})?(?P<after>am|pm)?(?:左右|前后|的时候)?", re.IGNORECASE
)
SPAN = re.compile(r"(?P<half>半)?(?P<count>\d+)?个?(?P<more>半)?(?P<unit>分钟|小时|钟头|天)(?:以?前|之前)")
JUST_NOW = ("刚才", "刚刚", "现在", "方才")


def moment(words: str, at: datetime, *, day: date | None = None, clock: bool = False) -> datetime | None:
    """Return the moment that the words name, in the zone of `at`, or None where they are no moment as a whole.

    What is not said is taken as near before `at` as it can be; `day` is the date where only a clock is said. With
    `clock` a moment without an hour is none. A moment without an hour stands at the usual one of its part of the day.
    """
    if not words or len(words) > LONGEST:
        return None
    plain = _plain(words)
    if plain in JUST_NOW and not clock:
        return at
    if not clock and (span := _span(plain, at)):
        return span
    found = MOMENT.fullmatch(plain)
    if not found or not plain or (clock and found["hour"] is None):
        return None
    try:
        return _resolved(found, at, day)
    except ValueError:
        return None


def _plain(words: str) -> str:
    """Half-width, without spaces, Chinese numerals as figures where hours and counts are said."""
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", unicodedata.normalize("NFKC", words).strip()).lower()
    text = re.sub(r"\s+|(?<=\d)t(?=\d)", " ", text)  # a space stays only between figures
    return re.sub(r"([零〇一二两三四五六七八九十]+)(?=[点时个分小天])", lambda found: str(_number(found[1])), text)


def _number(han: str) -> int:
    """Return 0 to 59 as written in Han figures."""
    if found := TENS.fullmatch(han):
        return 10 * (DIGITS[found[1]] if found[1] else 1) + (DIGITS[found[2]] if found[2] else 0)
    return int("".join(str(DIGITS.get(sign, 0)) for sign in han))


def _span(plain: str, at: datetime) -> datetime | None:
    found = SPAN.fullmatch(plain)
    if not found or not (found["half"] or found["count"]):
        return None
    count = int(found["count"] or 0) + (0.5 if found["half"] or found["more"] else 0)
    unit = {"分钟": timedelta(minutes=1), "天": timedelta(days=1)}.get(found["unit"], timedelta(hours=1))
    return at - count * unit if count * unit < timedelta(days=3660) else None


def _resolved(found: re.Match[str], at: datetime, day: date | None) -> datetime:
    """Raises `ValueError` for the 31st of April."""
    own, part = _date(found, at), found["part"] or found["after"] or ""
    if found["short"]:
        part = part or SHORT_DAYS[found["short"]][1]
    clock = _clock(found, part)
    on = own or day or at.date()
    told = datetime.combine(on, clock or time(PARTS.get(part, NOON)), tzinfo=at.tzinfo)
    if clock is None:
        return min(told, at)
    if told > at + SOON and own is None and day is None:
        return told - timedelta(days=1)
    return told


def _date(found: re.Match[str], at: datetime) -> date | None:
    if found["month"]:
        return _calendar_day(found, at)
    word = SHORT_DAYS[found["short"]][0] if found["short"] else found["ago"]
    if word:
        return at.date() - timedelta(days=DAYS_AGO[word])
    if found["week"]:
        weekday = min(WEEK.index(found["week"]), 6)
        back = (at.weekday() - weekday) % 7
        this_week = at.weekday() >= weekday
        return at.date() - timedelta(days=back + (7 if found["last"] and this_week else 0))
    return None


def _calendar_day(found: re.Match[str], at: datetime) -> date:
    """Where the year is not said, the last such day that is not to come."""
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    this_year = date(at.year, month, day)
    return this_year if this_year <= at.date() else date(at.year - 1, month, day)


def _clock(found: re.Match[str], part: str) -> time | None:
    if found["hour"] is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or found["spoken"] or 0)
    minute = 30 if found["half"] else 15 if found["quarter"] else minute
    if part.lower() in AFTERNOON and hour < NOON and not (part == "中午" and hour > FORENOON):
        midnight = part in ("晚上", "夜里", "晚") and hour < NIGHT
        hour += 0 if midnight else NOON
    elif part.lower() in ("凌晨", "am") and hour == NOON:
        hour = 0
    return time(hour, minute, int(found["second"] or 0))
