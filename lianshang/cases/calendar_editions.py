"""New editions of calendars, and the clocks that they move: the nation's for every park, a park's and a unit's own."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django_scopes import scope

from lianshang.cases import calendar_previews, services
from lianshang.cases.calendar_previews import Preview
from lianshang.cases.models import Case, CaseClockChange
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Unit
from lianshang.kernel import calendars, editions
from lianshang.kernel.calendar_documents import Fault
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.models import Calendar, CalendarVersion
from lianshang.kernel.refusals import Refused


def national() -> Calendar | None:
    return Calendar.objects.filter(park=None).first()


def newest(calendar: Calendar | None) -> CalendarVersion | None:
    return calendar.versions.order_by("-number").first() if calendar else None


@transaction.atomic
def load_national(
    documents: Iterable[Mapping[str, Any]], *, source: str, actor: Actor, at: datetime
) -> CalendarVersion:
    """Merge yearly notices into the nation's calendar and recount the running clocks of every park.

    Raises CalendarFaults where a file cannot be used or names only a part of the year's festivals, Refused where it
    says nothing new.
    """
    made = editions.publish_national(_merged(documents, actor), source=source, at=at)
    for park in Park.objects.order_by("pk"):
        with scope(park=park):
            _recount(park, made, actor, at)
    return made


def preview_national(documents: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Preview:
    """Say what `load_national` would move in the actor's park. Raises what it would raise, and changes nothing."""
    known = editions.supposed(actor.park.pk, national=_merged(documents, actor))
    return calendar_previews.preview(actor, known, at=at)


def _merged(documents: Iterable[Mapping[str, Any]], actor: Actor) -> WorkCalendar:
    if actor.park.is_demo and Park.objects.filter(is_demo=False).exists():
        raise Refused("全国日历由所有园区共用，演示园区不能改。请用正式园区的管理员账号载入。")
    documents = list(documents)
    _refuse_half_years(documents)
    before = newest(national())
    base = editions.calendar_of(before.pk) if before else None
    value = calendars.from_holiday_cn(documents, base)
    if base is not None and value == base:
        raise Refused("这些文件里没有新内容：现在的全国日历已经是这样。")
    return value


def _refuse_half_years(documents: Iterable[Mapping[str, Any]]) -> None:
    """A file that names some festivals would make working days of the others: such a year must stay provisional."""
    faults = [
        Fault(
            f"{document.get('year')} 年",
            f"没有写{'、'.join(missing)}的放假。请用全年的文件；还没有公布的年份先不载入，仍按暂按计算",
        )
        for document in documents
        if (missing := calendars.missing_festivals(document))
    ]
    if faults:
        raise calendars.CalendarFaults(faults)


@transaction.atomic
def publish_own(
    unit: Unit | None, document: Mapping[str, Any], *, source: str, actor: Actor, at: datetime
) -> CalendarVersion:
    """Append an edition of the park's calendar, or of one unit's, and recount the park's running clocks."""
    calendar, _ = Calendar.objects.get_or_create(
        park=actor.park, unit=unit, defaults={"name": str(document.get("name", ""))}
    )
    made = editions.publish(calendar, dict(document), source=source, at=at)
    if unit is None:
        units = Calendar.objects.filter(park=actor.park).exclude(unit=None)
        editions.lay_anew(units, source=f"随{calendar.name}更新", at=at)
    Calendar.objects.filter(pk=calendar.pk).update(name=str(document.get("name", "")))
    _recount(actor.park, made, actor, at)
    return made


def preview_own(unit: Unit | None, document: Mapping[str, Any], *, actor: Actor, at: datetime) -> Preview:
    """Say what `publish_own` would move. Raises what it would raise, and changes nothing."""
    known = editions.supposed(actor.park.pk, own=(unit.pk if unit else None, dict(document)))
    return calendar_previews.preview(actor, known, at=at)


def seal(content: object, *, actor: Actor) -> str:
    """Return what a confirmation must carry: of the content seen, and of the editions that it was counted against."""
    stands = sorted(editions.in_force(actor.park.pk).values())
    return hashlib.sha256(json.dumps([content, stands], sort_keys=True, default=str).encode()).hexdigest()


def _recount(park: Park, made: CalendarVersion, actor: Actor, at: datetime) -> list[Case]:
    note = f"{made}（{made.source}），{actor}载入"
    return services.reload_calendar(actor=actors.system(park), at=at, note=note)


def moved(version: CalendarVersion) -> list[CaseClockChange]:
    """Return what the edition's recounting changed in open cases of the scope's park: only due times that moved."""
    changes = CaseClockChange.objects.filter(
        what=CaseClockChange.What.RECALENDAR, at=version.loaded_at, event__subject__sealed=False
    ).select_related("clock__subject__enterprise", "clock__unit")
    return [change for change in changes.order_by("new_due_at", "pk") if change.old_due_at != change.new_due_at]
