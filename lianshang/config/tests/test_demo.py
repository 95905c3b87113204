"""The demo park: whole, lifelike, and the same each time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
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
from lianshang.config.seed import seed
from lianshang.directory.demo_accounts import demo_accounts
from lianshang.directory.models import Park, Role, Unit
from lianshang.enterprises.models import Enterprise, Output
from lianshang.organizations import coverage, queries
from lianshang.organizations.models import Coverage, Organization
from lianshang.organizations.rules.building import Standing
from tests.harness import forget_editions

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 17, tzinfo=ZONE)
pytestmark = pytest.mark.django_db  # the database is made for whichever of these tests are chosen
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
    assert 150 <= Case.objects.count() <= 240


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
    assert not Enterprise.objects.exclude(contact_persons__until=None).exists()


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


def _clocks(book: books.Book) -> list[tuple[Any, ...]]:
    fields = ("duty", "unit_id", "round", "rule", "calendar_version_id", "started_at", "first_due_at", "due_at")
    ended = ("paused_at", "stopped_at", "outcome", "provisional")
    rows = (tuple(getattr(clock, name) for name in (*fields, *ended)) for clock in book.clocks)
    return sorted(rows, key=lambda row: (row[0], row[1] or 0, row[2]))


def test_demo_organisations_keep_the_totals_of_the_enterprises(park: Park) -> None:
    """Four branches of their own, joint branches within five units, three that must build and have not."""
    found = coverage.findings(NOW.date())
    kinds = Counter(Organization.objects.values_list("kind", flat=True))
    units = Counter(Coverage.objects.values_list("organization__name", flat=True))

    assert (kinds["branch"], kinds["joint"] >= 8, max(units.values())) == (4, True, 5)
    assert [one.firm.code for one in found if one.standing is Standing.MUST_BUILD] == ["E007", "E015", "E025"]
    assert [one for one in found if one.standing is Standing.MUST_JOIN] == []
    assert {one.firm.code: one.firm.full + one.firm.probationary for one in found} == dict(
        Enterprise.objects.values_list("code", "member_count")
    )
    assert sum(one.firm.probationary for one in found) == 10


def test_demo_organisations_have_one_election_that_is_late_and_no_warning(park: Park) -> None:
    rows = queries.rows_of(Organization.objects.all(), NOW.date())

    assert [row.organization.name for row in rows if row.light == "late"] == ["建材循环联合党支部"]
    assert [(row.organization.name, row.warnings) for row in rows if row.warnings] == []
