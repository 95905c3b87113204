"""One number as Chinese texts write it: 1,234 · 3.5万 · 一百三十 · 两千 · 百分之九十五点五.

`value` gives a Decimal; what is no whole number word (二〇二六, 三三) is None, for it may be a year or a slogan.
"""

import re
from decimal import Decimal

ZERO = "零〇○"
DIGITS = {mark: number for number, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
SPELLED = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
TIMES = r"(?:[十百千]?(?:万亿|[万亿])|[百千])"  # what may stand behind Arabic figures: 3.5万, 2千万, 3百

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {ord(wide): ord(plain) for wide, plain in zip("％．＋－～／：", "%.+-~/:", strict=True)}


def plain(text: str) -> str:
    """Return the text with full-width figures and letters made plain, character for character: places stay."""
    return text.translate(_WIDE)


def value(words: str) -> Decimal | None:
    """Return the number that `words` spell, without unit: Arabic, Chinese, or figures with 万 and 亿 behind."""
    words = plain(words).replace(" ", "")
    if found := re.fullmatch(rf"({ARABIC})({TIMES})?", words):
        return Decimal(found[1].replace(",", "")) * times(found[2] or "")
    if not re.fullmatch(SPELLED, words):
        return None
    whole, _, part = words.partition("点")
    number = _spelled(whole)
    if number is None or not part:
        return number
    return number + Decimal("0." + "".join(str(DIGITS[mark]) for mark in part))


def times(words: str) -> Decimal:
    """Return what 百, 千, 万, 亿, 百万 … multiply by; 1 for nothing."""
    product = Decimal(1)
    for mark in words:
        product *= TENS.get(mark) or LARGE[mark]
    return product


def place(number: Decimal) -> Decimal:
    """Return the place of the last figure that is not nought: 320 → 10, 300 → 100, 45 → 1, 21.5 → 0.1."""
    if not number:
        return Decimal(1)
    return Decimal(1).scaleb(int(number.normalize().as_tuple().exponent))


def decimals(words: str) -> int:
    """Return how many decimals the words show: 21.16 → 2, 97 → 0."""
    _, _, part = plain(words).partition(".")
    return len(re.match(r"\d*", part)[0]) if part else len(words.partition("点")[2])  # type: ignore[index]


def _spelled(words: str) -> Decimal | None:
    """一百三十, 一千零五, 两万三 (23000), 十五; None for figures without places (二〇二六) and for what is no number."""
    for mark in ("亿", "万"):
        head, found, tail = words.rpartition(mark)
        if found:
            high, low = _spelled(head), _spelled_tail(tail, LARGE[mark] // 10)
            return None if high is None or not high or low is None else high * LARGE[mark] + low
    return _small(words)


def _spelled_tail(words: str, tenth: int) -> Decimal | None:
    """What stands behind 万 and 亿: nothing, a number, or one figure for the next place (两万三)."""
    if not words:
        return Decimal(0)
    if len(words) == 1 and DIGITS.get(words):
        return Decimal(DIGITS[words] * tenth)
    return _spelled(words)


def _small(words: str) -> Decimal | None:
    """A number below ten thousand."""
    if words in ("十", "零", "〇"):
        return Decimal(10) if words == "十" else Decimal(0)
    pattern = r"(?:([一二两三四五六七八九])千)?(?:[零〇]?([一二两三四五六七八九])百)?(?:[零〇]?([一二三四五六七八九])?(十))?[零〇]?([一二两三四五六七八九])?"
    found = re.fullmatch(pattern, words)
    if not words or not found or words[-1] in ZERO:
        return None
    thousands, hundreds, tens, ten, ones = found.groups()
    number = 1000 * _digit(thousands) + 100 * _digit(hundreds) + (10 * (_digit(tens) or 1) if ten else 0)
    if ones and words[-2:-1] in {"百", "千"}:  # 三百五 is 350
        return Decimal(number + _digit(ones) * TENS[words[-2]] // 10)
    return Decimal(number + _digit(ones)) if number or ones else None


def _digit(mark: str | None) -> int:
    return DIGITS[mark] if mark else 0
