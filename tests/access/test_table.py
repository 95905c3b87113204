"""The table is whole: nothing of the site is undecided, nothing is decided by a wildcard, and the code never reads it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, include, path

from tests.access import drawing, resolver, table
from tests.access.table import FILES, FOLDER
from tests.harness import ROOT

TEXTS = [(FOLDER / name).read_text(encoding="utf-8") for name in FILES]
urlpatterns = [
    path("", include("lianshang.config.urls")),
    path("secret-page/", lambda request: HttpResponse("x"), name="planted"),
    path("nameless/<int:pk>/", lambda request, pk: HttpResponse("x")),
]  # the site with two pages more, for `planted`


@contextmanager
def planted() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        clear_url_caches()
        yield
    clear_url_caches()


def faults_of(*texts: str) -> str:
    return "\n".join(table.read(*texts).faults)


def test_every_cell_of_the_site_is_decided() -> None:
    rules = table.read()

    assert [*rules.faults, *resolver.unruled(rules)] == []
    assert sum(1 for _ in rules.cells()) > 30_000


def test_a_page_without_a_rule_is_named_with_what_to_write() -> None:
    with planted():
        told = "\n".join(resolver.unruled(table.read()))

    assert "UNDECIDED: :planted GET has no rule. Add a line `:planted GET: NAME OF A RIGHT`" in told
    assert "nameless/<int:pk>/ POST has no rule" in told


def test_a_rule_for_a_page_that_is_gone_is_named() -> None:
    told = resolver.unruled(table.read(*TEXTS, "actions:\n  cases:gone GET: anybody\n"))

    assert any("the site has no “cases:gone GET”" in one for one in told)


def test_a_role_left_out_of_a_line_is_undecided() -> None:
    rules = TEXTS[0].replace("here: D H C / V L B", "here: D H C / V B")

    told = faults_of(rules, *TEXTS[1:])

    assert "UNDECIDED: the right “oversees”, relation “here” says nothing of L (liaison)" in told


def test_a_role_on_both_sides_is_undecided() -> None:
    told = faults_of(TEXTS[0].replace("here: D H C / V L B", "here: D H C L / V L B"), *TEXTS[1:])

    assert "says nothing of L (liaison)" in told


def test_a_relation_left_out_is_undecided() -> None:
    told = faults_of(TEXTS[0].replace("    no code: / V", "    code again: / V"), *TEXTS[1:])

    assert "relation “no code” says nothing of V (visitor)" in told
    assert "“code again” is no relation to “code”" in told


def test_a_wildcard_decides_nothing() -> None:
    told = faults_of(*TEXTS, "rights:\n  all:\n    of: page\n    says: x\n    here: '* /'\nactions:\n  x GET: all\n")

    assert "a wildcard decides nothing" in told


def test_what_is_decided_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        table.read("rights:\n  a: {of: page}\n  a: {of: page}\n")


def test_the_product_does_not_read_the_table() -> None:
    reads = re.compile(r"rules(_cases|_actions)?\.yaml|tests\.access")

    assert [str(file) for file in (ROOT / "lianshang").rglob("*.py") if reads.search(file.read_text("utf-8"))] == []


def test_the_page_says_what_the_table_says() -> None:
    drawn = drawing.page(table.read())

    assert (ROOT / "docs" / "access.md").read_text("utf-8") == drawn, "python -m tests.access page > docs/access.md"
