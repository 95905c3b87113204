"""The named filters that somebody is offered above the list: own ones, and those shared with the units of one's posts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from lianshang.cases.models import SavedView
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Hidden


def offered(actor: Actor) -> "QuerySet[SavedView]":
    """Return the views in the order of their names."""
    return SavedView.objects.filter(Q(owner=actor.person) | Q(unit__in=actor.unit_ids)).order_by("name", "pk")


def own(actor: Actor, key: object) -> SavedView:
    """Return a view of the actor's own, or raise `Hidden`: what others share may be used, not changed."""
    found = SavedView.objects.filter(owner=actor.person, pk=key).first()
    if found is None:
        raise Hidden
    return found


def words(actor: Actor, query: str) -> list[dict[str, Any]]:
    """Return the views as words with their addresses; current is the one whose filter is shown now."""
    here = reverse("cases:list")
    return [
        {
            "label": view.name,
            "count": None,
            "url": f"{here}?{view.query}",
            "current": bool(query) and view.query == query,
            "tone": "",
        }
        for view in offered(actor)
    ]
