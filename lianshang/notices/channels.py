"""Which channels a notice takes: by the person's wish, the park's robots, and what the site can send at all."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from lianshang.directory.models import Park, Post
from lianshang.kernel.calendars import WorkCalendar
from lianshang.notices import hours, wording
from lianshang.notices.models import (
    Email,
    Notice,
    NoticeRules,
    NoticeWish,
    Posting,
    Robot,
    RobotMessage,
    TextMessage,
)

NO_EMAIL = "django.core.mail.backends.dummy.EmailBackend"
MOBILE = re.compile(r"1\d{10}")


class Channels:
    """The wishes, robots and hours of some people, asked once for all of them, and not before somebody is written to.

    Needs the park's scope.
    """

    def __init__(self, park: Park, people: Sequence[int], *, at: datetime) -> None:
        self.park, self.people, self.at = park, people, at

    @cached_property
    def rules(self) -> NoticeRules:
        return hours.rules_of(self.park.pk)

    @cached_property
    def calendar(self) -> WorkCalendar | None:
        return hours.calendar_of(self.park.pk)

    @cached_property
    def wishes(self) -> dict[int, NoticeWish]:
        return {wish.person_id: wish for wish in NoticeWish.objects.filter(park=self.park, person__in=self.people)}

    @cached_property
    def robots(self) -> list[Robot]:
        return list(Robot.objects.filter(park=self.park, paused_at=None).order_by("pk"))

    @cached_property
    def units(self) -> dict[int, set[int]]:
        today = timezone.localdate(self.at, self.park.zoneinfo)
        found: dict[int, set[int]] = {}
        posts = Post.objects.in_force(today).filter(person__in=self.people)
        for person, unit in posts.values_list("person_id", "unit_id"):
            found.setdefault(person, set()).add(unit)
        return found

    def when(self, notice: Notice, wish: NoticeWish | None) -> datetime:
        """Return when the message should go out: what is urgent, at once."""
        if notice.urgent:
            return self.at
        return hours.hours_of(self.park, wish, rules=self.rules, calendar=self.calendar).wanted(self.at)

    def postings(self, notice: Notice, *, email: bool, reminder: bool, group: bool) -> list[Posting]:
        """Return what has to be written for the notice. Its person must be at hand."""
        person, found = notice.person, list[Posting]()
        by_mail = email and person.email and settings.EMAIL_BACKEND != NO_EMAIL
        by_text = reminder and settings.SMS and MOBILE.fullmatch(person.phone)
        hearing = [robot for robot in self.robots if self._hears(robot, notice)] if group else []
        if not (by_mail or by_text or hearing):
            return found
        wish = self.wishes.get(notice.person_id)
        common = {"park": self.park, "notice": notice, "not_before": self.when(notice, wish)}
        mailed = bool(by_mail) and (wish is None or wish.email)
        if mailed:
            subject = wording.subject(1, urgent=notice.urgent)
            body = wording.body([notice])
            found.append(Email(to=person.email, subject=subject, body=body, **common))
        if by_text and _texted(wish, mailed=mailed):
            found.append(TextMessage(to=person.phone, **common))
        return found + [self._told_by(robot, notice, wish) for robot in hearing]

    def _hears(self, robot: Robot, notice: Notice) -> bool:
        if robot.person_id:
            return robot.person_id == notice.person_id
        return robot.unit_id is None or robot.unit_id in self.units.get(notice.person_id, ())

    def _told_by(self, robot: Robot, notice: Notice, wish: NoticeWish | None) -> RobotMessage:
        moment = self.when(notice, wish if robot.person_id else None)
        return RobotMessage(park=self.park, notice=notice, robot=robot, not_before=moment)


def _texted(wish: NoticeWish | None, *, mailed: bool) -> bool:
    sms = wish.sms if wish else NoticeWish.Sms.FALLBACK
    return sms == NoticeWish.Sms.ALWAYS or (sms == NoticeWish.Sms.FALLBACK and not mailed)


def post(notices: Sequence[Notice], *, at: datetime, email: bool, reminder: bool = False, group: bool = False) -> None:
    """Write what leaves the house for these new notices of one park, in the caller's transaction.

    `reminder`: may go out as SMS too. `group`: may be announced by robots; never for a complaint or report.
    """
    if not notices:
        return
    channels = Channels(notices[0].park, [one.person_id for one in notices], at=at)
    found = [row for one in notices for row in channels.postings(one, email=email, reminder=reminder, group=group)]
    models: tuple[Any, ...] = (Email, TextMessage, RobotMessage)
    for model in models:
        rows = [row for row in found if isinstance(row, model)]
        if rows:
            model.objects.bulk_create(rows)
