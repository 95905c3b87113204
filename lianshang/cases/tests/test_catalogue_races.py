"""Two at the catalogue at once: one after the other, and what is published stays as it was published."""

from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections, transaction
from django_scopes import scope

from lianshang.cases.models import CatalogueEntry, CatalogueVersion
from lianshang.cases.services import catalogue as services
from lianshang.cases.services.catalogue import Matter
from lianshang.cases.tests.factories import MONDAY, Town, make_town

HELD = 0.4  # seconds that the first one is left to itself

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


def meanwhile(town: Town, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Do the second while the first is done and not yet kept; return what each ended with."""
    done, ended = Event(), [None, None]

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            with scope(park=town.park):
                job()
        except Exception as problem:  # noqa: BLE001 -- judged by the test
            ended[place] = problem
        finally:
            done.set()
            connections.close_all()

    @transaction.atomic
    def holding() -> None:
        first()
        done.set()
        later.join(HELD)

    later = Thread(target=lambda: (done.wait(20), run(1, second)))
    before = Thread(target=run, args=(0, holding))
    later.start()
    before.start()
    before.join(30)
    later.join(30)
    return ended


def entry(town: Town, name: str) -> Matter:
    return Matter(name, town.lead, "条例")


def test_what_is_published_does_not_change_while_somebody_saves(town: Town):
    services.save_entry(entry(town, "照明"), actor=town.dispatcher, at=MONDAY)

    ended = meanwhile(
        town,
        lambda: services.publish(since=MONDAY.date(), actor=town.dispatcher, at=MONDAY),
        lambda: services.save_entry(entry(town, "税费"), actor=town.administrator, at=MONDAY),
    )

    assert ended == [None, None]
    published = CatalogueVersion.objects.get(number=1)
    assert [one.matter for one in published.entries.all()] == ["照明"]
    assert CatalogueVersion.objects.get(in_force_from=None).entries.count() == 2


def test_two_who_begin_or_add_at_once_both_succeed(town: Town):
    ended = meanwhile(
        town,
        lambda: services.save_entry(entry(town, "照明"), actor=town.dispatcher, at=MONDAY),
        lambda: services.save_entry(entry(town, "税费"), actor=town.administrator, at=MONDAY),
    )

    assert ended == [None, None]
    assert CatalogueVersion.objects.count() == 1
    assert [one.position for one in CatalogueEntry.objects.order_by("position")] == [1, 2]
