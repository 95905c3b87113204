"""The class of every column (field_classes.yaml): what the retention list, the tests and a reviewer go by."""

from functools import cache
from importlib.resources import files

import yaml
from django.apps import apps

CLASSES = ("public", "internal", "personal", "sensitive", "secret")


@cache
def declared() -> dict[str, dict[str, list[str]]]:
    """Return by `app.Model` and class the names of the columns, as the file says."""
    text = (files("lianshang.config") / "field_classes.yaml").read_text(encoding="utf-8")
    told: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return told


def class_of(column: str) -> str:
    """Return the class of `app.Model.column`. Raises `KeyError` for one that stands nowhere."""
    model, _, name = column.rpartition(".")
    for kind, names in declared()[model].items():
        if name in names:
            return kind
    raise KeyError(column)


def columns() -> list[str]:
    """Return `app.Model.column` of all that the database keeps."""
    return [f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields]
