"""Numbers that somebody typed into a briefing instead of naming a figure: what the records say of them."""

from lianshang.reports import checking
from lianshang.reports.checking import Checked
from lianshang.reports.times import Standpoint
from lianshang.reports.writing import Written


def typed(text: Written, stand: Standpoint) -> list[Checked]:
    """Return the numbers of the text that are none of its figures, each with its verdict."""
    ours = text.typed()
    return [
        one
        for one in checking.check(text.text, stand)
        if not any(start < one.mention.end and one.mention.start < end for start, end in ours)
    ]


def contradicted(text: Written, stand: Standpoint) -> list[Checked]:
    return [one for one in typed(text, stand) if one.verdict == checking.CONTRADICTED]
