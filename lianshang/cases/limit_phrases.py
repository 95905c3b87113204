"""Time limits as people write them, turned into the phrases of a profile file: 5 个工作日内 → 5 working-days.

The inverse of what `Limit` says of itself, and a little wider. What is not understood is left as it is: the profile's
own check then names it.
"""

import re

from lianshang.kernel.profile_limits import UNIT_WORDS, Limit

NONE, NONE_WORDS = "no limit", "不计时"
OTHERWISE, OTHERWISE_WORDS = ", or promise a date", "办不成的承诺日期"
UNITS = {word.removeprefix("个"): unit for unit, word in UNIT_WORDS.items()} | {"日": "days", "自然日": "days"}
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_SPAN = rf"(\d+)\s*个?({_UNIT})"
FORMS = (
    (re.compile(rf"{_SPAN}(?:内|以内)?"), lambda found: f"{found[1]} {UNITS[found[2]]}"),
    (re.compile(r"当[日天](?:内)?"), lambda _: "same day"),
    (re.compile(r"(?:按)?承诺的?日期?"), lambda _: "promise a date"),
    (re.compile(r"每月\s*(\d+)\s*[日号](?:前|以前)?"), lambda found: f"monthly by day {found[1]}"),
    (
        re.compile(rf"主办期限前\s*{_SPAN}(?:[，,]\s*至少留?\s*(\d+)\s*个?(?:{_UNIT})?)?"),
        lambda found: f"lead deadline minus {found[1]} {UNITS[found[2]]}, at least {found[3] or 1}",
    ),
    (re.compile(NONE_WORDS), lambda _: NONE),
)


def phrase_of(words: str) -> str:
    """Return the phrase of a profile file for `words`, or `words` where they say no limit that we know."""
    plain = words.strip().removesuffix("。")
    main = re.sub(rf"[，,]\s*{OTHERWISE_WORDS}$", "", plain)
    tail = OTHERWISE if main != plain else ""
    for pattern, phrase in FORMS:
        if found := pattern.fullmatch(main):
            return phrase(found) + tail
    return plain


def words_of(limit: Limit | None) -> str:
    return str(limit) if limit else NONE_WORDS
