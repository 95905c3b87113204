"""Themes as a list shows them: with their light, how many cases and enterprises a reader may open, and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianshang.cases import theme_access, theme_words
from lianshang.cases.lights import Light
from lianshang.cases.models import Case, CaseQuerySet, Theme, ThemeCase, ThemeClock, ThemeState
from lianshang.cases.theme_access import Size, distinct
from lianshang.cases.theme_flow import is_late
from lianshang.directory.actors import Actor

MOST = 200  # themes: a park has a few dozen in a year
SHOWS = {"": "在办", "late": "超期", "closed": "已结题", "all": "全部"}


@dataclass(frozen=True)
class Row:
    """A theme at a moment."""

    theme: Theme
    size: Size
    light: Light
    is_late: bool


def rows(actor: Actor, now: datetime) -> list[Row]:
    """Return what the actor may open: what is due first in front, closed ones last."""
    themes = list(
        theme_access.themes_visible_to(actor).select_related("owner_unit").order_by("-opened_at", "-pk")[:MOST]
    )
    held = theme_access.sizes(themes, actor)
    return _lit(themes, held, now)


def under_way(actor: Actor, now: datetime) -> list[Row]:
    """Return those that are not closed, without their sizes."""
    found = theme_access.themes_visible_to(actor).exclude(state=ThemeState.CLOSED).select_related("owner_unit")
    return _lit(list(found.order_by("-opened_at", "-pk")[:MOST]), {}, now)


def _lit(themes: list[Theme], held: Mapping[int, Size], now: datetime) -> list[Row]:
    clocks = {clock.subject_id: clock for clock in ThemeClock.objects.running().filter(subject__in=themes)}
    made = [_row(theme, held.get(theme.pk, Size()), clocks.get(theme.pk), now) for theme in themes]
    return sorted(made, key=_order)


def _row(theme: Theme, size: Size, clock: ThemeClock | None, now: datetime) -> Row:
    return Row(theme, size, theme_words.light(theme, clock, now), is_late(theme, now))


def _order(row: Row) -> tuple[bool, float, int]:
    due = row.theme.next_due_at or row.theme.closed_at or row.theme.opened_at
    return row.theme.state == ThemeState.CLOSED, due.timestamp(), row.theme.pk


def showing(rows: Iterable[Row], which: str) -> list[Row]:
    """Return the rows of one filter; a late one is among those under way too: nothing hides it."""
    return [row for row in rows if _belongs(row, which)]


def _belongs(row: Row, which: str) -> bool:
    if which == "late":
        return row.is_late
    return which == "all" or (row.theme.state == ThemeState.CLOSED) == (which == "closed")


def filters(rows: Sequence[Row], chosen: str) -> list[dict[str, Any]]:
    """Return the words above the list, with how many each shows."""
    return [
        {
            "label": label,
            "count": len(showing(rows, name)),
            "url": f"?show={name}",
            "current": name == (chosen if chosen in SHOWS else ""),
            "tone": "late" if name == "late" else "",
        }
        for name, label in SHOWS.items()
    ]


def enterprises(cases: Iterable[Case]) -> list[str]:
    """Return the enterprises of the cases, each once, by name."""
    named = [case for case in cases if distinct([(case.enterprise_id, case.enterprise_name)])]
    return sorted({case.whose for case in named})


def left(theme: Theme, actor: Actor) -> CaseQuerySet:
    """Return the cases that were taken out again and that the actor may open: the timeline names them."""
    out = ThemeCase.objects.filter(theme=theme, removed_by__isnull=False).values("case")
    return theme_access.visible_cases(actor).filter(pk__in=out).only("number")
