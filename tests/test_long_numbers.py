"""Whatever stands in an address or a field for a number: none is so long, or so odd, that a page breaks."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_scopes import scope

from lianshang.cases.tests.desks import at_desk, hidden
from lianshang.cases.tests.factories import Town, make_actor, make_town
from lianshang.directory.models import Post, Role
from tests.harness import ROOT

LONG = {"30 figures": "9" * 30, "5,000 figures": "9" * 5000, "19 figures": "9" * 19, "other figures": "²"}
READ = re.compile(r"""GET\.get\(\s*["'](\w+)["']""")
ASKED = sorted(  # every parameter that a view of ours reads
    {name for path in ROOT.glob("lianshang/**/*.py") for name in READ.findall(path.read_text(encoding="utf-8"))}
)
FILTERS = ("unit", "enterprise", "kind", "category", "state", "group", "since", "until", "case", "d", "y", "e")
POSTED = ("batch", "until", "version", "over", "to", "person", "deputy", "unit", "lead", "co_units", "enterprise")
ALONE = {
    "/enterprises/contacts/": "of", "/absences/": "person", "/settings/documents/reply/download/": "from",
    "/settings/profiles/download/": "from",
}  # fmt: skip
FAULT = 500


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


@pytest.fixture
def client(town: Town) -> Client:
    """The browser of somebody who is let into every page of staff; a page that breaks answers 500."""
    clerk = make_actor(town.park, "高能", Role.REPORTING_CLERK, town.office)
    for role in (Role.DISPATCHER, Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF, Role.ADMINISTRATOR, Role.LIAISON):
        Post.objects.create(park=town.park, person=clerk.person, unit=town.office, role=role, since=date(2020, 1, 1))
    browser = at_desk(clerk)
    browser.raise_request_exception = False
    return browser


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each route of ours with its converters."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern) and "sign-out" not in str(one.pattern):
            yield before + str(one.pattern), one.pattern.converters


def addresses(town: Town, number: str) -> list[str]:
    """Every route filled in: keys with a case's, whole numbers with `number`, words with what the pages know."""
    case, found = town.dispatched(), []
    for route, converters in patterns(get_resolver()):
        filled = route
        for name, converter in converters.items():
            kind = type(converter).__name__
            put = str(case.key) if kind == "UUIDConverter" else number if kind == "IntConverter" else "reply"
            filled = re.sub(rf"<(\w+:)?{name}>", put, filled)
        found.append("/" + filled)
    return found


def test_the_walk_finds_the_routes_and_what_they_read(town: Town) -> None:
    assert len(addresses(town, "1")) > 80
    assert {"of", "person", "from", "drawn", "unit"} <= set(ASKED)


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_no_page_breaks_on_a_long_number(town: Town, client: Client, number: str) -> None:
    places = [(address, dict.fromkeys((*ASKED, *FILTERS), number)) for address in addresses(town, "1")]
    places += [(address, {}) for address in addresses(town, number)]
    places += [(address, {name: number}) for address, name in ALONE.items()]

    broken = [address for address, asked in places if client.get(address, asked).status_code >= FAULT]

    assert broken == []


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_no_form_breaks_on_a_long_number(town: Town, client: Client, number: str) -> None:
    case = town.dispatched()
    sent = dict.fromkeys(POSTED, number) | {"source": f"version:{number}", "to": f"{case.key}:{number}"}

    broken = [address for address in addresses(town, "1") if client.post(address, sent).status_code >= FAULT]

    assert broken == []


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_a_form_of_many_units_breaks_on_no_long_number(town: Town, number: str) -> None:
    case, client = town.whistle(), at_desk(town.dispatcher)
    address = f"/cases/{case.key}/do/dispatch/"

    answer = client.post(address, hidden(client.get(address)) | {"lead": town.lead.pk, "co_units": [number]})

    assert answer.status_code == 422
    assert case.events.count() == 1
