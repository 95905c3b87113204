"""The pages of the calendars: notices move deadlines and keep what was before; own calendars are editions."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from lianshang.cases import books, calendar_editions
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import MONDAY, ZONE, Town, make_town
from lianshang.directory.models import Park
from lianshang.kernel.calendars import CalendarFaults
from lianshang.kernel.models import CalendarVersion
from lianshang.kernel.refusals import Refused

PAGES = ("", "park/")
YEAR_END = datetime(2026, 12, 30, 10, tzinfo=ZONE)  # a Wednesday; five working days reach into 2027
NOTICE = {
    "year": 2027,
    "days": [
        *({"name": "元旦", "date": f"2027-01-0{day}", "isOffDay": True} for day in (1, 2, 3)),
        {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
    ],
}
HOURS = "09:00-12:00 13:00-17:00"


def address(page: str) -> str:
    return f"/settings/calendars/{page}"


def whole(document: object) -> object:
    """Return a year's file with the festivals that the test is not about, all in April, where they move nothing here."""
    if not isinstance(document, dict) or not document.get("days"):
        return document
    others = ("春节", "清明节", "劳动节", "端午节", "国庆节、中秋节")
    days = [{"name": one, "date": f"{document['year']}-04-{10 + n}", "isOffDay": True} for n, one in enumerate(others)]
    return document | {"days": [*document["days"], *days]}


def notice(document: object = NOTICE, name: str = "2027.json") -> SimpleUploadedFile:
    """A year's file, whole unless it is none."""
    return half(whole(document), name)


def half(document: object, name: str = "2027.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, json.dumps(document).encode())


def loaded(client: Client, *files: SimpleUploadedFile) -> HttpResponse:
    return sent(client, "national/", {"notices": list(files), "source": "国办发明电〔2026〕9号"})


def sent(client: Client, page: str, form: dict[str, object]) -> HttpResponse:
    """Send the form and confirm what its preview shows; without a preview return the answer."""
    answer = client.post(address(page), form)
    return confirmed(client, page, answer) if answer.status_code == 200 else answer


def confirmed(client: Client, page: str, preview: HttpResponse, **more: str) -> HttpResponse:
    fields = dict(preview.context["carried"]) | {"confirmed": preview.context["seal"]}
    return client.post(address(page), fields | more)


def week(**changed: str) -> dict[str, str]:
    """What the form of the park's calendar sends: the usual week and one line for a day."""
    usual = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS) | {"sat": "", "sun": ""}
    lines = {"days-TOTAL_FORMS": "1", "days-INITIAL_FORMS": "0", "days-0-date": "", "days-0-kind": "off"}
    return {"name": "示范园区日历", "source": "作息通知"} | usual | lines | changed


def running(case: Case, duty: str) -> CaseClock:
    return case.clocks.running().get(duty=duty)


@pytest.mark.parametrize("page", PAGES)
def test_calendar_pages_open_to_setters_and_do_not_exist_for_others(town: Town, page: str) -> None:
    assert at_desk(town.administrator).get(address(page)).status_code == 200
    assert at_desk(town.dispatcher).get(address(page)).status_code == 200
    for actor in (town.liaison, town.head, town.auditor):
        assert at_desk(actor).get(address(page)).status_code == 404


def test_calendar_of_the_nation_is_loaded_by_administrators_alone(town: Town) -> None:
    assert at_desk(town.administrator).get(address("national/")).status_code == 200
    assert at_desk(town.dispatcher).get(address("national/")).status_code == 404


def test_calendar_notice_moves_provisional_deadlines_and_keeps_the_earlier_value(town: Town) -> None:
    case = town.dispatched(YEAR_END)
    before = running(case, "handle")

    answer = loaded(at_desk(town.administrator), notice())

    after = running(case, "handle")
    change = after.changes.get()
    assert before.provisional
    assert not after.provisional
    assert answer.status_code == 302
    assert (change.old_due_at, change.new_due_at) == (before.due_at, after.due_at)
    assert after.due_at == before.due_at + timedelta(days=1)
    assert after.first_due_at == before.due_at
    assert case.number in at_desk(town.administrator).get(answer["Location"]).content.decode()


def test_calendar_notice_leaves_closed_cases_alone_and_books_can_be_rebuilt(town: Town) -> None:
    open_case, closed = town.dispatched(YEAR_END), town.in_state("closed")
    steps = closed.events.count()

    loaded(at_desk(town.administrator), notice())

    assert closed.events.count() == steps
    assert open_case.events.filter(verb="recalendar").count() == 1
    live, again = books.live(open_case), books.rebuilt(open_case)
    assert {(c.duty, c.unit_id, c.due_at) for c in live.clocks} == {(c.duty, c.unit_id, c.due_at) for c in again.clocks}


