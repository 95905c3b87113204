"""Personal data as those see it who need not know: names, telephone and identity numbers, also inside running text.

What tells a person from others is hidden (个人信息保护法 art. 6, 28: no more than the purpose needs); enterprises,
units and the officers who answer for a matter are named.
"""

import re

from lianshang.cases.phones import masked

__all__ = ["masked", "name", "text"]

_IDENTITY = re.compile(
    r"(?<!\d)([1-9]\d{2})\d{3}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3}[\dXx])(?!\d)"
)
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-－—]\d{7,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def name(full: str) -> str:
    """The surname with a star for each further character: 张**; of a title such as 王经理 the same."""
    return full[:1] + "*" * min(len(full) - 1, 2) if full else ""


def text(words: str) -> str:
    """Running text with its telephone and identity numbers and mail addresses hidden but for their ends."""
    if not any(mark in words for mark in "0123456789@"):
        return words
    words = _IDENTITY.sub(lambda found: f"{found[1]}***********{found[2]}", words)
    words = _MAIL.sub(lambda found: f"{found[0][0]}***@***", words)
    for pattern in (_MOBILE, _LANDLINE):
        words = pattern.sub(lambda found: masked(re.sub(r"\D", "", found[0])), words)
    return words
