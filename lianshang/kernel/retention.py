"""What personal data are kept for a time: each kind of record says how it is found and how it is erased.

Append-only rows stay; what can be erased of a person stands beside them. Nothing is erased that was not shown before:
a kind tells how many rows it would take and how old they are, and erasing takes exactly rows of that kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

Found = Callable[[datetime], QuerySet]
Erase = Callable[[QuerySet], int]
KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """`found(before)` are the rows whose purpose ended before that moment, of the park in scope; `age` their column."""

    name: str
    label: str
    what: str  # what is erased, and what stays
    columns: tuple[str, ...]  # `app.Model.column` that are emptied
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


def register(kind: Kind) -> Kind:
    """Add a kind; its package does so when the program starts. Raises `ValueError` for a name taken."""
    if kind.name in KINDS:
        raise ValueError(kind.name)
    KINDS[kind.name] = kind
    return kind


def preview(kind: Kind, days: int, now: datetime) -> Preview:
    """Count, without a change. Needs the park's scope."""
    before = now - timedelta(days=max(days, kind.least))
    rows = kind.found(before)
    oldest = rows.aggregate(oldest=Min(kind.age))["oldest"]
    return Preview(kind, max(days, kind.least), before, rows.count(), oldest)


@transaction.atomic
def erase(shown: Preview) -> int:
    """Erase what the preview counted, and what became due by the same moment; return how many rows."""
    return shown.kind.erase(shown.kind.found(shown.before))