def test_calendar_notices_of_several_years_are_merged(town: Town) -> None:
    later = {"year": 2028, "days": [{"name": "元旦", "date": "2028-01-03", "isOffDay": True}]}

    loaded(at_desk(town.administrator), notice(later, "2028.json"), notice())

    newest = calendar_editions.newest(calendar_editions.national())
    assert newest.published_until == date(2028, 12, 31)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("x.json", b"not json"),
        SimpleUploadedFile("x.json", b"[1]"),
        notice({"year": "soon", "days": []}),
        notice({"year": 2027, "days": [{"date": "2027-13-01"}]}),
    ],
    ids=["no-json", "no-mapping", "no-year", "no-day"],
)
def test_calendar_file_that_is_none_is_refused_and_the_words_stay(town: Town, file: SimpleUploadedFile) -> None:
    file.seek(0)
    before = CalendarVersion.objects.count()

    answer = loaded(at_desk(town.administrator), file)

    assert answer.status_code == 422
    assert answer.context["form"].errors["notices"]
    assert "国办发明电〔2026〕9号" in answer.content.decode()
    assert CalendarVersion.objects.count() == before


def test_calendar_notice_of_some_festivals_alone_is_refused_and_the_year_stays_provisional(town: Town) -> None:
    case, client = town.dispatched(YEAR_END), at_desk(town.administrator)

    answer = loaded(client, half(NOTICE))

    assert answer.status_code == 422
    assert "2027 年：没有写春节、清明、劳动节、端午、中秋、国庆的放假" in words(answer)
    assert running(case, "handle").provisional


def test_calendar_notice_that_says_nothing_new_is_refused(town: Town) -> None:
    client = at_desk(town.administrator)
    loaded(client, notice())

    assert "没有新内容" in loaded(client, notice()).content.decode()


def test_calendar_of_the_nation_is_not_changed_from_a_demo_park_beside_real_ones(town: Town) -> None:
    Park.objects.filter(pk=town.park.pk).update(is_demo=True)
    town.park.is_demo = True
    Park.objects.create(code="ZS", name="正式园区")

    with pytest.raises(Refused):
        calendar_editions.load_national([NOTICE], source="通知", actor=town.administrator, at=MONDAY)


def test_calendar_notice_reaches_every_park(town: Town) -> None:
    other = make_town("QT")
    with scope(park=other.park):
        case = other.dispatched(YEAR_END)

    loaded(at_desk(town.administrator), notice())

    with scope(park=other.park):
        assert case.events.filter(verb="recalendar").exists()


def test_calendar_of_the_park_is_an_edition_that_recounts(town: Town) -> None:
    case = town.dispatched(MONDAY)
    before = running(case, "handle").due_at
    off = week(**{"days-0-date": "2026-11-04", "days-0-name": "开放日"})

    answer = sent(at_desk(town.administrator), "park/", off)

    assert answer.status_code == 302
    assert running(case, "handle").due_at == before + timedelta(days=1)
    assert "开放日" in at_desk(town.administrator).get(address("")).content.decode()


def test_calendar_of_a_unit_moves_that_unit_alone(town: Town) -> None:
    mine = town.dispatched(MONDAY, co=True)
    before = {clock.duty: clock.due_at for clock in mine.clocks.running().filter(unit=town.lead)}
    form = week(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""))
    form |= {"days-0-date": "2026-11-04", "days-0-kind": "intervals", "days-0-hours": "09:00 - 11:00"}

    answer = sent(at_desk(town.administrator), f"units/{town.lead.pk}/", form)
    closed = sent(at_desk(town.administrator), f"units/{town.lead.pk}/", form | {"days-0-kind": "off"})

    assert answer.status_code == closed.status_code == 302
    after = {clock.duty: clock.due_at for clock in mine.clocks.running().filter(unit=town.lead)}
    assert after["handle"] > before["handle"]
    changed = {change.clock.unit_id for clock in mine.clocks.all() for change in clock.changes.all()}
    assert changed == {town.lead.pk}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tue": "17:00-09:00"}, "tue"),
        ({"wed": "九点到五点"}, "wed"),
        ({"source": ""}, "source"),
        ({"name": ""}, "name"),
    ],
)
def test_calendar_form_that_is_wrong_says_where_and_keeps_the_rest(
    town: Town, changed: dict[str, str], field: str
) -> None:
    answer = sent(at_desk(town.administrator), "park/", week(**{"days-0-name": "三月三"} | changed))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "三月三" in answer.content.decode()
    assert not CalendarVersion.objects.filter(calendar__park=town.park).exists()


def test_calendar_form_shows_again_what_was_saved(town: Town) -> None:
    client = at_desk(town.administrator)
    sent(client, "park/", week(fri="09:00-12:00", **{"days-0-date": "2026-12-31", "days-0-name": "盘点"}))

    form = client.get(address("park/")).context["form"]

    assert form["fri"].value() == "09:00-12:00"
    assert form["sat"].value() == ""
    assert form.days.forms[0]["name"].value() == "盘点"


def test_calendar_edition_of_another_park_does_not_exist(town: Town) -> None:
    other = make_town("QT")
    with scope(park=other.park):
        sent(at_desk(other.administrator), "park/", week())
        theirs = CalendarVersion.objects.get(calendar__park=other.park)

    assert at_desk(town.administrator).get(address(f"versions/{theirs.pk}/")).status_code == 404


def test_calendar_faults_undo_everything(town: Town) -> None:
    before = CalendarVersion.objects.count()

    with pytest.raises(CalendarFaults):
        calendar_editions.publish_own(
            None, {"name": "x", "weekly": {}}, source="x", actor=town.administrator, at=MONDAY
        )

    assert CalendarVersion.objects.count() == before
