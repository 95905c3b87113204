"""Drafts that are no case: what their sender reads for each reason, and who has those that were complaints."""

import re

import pytest
from django.test import Client

from lianshang.cases import access, codes, services
from lianshang.cases.chat.offers import offers
from lianshang.cases.models import Draft, DraftRespondent
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import MONDAY, Town, make_actor
from lianshang.directory.models import Role, Unit
from lianshang.kernel.refusals import Refused

SAID = "何丽 2026/11/02 08:12\n有人收了好处，请查一查\n"
WHISTLE, SEALED_PAGE = r'href="/w/[^"]+/"[^>]*>重新吹哨', r'href="/w/[^"]+/sealed/"[^>]*>去保密页'


def draft(town: Town) -> Draft:
    return services.keep_pasted(offers(SAID, MONDAY).offers, actor=town.dispatcher, at=MONDAY).drafts[0]


def aside(town: Town, *about: Unit | str) -> Draft:
    row = draft(town)
    services.set_aside([row], "sealed", actor=town.dispatcher, at=MONDAY, about=about)
    return row


def readers(town: Town) -> list[str]:
    """Return who has a draft to read, of all that could."""
    people = (town.dispatcher, town.complaints, town.head, town.chief, town.auditor, town.liaison)
    return [one.person.name for one in people if access.drafts_visible_to(one).exists()]


@pytest.mark.parametrize(
    ("reason", "heading", "says", "leads"),
    [
        ("chatter", "没有登记为诉求", "工作人员看过，没有登记。有事要办的，请重新吹哨", WHISTLE),
        ("known", "已登记过，一起办理", "这件事已经登记过，正在一起办。想知道办到哪一步，请打电话问，报上面的编号。", None),
        ("sealed", "请到保密页写", "投诉举报请到保密页写，可以匿名，被反映的单位和人看不到。", SEALED_PAGE),
    ],
)  # fmt: skip
def test_the_page_of_a_draft_says_why_it_was_set_aside(town: Town, reason: str, heading: str, says: str, leads: str):
    row = draft(town)
    services.set_aside([row], reason, actor=town.dispatcher, at=MONDAY, about=["某施工队"])

    page = Client().get(f"/t/{codes.public_code(town.park, row)}/")

    html = page.content.decode()
    assert heading in words(page)
    assert says in words(page)
    assert [link for link in (WHISTLE, SEALED_PAGE) if re.search(link, html)] == ([leads] if leads else [])
    assert "好处" not in html


def test_a_complaint_is_for_the_officer_and_the_head(town: Town):
    aside(town, town.lead)

    assert readers(town) == ["郑义", "陈立"]


def test_a_draft_about_the_officer_goes_to_the_head_alone(town: Town):
    aside(town, "专办员郑义")

    assert readers(town) == ["陈立"]
    assert "好处" in words(at_desk(town.head).get("/drafts/?show=aside"))
    assert "好处" not in words(at_desk(town.complaints).get("/drafts/?show=aside"))


def test_a_draft_about_the_office_is_nobodys_inside_its_line(town: Town):
    above = Unit.objects.create(park=town.park, code="above", name="综合党委", kind=Unit.Kind.COMMITTEE)
    apart = Unit.objects.create(park=town.park, code="apart", name="派驻纪检组", kind=Unit.Kind.DEPARTMENT)
    Unit.objects.filter(pk=town.office.pk).update(parent=above)
    far = make_actor(town.park, "石岩", Role.COMPLAINTS_OFFICER, apart)

    aside(town, town.office)

    assert readers(town) == []
    assert access.drafts_visible_to(far).count() == 1
    assert access.drafts_visible_to(make_actor(town.park, "高山", Role.COMMITTEE_HEAD, above)).count() == 0


def test_whom_it_is_about_is_asked_before_it_is_set_aside(town: Town):
    row, client = draft(town), at_desk(town.dispatcher)

    asked = client.post("/drafts/choose/", {"d": [row.key], "do": "aside", "reason": "sealed"})
    empty = client.post("/drafts/aside/", {"d": [row.key], "unit": "-", "name": ""})
    nameless = client.post("/drafts/aside/", {"d": [row.key], "unit": "0", "name": ""})
    sent = client.post("/drafts/aside/", {"d": [row.key], "unit": town.lead.pk, "name": "李路"}, follow=True)

    assert asked["Location"] == f"/drafts/aside/?d={row.key}"
    assert [empty.status_code, nameless.status_code] == [422, 422]
    assert "已搁置 1 条" in words(sent)
    assert [(one.unit, one.person) for one in row.respondents.order_by("pk")] == [
        (town.lead, None), (None, town.liaison.person),
    ]  # fmt: skip


def test_a_complaint_is_not_set_aside_without_whom_it_is_about(town: Town):
    row = draft(town)

    with pytest.raises(Refused, match="哪个单位或者谁"):
        services.set_aside([row], "sealed", actor=town.dispatcher, at=MONDAY)

    assert readers(town) == ["周敏"]


def test_where_all_stand_inside_the_clerk_is_told_the_way_upward(town: Town):
    row, client = draft(town), at_desk(town.dispatcher)

    sent = client.post("/drafts/aside/", {"d": [row.key], "unit": town.office.pk, "name": ""}, follow=True)

    assert "这件事本园区的人都要回避。请告诉本人直接向上级党委、纪委监委反映。" in words(sent)


def test_taken_back_it_is_about_nobody_until_it_is_asked_again(town: Town):
    row = aside(town, town.lead)

    services.take_back(row, actor=town.complaints, at=MONDAY)

    assert not DraftRespondent.objects.exists()
    assert access.drafts_visible_to(town.dispatcher).count() == 1


def test_the_head_reads_and_does_no_more(town: Town):
    row, client = aside(town, town.lead), at_desk(town.head)

    page = client.get("/drafts/?show=aside").content.decode()

    assert "粘贴群聊" not in page
    assert f"/drafts/{row.key}/back/" not in page
    assert client.post(f"/drafts/{row.key}/back/").status_code == 404
