"""The world of the access tests: built once for this folder, every cell rolled back, all of it taken back at the end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django_scopes import scope

from tests.access.canaries import Listener
from tests.access.objects import NOWHERE, prepare
from tests.access.pairs import carry_out
from tests.access.stage import standing_still
from tests.access.world import AT, World, build
from tests.harness import forget_editions


@contextmanager
def world_of_this_run() -> Iterator[World]:
    """Build the world; needs the database unblocked. All that was made is taken back in the end."""
    hosts = [NOWHERE.removeprefix("http://")]
    forget_editions()  # a package's fixture comes before those of a test, and the last test's keys are other rows here
    with transaction.atomic(), standing_still(AT), override_settings(PROOF_BITS=0, ROBOT_HOSTS=hosts):
        made = build()
        with scope(park=made.park):
            prepare(made)
        carry_out()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), world_of_this_run() as made:
        yield made


@pytest.fixture
def world(built: World, db: None) -> Iterator[World]:
    """The world as it was built; what a test made in it goes with the test."""
    things, clients = dict(built.things), dict(built.clients)
    yield built
    built.things, built.clients = things, clients


@pytest.fixture
def log() -> Iterator[Listener]:
    """All that is logged, on every level, for the canaries to be sought in."""
    listener, root = Listener(), logging.getLogger()
    root.addHandler(listener)
    yield listener
    root.removeHandler(listener)
