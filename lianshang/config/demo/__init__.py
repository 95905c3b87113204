"""A park with months of history, to try everything on. Every figure comes from the records laid out here."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from lianshang.cases.models import Case
from lianshang.config.demo import (
    briefings,
    chain,
    chats,
    enterprises,
    figures,
    organizations,
    park,
    phrases,
    robots,
    themes,
)
from lianshang.config.demo.park import CODE, NAME, WHISTLE
from lianshang.config.demo.stories import Story, all_stories
from lianshang.config.demo.teller import Teller
from lianshang.config.demo.worktime import WorkTime
from lianshang.directory.models import Park
from lianshang.kernel import statistics


@dataclass(frozen=True)
class Laid:
    """The demo park and its cases by the name of their story."""

    park: Park
    cases: dict[str, Case]


def exists() -> bool:
    return Park.objects.filter(code=CODE).exists()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave memory alone for the seconds that this takes: collecting it would cost a sixth of them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@transaction.atomic
def lay_out(now: datetime, told: Sequence[Story] | None = None) -> Laid:
    """Create the demo park with a history that ends at `now`; all or nothing. The same `now` gives the same history."""
    made = Park.objects.create(code=CODE, name=NAME, whistle_token=WHISTLE, is_demo=True)
    day = now.astimezone(made.zoneinfo).date()
    with scope(park=made):
        stage = park.build(day, timezone.now())
        firms = enterprises.build(stage, day)
        chain.build(stage, firms, now)
        organizations.build(stage, firms, now)
        robots.build(stage, now)
        phrases.build(stage)
        teller = Teller(stage, firms, WorkTime(stage.calendar, now))
        with _without_collecting():
            cases = teller.tell(all_stories() if told is None else told)
        themes.build(stage, cases.values(), teller.time)
        chats.paste(now.astimezone(made.zoneinfo))
        if told is None:
            statistics.look()
            figures.publish(made, now)
            briefings.write(made, now)
        return Laid(made, cases)
