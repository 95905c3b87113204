"""Staff at their desks: signed in, opening forms, sending them; and how many queries a page takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianshang.cases.models import Case
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account

MOST_QUERIES = 25


def at_desk(actor: Actor) -> Client:
    """Return a browser in which the actor is signed in."""
    account, _ = Account.objects.get_or_create(
        person=actor.person, defaults={"username": f"{actor.park.code}-{actor.person.pk}", "park": actor.park}
    )
    client = Client()
    client.force_login(account)
    return client


def address(case: Case, verb: str) -> str:
    return f"/cases/{case.key}/do/{verb}/"


def hidden(page: HttpResponse) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def opened(client: Client, case: Case, verb: str) -> dict[str, str]:
    """Open the verb's form and return what it carries."""
    page = client.get(address(case, verb))
    assert page.status_code == 200, page.content.decode()
    return hidden(page)


def done(client: Client, case: Case, verb: str, **answers: object) -> HttpResponse:
    """Open the form, fill it in and send it."""
    return client.post(address(case, verb), opened(client, case, verb) | answers)


def words(page: HttpResponse) -> str:
    """Return the page's text without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


@contextmanager
def few_queries(most: int = MOST_QUERIES) -> Iterator[None]:
    with CaptureQueriesContext(connection) as taken:
        yield
    assert len(taken) <= most, [query["sql"][:120] for query in taken]
