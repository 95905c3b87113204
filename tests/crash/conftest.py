from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from lianshang.cases.tests.factories import make_town
from lianshang.config.backups.targets import _wrapper, standing_in
from tests.clones import clone
from tests.crash.keeping import quick
from tests.crash.world import Moment, World
from tests.harness import forget_editions


@pytest.fixture(scope="session")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """A town of whom nobody has said anything yet, in a database of its own."""
    with django_db_blocker.unblock():
        folder = tmp_path_factory.mktemp("world")
        database = quick(clone(connection.settings_dict, folder))
        forget_editions()
        with standing_in(_wrapper(database)):
            town = make_town()
        world = World(town, database, folder)
        world.files.mkdir()
        yield world
        world.gone()


@pytest.fixture(scope="session")
def beginning(world: World) -> Moment:
    return world.moment()
