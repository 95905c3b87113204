"""The demo park: whole, lifelike, and the same each time."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django_scopes import scope

from lianshang.cases import books
from lianshang.cases.equation import equation
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, CaseClock, CaseEvent
from lianshang.cases.states import ENDED, Channel, CloseType, State
from lianshang.config import demo
from lianshang.config.cli import main
from lianshang.config.demo.stories import all_stories
from lianshang.config.demo.worktime import WorkTime
from lianshang.config.seed import seed
from lianshang.directory.demo_accounts import demo_accounts
from lianshang.directory.models import Park, Role, Unit
from lianshang.enterprises.models import Enterprise, Output
from lianshang.kernel.calendars import national
from tests.harness import forget_editions

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 17, tzinfo=ZONE)
SYSTEM_ONLY = {"recalendar", "undo_import", "acknowledge", "keep_record"}  # calendars and imports do these


@pytest.fixture(scope="module")
def park(django_db_setup: None, django_db_blocker: Any) -> Iterator[Park]:
    """The whole demo, laid out once for this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_editions()
        seed()
        laid = demo.lay_out(NOW)
        with scope(park=laid.park):
            yield laid.park
        transaction.set_rollback(True)


def test_demo_shows_every_state(park: Park) -> None:
    shown = set(Case.objects.values_list("state", flat=True))

    assert shown == set(State)
    assert 150 <= Case.objects.count() <= 220


def test_demo_takes_every_step_that_people_take(park: Park) -> None:
    taken = set(CaseEvent.objects.values_list("verb", flat=True))

    assert set(FLOW.transitions) - taken <= SYSTEM_ONLY


def test_demo_clocks_agree_with_their_events(park: Park) -> None:
    for case in Case.objects.select_related("profile_version"):
        assert _clocks(books.live(case)) == _clocks(books.rebuilt(case)), case.number


def test_demo_leaves_no_clock_on_a_closed_case(park: Park) -> None:
    """A case joined to another one still owes its feedback until that one is answered."""
    running = CaseClock.objects.running().filter(subject__state__in=ENDED)

    assert not running.exclude(subject__state=State.MERGED, duty="feedback").exists()
    assert all(clock.subject.merged_into.is_open for clock in running)


def test_demo_is_mostly_in_time_with_some_late(park: Park) -> None:
    late = set(CaseClock.objects.late(NOW).exclude(duty__in=books.QUIET).values_list("subject_id", flat=True))

    assert 0.08 <= len(late) / Case.objects.count() <= 0.16


def test_demo_equation_balances(park: Park) -> None:
    found = equation(Case.objects.open_ledger(), NOW - timedelta(days=400), NOW, NOW)

    assert found.balanced
    assert found.counts["mistaken"] > 0
    assert 0 < found.counts["breaches"] < found.counts["intake"] / 10


def test_demo_ends_in_the_present_and_reaches_months_back(park: Park) -> None:
    first, last = CaseEvent.objects.order_by("at").first(), CaseEvent.objects.order_by("at").last()

    assert last.at <= NOW
    assert first.at < NOW - timedelta(days=175)


def test_demo_gives_every_desk_something_to_do(park: Park) -> None:
    waiting = Counter(Case.objects.filter(sealed=False).values_list("state", flat=True))
    roads = Unit.objects.get(code="jtj")

    assert min(waiting[state] for state in (State.REGISTERED, State.CALLBACK, State.ANSWERED)) >= 2
    assert {State.DISPATCHED, State.SIGNED} <= set(Case.objects.filter(lead_unit=roads).values_list("state", flat=True))
    assert Case.objects.filter(sealed=True, state=State.REGISTERED).exists()


def test_demo_holds_the_published_figures_of_solved_problems(park: Park) -> None:
    solved = Case.objects.open_ledger().filter(close_type=CloseType.SOLVED)

    assert solved.filter(channel=Channel.MEETING).count() == 37
    assert 60 < solved.filter(channel=Channel.VISIT).count() < 70


def test_demo_enterprises_are_marked_as_invented(park: Park) -> None:
    assert Enterprise.objects.filter(is_demo=True).count() == Enterprise.objects.count() == 62
    assert set(Output.objects.values_list("source", flat=True)) == {"演示数据"}
    assert sum(Output.objects.values_list("value", flat=True)) == 211_600
    assert not Enterprise.objects.filter(contact_person=None).exists()


def test_demo_has_an_account_for_every_role(park: Park) -> None:
    labels = {account.role for account in demo_accounts()}

    assert labels == set(Role.labels)


def test_demo_accused_units_cannot_open_sealed_cases(park: Park) -> None:
    from lianshang.cases.access import cases_visible_to
    from lianshang.directory import actors
    from lianshang.directory.models import Person

    accused = Case.objects.filter(respondents__unit__code="zhzf").values_list("pk", flat=True)
    people = Person.objects.filter(posts__unit__code="zhzf").distinct()

    assert accused
    assert people
    for person in people:
        seen = cases_visible_to(actors.staff(person, on=NOW.date())).values_list("pk", flat=True)
        assert not set(accused) & set(seen)


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
        assert Case.objects.count() == len(scripted)
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


def _clocks(book: books.Book) -> list[tuple[Any, ...]]:
    fields = ("duty", "unit_id", "round", "rule", "calendar_version_id", "started_at", "first_due_at", "due_at")
    ended = ("paused_at", "stopped_at", "outcome", "provisional")
    rows = (tuple(getattr(clock, name) for name in (*fields, *ended)) for clock in book.clocks)
    return sorted(rows, key=lambda row: (row[0], row[1] or 0, row[2]))


def _told() -> list[tuple[Any, ...]]:
    events = CaseEvent.objects.order_by("pk").select_related("subject", "actor", "unit")
    return [(e.at, e.verb, e.target, e.note, e.subject.title, str(e.actor), str(e.unit), e.due_at) for e in events]
