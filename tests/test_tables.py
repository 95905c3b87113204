"""Rows belong to parks: read from the models, so that a new table keeps the rules from its first day."""

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django_scopes.exceptions import ScopeError

from lianshang.kernel.append_only import AppendOnly
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.parks import ParkOwned

OURS = [
    model for config in apps.get_app_configs() if config.name.startswith("lianshang.") for model in config.get_models()
]
OWNED = [model for model in OURS if issubclass(model, ParkOwned)]
# Tables that no single park owns.
SHARED = {
    "Park": "is the park",
    "Account": "who signs in has not said yet which park it is for",
    "Calendar": "the nation's has no park",
    "CalendarVersion": "editions of shared and own calendars",
    "Heartbeat": "a worker serves all parks",
    "Attempts": "who fails to sign in has not said yet which park it is for",
    "Tally": "floods come from addresses, not to parks",
    "Tile": "the history is one tree over all parks",
    "Checkpoint": "a signed head of that tree",
    "Witnessed": "what a witness of that tree was told",
}


def names(found):
    return [model.__name__ for model in found]


def columns(constraint):
    """Fields of a constraint, or None where it has expressions."""
    return set(constraint.fields)


def test_what_is_only_appended_stands_in_the_history():
    """A guard keeps the program off a row; the history keeps off whoever takes the guard away."""
    told = {model._meta.db_table for model in ledgers()}

    assert guarded() - told == {"kernel_checkpoint"}, "make the model Recorded; heads are signed themselves"


def guarded():
    """Tables that migrations guard."""
    steps = [step for migration in MigrationLoader(None).disk_migrations.values() for step in migration.operations]
    return {step.table for step in steps if isinstance(step, AppendOnly)}


def test_every_table_is_owned_by_a_park_or_says_why_not():
    assert set(names(OURS)) - set(names(OWNED)) == set(SHARED)


@pytest.mark.parametrize("model", OWNED, ids=names(OWNED))
def test_query_without_a_park_raises(model):
    for manager in (model.objects, model._default_manager, model._base_manager):
        with pytest.raises(ScopeError):
            manager.all()


@pytest.mark.parametrize("model", OWNED, ids=names(OWNED))
def test_unique_constraints_include_the_park(model):
    wide = [field.name for field in model._meta.local_fields if field.unique and not field.primary_key]
    wide += [str(fields) for fields in model._meta.unique_together if "park" not in fields]
    wide += [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and "park" not in constraint.fields
    ]

    assert wide == []


@pytest.mark.parametrize("model", OURS, ids=names(OURS))
def test_references_are_restricted(model):
    loose = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.RESTRICT
    ]

    assert loose == []
    assert model._meta.local_many_to_many == [], "a table of its own says since when, and by whom"


@pytest.mark.parametrize("model", OURS, ids=names(OURS))
def test_constraints_on_what_people_type_have_a_message(model):
    """A check says in Chinese what is wrong where a form can meet it."""
    silent = [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and constraint.violation_error_message == constraint.default_violation_error_message
    ]

    assert [name for name in silent if name not in NEVER_TYPED] == []


NEVER_TYPED = {"case_merged_points_to_main"}  # services alone set both
