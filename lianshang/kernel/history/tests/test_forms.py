"""The canonical bytes of a row, as they have to stay for ever."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from lianshang.kernel.history.forms import NEVER, Form, form_of, plain
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.models import Erasure, StoredFile

FROZEN = Path(__file__).parent / "leaf_forms.json"
AT = datetime(2026, 11, 23, 17, 0, 0, 120, tzinfo=timezone(timedelta(hours=8)))


def row(**changes: object) -> StoredFile:
    given = {"pk": 5, "park_id": 2, "digest": "ab", "size": 7, "media_type": "", "stored_at": AT}
    return StoredFile(**given | changes)


def test_the_bytes_are_these():
    """A change of them changes every leaf that stands: it needs a new version."""
    form = form_of(StoredFile)
    words = form.words(form.values_of(row()), b"salt")

    assert words == hashlib.sha256(b"salt{}").hexdigest()
    assert form.content(form.values_of(row()), words).decode() == (
        '["lianshang/1","kernel.storedfile",{"digest":"ab","id":5,"park_id":2,"size":7,'
        f'"stored_at":"2026-11-23 09:00:00.000120"}},"{words}"]'
    )
    assert (
        form.digest(form.values_of(row()), b"salt")
        == hashlib.sha256(b"\x00" + form.content(form.values_of(row()), words)).digest()
    )


@pytest.mark.parametrize("model", ledgers(), ids=lambda model: model._meta.label)
def test_a_column_that_is_added_at_rest_changes_no_leaf(model):
    """What may be left out is told apart from everything else that the column can hold."""
    form = form_of(model)
    blank = [None if rest is None or not isinstance(rest, str | int | bool) else rest for rest in form.rests]

    told = json.loads(form.content(blank, ""))[2]

    held = {name for name, rest in zip(form.names, form.rests, strict=True) if rest is None or rest in ("", False, 0)}
    assert held & set(told) == set()


def test_words_are_in_the_leaf_only_under_the_salt():
    form = form_of(Erasure)
    assert form.opens == len(form.names)

    for model in ledgers():
        form = form_of(model)
        assert {*model.words} == set(form.names[form.opens :])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (AT, "2026-11-23 09:00:00.000120"),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-23 09:00:00"),
        (UUID(int=1), "00000000000000000000000000000001"),
        (b"\x01\xff", "01ff"),
        (True, True),
        (3, 3),
        ("链上", "链上"),
        (None, None),
    ],
)
def test_values_are_told_so(value, told):
    assert plain(value) == told


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError, match="canonical"):
        plain(1.5)


def test_leaves_are_made_of_what_they_always_were():
    """`leaf_forms.json` lists for each table its columns in order, which of them are words, and what each is at rest.

    Where this fails: a new table, and a new column that is at rest in all old rows, are written into the file. Anything else (a
    column renamed, taken away or made a word, another default) changes leaves that stand: it needs a new `VERSION`, and
    the old form to be kept for what was written under it.
    """
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))

    assert {form.ledger: made_of(form) for form in map(form_of, ledgers())} == frozen


def made_of(form: Form) -> dict[str, object]:
    rests = [["never"] if rest is NEVER else rest for rest in form.rests]
    return {"columns": dict(zip(form.names, rests, strict=True)), "words": form.names[form.opens :]}
