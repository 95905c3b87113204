"""Which edition of a calendar or profile is in force, and its value. Editions are immutable, so values are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from lianshang.kernel import calendars
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.models import Calendar, CalendarVersion


@dataclass(frozen=True)
class Edition:
    """A calendar edition: the row's key, which a clock stores, and the value to count with."""

    pk: int
    calendar: WorkCalendar


@lru_cache(maxsize=256)
def calendar_of(version_id: int) -> WorkCalendar:
    """Return the calendar of an edition, laid over the editions below it."""
    version = CalendarVersion.objects.select_related("calendar").get(pk=version_id)
    if version.base_id is None:
        return calendars.load(version.document)
    return calendars.overlay(calendar_of(version.base_id), version.document)


def edition(version_id: int) -> Edition:
    return Edition(version_id, calendar_of(version_id))


def in_force(park_id: int, recorded_at: datetime | None = None) -> dict[int | None, int]:
    """Return unit → the newest edition, or the newest loaded by `recorded_at`; key None: the park's, or the nation's."""
    known = CalendarVersion.objects.filter(Q(calendar__park=park_id) | Q(calendar__park=None))
    if recorded_at:
        known = known.filter(loaded_at__lte=recorded_at)
    rows = known.order_by("calendar__park_id", "number").values_list("calendar__park_id", "calendar__unit_id", "pk")
    national: int | None = None
    newest: dict[int | None, int] = {}
    for owner, unit_id, version_id in rows:
        if owner is None:
            national = version_id
        else:
            newest[unit_id] = version_id
    if None not in newest:
        if national is None:
            raise LookupError("还没有国家工作日历。请先运行 lianshang migrate。")
        newest[None] = national
    return newest


def supposed(
    park_id: int,
    *,
    national: WorkCalendar | None = None,
    own: tuple[int | None, dict[str, Any]] | None = None,
) -> dict[int | None, Edition]:
    """Return what `in_force` would be, were the nation's calendar or (unit, document) of the park published: nothing is.

    Editions that are not stored have keys below 0. CalendarFaults where a document cannot be laid over what is below.
    """
    known = {unit_id: edition(version_id) for unit_id, version_id in in_force(park_id).items()}
    kept = CalendarVersion.objects.filter(calendar__park=park_id).order_by("number")
    documents: dict[int | None, dict[str, Any]] = dict(kept.values_list("calendar__unit_id", "document"))
    anew = set(documents)
    if own:
        documents |= dict([own])
        anew = set(documents) if own[0] is None else {own[0]}
    common = Edition(-1, national) if national else edition(_newest_national())
    if None not in documents:
        known[None] = common
    for unit_id in sorted(anew, key=lambda one: one or 0):  # the park before its units
        below = common if unit_id is None else known[None]
        known[unit_id] = Edition(-2 - (unit_id or 0), calendars.overlay(below.calendar, documents[unit_id]))
    return known


def _newest_national() -> int:
    return CalendarVersion.objects.filter(calendar__park=None).latest("number").pk


def publish(calendar: Calendar, document: dict[str, Any], *, source: str, at: datetime) -> CalendarVersion:
    """Append an edition of `calendar`, laid over the newest edition below it. CalendarFaults where it cannot be read."""
    below = _below(calendar)
    value = calendars.overlay(calendar_of(below.pk), document) if below else calendars.load(document)
    last = calendar.versions.order_by("-number").first()
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        base=below,
        document=document,
        source=source,
        published_until=value.published[-1][1] if value.published else date.min,
        loaded_at=at,
    )
    calendar_of.cache_clear()  # SQLite gives the key of an edition that was taken back to the next one
    return version


def _below(calendar: Calendar) -> CalendarVersion | None:
    if calendar.park_id is None:
        return None
    owners = [Q(calendar__park=None)]
    if calendar.unit_id is not None:
        owners.insert(0, Q(calendar__park=calendar.park_id, calendar__unit=None))
    found = (CalendarVersion.objects.filter(owner).order_by("-number").first() for owner in owners)
    return next((version for version in found if version), None)


def publish_national(value: WorkCalendar, *, source: str, at: datetime) -> CalendarVersion:
    """Append an edition of the nation's calendar, and lay every park's and unit's newest document over it anew."""
    national, _ = Calendar.objects.get_or_create(park=None, unit=None, defaults={"name": "全国工作日历"})
    version = publish(national, value.dump(), source=source, at=at)
    lay_anew(Calendar.objects.exclude(park=None).order_by("unit_id"), source=f"随{source}更新", at=at)
    return version


def lay_anew(owned: Iterable[Calendar], *, source: str, at: datetime) -> None:
    """Give each calendar a new edition of its own newest document over what lies below now: parks before units."""
    for calendar in sorted(owned, key=lambda one: one.unit_id is not None):
        newest = calendar.versions.order_by("-number").first()
        if newest:
            publish(calendar, newest.document, source=source, at=at)
