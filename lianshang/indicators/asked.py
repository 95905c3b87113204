"""What a page of figures was asked for: which period, as of when, which part, narrowed to what."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict

from lianshang.indicators import evidence, periods, registry, scopes
from lianshang.indicators.models import Publication
from lianshang.indicators.periods import NoPeriod, Period
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import Indicator
from lianshang.indicators.scopes import Scope

LONGEST = 80  # characters of a choice


@dataclass(frozen=True)
class Asked:
    """`fault`: why the page shows something else than was asked for. `publication`: whose figures are looked at."""

    scope: Scope
    period: Period
    fault: str = ""
    publication: Publication | None = None


def of(request: HttpRequest, one: Indicator | None, now: datetime) -> Asked:
    """Read the address: `kind` and `period`, or `of`, a publication's key, which fixes period and cut-off. Http404: no such one."""
    actor, given = request.actor, request.GET
    if given.get("of"):
        published = publication(given["of"])
        scope = Scope(actor.park, actor, published.at, published.known)
        return Asked(scope, published.period, publication=published)
    scope = _scope(request, now)
    try:
        return Asked(scope, _period(given, one, scope))
    except NoPeriod as wrong:
        return Asked(scope, _usual(one, scope, ""), f"{wrong}下面是{'常用时段' if one else '本月'}的。")


def publication(key: str) -> Publication:
    try:
        found = Publication.objects.filter(key=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _scope(request: HttpRequest, now: datetime) -> Scope:
    """Of this moment, or of an earlier one that a link brings along; a later one, or none that can be read, is now."""
    park, actor = request.actor.park, request.actor
    try:
        moment = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return scopes.now(park, actor, now)
    earlier = moment.tzinfo is not None and moment < now and moment.year >= periods.EARLIEST
    return Scope(park, actor, moment) if earlier else scopes.now(park, actor, now)


def _period(given: QueryDict, one: Indicator | None, scope: Scope) -> Period:
    kind, text = given.get("kind", ""), given.get("period", "")
    known = kind in (one.period_kinds if one else periods.KINDS)
    if text:
        found = periods.parse(text)
        return replace(found, kind=kind) if known else found
    return _usual(one, scope, kind if known else "")


def _usual(one: Indicator | None, scope: Scope, kind: str) -> Period:
    if one:
        return registry.period(one, scope, kind)
    began = registry.began_on(scope) if kind == periods.CUMULATIVE else scope.today
    return periods.of_kind(kind or periods.IN_PERIOD, scope.today, began_on=began)


def narrowed(reading: Reading, given: QueryDict) -> tuple[Reading, dict[str, str]]:
    """Return the reading over what was chosen, and what was: empty choices and names that the sheet has not are left out."""
    sheet = evidence.sheet_of(reading.evidence)
    given_for = {one.name: str(given.get(one.name) or "").replace("\x00", "")[:LONGEST] for one in sheet.narrowings}
    chosen = {name: value for name, value in given_for.items() if value}
    for name, value in chosen.items():
        reading = reading.narrowed(evidence.narrowed_by(sheet, name, value))
    return reading, chosen
