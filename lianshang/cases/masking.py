"""Personal data as those see it who need not know: names, telephone, identity and card numbers, also inside running text.

What tells a person from others is hidden (个人信息保护法 art. 6, 28: no more than the purpose needs); enterprises,
units and the officers who answer for a matter are named. Numbers are sought in the text as it reads, whatever width its
signs were typed in; all that is not hidden stays as it was typed.
"""

import re
import unicodedata
from collections.abc import Callable

from lianshang.cases.phones import masked

__all__ = ["masked", "name", "text"]

_GAP = r"[-\s.·\u200b]{0,2}"
_COUNTRY = rf"(?:(?:\+|00)?86{_GAP})?"
_BIRTHDAY = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"(?<!\d)[1-9]\d{{5}}{_GAP}{_BIRTHDAY}{_GAP}\d{{3}}[\dXx](?![\dA-Za-z])")
_CARD = re.compile(rf"(?<!\d)[3-6]\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?(?!\d)")
_MOBILE = re.compile(
    rf"(?<!\d){_COUNTRY}1[3-9](?:\d{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}|\d{_GAP}\d{{3}}{_GAP}\d{{5}})(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_COUNTRY}(?:\(0\d{{2,3}}\)\s?|0\d{{2,3}}[-]\s?)\d{{3,4}}{_GAP}\d{{4}}"
    rf"|{_COUNTRY}0(?:10|2\d|[3-9]\d{{2}})\s{{0,2}}[2-9]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
)
_LOCAL = re.compile(r"(?:电话|座机)[:\s]*(?P<number>[2-9]\d{6,7})(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DASHES = dict.fromkeys("‐‑‒–—―−－﹣", "-")
Hide = Callable[[str], str]


def name(full: str) -> str:
    """The surname with a star for each further character: 张**; of a title such as 王经理 the same."""
    full = full.strip()
    return full[:1] + "*" * min(len(full) - 1, 2) if full else ""


def text(words: str) -> str:
    """Running text with its telephone, identity and card numbers and mail addresses hidden but for their ends."""
    seen = "".join(map(_folded, words))
    if not re.search(r"[0-9@]", seen):
        return words
    for pattern, hide in _KINDS:
        words, seen = _hidden(words, seen, pattern, hide)
    return words


def spans(words: str) -> list[tuple[int, int]]:
    """Where in the text such numbers and addresses stand, as (start, end)."""
    seen = "".join(map(_folded, words))
    places = []
    for pattern, hide in _KINDS:
        for found in pattern.finditer(seen):
            start, end = found.span("number" if "number" in pattern.groupindex else 0)
            if hide(seen[start:end]):
                places.append((start, end))
    return places


def _folded(sign: str) -> str:
    """One sign as it reads, never more: １ is 1, （ is (, every dash is one; ① stays, it is no digit of a number."""
    if sign.isascii():
        return sign
    if sign in _DASHES:
        return "-"
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and not plain.isdigit() else sign


def _hidden(words: str, seen: str, pattern: re.Pattern[str], hide: Hide) -> tuple[str, str]:
    """Replace what is found in the folded text, in both texts, which stay as long as each other; by "" nothing is."""
    kept, plain, end = "", "", 0
    for found in pattern.finditer(seen):
        first, last = found.span("number" if "number" in pattern.groupindex else 0)
        if mask := hide(seen[first:last]):
            kept, plain, end = kept + words[end:first] + mask, plain + seen[end:first] + mask, last
    return kept + words[end:], plain + seen[end:]


def _digits(found: str) -> str:
    return re.sub(r"\D", "", found)


def _identity(found: str) -> str:
    plain = re.sub(r"[^\dXx]", "", found)
    return f"{plain[:3]}***********{plain[-4:]}"


def _card(found: str) -> str:
    """A card's number proves itself (ISO/IEC 7812, Luhn); another long number is that of an order or a file."""
    odd, even = _digits(found)[-1::-2], _digits(found)[-2::-2]
    total = sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)
    return masked(_digits(found)) if total % 10 == 0 else ""


def _phone(found: str) -> str:
    return masked(_digits(found))


_KINDS: tuple[tuple[re.Pattern[str], Hide], ...] = (
    (_IDENTITY, _identity),
    (_CARD, _card),
    (_MAIL, lambda found: f"{found[0]}***@***"),
    (_MOBILE, _phone),
    (_LANDLINE, _phone),
    (_LOCAL, _phone),
)
