"""The only doors to a theme for reading, and what of its cases a reader has. Sealed cases are in none of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from lianshang.cases import access
from lianshang.cases.models import Case, CaseQuerySet, Theme, ThemeCase
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role


@dataclass(frozen=True)
class Size:
    """How many cases of a theme a reader may open, and of how many enterprises they are."""

    cases: int = 0
    enterprises: int = 0


def themes_visible_to(actor: Actor) -> QuerySet[Theme]:
    """Return the themes that the actor may open.

    Who reads the whole ledger sees all; a unit's liaison those that its unit owns or whose cases it handles.
    """
    if actor.has(*access.WIDE):
        return Theme.objects.all()
    if not actor.has(Role.LIAISON):
        return Theme.objects.none()
    handled = ThemeCase.objects.filter(theme=OuterRef("pk"), removed_by=None, case__in=visible_cases(actor))
    return Theme.objects.filter(Q(owner_unit__in=actor.units(Role.LIAISON)) | Q(Exists(handled)))


def theme_for(actor: Actor | None, key: object) -> Theme:
    """Return the theme, or raise Http404 whether it is absent or not theirs to see."""
    rows = themes_visible_to(actor) if actor else Theme.objects.none()
    theme = rows.filter(key=key).select_related("owner_unit").first()
    if theme is None:
        raise Http404
    return theme


def theme_of(case: Case, actor: Actor) -> Theme | None:
    """Return the theme that the case belongs to now, if this reader may know of it."""
    if case.sealed or actor.kind != "staff":
        return None
    return themes_visible_to(actor).filter(memberships__case=case, memberships__removed_by=None).first()


def cases_of(theme: Theme, actor: Actor) -> CaseQuerySet:
    """Return those of its cases that the actor may open, the newest first."""
    inside = ThemeCase.objects.filter(theme=theme, removed_by=None).values("case")
    return visible_cases(actor).filter(pk__in=inside).order_by("-registered_at", "-pk")


def sizes(themes: Collection[Theme], actor: Actor) -> dict[int, Size]:
    """Return theme → what of it the actor may open, in one query. Enterprises count once, by record or by typed name."""
    rows = ThemeCase.objects.filter(
        theme__in=[one.pk for one in themes], removed_by=None, case__in=visible_cases(actor)
    )
    held: dict[int, list[tuple[int | None, str]]] = defaultdict(list)
    for theme, enterprise, name in rows.values_list("theme", "case__enterprise", "case__enterprise_name"):
        held[theme].append((enterprise, name))
    return {theme: Size(len(whose), len(distinct(whose))) for theme, whose in held.items()}


def distinct(whose: Iterable[tuple[int | None, str]]) -> set[int | str]:
    """Return the enterprises among (record, typed name); nobody's case counts for none."""
    return {enterprise or name.strip() for enterprise, name in whose if enterprise or name.strip()}


def visible_cases(actor: Actor) -> CaseQuerySet:
    """Return the cases of the open ledger that the actor may open."""
    return access.cases_visible_to(actor).filter(sealed=False)
