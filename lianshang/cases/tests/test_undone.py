"""What an undone import had brought says so wherever it still stands, and is in no list, figure or suggestion."""

import importlib
from datetime import datetime

import pytest
from django.apps import apps

from lianshang.cases import access, codes, equation, ledger_columns, ledger_facts, services, suggesting, training
from lianshang.cases.models import Case, CaseEvent
from lianshang.cases.similar import similar_cases
from lianshang.cases.states import CloseType
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import ZONE, Town
from lianshang.cases.tests.test_importing import ANSWERED, NOW, OPEN, bring_in, case

WORDS = "导入已撤销"


@pytest.fixture
def undone(town: Town) -> Case:
    services.undo_import(bring_in(town, ANSWERED, OPEN), actor=town.dispatcher, at=NOW)
    return case("A1")


def test_undone_case_says_so_on_its_page_its_receipt_and_in_the_list_that_shows_it(town: Town, undone: Case):
    desk = at_desk(town.dispatcher)
    receipt = f"/r/{codes.public_code(town.park, undone)}/"

    pages = [desk.get(place) for place in (undone.get_absolute_url(), "/cases/?state=mistaken", receipt)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all(WORDS in words(page) for page in pages)
    assert not any("已办结" in words(page) for page in (pages[0], pages[2]))


def test_undone_case_is_in_no_list_and_no_search(town: Town, undone: Case):
    desk = at_desk(town.dispatcher)

    lists = [words(desk.get(f"/cases/{asked}")) for asked in ("", "?state=closed", "?state=ended", "?q=路灯")]

    assert not any(undone.number in told for told in lists)
    assert undone not in access.own_whistles(town.enterprise)
    assert similar_cases(f"{undone.title}\n{undone.text}", among=Case.objects.all(), at=NOW) == []


def test_undone_case_says_so_in_exports(town: Town, undone: Case):
    (facts,) = ledger_facts.told([undone.pk])

    line = ledger_columns.row(facts, 1, ZONE)

    assert sum(WORDS in str(value) for value in line) == 2
    assert "已办结" not in line


def test_undone_case_stands_beside_the_equation_and_teaches_nothing(town: Town, undone: Case):
    Case.objects.filter(pk=undone.pk).update(lead_unit=town.lead)
    fresh = town.whistle(NOW, title=undone.title, text=undone.text)

    terms = equation.equation(Case.objects.open_ledger(), datetime(2020, 1, 1, tzinfo=ZONE), NOW, NOW)

    assert terms.counts == {"intake": 0, "in_time": 0, "lawfully_open": 0, "breaches": 0, "mistaken": 2}
    assert not training._known().exists()
    assert suggesting.suggest(fresh, [town.lead], actor=town.dispatcher, at=NOW).likeliest == ()


def test_undone_cases_of_before_are_told_apart_from_mistakes(town: Town, undone: Case):
    mistaken = services.mistake(town.whistle(NOW), actor=town.dispatcher, at=NOW, reason="重复登记")
    Case.objects.update(close_type=CloseType.MISTAKEN)
    change = importlib.import_module("lianshang.cases.migrations.0015_undone_imports")

    change.tell_undone_apart(apps, None)

    mistaken.refresh_from_db()
    undone.refresh_from_db()
    assert (undone.close_type, mistaken.close_type) == (CloseType.UNDONE, CloseType.MISTAKEN)
    assert mistaken.get_state_display() == "已办结"
    assert CaseEvent.objects.filter(verb="undo_import", close_type=CloseType.UNDONE).count() == 2
