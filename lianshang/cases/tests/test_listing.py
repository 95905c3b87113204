from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from lianshang.cases import queues, services
from lianshang.cases.models import Case
from lianshang.cases.tests.desks import at_desk, few_queries, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_town


def listed(client: Client, query: str = "") -> list[str]:
    """Return the numbers on the page, in its order."""
    page = client.get(f"/cases/{query}")
    assert page.status_code == 200
    return [row.case.number for row in page.context["rows"]]


def pages(client: Client, query: str = "?") -> Iterator[list[str]]:
    """Walk through all pages by the link to the next."""
    token = ""
    while token is not None:
        page = client.get(f"/cases/{query}&after={token}")
        yield [row.case.number for row in page.context["rows"]]
        token = page.context["page"].next


def test_list_begins_with_the_newest(town: Town):
    cases = [town.whistle(MONDAY + n * HOUR) for n in range(3)]

    assert listed(at_desk(town.auditor)) == [case.number for case in reversed(cases)]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("路灯", True),
        ("灯坏", True),
        ("焦化", True),
        ("坏灯", False),
        ("路灯 示范", True),
        ("'; --", False),
        ("", True),
    ],
)
def test_two_characters_find_a_case(town: Town, word: str, found: bool):
    case = town.whistle(MONDAY)

    numbers = listed(at_desk(town.dispatcher), f"?q={word}")

    assert numbers == ([case.number] if found else [])


def test_number_finds_its_case(town: Town):
    town.whistle(MONDAY)
    case = town.whistle(MONDAY)

    assert listed(at_desk(town.dispatcher), f"?q={case.number}") == [case.number]


def test_filters_narrow(town: Town):
    waiting = town.whistle(MONDAY, category="照明", urgency="紧急")
    sent = town.dispatched(MONDAY + DAY, kind="复杂")
    client = at_desk(town.dispatcher)

    narrowed = {
        "?state=sent": waiting,
        "?state=units": sent,
        f"?unit={town.lead.pk}": sent,
        "?kind=复杂": sent,
        "?urgency=紧急": waiting,
        "?category=照明": waiting,
        f"?until={MONDAY:%Y-%m-%d}": waiting,
        f"?since={MONDAY + DAY:%Y-%m-%d}": sent,
    }
    assert {query: listed(client, query) for query in narrowed} == {q: [case.number] for q, case in narrowed.items()}
    assert len(listed(client, "?enterprise=焦化")) == 2
    assert listed(client, "?state=closed") == []


def test_overdue_filter_finds_late_cases_alone(town: Town):
    now = timezone.now()
    late = town.dispatched(now - 20 * DAY)
    town.whistle(now)

    assert listed(at_desk(town.dispatcher), "?overdue=on") == [late.number]


def test_pages_follow_each_other_without_gap_or_repeat(town: Town, monkeypatch):
    monkeypatch.setattr("lianshang.cases.views.listing.SIZE", 3)
    cases = [town.whistle(MONDAY + (n % 3) * HOUR) for n in range(8)]

    seen = [number for page in pages(at_desk(town.dispatcher)) for number in page]

    assert sorted(seen) == sorted(case.number for case in cases)
    assert len(seen) == 8


def test_case_added_meanwhile_moves_no_page(town: Town, monkeypatch):
    monkeypatch.setattr("lianshang.cases.views.listing.SIZE", 2)
    for n in range(4):
        town.whistle(MONDAY + n * HOUR)
    client, seen = at_desk(town.dispatcher), []

    for page in pages(client):
        seen += page
        town.whistle(MONDAY + 9 * HOUR)

    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize(
    "query",
    [
        "?after=nonsense",
        "?unit=x",
        "?unit=99999999999999999999",
        "?since=2026-13-45",
        "?state=%00",
        "?kind=<b>",
        "?q=%25",
    ],
)
def test_ugly_addresses_give_a_page(town: Town, query: str):
    town.whistle(MONDAY)

    assert at_desk(town.dispatcher).get(f"/cases/{query}").status_code == 200


def test_sealed_cases_are_in_no_list_and_no_search(town: Town):
    case = town.dispatched(MONDAY, nature="report", text="某某收取好处费。", respondents=(town.other,))

    for actor in (town.dispatcher, town.head, town.liaison, town.outsider, town.auditor, town.chief):
        client = at_desk(actor)
        assert listed(client) == []
        assert listed(client, "?q=好处") == []
        assert listed(client, f"?q={case.number}") == []


def test_units_list_what_they_take_part_in(town: Town):
    mine = town.dispatched(MONDAY, co=True)
    town.whistle(MONDAY)

    assert listed(at_desk(town.liaison)) == [mine.number]
    assert listed(at_desk(town.co_liaison)) == [mine.number]
    assert listed(at_desk(town.outsider)) == []


def test_other_parks_list_is_its_own(town: Town):
    town.whistle(MONDAY)

    assert listed(at_desk(make_town("PZ").dispatcher)) == []


def test_list_is_for_those_with_cases(town: Town):
    for actor in (town.administrator, town.complaints):
        assert at_desk(actor).get("/cases/").status_code == 404


def test_list_takes_few_queries_however_long_it_is(town: Town):
    for n in range(30):
        town.whistle(MONDAY + n * HOUR)
    client = at_desk(town.dispatcher)

    for query in ("", "?q=路灯", "?state=open&overdue=on"):
        with few_queries(15):
            assert client.get(f"/cases/{query}").status_code == 200


def test_empty_lists_say_why(town: Town):
    client = at_desk(town.dispatcher)

    assert "还没有诉求" in words(client.get("/cases/"))
    assert "没有符合条件的诉求" in words(client.get("/cases/?q=路灯"))


def test_count_stops_at_its_cap(town: Town, monkeypatch):
    monkeypatch.setattr("lianshang.cases.views.listing.SIZE", 2)
    monkeypatch.setattr("lianshang.cases.views.listing.MOST", 3)
    for _ in range(5):
        town.whistle(MONDAY)

    assert "共 3 以上 条" in words(at_desk(town.dispatcher).get("/cases/"))


def test_ended_cases_show_when_they_ended(town: Town):
    case = services.mistake(town.whistle(MONDAY), actor=town.dispatcher, at=MONDAY + HOUR, reason="重复登记。")

    said = words(at_desk(town.dispatcher).get("/cases/?state=mistaken"))

    assert case.number in said
    assert "11月2日" in said
    assert Case.objects.get().state == "closed"
    assert listed(at_desk(town.dispatcher)) == [], "what counts nowhere stands apart"


def test_list_says_as_the_desk_does_what_waits_for_a_ruling(town: Town):
    case = services.ask_return(
        town.signed(MONDAY), actor=town.liaison, at=MONDAY + 2 * HOUR, reason="不属本局职责，应由执法局办。"
    )
    assert {"contact", "ruling"} <= {clock.duty for clock in case.clocks.running()}

    (row,) = queues.lit([case], MONDAY + 3 * HOUR)

    assert (row.what, row.verb) == ("裁定", "grant_return")
