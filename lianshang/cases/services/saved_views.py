"""Named filters of the list: kept, changed and dropped by whoever made them."""

from lianshang.cases.models import SavedView
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel.refusals import Hidden, Refused

MOST = 30  # of one person: more are no help in one line above a list


def keep_view(name: str, query: str, *, actor: Actor, unit: Unit | None = None) -> SavedView:
    """Keep the filter under this name; with a unit all who serve there are offered it."""
    if actor.person is None:
        raise Hidden
    if SavedView.objects.filter(owner=actor.person).count() >= MOST:
        raise Refused(f"常用视图最多 {MOST} 个。请先删去不用的。")
    _check(name, actor, unit)
    return SavedView.objects.create(park=actor.park, owner=actor.person, name=name, query=query, unit=unit)


def change_view(view: SavedView, name: str, *, actor: Actor, unit: Unit | None = None) -> SavedView:
    """Give the view another name, or other readers. What it narrows to is changed by keeping the new filter over it."""
    _check(name, actor, unit, but=view.pk)
    view.name, view.unit = name, unit
    view.save(update_fields=["name", "unit"])
    return view


def refit_view(view: SavedView, query: str, *, actor: Actor) -> SavedView:
    """Keep another filter under the view's name."""
    if view.owner_id != actor.person.pk:
        raise Hidden
    view.query = query
    view.save(update_fields=["query"])
    return view


def drop_view(view: SavedView, *, actor: Actor) -> None:
    if view.owner_id != actor.person.pk:
        raise Hidden
    SavedView.objects.filter(park=view.park_id, pk=view.pk).delete()


def _check(name: str, actor: Actor, unit: Unit | None, but: int = 0) -> None:
    if unit is not None and unit.pk not in actor.unit_ids:
        raise Refused("只能共享给自己任职的单位。")
    if SavedView.objects.filter(owner=actor.person, name=name).exclude(pk=but).exists():
        raise Refused(f"已有名为“{name}”的视图。请换个名称，或在“管理”里把它改成现在的筛选。")
