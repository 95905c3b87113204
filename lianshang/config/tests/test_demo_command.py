"""Laying the demo out: on any day, the same each time, once; and what its command says."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django_scopes import scope

from lianshang.cases.models import Case, CaseEvent, SplitCase
from lianshang.cases.states import State
from lianshang.config import demo
from lianshang.config.cli import main
from lianshang.config.demo.stories import all_stories
from lianshang.config.demo.worktime import WorkTime
from lianshang.config.seed import seed
from lianshang.kernel.calendars import national

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 17, tzinfo=ZONE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [date(2025, 10, 9), date(2026, 2, 24), date(2024, 2, 29), date(2027, 1, 4)],
    ids=["after-national-day", "after-spring-festival", "leap-day", "unpublished-year"],
)
def test_demo_can_be_laid_out_on_any_day(day: date) -> None:
    seed()
    scripted = [story for story in all_stories() if story.strict]

    laid = demo.lay_out(datetime(day.year, day.month, day.day, 9, 5, tzinfo=ZONE), scripted)

    with scope(park=laid.park):
        assert Case.objects.count() - SplitCase.objects.count() == len(scripted)
        assert not set(State) - set(Case.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_demo_is_the_same_each_time() -> None:
    seed()
    scripted = [story for story in all_stories() if story.strict][::4]
    told = []

    for _ in range(2):
        with transaction.atomic():
            laid = demo.lay_out(NOW, [story for story in scripted if "merge" not in story.name])
            with scope(park=laid.park):
                told.append(_told())
            transaction.set_rollback(True)

    assert told[0] == told[1]


@pytest.mark.django_db
def test_demo_command_does_nothing_where_the_park_exists(capsys: pytest.CaptureFixture[str]) -> None:
    seed()
    demo.lay_out(NOW, [])

    code = main(["demo", "--as-of", "2026-11-23", "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert answer["created"] is False
    assert answer["cases"] == 0
    assert {one["username"] for one in answer["accounts"]} >= {"demo-dispatcher", "demo-liaison", "demo-admin"}


@pytest.mark.django_db
def test_demo_command_refuses_what_is_no_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--as-of", "昨天"]) == 2
    assert "2026-11-23" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("30m", datetime(2026, 10, 10, 16, 30, tzinfo=ZONE)),
        ("8h", datetime(2026, 10, 9, 16, 0, tzinfo=ZONE)),
        ("0d@09:10", datetime(2026, 10, 10, 9, 10, tzinfo=ZONE)),
        ("3d@09:10", datetime(2026, 9, 30, 9, 10, tzinfo=ZONE)),
    ],
)
def test_worktime_counts_back_over_the_holidays(span: str, expected: datetime) -> None:
    """2026-10-10 is a Saturday that is worked; October 1–7 are off."""
    time = WorkTime(national(), datetime(2026, 10, 10, 17, tzinfo=ZONE))

    assert time.earlier(span) == expected


def _told() -> list[tuple[Any, ...]]:
    events = CaseEvent.objects.order_by("pk").select_related("subject", "actor", "unit")
    return [(e.at, e.verb, e.target, e.note, e.subject.title, str(e.actor), str(e.unit), e.due_at) for e in events]
