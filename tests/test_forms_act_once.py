"""Every form that changes something carries a key, and what is sent twice under it is done once: found by reading the site."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_scopes import scope

from lianshang.cases.models import Phrase
from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.factories import Town, make_town
from lianshang.kernel import idempotency
from lianshang.kernel.models import IdempotencyKey
from tests.tree import Place, none, templates

FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
# Visitors have no name: their forms are marked with `once`, or do nothing that lasts.
OF_VISITORS = {
    "draft": "shows",
    "home": "leads on",
    "mine": "keeps codes in the browser",
    "mine-enterprise": "shows",
    "mine-forget": "clears them away",
    "own-alike": "looks",
    "receipt": "shows",
    "receipt-file": "shows",
    "receipt-proof": "shows",
    "sign-in": "opens a session; a second one is another sign-in",
    "sign-in-code": "opens a session",
    "sign-out": "ends a session",
    "trial": "reckons and keeps nothing",
    "wecom-callback": "each message has a number of its own, kept once",
    "whistle": "marked inside, at the deed",
    "whistle-here": "leads on",
    "whistle-sealed": "marked inside, at the deed",
}


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


def patterns(resolver: object) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one)


def test_every_form_of_a_template_has_the_tag_that_carries_the_key():
    bare = [
        Place(source.name, source.text.count("\n", 0, form.start()) + 1, "a form without {% csrf_token %}")
        for source in templates()
        for form in FORM.finditer(source.text)
        if "{% csrf_token %}" not in form[0] and '_guard.html" %}' not in form[0]
    ]

    none(bare)


def test_the_tag_draws_another_key_for_each_form():
    drawn = Template("{% csrf_token %}{% csrf_token %}").render(Context({"csrf_token": "x"}))

    keys = re.findall(rf'name="{idempotency.FIELD}" value="([^"]+)"', drawn)
    assert len(set(keys)) == 2


def test_every_view_of_visitors_is_marked_or_said_why_not():
    """Those of staff are answered once by the middleware, whatever they do."""
    open_ones = [one for one in patterns(get_resolver()) if not getattr(one.callback, "login_required", True)]
    unmarked = {one.name for one in open_ones if not getattr(one.callback, "acts_once", False)}

    assert "lianshang.web.middleware.OnceMiddleware" in settings.MIDDLEWARE
    assert unmarked == set(OF_VISITORS)
    assert len(unmarked) < len(open_ones)


def sent(client: Client, key: str, text: str) -> tuple[int, str]:
    answer = client.post("/phrases/", {idempotency.FIELD: key, "lines": text})
    return answer.status_code, answer.headers.get("Location", "")


def test_a_form_of_staff_sent_again_gets_the_same_answer_and_other_words_are_refused(town: Town):
    client, key = at_desk(town.liaison), idempotency.mint()

    first, again, other = (
        sent(client, key, "已派人查看。"),
        sent(client, key, "已派人查看。"),
        sent(client, key, "别的"),
    )

    assert first[0] == HTTPStatus.FOUND
    assert again == first
    assert other[0] == HTTPStatus.CONFLICT
    assert [one.text for one in Phrase.objects.all()] == ["已派人查看。"]
    assert sent(at_desk(town.colleague), key, "同事的话")[0] == HTTPStatus.FOUND


def test_keys_are_forgotten_after_thirty_days(town: Town):
    now = timezone.now()
    for name, days in (("old", 31), ("new", 29)):
        IdempotencyKey.objects.create(park=town.park, key=name, actor="x", made_at=now - timedelta(days=days))

    idempotency.forget(town.park, now)

    assert [one.key for one in IdempotencyKey.objects.all()] == ["new"]
