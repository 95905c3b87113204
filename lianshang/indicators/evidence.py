"""How the rows behind a figure are listed, narrowed, named and put in order: declared once for each model by its subject."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from lianshang.indicators.scopes import Scope

Cell = str | int | datetime


@dataclass(frozen=True)
class Line:
    """One row as it is read: where it opens, and its cells under the sheet's headings."""

    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Narrowing:
    """One way to look at part of the rows. `choices` returns (value, label) of what there is to choose in this scope."""

    name: str
    label: str
    path: str
    choices: Callable[[Scope], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Sheet:
    """A model's rows as evidence.

    `keys` are paths whose values together name a row for ever, on any database; `order` ends in something unique;
    `prepare` fetches with a page of rows what `lines` reads of them. `masked` is what a sheet has instead of a text.
    """

    model: type[Model]
    noun: str
    headings: tuple[str, ...]
    order: tuple[str, ...]
    keys: tuple[str, ...]
    lines: Callable[[Sequence[Any], Scope], list[Line]]
    prepare: Callable[[QuerySet], QuerySet]
    narrowings: tuple[Narrowing, ...] = ()
    masked: Callable[[str], str] = str


ASKED = {"kind", "period", "at", "of", "part", "after", "before", "was", "subject"}  # what an address says besides
SHEETS: dict[type[Model], Sheet] = {}


def declare(sheet: Sheet) -> None:
    """Register how a model's rows are shown. ValueError where it is registered already, or a narrowing's name is taken."""
    if taken := ASKED & {one.name for one in sheet.narrowings}:
        raise ValueError(f"an address says {taken} of something else already")
    if sheet.model in SHEETS:
        raise ValueError(f"evidence of {sheet.model.__name__} is declared twice")
    SHEETS[sheet.model] = sheet


def sheet_of(rows: QuerySet) -> Sheet:
    return SHEETS[rows.model]


def keys_of(rows: QuerySet) -> list[str]:
    """Return the names of the rows for ever, in order."""
    found = rows.order_by().values_list(*sheet_of(rows).keys)
    return sorted("/".join("" if part is None else str(part) for part in row) for row in found)


def narrowed_by(sheet: Sheet, name: str, value: str) -> Callable[[QuerySet], QuerySet]:
    """Return what keeps the rows of one choice. LookupError for a narrowing that the sheet does not have."""
    found = next((one for one in sheet.narrowings if one.name == name), None)
    if found is None:
        raise LookupError(name)
    path = found.path

    def keep(rows: QuerySet) -> QuerySet:
        own = next((one.path for one in sheet_of(rows).narrowings if one.name == name), path)
        return rows.filter(**{own: value})

    return keep
