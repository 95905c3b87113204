"""Named filters of the list: picked in one click, shared with a unit, changed and dropped by whoever made them."""

from threading import Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from lianshang.cases.models import SavedView
from lianshang.cases.services import saved_views
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_town
from lianshang.kernel.refusals import Hidden, Refused


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


def test_services_keep_the_right_themselves(town: Town):
    view = saved_views.keep_view("我的", "state=open", actor=town.liaison)

    for who in (town.colleague, town.dispatcher):
        with pytest.raises(Hidden):
            saved_views.change_view(view, "别的", actor=who)
    with pytest.raises(Hidden):
        saved_views.keep_view("我的", "", actor=town.administrator)


def test_form_sent_twice_is_kept_once(town: Town):
    client = at_desk(town.liaison)

    answers = [client.post("/views/new/?state=closed", {"name": "本局", "unit": ""}).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert SavedView.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_kept_once_or_refused_in_words():
    town = make_town()
    told: list[str] = []

    def keep(query: str) -> None:
        try:
            with scope(park=town.park):
                saved_views.keep_view("本局", query, actor=town.liaison)
                told.append("kept")
        except Refused:
            told.append("refused")
        finally:
            connections.close_all()

    both = [Thread(target=keep, args=(query,)) for query in ("state=open", "state=closed")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(told) == ["kept", "refused"]


def test_unit_is_not_flooded_with_shared_views(town: Town, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_SHARED", 2)
    saved_views.keep_view("一", "", actor=town.liaison, unit=town.lead)
    own = saved_views.keep_view("二", "", actor=town.colleague)
    saved_views.change_view(own, "二", actor=town.colleague, unit=town.lead)

    with pytest.raises(Refused, match="共享的视图"):
        saved_views.keep_view("三", "", actor=town.liaison, unit=town.lead)
    assert saved_views.keep_view("三", "", actor=town.liaison).unit is None


def test_page_of_views_asks_no_more_for_more_views(town: Town):
    client = at_desk(town.liaison)
    asked = []
    for name in "一二三四五六":
        saved_views.keep_view(name, f"unit={town.lead.pk}", actor=town.liaison)
        with CaptureQueriesContext(connection) as taken:
            page = client.get("/views/")
        asked.append(len(taken))

    assert f"主办单位：{town.lead}" in words(page)
    assert asked[1] == asked[-1]  # the first visit opens the session
