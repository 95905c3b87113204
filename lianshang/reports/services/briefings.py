"""Briefings are begun from a template, changed, and frozen; templates are changed by new editions."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Park
from lianshang.indicators import freezing
from lianshang.indicators.models import FrozenFigure
from lianshang.indicators.periods import Period
from lianshang.kernel import apart, file_types, files
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.papers import filling, parcels
from lianshang.reports import access, names, templating, wording, writing
from lianshang.reports import files as papers
from lianshang.reports.models import Briefing, BriefingFigure, BriefingTemplate
from lianshang.reports.shipped import SHIPPED, Template
from lianshang.reports.typed import contradicted

FROZEN = "这份简报已经定稿，不能再改。要更正，请另写一份。"


@dataclass(frozen=True)
class Words:
    """What people write of a briefing or a template."""

    title: str
    body: str
    signer: str
    to: str = ""
    most: int = 4000


def check(words: Words) -> None:
    """Raise `Refused` where a name is unknown, with a sentence for each."""
    if found := names.faults(f"{words.title}\n{words.to}\n{words.signer}\n{words.body}"):
        raise Refused("".join(found[:5]))


@transaction.atomic
def begin(template: Template, first: date, last: date, day: date, *, actor: Actor, at: datetime) -> Briefing:
    """Begin a briefing over whole days, as of a day. Raises `Hidden`, and `Refused` for a time that has not come."""
    access.writer(actor)
    _check_days(first, last, day, actor.park, at)
    return Briefing.objects.create(
        park=actor.park, template=template.slug, template_number=template.number, title=template.title, to=template.to,
        body=template.body, signer=template.signer, most=template.most, first=first, last=last, day=day, made_at=at,
        made_by=actor.person, changed_at=at,
    )  # fmt: skip


def _check_days(first: date, last: date, day: date, park: Park, at: datetime) -> None:
    today = at.astimezone(park.zoneinfo).date()
    if last < first:
        raise Refused("时段的止日早于起日。请改正。")
    if day > today or first > today:
        raise Refused("时段和截至日不能在今天以后：还没有记录。")


@transaction.atomic
def change(briefing: Briefing, words: Words, *, day: date, version: int, actor: Actor, at: datetime) -> Briefing:
    """Change a draft. Raises `Refused` for an unknown name, a frozen one, or where somebody else changed it meanwhile."""
    access.writer(actor)
    check(words)
    row = _locked(briefing)
    if row.version != version:
        raise Refused("这份简报刚被别人改过。您写的都在下面，请先打开最新的一稿对照，再提交。")
    _check_days(row.first, row.last, day, actor.park, at)
    row.title, row.to, row.body, row.signer, row.most, row.day = (
        words.title, words.to, words.body, words.signer, words.most, day,
    )  # fmt: skip
    row.version, row.changed_at = row.version + 1, at
    row.save()
    return row


@transaction.atomic
def freeze(briefing: Briefing, *, actor: Actor, at: datetime) -> Briefing:
    """Publish the figures of a briefing and let it stand as it reads.

    Raises `Hidden` for whoever may not publish, `Refused` where it is too long, a name is unknown, or somebody typed a
    number that the records contradict.
    """
    if not actor.has(*freezing.PUBLISHERS):
        raise Hidden
    row = _locked(briefing)
    row.park = actor.park
    text = _checked(row, at)
    scope = writing.standpoint(row, actor.park, at).scope()
    figures = {figure.name: figure for figure in text.figures}
    kept = _published(figures, scope.at, actor)
    BriefingFigure.objects.bulk_create(
        [_figure(row, place, figure, kept[figure.name]) for place, figure in enumerate(figures.values(), 1)]
    )
    row.frozen_at, row.frozen_by = at, actor.person
    row.digest = writing.write(row, actor.park, at).digest
    row.save(update_fields=["frozen_at", "frozen_by", "digest"])
    return row


def _checked(row: Briefing, at: datetime) -> writing.Written:
    """Return the text, if it may stand."""
    try:
        text = writing.write(row, row.park, at)
    except names.UnknownName as no:
        raise Refused(str(no)) from None
    if not text.figures:
        raise Refused("这份简报里没有一个数字，不用定稿。")
    if text.length > row.most:
        raise Refused(f"正文 {text.length} 字，超过 {row.most} 字。请删减后再定稿。")
    wrong = contradicted(text, writing.standpoint(row, row.park, at))
    if wrong:
        said = "、".join(f"“{one.mention.text}”（应为 {one.shown}）" for one in wrong[:5])
        raise Refused(f"直接写的数字与台账不符：{said}。请改成占位符，或改正后再定稿。")
    return text


def _locked(briefing: Briefing) -> Briefing:
    row = Briefing.objects.select_for_update(of=("self",), no_key=True).get(park=briefing.park_id, pk=briefing.pk)
    if row.frozen_at:
        raise Refused(FROZEN)
    return row


def _published(figures: dict[str, writing.Figure], moment: datetime, actor: Actor) -> dict[str, FrozenFigure]:
    """Publish the figures of each period at once; return them by their names in the text."""
    periods: dict[Period, list[str]] = {}
    for figure in figures.values():
        if figure.slot and figure.period:
            periods.setdefault(figure.period, []).append(figure.slot.figure.key)
    frozen: dict[tuple[Period, str], FrozenFigure] = {}
    for period, keys in periods.items():
        row = freezing.publish(period, actor=actor, at=moment, keys=keys)
        frozen |= {(period, one.indicator): one for one in row.figures.select_related("publication")}
    return {
        name: frozen[figure.period, figure.slot.figure.key]
        for name, figure in figures.items()
        if figure.slot and figure.period
    }


def _figure(row: Briefing, place: int, figure: writing.Figure, kept: FrozenFigure) -> BriefingFigure:
    """What is printed comes from what was frozen."""
    rule = figure.slot.rule if figure.slot else ""
    shown = wording.worded(kept.number, kept.unit, kept.kind, rule)
    return BriefingFigure(
        park=row.park, briefing=row, position=place, name=figure.name, shown=shown, frozen=kept, crosses=figure.crosses
    )


def keep_template(
    slug: str, name: str, words: Words, *, actor: Actor, at: datetime, file: tuple[bytes, str] | None = None
) -> BriefingTemplate:
    """Keep a new edition of a template; an empty slug makes a template of the park's own. What was written before stays.

    `file`: a Word file for the look; without one the look stays as it was. Raises `Refused` for what cannot be used. It is
    looked at in a process apart, before the transaction: nobody else's writing waits for that.
    """
    access.writer(actor)
    check(words)
    if file:
        _check_look(*file, at=at)
    return _kept(slug, name, words, actor=actor, at=at, file=file)


def _check_look(content: bytes, name: str, *, at: datetime) -> None:
    try:
        faults = apart.run(filling.check, content, name, papers.CATALOGUE, papers.example(), at=at)
    except apart.TooMuch:
        raise Refused(parcels.BOMB) from None
    if faults:
        raise Refused("".join(faults))


@transaction.atomic
def _kept(
    slug: str, name: str, words: Words, *, actor: Actor, at: datetime, file: tuple[bytes, str] | None
) -> BriefingTemplate:
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)
    newest = BriefingTemplate.objects.filter(slug=slug).order_by("-number").first()
    if slug and newest is None and slug not in SHIPPED:
        raise Hidden
    stored = newest.stored if newest else None
    if file:
        stored = files.keep(actor.park, files.Prepared(file[0], file_types.WORD))
    return BriefingTemplate.objects.create(
        park=actor.park, slug=slug or f"own-{secrets.token_hex(4)}", number=newest.number + 1 if newest else 1,
        name=name, title=words.title, to=words.to, body=words.body, signer=words.signer, most=words.most, stored=stored,
        file_name=file[1][-120:] if file else newest.file_name if newest else "", made_at=at, made_by=actor.person,
    )  # fmt: skip


@transaction.atomic
def set_retired(slug: str, *, retired: bool, actor: Actor, at: datetime) -> BriefingTemplate:
    """Offer a template no more, or again: a new edition of the same words. What was written from it stays.

    Raises `Hidden` for none of that name, `Refused` where it is so already, or where none would be left to begin from.
    """
    access.writer(actor)
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)
    now = templating.named(slug)
    offered = {one.slug for one in templating.in_force()}
    if (slug not in offered) == retired:
        raise Refused("这个模板已经停用。" if retired else "这个模板正在使用。")
    if retired and offered == {slug}:
        raise Refused("这是最后一个在用的模板，停用后不能再起草简报。请先启用另一个。")
    newest = BriefingTemplate.objects.filter(slug=slug).order_by("-number").first()
    return BriefingTemplate.objects.create(
        park=actor.park, slug=slug, number=now.number + 1, name=now.name, title=now.title, to=now.to, body=now.body,
        signer=now.signer, most=now.most, stored=newest.stored if newest else None,
        file_name=newest.file_name if newest else "", retired=retired, made_at=at, made_by=actor.person,
    )  # fmt: skip
