"""Publishing a period: each figure is computed once more, kept with its rows' names, and can be computed again ever after.

What is frozen is read from what had been recorded some seconds ago: a step that is just being written elsewhere would
otherwise be told of a moment before, and move a figure that was published without it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Role
from lianshang.indicators import evidence, periods, registry
from lianshang.indicators.models import FrozenFigure, Publication
from lianshang.indicators.periods import Period
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.indicators.scopes import Scope
from lianshang.kernel.refusals import Hidden, Refused

PUBLISHERS = (Role.REPORTING_CLERK, Role.COMMITTEE_HEAD)
SETTLED = timedelta(seconds=5)


@dataclass(frozen=True)
class Computed:
    """A figure as it is computed now, in the form that is frozen."""

    value: Decimal | None
    rows: list[str]
    of: list[str] | None

    @property
    def text(self) -> str:
        """As it is kept: two decimals, nothing where there is nothing to measure."""
        return "" if self.value is None else f"{self.value:.2f}"

    def digest(self, one: Indicator, publication: Publication) -> str:
        """Return the hash of all that the figure says: what, by which definition, over when, from which rows."""
        said = [
            one.key, one.version, self.text, publication.period.text,
            publication.period_kind, self.rows, self.of,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Drift:
    """What a frozen figure would be today, with the rows that came and went since; `computable` by the same definition."""

    value: Decimal | None
    came: list[str]
    went: list[str]
    computable: bool = True

    @property
    def moved(self) -> bool:
        return bool(self.came or self.went)


@transaction.atomic
def publish(
    period: Period, *, actor: Actor, at: datetime, keys: Sequence[str] = (), known: datetime | None = None
) -> Publication:
    """Freeze the period's figures (all that have this kind of period, or those named) over the open ledger.

    Raises Hidden for whoever may not publish, Refused where the period has not begun.
    """
    _may(actor)
    if period.first > at.astimezone(actor.park.zoneinfo).date():
        raise Refused(f"{period.label}还没有开始，没有数字可以公布。")
    row = Publication(
        park=actor.park, title=period.label, period_kind=period.kind, starts_on=period.first, ends_on=period.last,
        at=at, made_by=actor.person,
    )  # fmt: skip
    return _kept(row, keys, known)


@transaction.atomic
def correct(old: Publication, *, actor: Actor, at: datetime, reason: str, known: datetime | None = None) -> Publication:
    """Publish the same figures of the same period again, from what is recorded by now; the old ones stay as they were."""
    _may(actor)
    if not reason.strip():
        raise Refused("更正要写明理由，会和新旧两版一起显示。")
    if old.corrections.exists():
        raise Refused("这一版已经更正过，请更正最新的一版。")
    row = Publication(
        park=actor.park, title=old.title, edition=old.edition + 1, period_kind=old.period_kind,
        starts_on=old.starts_on, ends_on=old.ends_on, at=old.at, made_by=actor.person, corrects=old,
        reason=reason.strip(),
    )  # fmt: skip
    return _kept(row, list(old.figures.order_by("pk").values_list("indicator", flat=True)), known)


def _may(actor: Actor) -> None:
    if not actor.has(*PUBLISHERS):
        raise Hidden


def _kept(row: Publication, keys: Sequence[str], known: datetime | None) -> Publication:
    row.known = known or row.recorded_at - SETTLED
    row.save()
    FrozenFigure.objects.bulk_create([_frozen(row, one) for one in _wanted(row, keys)])
    return row


def _wanted(row: Publication, keys: Sequence[str]) -> Iterable[Indicator]:
    found = [one for one in REGISTRY.values() if row.period_kind in one.period_kinds and (not keys or one.key in keys)]
    if not found:
        raise Refused("没有可以公布的数字。请换一种时段。")
    return found


def _frozen(row: Publication, one: Indicator) -> FrozenFigure:
    found = computed(one, row, known=row.known)
    return FrozenFigure(
        park=row.park, publication=row, indicator=one.key, label=one.label, unit=one.unit, kind=one.kind,
        definition=one.definition, version=one.version, value=found.text, rows_count=len(found.rows),
        of_count=None if found.of is None else len(found.of), row_keys="\n".join(found.rows),
        of_keys="\n".join(found.of or ()), digest=found.digest(one, row),
    )  # fmt: skip


def computed(one: Indicator, row: Publication, *, known: datetime | None) -> Computed:
    """Compute a figure of a publication from what was recorded by `known`; None: from all that is recorded today."""
    reading = one.measure(Scope(row.park, None, row.at, known), row.period)
    of = None if reading.of is None else evidence.keys_of(reading.of)
    value = None if reading.value is None else reading.value.quantize(Decimal("0.01"))
    return Computed(value, evidence.keys_of(reading.evidence), of)


def reproduces(figure: FrozenFigure) -> bool:
    """Whether computing it again, from what had been recorded then, gives the same value and rows to the bit."""
    one = REGISTRY.get(figure.indicator)
    if one is None or one.version != figure.version:
        return False
    return (
        computed(one, figure.publication, known=figure.publication.known).digest(one, figure.publication)
        == figure.digest
    )


def drift(figure: FrozenFigure) -> Drift:
    """Return what the figure would be today for the same period and cut-off, and which rows moved."""
    one = REGISTRY.get(figure.indicator)
    if one is None or one.version != figure.version:
        return Drift(None, [], [], computable=False)
    found = computed(one, figure.publication, known=None)
    before, now = set(figure.keys), set(found.rows)
    if found.of is not None:
        before |= {f"of:{key}" for key in figure.of_keys.splitlines()}
        now |= {f"of:{key}" for key in found.of}
    came, went = ({key.removeprefix("of:") for key in keys} for keys in (now - before, before - now))
    return Drift(found.value, sorted(came), sorted(went))


def period_of(kind: str, text: str, park: Park, at: datetime) -> Period:
    """Return the period that a form asks for: a written one for “当期”, the others as of the day. Raises NoPeriod."""
    scope = Scope(park, None, at)
    if kind == periods.IN_PERIOD:
        return periods.parse(text)
    began = registry.began_on(scope) if kind == periods.CUMULATIVE else scope.today
    return periods.of_kind(kind, scope.today, began_on=began)
