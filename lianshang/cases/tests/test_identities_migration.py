"""Sealed cases of before: who made them goes into a row apart, the case names nobody any more, and nothing is lost."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from lianshang.cases import identities
from lianshang.cases.closure_guard import ClosureGuard
from lianshang.cases.models import Case, CaseEvent, Identity, Saying
from lianshang.cases.tests.factories import Town

lock_up = import_module("lianshang.cases.migrations.0020_identities_locked_up").lock_up
TEXT = "我叫张建国，电话 13812345678，窗口推诿。"


class Unscoped:
    """The models as a migration has them: managers that ask for no park."""

    def get_model(self, label: str, name: str) -> object:
        return apps.get_model(label, name)


def of_before(town: Town) -> SimpleNamespace:
    """Return what stood in a sealed case before anything was kept apart, as a row of the table of then."""
    case = town.whistle(nature="complaint", text="空", contact_name="", contact_phone="", enterprise=None)
    Saying.objects.filter(case=case).delete()
    Identity.objects.filter(case=case).delete()
    told = {"text": TEXT, "place": "二号窑，电话 13812345678"}
    Case.objects.filter(pk=case.pk).update(**told)
    return case


def test_words_and_names_of_before_are_locked_up(town: Town):
    case = of_before(town)

    with scopes_disabled():
        lock_up(Unscoped(), None)

    after = Case.objects.get(pk=case.pk)
    said = Saying.objects.get(case=after)
    assert identities.original(said, after) == TEXT
    assert "13812345678" not in after.text + after.place + after.title + after.search_text + said.shown
    assert said.waits
    assert identities.who_made(after) == identities.Who()


def test_each_sealed_case_has_its_own_key(town: Town):
    cases = [town.whistle(nature="complaint", text="窗口推诿。") for _ in range(2)]

    keys = {identities.of(case).key for case in cases}

    assert len(keys) == 2
    assert CaseEvent.objects.filter(subject__in=cases).exclude(note="").count() == 0


def test_the_guard_is_placed_lifted_and_placed_again(transactional_db: None):
    def names() -> set[str]:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            else:
                cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            return {name for (name,) in cursor.fetchall() if name.startswith("closure_guard")}

    def move(operation: ClosureGuard) -> set[str]:
        with connection.schema_editor() as editor:
            operation.database_forwards("cases", editor, None, None)
        return names()

    before = names()
    lifted, placed = move(ClosureGuard(placed=False)), move(ClosureGuard())

    assert (bool(before), lifted, placed) == (True, set(), before)
