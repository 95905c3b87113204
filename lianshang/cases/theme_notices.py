"""What of a theme is told to whom: its owner, the office, those above. A date that has passed is told once."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lianshang.cases.models import Theme, ThemeClock, ThemeEvent
from lianshang.cases.notices import HISTORY
from lianshang.directory.models import Park, Person, Post, Role
from lianshang.kernel import outbox
from lianshang.notices import services

OWNER, OFFICE, HEAD, CHIEF = "owner", "office", "head", "chief"
TOLD = {
    "open_theme": ((OWNER, HEAD, CHIEF), "新立专题"),
    "attach": ((OWNER,), "专题列入了诉求"),
    "detach": ((OWNER,), "专题移出了诉求"),
    "report": ((OFFICE, HEAD), "专题有进展"),
    "ask_close": ((OFFICE, HEAD), "专题申请结题"),
    "send_back": ((OWNER,), "专题退回再办"),
    "postpone": ((OWNER,), "专题改了期限"),
    "close": ((OWNER, HEAD, CHIEF), "专题已结题"),
    "reopen": ((OWNER, HEAD, CHIEF), "专题重新立题"),
}
LATE = (OWNER, OFFICE, HEAD)
ROLES = {OFFICE: Role.DISPATCHER, HEAD: Role.COMMITTEE_HEAD, CHIEF: Role.CHAIN_CHIEF}


@outbox.handles("cases.theme_event")
def tell_of_theme(park: Park, event_id: int) -> None:
    """Tell those whom the step concerns, never the one who took it."""
    event = ThemeEvent.objects.select_related("subject").get(pk=event_id)
    if event.recorded_at - event.at > HISTORY:
        return
    now = timezone.now()
    groups, words = TOLD[event.verb]
    told = [person for person in people(event.subject, groups, timezone.localdate(now)) if person.pk != event.actor_id]
    _tell(told, event.subject, f"theme-event:{event.pk}", words, now)


@outbox.every(300)
def tell_late(park: Park, now: datetime) -> None:
    """Tell once that a theme's date has passed. That it is late is asked of the clock, with or without this."""
    late = ThemeClock.objects.running().filter(due_at__lt=now, told_rungs=0).select_related("subject")
    outbox.each(late, lambda clock: _tell_late(clock, now))


@transaction.atomic
def _tell_late(clock: ThemeClock, now: datetime) -> None:
    if ThemeClock.objects.running().filter(park=clock.park_id, pk=clock.pk, told_rungs=0).update(told_rungs=1):
        told = people(clock.subject, LATE, timezone.localdate(now))
        _tell(told, clock.subject, f"theme-late:{clock.pk}", "专题超期", now, reminder=True)


def people(theme: Theme, groups: Iterable[str], on: date) -> list[Person]:
    """Return who stands for these groups that day, each person once."""
    found: dict[int, Person] = {}
    posts = Post.objects.in_force(on).select_related("person").order_by("pk")
    for group in groups:
        owners = posts.filter(unit=theme.owner_unit_id, role__in=(Role.LIAISON, Role.DISPATCHER))
        for post in owners if group == OWNER else posts.filter(role=ROLES[group]):
            found[post.person_id] = post.person
    return list(found.values())


def _tell(told: Iterable[Person], theme: Theme, ref: str, words: str, at: datetime, *, reminder: bool = False) -> None:
    text = f"{words}：{theme} {theme.title}"[:200]
    services.tell_all(
        told, topic="themes", ref=ref, text=text, url=theme.get_absolute_url(), at=at, email=True, reminder=reminder
    )
