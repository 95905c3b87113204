"""A reading: a value that is computed from its rows, whenever it is asked for, and cannot be given otherwise."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.db.models import QuerySet, Subquery

from lianshang.directory.models import Park
from lianshang.indicators import folds

Way = Literal["count", "share", "distinct", "total", "median"]
Narrow = Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Beside:
    """What stands beside a figure and is not in it: those not reached, those who gave no grade. It opens as well."""

    key: str
    label: str
    rows: QuerySet


@dataclass(frozen=True)
class Identity:
    """What must balance: the sums of both sides, each term open to its rows (上期结转 + 本期受理 = 本期办结 + 期末在办)."""

    left: tuple[Beside, ...]
    right: tuple[Beside, ...]

    @property
    def terms(self) -> tuple[Beside, ...]:
        return (*self.left, *self.right)


@dataclass(frozen=True)
class Reading:
    """`evidence` are the rows behind the value, `of` the denominator of a share, among whose rows they are.

    `way` says how the value comes from the rows: their count; their share of `of` in percent; how many different
    `path`; the sum of `path`; the median of what `spread` finds. `value` None: nothing to measure, which is not zero;
    printed “—”.
    """

    evidence: QuerySet
    of: QuerySet | None = None
    way: Way = "count"
    path: str = "pk"
    spread: folds.Spread | None = None
    beside: tuple[Beside, ...] = ()
    identity: Identity | None = None
    numbers: dict[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def count(cls, rows: QuerySet, **more: Any) -> "Reading":
        return cls(rows, **more)

    @classmethod
    def share(cls, part: QuerySet, *, of: QuerySet, **more: Any) -> "Reading":
        return cls(part, of, "share", **more)

    @classmethod
    def distinct(cls, rows: QuerySet, path: str, **more: Any) -> "Reading":
        return cls(rows, way="distinct", path=path, **more)

    @classmethod
    def total(cls, rows: QuerySet, path: str) -> "Reading":
        return cls(rows, way="total", path=path)

    @classmethod
    def median(cls, rows: QuerySet, spread: folds.Spread, **more: Any) -> "Reading":
        return cls(rows, way="median", spread=spread, **more)

    @cached_property
    def value(self) -> Decimal | None:
        match self.way:
            case "count":
                return Decimal(self.rows_count)
            case "share":
                return folds.share(self.rows_count, self.of_count)
            case "median":
                return folds.median(self.spread(self.evidence)) if self.spread else None
            case _:
                found = self._number("value")
                return None if found is None and self.way == "total" else Decimal(found or 0)

    @property
    def rows_count(self) -> int:
        """How many rows stand behind it: the numerator of a share."""
        return int(self._number("evidence"))

    @property
    def of_count(self) -> int:
        return int(self._number("of"))

    @cached_property
    def beside_counts(self) -> list[tuple[Beside, int]]:
        return [(one, int(self._number(f"beside_{one.key}"))) for one in self.beside]

    @cached_property
    def balance(self) -> tuple[list[tuple[Beside, int]], list[tuple[Beside, int]]]:
        """The two sides of the identity with their counts."""
        sides = (self.identity.left, self.identity.right) if self.identity else ((), ())
        left, right = ([(one, int(self._number(f"term_{one.key}"))) for one in side] for side in sides)
        return left, right

    def narrowed(self, by: Narrow) -> "Reading":
        """Return the same figure over part of its rows: both of a share, and what stands beside."""
        identity = self.identity and Identity(_narrow(self.identity.left, by), _narrow(self.identity.right, by))
        of = None if self.of is None else by(self.of)
        beside = _narrow(self.beside, by)
        return replace(self, evidence=by(self.evidence), of=of, beside=beside, identity=identity, numbers={})

    def opened(self, part: str) -> QuerySet:
        """Return the rows of a part: `of`, a key of what stands beside or of the identity; otherwise the evidence."""
        if part == "of" and self.of is not None:
            return self.of
        terms = (*self.beside, *(self.identity.terms if self.identity else ()))
        return next((one.rows for one in terms if one.key == part), self.evidence)

    def questions(self) -> dict[str, Subquery]:
        """Return what has to be asked of the database for it, by name."""
        asked = {"evidence": folds.rows(self.evidence)}
        if self.of is not None:
            asked["of"] = folds.rows(self.of)
        if self.way == "distinct":
            asked["value"] = folds.different(self.evidence, self.path)
        if self.way == "total":
            asked["value"] = folds.summed(self.evidence, self.path)
        asked |= {f"beside_{one.key}": folds.rows(one.rows) for one in self.beside}
        return asked | {
            f"term_{one.key}": folds.rows(one.rows) for one in (self.identity.terms if self.identity else ())
        }

    def _number(self, name: str) -> Any:
        if name not in self.numbers:
            gather([self])
        return self.numbers[name]


def gather(readings: Iterable[Reading]) -> None:
    """Count for many readings in one query. Medians are asked one by one, when their value is."""
    asked = {
        f"n{place}_{name}": (reading, name, question)
        for place, reading in enumerate(readings)
        for name, question in reading.questions().items()
    }
    if not asked:
        return
    questions = {alias: question for alias, (_, _, question) in asked.items()}
    found: Any = Park.objects.order_by("pk").values(**questions)[:1].get()
    for alias, (reading, name, _) in asked.items():
        reading.numbers[name] = found[alias]


def _narrow(terms: tuple[Beside, ...], by: Narrow) -> tuple[Beside, ...]:
    return tuple(replace(one, rows=by(one.rows)) for one in terms)
