"""Named filters of the list: kept, changed and dropped by whoever made them."""

from django.db import transaction

from lianshang.cases.models import SavedView
from lianshang.cases.navigation import READERS
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Person, Unit
from lianshang.kernel.refusals import Hidden, Refused

MOST = 30  # of one person: more are no help in one line above a list
MOST_SHARED = 20  # with one unit


@transaction.atomic
def keep_view(name: str, query: str, *, actor: Actor, unit: Unit | None = None) -> SavedView:
    """Keep the filter under this name; with a unit all who serve there are offered it. Kept twice is kept once."""
    person = _alone(actor)
    mine = SavedView.objects.filter(owner=person)
    if same := mine.filter(name=name, query=query, unit=unit).first():
        return same
    if mine.count() >= MOST:
        raise Refused(f"常用视图最多 {MOST} 个。请先删去不用的。")
    _check(name, actor, unit)
    return SavedView.objects.create(park=actor.park, owner=person, name=name, query=query, unit=unit)


@transaction.atomic
def change_view(view: SavedView, name: str, *, actor: Actor, unit: Unit | None = None) -> SavedView:
    """Give the view another name, or other readers. What it narrows to is changed by keeping the new filter over it."""
    if view.owner_id != _alone(actor).pk:
        raise Hidden
    _check(name, actor, unit, but=view.pk)
    view.name, view.unit = name, unit
    view.save(update_fields=["name", "unit"])
    return view


def refit_view(view: SavedView, query: str, *, actor: Actor) -> SavedView:
    """Keep another filter under the view's name."""
    if view.owner_id != (actor.person and actor.person.pk):
        raise Hidden
    view.query = query
    view.save(update_fields=["query"])
    return view


def drop_view(view: SavedView, *, actor: Actor) -> None:
    if view.owner_id != (actor.person and actor.person.pk):
        raise Hidden
    SavedView.objects.filter(park=view.park_id, pk=view.pk).delete()


def _alone(actor: Actor) -> Person:
    """Return whose views they are; until the transaction ends nobody else of the park keeps or shares one."""
    if actor.person is None or not actor.has(*READERS):
        raise Hidden
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)
    return actor.person


def _check(name: str, actor: Actor, unit: Unit | None, but: int = 0) -> None:
    if unit is not None and unit.pk not in actor.unit_ids:
        raise Refused("只能共享给自己任职的单位。")
    if unit is not None and SavedView.objects.filter(unit=unit).exclude(pk=but).count() >= MOST_SHARED:
        raise Refused(f"{unit}已有 {MOST_SHARED} 个共享的视图。请先请同事删去不用的，或只给自己用。")
    if SavedView.objects.filter(owner=actor.person, name=name).exclude(pk=but).exists():
        raise Refused(f"已有名为“{name}”的视图。请换个名称，或在“管理”里把它改成现在的筛选。")
