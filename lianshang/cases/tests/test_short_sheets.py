"""Short lists as sheets: themes, contact persons, one's own notices; who may take them out, and what they hold."""

import io

import openpyxl
import pytest

from lianshang.cases import services
from lianshang.cases.models import ExportJob, LedgerExport
from lianshang.cases.services import export_jobs, themes
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import DAY, MONDAY, Town, make_actor
from lianshang.directory.models import Role
from lianshang.enterprises import contact_persons
from lianshang.notices.models import Notice

NOW = MONDAY + 20 * DAY


def sheet(job: ExportJob) -> list[dict[str, object]]:
    kept = ExportJob.objects.get(pk=job.pk)
    heads, *lines = openpyxl.load_workbook(io.BytesIO(bytes(kept.content)))["数据"].values
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_themes_go_out_with_their_light_and_how_many_they_hold(town: Town):
    theme = themes.open_theme(
        actor=town.dispatcher, at=MONDAY, title="=闪断电", task="查清哪条线。", owner=town.lead, due_at=NOW - DAY,
        cases=[town.whistle()],
    )  # fmt: skip

    late = sheet(export_jobs.ask("themes", "show=late", actor=town.head, at=NOW))
    closed = sheet(export_jobs.ask("themes", "show=closed", actor=town.head, at=NOW))

    assert [(one["专题编号"], one["时限"], one["诉求件数"], one["主治单位"]) for one in late] == [
        (theme.number, "超期", 1, "交通运输局")
    ]
    assert late[0]["专题"] == "'=闪断电"  # a formula from a text is none
    assert closed == []


def test_contact_persons_go_out_as_the_page_finds_them_with_the_number_masked(town: Town):
    person = town.dispatcher.person
    person.phone = "13912345678"
    person.save()
    contact_persons.name([town.enterprise], person=person, deputy=None, actor=town.dispatcher, at=MONDAY)

    found = sheet(export_jobs.ask("contacts", f"q={town.enterprise.name}&of=", actor=town.dispatcher, at=NOW))
    nobody = export_jobs.ask("contacts", "q=&of=nobody", actor=town.dispatcher, at=NOW)

    assert [(one["企业名称"], one["对接人"]) for one in found] == [(town.enterprise.name, person.name)]
    assert "12345" not in found[0]["对接人电话"]
    assert town.enterprise.code not in [one["企业编号"] for one in sheet(nobody)]
    assert "没有对接人的" in LedgerExport.objects.latest("pk").narrowed_to


def test_notices_go_out_to_whom_they_went_alone(town: Town):
    services.dispatch(town.whistle(), actor=town.dispatcher, at=MONDAY, lead=town.lead)
    for who in (town.liaison, town.head):
        Notice.objects.filter(person=who.person).delete()
    make = {"park": town.park, "made_at": MONDAY, "url": "/desk/", "topic": "cases.step", "ref": "one"}
    Notice.objects.create(person=town.liaison.person, sequence=7, text="您有 1 件待办", **make)
    Notice.objects.create(person=town.head.person, sequence=3, text="有一件等您决定", **make)

    own = sheet(export_jobs.ask("notices", "", actor=town.liaison, at=NOW))

    assert [(one["第几条"], one["内容"], one["状态"]) for one in own] == [(7, "您有 1 件待办", "未读")]


@pytest.mark.parametrize("what", ["themes", "contacts", "desk", "nonsense", ""])
def test_lists_that_one_does_not_see_are_not_taken_out(town: Town, what: str):
    security = make_actor(town.park, "管范守", Role.SECURITY_ADMIN, town.office)

    answer = at_desk(security).post("/cases/export/", {"what": what, "query": ""})

    assert answer.status_code == 404
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize(("page", "what"), [("/themes/", "themes"), ("/enterprises/contacts/", "contacts")])
def test_the_page_offers_the_sheet_and_leads_back_to_the_list(town: Town, page: str, what: str):
    themes.open_theme(
        actor=town.dispatcher, at=MONDAY, title="闪断电", task="查清哪条线。", owner=town.lead, due_at=NOW,
        cases=[town.whistle()],
    )  # fmt: skip
    client = at_desk(town.dispatcher)

    shown = client.get(page)
    made = client.post("/cases/export/", {"what": what, "query": ""}, follow=True)

    assert f'name="what" value="{what}"' in shown.content.decode()
    assert "已生成" in words(made)
    assert f'href="{page}?' in made.content.decode()
