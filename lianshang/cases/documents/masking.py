"""Personal data in what people typed, hidden where a paper goes from hand to hand."""

import re

from lianshang.cases.phones import masked

MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")
IDENTITY = re.compile(
    r"(?<!\d)([1-9]\d{5})(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)


def without_numbers(text: str) -> str:
    """Return the text with mobile and identity numbers (GB 11643) hidden but for their ends."""
    kept = IDENTITY.sub(lambda found: f"{found[1]}********{found[0][-4:]}", text)
    return MOBILE.sub(lambda found: masked(re.sub(r"\D", "", found[0])), kept)


def name_of(name: str) -> str:
    """Return 王** for 王建国."""
    return f"{name[:1]}**" if name else ""
