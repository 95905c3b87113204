"""What administrators and people set: robots, the park's rules, how somebody wants to be told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel import vault
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices import posting, robots, wording
from lianshang.notices.models import NoticeRules, NoticeWish, Robot, RobotMessage
from lianshang.notices.posting import Refusal

NAME_TAKEN = "已有同名的机器人，请换一个名称。"


def add_robot(actor: Actor, facts: dict[str, Any], *, at: datetime) -> Robot:
    """Keep a robot with the facts of `RobotForm`; its address and secret are locked. Raises `Refused` for its name."""
    _administers(actor)
    with _named_once():
        return Robot.objects.create(
            park=actor.park, made_by=actor.person, result="还没有发过",
            **{name: facts[name] for name in ("name", "kind", "unit", "person")}, **_locked(facts),
        )  # fmt: skip


@transaction.atomic
def change_robot(actor: Actor, robot: Robot, facts: dict[str, Any], *, at: datetime) -> None:
    """Change it; an empty address or secret stays. What it was refused before is tried again. Raises as `add_robot`."""
    _administers(actor)
    changed = {name: facts[name] for name in ("name", "kind", "unit", "person")} | _locked(facts, only_new=True)
    if facts["kind"] == Robot.Kind.WECOM:
        changed["secret"] = ""
    with _named_once():
        Robot.objects.filter(park=actor.park, pk=robot.pk).update(**changed, refused_at=None)
    _try_again(robot, at)


def pause(actor: Actor, robot: Robot, *, at: datetime) -> None:
    """Nothing new is written for it, and what waits goes on waiting."""
    _administers(actor)
    Robot.objects.filter(park=actor.park, pk=robot.pk, paused_at=None).update(paused_at=at)


@transaction.atomic
def resume(actor: Actor, robot: Robot, *, at: datetime) -> None:
    _administers(actor)
    Robot.objects.filter(park=actor.park, pk=robot.pk).update(paused_at=None, refused_at=None)
    _try_again(robot, at)


def test(actor: Actor, robot: Robot, *, at: datetime) -> str:
    """Write one line into the chat now, and return what went wrong, empty if nothing did."""
    _administers(actor)
    try:
        robots.write(robot, wording.TEST, at=at)
    except Refusal as refusal:
        return refusal.why
    _try_again(robot, at)
    return ""


def keep_rules(actor: Actor, rules: NoticeRules) -> None:
    _administers(actor)
    values = {"working_hours": rules.working_hours, "gather_minutes": rules.gather_minutes}
    NoticeRules.objects.update_or_create(park=actor.park, defaults=values)


def keep_wish(wish: NoticeWish) -> None:
    """Keep how the wish's own person wants to be told."""
    names = ("email", "sms", "digest_hours", "quiet_from", "quiet_until")
    values = {name: getattr(wish, name) for name in names}
    NoticeWish.objects.update_or_create(park=wish.person.park, person=wish.person, defaults=values)


def _administers(actor: Actor) -> None:
    if not actor.has(Role.ADMINISTRATOR):
        raise Hidden


@contextmanager
def _named_once() -> Iterator[None]:
    """Say it in words where somebody gives another robot the same name at the same time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(NAME_TAKEN) from error


def _locked(facts: dict[str, Any], *, only_new: bool = False) -> dict[str, str]:
    return {
        name: vault.lock(facts[name].strip(), purpose=robots.PURPOSE)
        for name in ("address", "secret")
        if facts[name] or not only_new
    }


def _try_again(robot: Robot, at: datetime) -> None:
    waiting = RobotMessage.objects.filter(park=robot.park_id, robot=robot, sent_at=None, attempts__gt=0)
    posting.release(waiting, at=at)
