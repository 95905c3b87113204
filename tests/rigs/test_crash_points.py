"""Every use case, every step: `RIG_CASES=cases.services.sign` names those that are wanted."""

import os

import pytest

from tests.crash.conftest import beginning, world  # noqa: F401 -- the fixtures
from tests.crash.everything import names, script_of
from tests.crash.faults import FAULTS
from tests.crash.rig import enumerated
from tests.rigs import ledger

WANTED = os.environ.get("RIG_CASES", "").split(",")
NAMES = [name for name in names() if WANTED == [""] or name in WANTED]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_every_use_case_may_be_the_last(world, beginning, name):  # noqa: F811
    result = enumerated(script_of(name), world, beginning, every=True)

    ledger.add(
        "crash points",
        {"case": name, "points": result.points, "deaths": result.deaths, "states": result.states},
        result.faults,
    )
    assert result.faults == []


PLANTED = [(name, fault) for name, faults in FAULTS.items() for fault in faults]


@pytest.mark.parametrize(("name", "fault"), PLANTED, ids=[fault.__name__ for _, fault in PLANTED])
def test_a_planted_fault_is_caught(world, beginning, name, fault):  # noqa: F811
    result = enumerated(script_of(name), world, beginning, plant=fault, every=True)

    told = {"case": name, "fault": fault.__name__, "points": result.points, "deaths": result.deaths}
    ledger.add("crash points", told, result.faults)
    assert result.faults != []
