"""What a calendar would move is shown before it does; nothing changes until somebody confirms what was shown."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from lianshang.cases import calendar_editions, calendar_previews
from lianshang.cases.models import CaseClockChange, CaseEvent
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, few_queries, words
from lianshang.cases.tests.factories import MONDAY, Town
from lianshang.cases.tests.test_calendar_pages import (
    NOTICE,
    YEAR_END,
    address,
    confirmed,
    half,
    loaded,
    notice,
    running,
    week,
    whole,
)
from lianshang.kernel.models import CalendarVersion

OFF = {"days-0-date": "2026-11-04", "days-0-name": "开放日"}
DAY_OFF = {"name": "示范园区日历", "days": {"2026-11-04": {"off": True}}}


def stored() -> tuple[int, int, int]:
    return CalendarVersion.objects.count(), CaseEvent.objects.count(), CaseClockChange.objects.count()


def in_every_state(town: Town) -> None:
    for state in State:
        town.in_state(state)
    town.dispatched(MONDAY, co=True)
    town.in_state(State.IN_PROGRESS, YEAR_END)


def own(town: Town, unit: object, document: dict[str, object]) -> tuple[Callable, Callable]:
    who = {"actor": town.administrator, "at": timezone.now()}
    return (
        lambda: calendar_editions.preview_own(unit, document, **who),
        lambda: calendar_editions.publish_own(unit, document, source="通知", **who),
    )


def ways(town: Town, which: str) -> tuple[Callable, Callable]:
    """Return the preview and the publishing of one and the same calendar."""
    if which == "nation":
        who = {"actor": town.administrator, "at": timezone.now()}
        return (
            lambda: calendar_editions.preview_national([whole(NOTICE)], **who),
            lambda: calendar_editions.load_national([whole(NOTICE)], source="通知", **who),
        )
    weekly = {day: ["09:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    return own(town, town.lead if which == "unit" else None, {**DAY_OFF, "weekly": weekly})


@pytest.mark.parametrize("which", ["nation", "park", "unit", "park over a unit"])
def test_preview_shows_what_publishing_then_moves(town: Town, which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_previews, "SHOWN", 1_000)
    in_every_state(town)
    if which == "park over a unit":
        own(town, town.lead, {"name": "局", "days": {"2026-11-05": {"off": True}}})[1]()
    show, publish = ways(town, which)
    before = stored()

    found = show()
    untouched = stored()
    moved = calendar_editions.moved(publish())

    assert untouched == before
    assert found.count == len(moved) > 1
    shown = {(one.clock.pk, one.old_due_at, one.new_due_at) for one in found.shown}
    assert shown == {(change.clock_id, change.old_due_at, change.new_due_at) for change in moved}


def test_preview_page_names_case_duty_and_both_times_and_changes_nothing(town: Town) -> None:
    case, client = town.dispatched(MONDAY), at_desk(town.administrator)
    before, due = stored(), running(case, "handle").due_at

    page = client.post(address("park/"), week(**OFF))

    assert page.status_code == 200
    assert all(word in words(page) for word in (case.number, "办理", "11月9日", "11月10日", "确认启用", "返回修改"))
    assert stored() == before
    assert confirmed(client, "park/", page).status_code == 302
    assert running(case, "handle").due_at > due


def test_going_back_from_the_preview_keeps_what_was_typed(town: Town) -> None:
    client, before = at_desk(town.administrator), stored()
    page = client.post(address("park/"), week(fri="09:00-12:00", **OFF))

    form = client.post(address("park/"), dict(page.context["carried"]) | {"back": "1"})

    assert form.status_code == 200
    assert form.context["form"]["fri"].value() == "09:00-12:00"
    assert "开放日" in form.content.decode()
    assert stored() == before


def test_notices_are_carried_through_the_preview_and_back(town: Town) -> None:
    case, client = town.dispatched(YEAR_END), at_desk(town.administrator)
    page = client.post(address("national/"), {"notices": [notice()], "source": "国办发明电〔2026〕9号"})
    provisional = running(case, "handle").provisional

    form = client.post(address("national/"), dict(page.context["carried"]) | {"back": "1"})
    again = {"source": "国办发明电〔2026〕9号", "carried": form.context["form"]["carried"].value()}
    answer = confirmed(client, "national/", client.post(address("national/"), again))

    assert provisional
    assert "刚才选的文件还在" in words(form)
    assert answer.status_code == 302
    assert not running(case, "handle").provisional


@pytest.mark.parametrize("carried", ["{", "{}", "[1]", "[" * 100_000])
def test_carried_text_that_is_no_notice_is_refused(town: Town, carried: str) -> None:
    answer = at_desk(town.administrator).post(address("national/"), {"source": "通知", "carried": carried})

    assert answer.status_code == 422
    assert "请重新选一次" in words(answer)


@pytest.mark.parametrize("what", ["content", "calendar"])
def test_what_changed_after_the_preview_is_shown_again(town: Town, what: str) -> None:
    client = at_desk(town.administrator)
    page = client.post(address("park/"), week(**OFF))
    if what == "calendar":
        loaded(client, notice())
    before = stored()

    answer = confirmed(client, "park/", page, **({"fri": "09:00-11:00"} if what == "content" else {}))

    assert answer.status_code == 200
    assert "刚刚有变，没有启用" in words(answer)
    assert stored() == before


def test_sealed_cases_are_counted_for_their_officer_alone_and_shown_to_none(town: Town) -> None:
    sealed = town.dispatched(MONDAY, nature="complaint", text="窗口推诿。")
    known = calendar_editions.editions.supposed(town.park.pk, own=(None, DAY_OFF))

    seen = {
        who: calendar_previews.preview(getattr(town, who), known, at=MONDAY)
        for who in ("administrator", "dispatcher", "complaints")
    }

    assert [(one.count, one.sealed > 0) for one in seen.values()] == [(0, False), (0, False), (0, True)]
    assert not any(one.shown for one in seen.values())
    assert sealed.number not in words(at_desk(town.administrator).post(address("park/"), week(**OFF)))


def test_of_very_many_cases_those_due_first_are_counted_and_it_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_previews, "MOST", 2)
    for _ in range(3):
        town.dispatched(MONDAY)
    client = at_desk(town.administrator)

    with few_queries(40):
        page = client.post(address("park/"), week(**OFF))

    found = page.context["preview"]
    assert not found.whole
    assert f"{found.count} 项以上期限要变动" in words(page)
    assert len({one.case for one in found.shown}) == 2


def test_half_a_year_is_refused_before_any_preview(town: Town) -> None:
    answer = at_desk(town.administrator).post(address("national/"), {"notices": [half(NOTICE)], "source": "通知"})

    assert answer.status_code == 422
