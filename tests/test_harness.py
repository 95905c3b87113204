"""The harness itself: it is trusted only because it catches what it should."""

import re

import pytest
from django.db import DatabaseError, connection
from django.template import engines

from tests.tree import found, none, sources

GUARD = {
    "sqlite": ["CREATE TRIGGER append_only_{t} BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, 'append-only'); END"],
    "postgresql": [
        "CREATE FUNCTION {t}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append-only'; END $$",
        "CREATE TRIGGER append_only_{t} BEFORE TRUNCATE ON {t} EXECUTE FUNCTION {t}_guard()",
        "CREATE TRIGGER append_only_{t}_rows BEFORE DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {t}_guard()",
    ],
}
UNDO = {
    "sqlite": ["DROP TRIGGER append_only_{t}"],
    "postgresql": [
        "DROP TRIGGER append_only_{t} ON {t}",
        "DROP TRIGGER append_only_{t}_rows ON {t}",
        "DROP FUNCTION {t}_guard",
    ],
}
TABLE = "django_session"


def execute(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(t=TABLE))


@pytest.mark.django_db(transaction=True)
def test_flush_passes_append_only_triggers_and_leaves_them_in_force():
    from django.core.management import call_command

    execute(GUARD[connection.vendor])
    execute(["INSERT INTO {t} VALUES ('key', 'data', '2026-11-23 00:00:00')"])

    call_command("flush", interactive=False, verbosity=0)

    execute(["INSERT INTO {t} VALUES ('key', 'data', '2026-11-23 00:00:00')"])
    with pytest.raises(DatabaseError, match="append-only"):
        execute(["DELETE FROM {t}"])
    execute(UNDO[connection.vendor])


def test_undefined_template_variable_fails_the_test():
    template = engines["django"].from_string("{{ nobody_defined_this }}")

    with pytest.raises(pytest.fail.Exception, match="nobody_defined_this"):
        template.render({})


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_postgres_only_tests_run_on_postgresql():
    assert connection.vendor == "postgresql"


@pytest.mark.browser
def test_browser_shows_chinese(page):
    page.set_content("<title>链上</title><p>吹哨报到</p>")

    assert page.inner_text("p") == "吹哨报到"


def test_browsers_are_opened_and_keys_pressed_where_the_page_is_waited_for():
    """A key that comes before the page's scripts is lost, on slow machines alone."""
    mine = re.escape("keyboard.press(") + "|" + re.escape("keyboard.type(") + "|" + re.escape("new_context(")
    walks = [one for one in sources() if one.is_test and one.name != "tests/browsing.py"]

    none(found(mine, [one for one in walks if one.name != "tests/test_harness.py"]))
