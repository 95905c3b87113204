"""Texts handed in to be checked, and what people teach the checker."""

from datetime import date, datetime

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Park
from lianshang.indicators.registry import REGISTRY
from lianshang.kernel import outbox
from lianshang.kernel.refusals import Refused
from lianshang.reports import access
from lianshang.reports.models import Article, Binding
from lianshang.reports.models.articles import KEPT, LONGEST

LOOK = 3600  # seconds


@transaction.atomic
def hand_in(text: str, *, actor: Actor, at: datetime, day: date, name: str = "") -> Article:
    """Keep a text to be checked as of a day; its holder alone opens it. Raises `Hidden`, and `Refused` for one too long."""
    access.reader(actor)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > LONGEST:
        raise Refused(f"文稿超过 {LONGEST:,} 字。请分几次核对，已填内容都在。")
    return Article.objects.create(
        park=actor.park, name=name[-120:], text=text, day=day, made_at=at, made_by=actor.person
    )


@transaction.atomic
def bind(words: str, measure: str, figure: str, *, actor: Actor, at: datetime) -> Binding:
    """Take these words with this measure word for that figure, in all texts of the park from now on.

    Bound anew is bound to the new figure; the old binding ends. Raises `Hidden`, and `Refused` for no such figure.
    """
    access.writer(actor)
    if figure not in REGISTRY:
        raise Refused("没有这个指标。请从列表里选一个。")
    words = " ".join(words.split())
    if not words:
        raise Refused("请写出文中用来指这个数的几个字。")
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)
    same = Binding.objects.filter(words=words, measure=measure, ended_at=None)
    if kept := same.filter(figure=figure).first():
        return kept
    same.update(ended_at=at, ended_by=actor.person)
    return Binding.objects.create(
        park=actor.park, words=words, measure=measure, figure=figure, made_at=at, made_by=actor.person
    )


@transaction.atomic
def unbind(binding: Binding, *, actor: Actor, at: datetime) -> None:
    """End a binding; ended twice is ended once."""
    access.writer(actor)
    Binding.objects.filter(park=actor.park, pk=binding.pk, ended_at=None).update(ended_at=at, ended_by=actor.person)


@outbox.every(LOOK)
def forget(park: Park, now: datetime) -> None:
    """Forget texts a month after they were handed in: they are drafts of somebody's, not records."""
    Article.objects.filter(park=park, made_at__lt=now - KEPT).delete()
