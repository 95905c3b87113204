"""Every column has one class, and what is locked, hashed or masked is of a class that says so."""

from collections import Counter

from django.apps import apps

from lianshang.config.field_classes import CLASSES, class_of, columns, declared
from lianshang.kernel.sealed import Sealed

TELLING = (
    "phone",
    "email",
    "address",
    "session_key",
    "secret",
    "token",
    "digest",
    "sender",
    "contact_name",
    "password",
)
NOT_OF_A_PERSON = {
    "directory.Unit.phone": "a body's own number, printed on its door",
    "directory.Account.must_change_password": "says nothing of the password",
    "chain.Edition.digest": "of a catalogue that its readers have",
    "cases.CaseDocument.shows_phone": "whether it does",
    "cases.CaseDocument.template_digest": "of a file of ours",
    "cases.DispatchModel.digest": "of a file of ours",
    "cases.ImportBatch.digest": "of a file of ours",
    "indicators.FrozenFigure.digest": "of a figure that its readers have",
    "kernel.ProfileVersion.digest": "of a published document",
    "kernel.StoredFile.digest": "of a file; opens nothing without the case",
    "kernel.Leaf.digest": "a salted hash, published as it is",
    "reports.Briefing.digest": "of a text that its readers have",
}


def names() -> list[str]:
    return [f"{model}.{name}" for model, groups in declared().items() for group in groups.values() for name in group]


def test_every_column_stands_once_and_nothing_else_does() -> None:
    counted = Counter(names())

    assert sorted(set(columns()) - set(counted)) == [], "give these a class in config/field_classes.yaml"
    assert sorted(set(counted) - set(columns())) == []
    assert [name for name, times in counted.items() if times > 1] == []


def test_there_are_five_classes() -> None:
    assert {kind for groups in declared().values() for kind in groups} == set(CLASSES)


def test_sealed_columns_are_sensitive() -> None:
    sealed = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, Sealed)
    ]

    assert {class_of(column) for column in sealed} == {"sensitive"}


def test_names_that_tell_of_people_or_keys_are_not_called_harmless() -> None:
    harmless = [
        column
        for column in names()
        if any(word in column.rpartition(".")[2] for word in TELLING)
        and class_of(column) in ("public", "internal")
        and column not in NOT_OF_A_PERSON
    ]

    assert harmless == []
    assert set(NOT_OF_A_PERSON) <= set(columns())
