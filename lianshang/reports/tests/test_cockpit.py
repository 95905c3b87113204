"""The cockpit: its numbers are the figures', each opens and says if it moved; whose it is; no names, no complaints."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.factories import make_actor
from lianshang.indicators import periods, registry, scopes
from lianshang.reports import cockpit

PAGES = ("/cockpit/", "/cockpit/wall/")


@pytest.fixture
def now():
    return timezone.now()


def test_the_terms_of_the_equation_balance_and_are_the_figures(town, now):
    town.answered()

    board = cockpit.read(town.park, now)

    intake, *terms = [int(tile.value) for tile in board.equation]
    year = periods.of_kind(periods.THIS_YEAR, board.year.last, began_on=board.year.last)
    assert intake == sum(terms)
    assert intake == registry.read("cases.intake", scopes.now(town.park, None, now), year).value


def test_a_board_is_kept_for_a_minute_and_not_longer(town, now):
    first = cockpit.board(town.park, now)

    later = [cockpit.board(town.park, now + timedelta(seconds=spent)) for spent in (59, 61)]

    assert later[0] is first
    assert later[1].at == now + timedelta(seconds=61)


def test_every_number_of_the_wall_opens(town):
    town.answered()
    reader = at_desk(town.head)

    page = reader.get("/cockpit/wall/")
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/figures/[^"]+)"', page.content.decode())}

    assert page.headers["Refresh"] == "60"
    assert len(links) > 15
    opened = {link: reader.get(link) for link in links}
    assert {answer.status_code for answer in opened.values()} == {200}
    assert [link for link, answer in opened.items() if "您点的时候是" in answer.content.decode()] == []


@pytest.mark.parametrize(("was", "told"), [("77", True), ("0", False), ("<b>7", False), ("9" * 40, False)])
def test_an_opened_figure_says_if_it_moved_since(town, was, told):
    page = at_desk(town.head).get("/figures/cases.deferred/", {"was": was}).content.decode()

    assert ("您点的时候是" in page) is told


@pytest.mark.parametrize("address", PAGES)
def test_the_cockpit_is_for_whoever_reads_the_open_ledger_whole(town, address):
    clerk = make_actor(town.park, "顾统", "reporting_clerk", town.office)

    found = {one.person.name: at_desk(one).get(address).status_code for one in (town.head, clerk, town.liaison)}

    assert found == {town.head.person.name: 200, "顾统": 200, town.liaison.person.name: 404}


@pytest.mark.parametrize("address", PAGES)
def test_the_cockpit_names_no_person_and_no_unit(town, address):
    case = town.answered()

    page = at_desk(town.dispatcher).get(address).content.decode()
    body = page[page.index("<main") :]

    assert case.lead_unit.name not in body
    assert case.contact_name not in body or not case.contact_name
