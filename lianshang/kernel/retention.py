"""What personal data are kept for a time: each kind of record says how it is found and how it is erased.

Append-only rows stay; what people wrote in them can be erased (`history.erasing`), and the history still verifies. Nothing
is erased that was not shown before: a kind tells how many rows it would take and how old they are, and erasing takes exactly
rows of that kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

Found = Callable[[datetime], QuerySet]
Erase = Callable[[QuerySet, datetime], int]
YEAR = 365  # days
KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """`found(before)` are the rows whose purpose ended before that moment, of the park in scope; `age` their column."""

    name: str
    label: str
    what: str  # what is erased, and what stays
    columns: tuple[str, ...]  # `app.Model.column` that are emptied
    since: str  # from when the days count, as in 办结后
    days: int  # unless the park says otherwise
    least: int  # days that a park may not go below, by law or by sense
    age: str
    found: Found
    erase: Erase


@dataclass(frozen=True)
class Preview:
    """What erasing would take now."""

    kind: Kind
    days: int
    before: datetime
    count: int
    oldest: datetime | None
    first_due: datetime | date | None  # where nothing is due yet: when the first will be

    @property
    def kept_for(self) -> str:
        return f"{self.kind.since} {span(self.days)}"


def span(days: int) -> str:
    """Return so many days as people say it."""
    years, rest = divmod(days, YEAR)
    return f"{days:,} 天" if rest or not years else f"{years} 年"


def register(kind: Kind) -> Kind:
    """Add a kind; its package does so when the program starts. Raises `ValueError` for a name taken."""
    if kind.name in KINDS:
        raise ValueError(kind.name)
    KINDS[kind.name] = kind
    return kind


def preview(kind: Kind, days: int, now: datetime) -> Preview:
    """Count, without a change. Needs the park's scope."""
    kept = timedelta(days=max(days, kind.least))
    rows = kind.found(now - kept)
    oldest = rows.aggregate(oldest=Min(kind.age))["oldest"]
    first = None if oldest else kind.found(now).aggregate(oldest=Min(kind.age))["oldest"]
    return Preview(kind, kept.days, now - kept, rows.count(), oldest, first and first + kept)


@transaction.atomic
def erase(shown: Preview, at: datetime) -> int:
    """Erase what the preview counted, and what became due by the same moment; return how many rows."""
    return shown.kind.erase(shown.kind.found(shown.before), at)
