"""Named filters of the list: picked in one click, shared with a unit, changed and dropped by whoever made them."""

import pytest

from lianshang.cases.models import SavedView
from lianshang.cases.services import saved_views
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town
from lianshang.kernel.refusals import Refused


def offered(town: Town, who: str) -> list[str]:
    page = at_desk(getattr(town, who)).get("/cases/")
    return [view["label"] for view in page.context["saved"]]


def test_filter_is_kept_and_picked_in_one_click(town: Town):
    case = town.whistle(MONDAY)
    town.signed(MONDAY + HOUR)
    client = at_desk(town.dispatcher)

    answer = client.post("/views/new/?state=sent&order=oldest&after=x", {"name": "待我派单", "unit": ""})

    page = client.get(answer["Location"])
    (view,) = page.context["saved"]
    assert (view["label"], view["current"]) == ("待我派单", True)
    assert [row.case for row in page.context["rows"]] == [case]
    assert view["url"] == "/cases/?state=sent&order=oldest"


def test_view_is_ones_own_unless_shared_with_the_unit(town: Town):
    saved_views.keep_view("我的", "state=open", actor=town.liaison)
    saved_views.keep_view("本局超期", "overdue=on", actor=town.liaison, unit=town.lead)

    assert set(offered(town, "liaison")) == {"我的", "本局超期"}
    assert offered(town, "colleague") == ["本局超期"]
    assert offered(town, "co_liaison") == []


def test_view_is_changed_refitted_and_dropped_by_its_owner_alone(town: Town):
    view = saved_views.keep_view("旧名", "state=open", actor=town.liaison, unit=town.lead)
    mine, other = at_desk(town.liaison), at_desk(town.colleague)

    assert other.get(f"/views/{view.pk}/").status_code == 404
    assert other.post(f"/views/{view.pk}/drop/").status_code == 404
    assert mine.post(f"/views/{view.pk}/", {"name": "新名", "unit": ""}).status_code == 302
    assert mine.post("/views/new/?state=closed", {"over": view.pk}).status_code == 302
    assert SavedView.objects.values_list("name", "query", "unit").get() == ("新名", "state=closed", None)
    mine.post(f"/views/{view.pk}/drop/")
    assert not SavedView.objects.exists()


def test_names_are_not_given_twice_and_not_for_foreign_units(town: Town):
    saved_views.keep_view("本局", "state=open", actor=town.liaison)

    with pytest.raises(Refused, match="已有名为"):
        saved_views.keep_view("本局", "state=closed", actor=town.liaison)
    with pytest.raises(Refused, match="自己任职"):
        saved_views.keep_view("别局", "", actor=town.liaison, unit=town.co)
    page = at_desk(town.liaison).post("/views/new/?state=closed", {"name": "本局", "unit": ""})
    assert page.status_code == 422
    assert "已有名为" in words(page)


def test_views_say_in_words_what_they_show(town: Town):
    saved_views.keep_view("看看", "state=open&kind=复杂&order=due", actor=town.dispatcher)

    said = words(at_desk(town.dispatcher).get("/views/"))

    assert "在办，限时类别：复杂，先到期的在前，只列在办" in said


def test_order_is_that_of_the_words(town: Town):
    late, early = town.whistle(MONDAY + HOUR), town.whistle(MONDAY)
    client = at_desk(town.dispatcher)

    shown = {
        order: [row.case for row in client.get(f"/cases/?order={order}").context["rows"]]
        for order in ("", "oldest", "due")
    }

    assert shown == {"": [late, early], "oldest": [early, late], "due": [early, late]}
