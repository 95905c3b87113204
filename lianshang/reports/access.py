"""Who reads and writes reports, and every read of one row. Figures in them are over the open ledger."""

from typing import Any
from uuid import UUID

from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.refusals import Hidden
from lianshang.reports.models import Article, Briefing

WRITERS = (Role.DISPATCHER, Role.REPORTING_CLERK, Role.COMMITTEE_HEAD)
READERS = (*WRITERS, Role.CHAIN_CHIEF, Role.AUDITOR)


def reader(actor: Actor | None) -> Actor:
    """Return whoever may read briefings and have a text checked. Raises `Hidden`."""
    if not actor or not actor.has(*READERS):
        raise Hidden
    return actor


def writer(actor: Actor | None) -> Actor:
    """Return whoever writes briefings and teaches the checker. Raises `Hidden`."""
    if not actor or not actor.has(*WRITERS):
        raise Hidden
    return actor


def articles_of(actor: Actor | None) -> Any:
    """Return the texts that this person handed in, newest first; nobody else has them."""
    return Article.objects.filter(made_by=reader(actor).person).order_by("-made_at", "-pk")


def article_for(actor: Actor | None, key: UUID) -> Article:
    """Raises `Hidden` for somebody else's."""
    found = articles_of(actor).filter(key=key).first()
    if found is None:
        raise Hidden
    found.park = actor.park
    return found


def briefings_of(actor: Actor | None) -> Any:
    """Return the park's briefings, newest first, for whoever reads the open ledger whole."""
    reader(actor)
    return Briefing.objects.select_related("made_by", "frozen_by").order_by("-made_at", "-pk")


def briefing_for(actor: Actor | None, key: UUID) -> Briefing:
    found = briefings_of(actor).filter(key=key).first()
    if found is None:
        raise Hidden
    found.park = actor.park
    return found
