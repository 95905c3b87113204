"""The dispatch catalogue is written as a draft and published from a day on; what is published never changes.

It is kept up to date by new editions (北京市接诉即办工作条例 art 11); earlier ones stay, because cases were sent by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lianshang.cases import catalogue
from lianshang.cases.models import CatalogueCoUnit, CatalogueEntry, CatalogueVersion
from lianshang.cases.models.catalogue import SEPARATOR
from lianshang.cases.navigation import SETTERS
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Unit
from lianshang.kernel.refusals import Hidden, Refused


@dataclass(frozen=True)
class Matter:
    """What an entry says, however it reached us."""

    matter: str
    lead: Unit
    basis: str
    words: tuple[str, ...] = ()
    co_units: tuple[Unit, ...] = ()
    kind: str = ""


@transaction.atomic
def open_draft(*, actor: Actor, at: datetime) -> CatalogueVersion:
    """Return the draft, begun as a copy of the edition published last where there is none yet."""
    _begin(actor)
    draft = CatalogueVersion.objects.filter(in_force_from=None).first()
    if draft:
        return draft
    base = CatalogueVersion.objects.in_force(date.max).first()
    last = CatalogueVersion.objects.aggregate(last=Max("number"))["last"] or 0
    draft = CatalogueVersion.objects.create(park=actor.park, number=last + 1, made_at=at, made_by=actor.person)
    _write(draft, [matter_of(entry) for entry in catalogue.entries(base)])
    return draft


@transaction.atomic
def fill_draft(matters: Iterable[Matter], *, actor: Actor, at: datetime) -> CatalogueVersion:
    """Put a whole catalogue in the draft's place, as a sheet has it."""
    draft, matters = open_draft(actor=actor, at=at), list(matters)
    _refuse_too_many(len(matters))
    _clear(draft.entries.all())
    _write(draft, matters)
    return draft


@transaction.atomic
def save_entry(told: Matter, *, actor: Actor, at: datetime, was: str = "") -> CatalogueEntry:
    """Change the draft's entry of that matter, wherever it stands by now, or add one at its end."""
    draft = open_draft(actor=actor, at=at)
    entry = _entry(draft, was) if was else None
    _refuse_too_many(draft.entries.count() + (entry is None))
    if draft.entries.filter(matter=told.matter).exclude(pk=entry.pk if entry else None).exists():
        raise Refused(f"草稿里已有“{told.matter}”。请改那一条，或换个名称。")
    last = draft.entries.aggregate(last=Max("position"))["last"] or 0
    entry = entry or CatalogueEntry(park=actor.park, version=draft, position=last + 1)
    _tell(entry, told)
    entry.save()
    entry.co_units.all().delete()
    CatalogueCoUnit.objects.bulk_create(_helpers(entry, told))
    return entry


@transaction.atomic
def drop_entry(was: str, *, actor: Actor, at: datetime) -> None:
    """Take the entry of that matter out of the draft; those after it move up."""
    draft = open_draft(actor=actor, at=at)
    dropped = _entry(draft, was)
    rows = [matter_of(entry) for entry in catalogue.entries(draft) if entry != dropped]
    _clear(draft.entries.all())
    _write(draft, rows)


@transaction.atomic
def publish(*, since: date, actor: Actor, at: datetime) -> CatalogueVersion:
    """Put the draft in force from a day, today or later: nothing is in force backwards."""
    _begin(actor)
    draft = CatalogueVersion.objects.filter(in_force_from=None).first()
    if draft is None:
        raise Refused("没有草稿。请先起草新的一版。")
    if since < timezone.localtime(at).date():
        raise Refused("施行日期不能早于今天。请改成今天或以后。")
    if not draft.entries.exists():
        raise Refused("草稿里还没有条目。请先添加或导入。")
    stopped = sorted({str(entry.lead) for entry in catalogue.entries(draft) if not entry.lead.is_active})
    if stopped:
        raise Refused(f"{'、'.join(stopped)}已停用。请先改这些条目的主办单位，再公布。")
    draft.in_force_from, draft.adopted_at, draft.adopted_by = since, at, actor.person
    draft.save(update_fields=["in_force_from", "adopted_at", "adopted_by"])
    return draft


@transaction.atomic
def discard(*, actor: Actor) -> None:
    """Throw the draft away; nothing refers to it."""
    _begin(actor)
    for draft in CatalogueVersion.objects.filter(in_force_from=None):
        _clear(draft.entries.all())
        draft.delete()


def matter_of(entry: CatalogueEntry) -> Matter:
    helping = tuple(one.unit for one in entry.co_units.all())
    return Matter(entry.matter, entry.lead, entry.basis, tuple(entry.terms[1:]), helping, entry.kind)


def _begin(actor: Actor) -> None:
    """Let in who may, one after the other: nobody writes into a draft that is being published, or begins a second."""
    if not actor.has(*SETTERS):
        raise Hidden
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)


def _entry(draft: CatalogueVersion, matter: str) -> CatalogueEntry:
    entry = draft.entries.filter(matter=matter).first()
    if entry is None:
        raise Refused(f"草稿里已没有“{matter}”，可能被改名或删去了。请回目录再看。")
    return entry


def _refuse_too_many(rows: int) -> None:
    if rows > catalogue.MOST:
        raise Refused(f"目录最多 {catalogue.MOST} 条。请合并相近的事项。")


def _write(draft: CatalogueVersion, matters: list[Matter]) -> None:
    entries = [CatalogueEntry(park_id=draft.park_id, version=draft, position=n) for n in range(1, len(matters) + 1)]
    for entry, told in zip(entries, matters, strict=True):
        _tell(entry, told)
    CatalogueEntry.objects.bulk_create(entries)
    pairs = zip(entries, matters, strict=True)
    CatalogueCoUnit.objects.bulk_create([row for entry, told in pairs for row in _helpers(entry, told)])


def _tell(entry: CatalogueEntry, told: Matter) -> None:
    entry.matter, entry.lead, entry.basis, entry.kind = told.matter, told.lead, told.basis, told.kind
    entry.words = SEPARATOR.join(told.words)


def _helpers(entry: CatalogueEntry, told: Matter) -> list[CatalogueCoUnit]:
    return [CatalogueCoUnit(park_id=entry.park_id, entry=entry, unit=unit) for unit in told.co_units]


def _clear(entries: Iterable[CatalogueEntry]) -> None:
    keys = [entry.pk for entry in entries]
    CatalogueCoUnit.objects.filter(entry__in=keys).delete()
    CatalogueEntry.objects.filter(pk__in=keys).delete()
