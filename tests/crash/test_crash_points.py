"""Whoever dies at any step of an everyday use case leaves all of it or nothing, and a second press finds the one receipt."""

import pytest

from tests.crash.core import CORE
from tests.crash.everything import missing
from tests.crash.faults import FAULTS
from tests.crash.rig import enumerated
from tests.crash.world import Moment, World

SCRIPTS = {script.name: script for script in CORE}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_step_of_an_everyday_use_case_may_be_the_last(world: World, beginning: Moment, name: str):
    result = enumerated(SCRIPTS[name], world, beginning)

    print(f"{name}: {result.points} points, {result.deaths} deaths, {result.states} states, {result.seconds:.1f} s")
    assert result.faults == []
    assert result.points > 5
    assert result.deaths > 1


def test_to_die_at_each_step_leaves_what_the_marks_tell(world: World, beginning: Moment):
    result = enumerated(SCRIPTS["cases.services.sign"], world, beginning, every=True)

    assert result.faults == []
    assert result.deaths == result.points


def test_marks_that_see_nothing_are_found_out(world: World, beginning: Moment, monkeypatch):
    world.begun.pop("cases.services.sign", None)
    monkeypatch.setattr(World, "mark", lambda self: None)

    result = enumerated(SCRIPTS["cases.services.sign"], world, beginning, every=True)
    world.begun.pop("cases.services.sign")

    assert any("marks" in fault for fault in result.faults)


def test_every_use_case_that_changes_something_is_known_to_the_rig():
    assert missing() == [], "say in tests/crash how these are brought about, or in registry.py why they need not be"


PLANTED = [(name, fault) for name, faults in FAULTS.items() for fault in faults]


@pytest.mark.parametrize(("name", "fault"), PLANTED, ids=[fault.__name__ for _, fault in PLANTED])
def test_a_planted_fault_is_caught(world: World, beginning: Moment, name: str, fault):
    result = enumerated(SCRIPTS[name], world, beginning, plant=fault)

    print(f"{fault.__name__}: {result.faults[:1]}")
    assert result.faults != []
