"""Publishes figures in the middle of a random walk, goes on walking, and asks whether they can still be computed to the bit."""

from datetime import datetime

from django.utils import timezone

from lianshang.cases.states import State
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_actor
from lianshang.cases.tests.walker import Walker
from lianshang.indicators import evidence, freezing, periods, registry, scopes
from lianshang.indicators.models import FrozenFigure, Publication
from lianshang.indicators.registry import REGISTRY
from lianshang.indicators.scopes import Scope

Told = dict[tuple[str, str], tuple[object, tuple[str, ...], tuple[str, ...] | None]]


def lived(town: Town, at: datetime = MONDAY) -> None:
    """Bring a case into every state, as people would."""
    for place, state in enumerate(State):
        town.in_state(state, at + place * HOUR)


def published(town: Town, at: datetime) -> list[Publication]:
    """Publish every figure, over this month, this year and to date; what was recorded until now counts."""
    clerk = make_actor(town.park, "顾统", "reporting_clerk", town.office)
    day, known = at.astimezone(town.park.zoneinfo).date(), timezone.now()
    found = [periods.of_kind(kind, day, began_on=day) for kind in periods.KINDS[:3]]
    return [freezing.publish(period, actor=clerk, at=at, known=known) for period in found]


def read_all(scope: Scope) -> Told:
    """Return (figure, kind of period) → value, rows and rows of the denominator, for every figure there is."""
    told: Told = {}
    for kind in (periods.TO_DATE, periods.THIS_YEAR):
        for one in (one for one in REGISTRY.values() if kind in one.period_kinds):
            reading = registry.read(one.key, scope, registry.period(one, scope, kind))
            of = None if reading.of is None else tuple(evidence.keys_of(reading.of))
            told[one.key, kind] = reading.value, tuple(evidence.keys_of(reading.evidence)), of
    return told


def moved(town: Town, seed: int, before: int, changes: int) -> tuple[int, list[str]]:
    """Walk, publish, walk on; return how many figures were published, and which of them no longer reproduce."""
    lived(town)
    walker = Walker(town, seed)
    walker.run(before)
    made = published(town, walker.at)
    walker.run(changes)
    figures = list(FrozenFigure.objects.filter(publication__in=made).select_related("publication__park").order_by("pk"))
    return len(figures), [f"{one.publication} {one}" for one in figures if not freezing.reproduces(one)]


def live_and_later(town: Town, seed: int, steps: int, stops: int) -> list[str]:
    """Return the figures that read otherwise later, as of a moment, than they did at that moment."""
    walker, kept = Walker(town, seed), []
    lived(town)
    for _ in range(stops):
        walker.run(steps)
        kept.append((walker.at, timezone.now(), read_all(scopes.now(town.park, None, walker.at))))
    walker.run(steps)
    wrong = []
    for at, known, then in kept:
        later = read_all(Scope(town.park, None, at, known))
        wrong += [f"{key} at {at}: {then[key]} and later {later[key]}" for key in then if then[key] != later[key]]
    return wrong
